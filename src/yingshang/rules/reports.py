"""Writing the outcome of a match: Parquet, all of it or nothing."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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


def write_reports(outcome: Outcome, table: Table, out: Path, results: Path | None) -> None:
    """Write the outcome and, where asked for, what the entitled get: both files, or neither.

    Raises :class:`BadFacts` when one cannot be written; what stood there before then still does.
    """
    held = [_prepared(out, *_outcome(outcome, table))]
    try:
        if results is not None:
            held.append(_prepared(results, *_payouts(outcome, table)))
    except BadFacts:
        held[0].drop()
        raise
    for one in held:
        one.publish()


def _outcome(outcome: Outcome, table: Table) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """``subject, policy, result`` for *yes* and *unknown*.

    Rows come policy by policy, *yes* before *unknown*, subjects in the order of the facts.
    """
    schema = pa.schema(
        [("subject", table.subjects.type), ("policy", pa.string()), ("result", pa.string())]
    )
    return schema, _outcome_batches(schema, outcome, table)


def _payouts(outcome: Outcome, table: Table) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """What the entitled get, a row per subject, policy and result.

    A whole number (money in fen) stands in ``number``, a day in ``date``, a code in ``text``, a yes or
    no in ``flag``; ``state`` is ``known``, ``unknown`` or ``error``.
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
    return schema, batches


@dataclass(frozen=True)
class _Prepared:
    """A file written whole beside the place where it is to appear."""

    temporary: Path
    path: Path

    def publish(self) -> None:
        """Put the file in its place; into a device (``/dev/null``) it is written."""
        try:
            if is_device(self.path):
                self.path.write_bytes(self.temporary.read_bytes())
                self.drop()
            else:
                self.temporary.replace(self.path)
        except OSError as error:
            self.drop()
            raise BadFacts(f"无法写入 {self.path}：{error.strerror}") from error

    def drop(self) -> None:
        """Leave nothing behind."""
        self.temporary.unlink(missing_ok=True)


def is_device(path: Path) -> bool:
    """Whether the path is something that is only written into, such as ``/dev/null``."""
    return path.exists() and not path.is_file() and not path.is_dir()


def check_place(path: Path) -> None:
    """Raise :class:`BadFacts` where a file can certainly not be written, before any work is done."""
    found = path.resolve()
    if not found.parent.is_dir():
        raise BadFacts(f"无法写入 {path}：没有文件夹 {found.parent}")
    if found.is_dir():
        raise BadFacts(f"无法写入 {path}：那里是文件夹")
    if not is_device(found) and not os.access(found.parent, os.W_OK | os.X_OK):
        raise BadFacts(f"无法写入 {path}：没有写入 {found.parent} 的权限")


def _prepared(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> _Prepared:
    target = path.resolve()
    folder = None if is_device(target) else target.parent
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name[:80]}.")
        os.close(handle)
        temporary = Path(name)
        with pq.ParquetWriter(temporary, schema) as writer:
            _write(writer, schema, batches)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
    except (OSError, pa.ArrowException) as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise BadFacts(f"无法写入 {path}：{error}") from error
    return _Prepared(temporary, target)


def _write(writer: pq.ParquetWriter, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    held = 0
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        held += len(batch)
        if held >= BATCH_ROWS:
            writer.write_table(pa.Table.from_batches(waiting, schema))
            waiting, held = [], 0
    if waiting:
        writer.write_table(pa.Table.from_batches(waiting, schema))


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
