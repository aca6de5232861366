"""Writing the outcome of a match: Parquet, all of it or nothing."""

import os
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yingshang.rules.columns import Table
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import Outcome

BATCH_ROWS = 1 << 20


def write_outcome(outcome: Outcome, table: Table, path: Path) -> int:
    """Write ``subject, policy, result`` for *yes* and *unknown*; return the number of rows.

    The file appears whole under its name, or not at all; raises :class:`BadFacts` when it cannot be
    written. Rows come policy by policy, *yes* before *unknown*, subjects in the order of the facts.
    """
    schema = pa.schema(
        [("subject", table.subjects.type), ("policy", pa.string()), ("result", pa.string())]
    )
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        temporary = Path(name)
        with pq.ParquetWriter(temporary, schema) as writer:
            count = _write(writer, schema, outcome, table)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except (OSError, pa.ArrowException) as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise BadFacts(f"无法写入 {path}：{error}") from error
    return count


def _write(writer: pq.ParquetWriter, schema: pa.Schema, outcome: Outcome, table: Table) -> int:
    count = 0
    waiting: list[pa.RecordBatch] = []
    held = 0
    for rule, yes, unknown in outcome.rows():
        for result, rows in (("yes", yes), ("unknown", unknown)):
            if not len(rows):
                continue
            waiting.append(_batch(schema, table, rule.id, result, pa.array(rows)))
            held += len(rows)
            count += len(rows)
        if held >= BATCH_ROWS:
            writer.write_table(pa.Table.from_batches(waiting, schema))
            waiting, held = [], 0
    if waiting:
        writer.write_table(pa.Table.from_batches(waiting, schema))
    return count


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
