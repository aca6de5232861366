"""Writing the outcome of a match: Parquet, all of it or nothing."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yingshang.rules.columns import Table
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import Outcome
from yingshang.rules.payouts import STATES, Payout, list_payouts
from yingshang.rules.types import BOOL, DATE, INT, STRING, Type
from yingshang.rules.vectors import KNOWN

BATCH_ROWS = 1 << 20


def write_outcome(outcome: Outcome, table: Table, path: Path) -> int:
    """Write ``subject, policy, result`` for *yes* and *unknown*; return the number of rows.

    The file appears whole under its name, or not at all; raises :class:`BadFacts` when it cannot be
    written. Rows come policy by policy, *yes* before *unknown*, subjects in the order of the facts.
    """
    schema = pa.schema(
        [("subject", table.subjects.type), ("policy", pa.string()), ("result", pa.string())]
    )
    return _whole_or_nothing(path, schema, _outcome_batches(schema, outcome, table))


def write_payouts(outcome: Outcome, table: Table, path: Path) -> int:
    """Write what the entitled get, a row per subject, policy and result; return the number of rows.

    A whole number (money in fen) stands in ``number``, a day in ``date``, a code in ``text``, a yes or
    no in ``flag``; ``state`` is ``known``, ``unknown`` or ``error``. Whole or not at all, as above.
    """
    values = [(name, kind) for name, kind in _VALUES.values()]
    schema = pa.schema(
        [
            ("subject", table.subjects.type),
            ("policy", pa.string()),
            ("name", pa.string()),
            *values,
            ("state", pa.string()),
        ]
    )
    batches = (_payout_batch(schema, payout, table) for payout in list_payouts(outcome, table))
    return _whole_or_nothing(path, schema, batches)


def _whole_or_nothing(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        with pq.ParquetWriter(temporary, schema) as writer:
            count = _write(writer, schema, batches)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except (OSError, pa.ArrowException) as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise BadFacts(f"无法写入 {path}：{error}") from error
    return count


def _write(writer: pq.ParquetWriter, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    count = held = 0
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        held += len(batch)
        count += len(batch)
        if held >= BATCH_ROWS:
            writer.write_table(pa.Table.from_batches(waiting, schema))
            waiting, held = [], 0
    if waiting:
        writer.write_table(pa.Table.from_batches(waiting, schema))
    return count


def _outcome_batches(schema: pa.Schema, outcome: Outcome, table: Table) -> Iterator[pa.RecordBatch]:
    for rule, yes, unknown in outcome.rows():
        for result, rows in (("yes", yes), ("unknown", unknown)):
            if len(rows):
                yield _batch(schema, table, rule.id, result, pa.array(rows))


_VALUES: Final[Mapping[Type, tuple[str, Any]]] = {
    INT: ("number", pa.int64()),
    DATE: ("date", pa.date32()),
    STRING: ("text", pa.string()),
    BOOL: ("flag", pa.bool_()),
}
_HELD: Final = {DATE: np.int32}


def _payout_batch(schema: pa.Schema, payout: Payout, table: Table) -> pa.RecordBatch:
    size = len(payout.rows)
    columns = {
        "subject": table.subjects.take(pa.array(payout.rows)),
        "policy": pa.repeat(pa.scalar(payout.rule.id), size),
        "name": pa.repeat(pa.scalar(payout.name), size),
        "state": pa.array(STATES).take(pa.array(payout.state)),
    }
    for kind, (name, arrow) in _VALUES.items():
        if kind == payout.type:
            held = payout.values.astype(_HELD.get(kind, payout.values.dtype))
            columns[name] = pa.array(held, arrow, mask=payout.state != KNOWN)
        else:
            columns[name] = pa.nulls(size, arrow)
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _batch(
    schema: pa.Schema, table: Table, policy: str, result: str, rows: pa.Array
) -> pa.RecordBatch:
    size = len(rows)
    columns = [
        table.subjects.take(rows),
        pa.repeat(pa.scalar(policy), size),
        pa.repeat(pa.scalar(result), size),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
