"""Columnar snapshots (快照): what is known of every subject as of a day, for work on a population.

A snapshot is derived from the values and can be made again for any day and any instant of knowledge;
each of its rows says what the subject's profile says (a test holds them together). It is Parquet as
the matcher reads it: ``subject``, a column per scalar or derived key, ``KEY#grade`` beside it where
grades differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Count

from yingshang.facts.actions.reading import log_run
from yingshang.facts.catalogue import Catalogue, current_catalogue, namespace_of
from yingshang.facts.declaring import Typing
from yingshang.facts.grid_reading import GridReader
from yingshang.facts.grids import Cells, Grid, arrow_type, to_arrow
from yingshang.facts.staging import Progress, no_progress
from yingshang.facts.writing import written_whole
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectType
from yingshang.rules.declarations import GRADES

BATCH = 5_000


def write_snapshot(
    path: Path,
    *,
    as_of: date,
    known_at: datetime,
    namespace: str = "enterprise",
    division: str = "",
    progress: Progress = no_progress,
) -> tuple[int, int]:
    """Write the snapshot of every subject of a namespace; return how many subjects and columns.

    ``subject`` is the unified social credit code, or the reference where there is none. The file
    appears whole or not at all; raises :class:`~yingshang.rules.errors.BadFacts`.
    """
    catalogue = current_catalogue()
    columns = catalogue.columns_of(namespace)
    subjects = _subjects(namespace, division)
    with (
        written_whole(path) as temporary,
        pq.ParquetWriter(temporary, _dated(schema_of(columns), as_of, known_at)) as writer,
    ):
        done = 0
        for batch in batches_of(catalogue, columns, subjects, as_of=as_of, known_at=known_at):
            writer.write_batch(batch)
            done += batch.num_rows
            progress("write", done, len(subjects))
        if not done:
            writer.write_table(schema_of(columns).empty_table())
    return done, len(columns)


def _dated(schema: Any, as_of: date, known_at: datetime) -> Any:
    return schema.with_metadata({"as_of": as_of.isoformat(), "known_at": known_at.isoformat()})


def write_logged_snapshot(
    actor: Actor,
    path: Path,
    *,
    as_of: date,
    namespace: str = "enterprise",
    purpose: str,
    ground: str,
    progress: Progress = no_progress,
) -> tuple[int, int]:
    """Log the reading of everybody's facts, one run for each sort of subject, then write the snapshot.

    What was logged stays so when writing fails. Raises ``PurposeMissing``, ``NotPermitted`` and as
    :func:`write_snapshot` does.
    """
    keys = tuple(current_catalogue().columns_of(namespace))
    found = Subject.objects.filter(type__in=_types_of(namespace)).order_by()
    for kind, count in found.values_list("type").annotate(n=Count("pk")).order_by("type"):
        log_run(
            actor,
            subject_type=kind,
            subjects=count,
            keys=keys,
            purpose=purpose,
            ground=ground,
            as_of=as_of,
        )
    return write_snapshot(path, as_of=as_of, known_at=now(), namespace=namespace, progress=progress)


def _types_of(namespace: str) -> list[str]:
    return [kind for kind in SubjectType.values if namespace_of(kind) == namespace]


def _subjects(namespace: str, division: str) -> list[tuple[int, str]]:
    """Return row and name of the subjects, in a lasting order."""
    found = Subject.objects.filter(type__in=_types_of(namespace))
    if division:
        found = found.filter(division=division)
    rows = found.order_by("pk").values_list("pk", "code", "ref")
    return [(pk, code or ref) for pk, code, ref in rows]


def schema_of(columns: Mapping[str, Typing]) -> Any:
    """Return the Arrow schema of a snapshot of these columns."""
    fields = [("subject", pa.string())]
    for key, typing in columns.items():
        fields.append((key, arrow_type(typing.type)))
        fields.append((f"{key}#grade", pa.dictionary(pa.int8(), pa.string())))
    return pa.schema(fields)


def batches_of(
    catalogue: Catalogue,
    columns: Mapping[str, Typing],
    subjects: Sequence[tuple[int, str]],
    *,
    as_of: date,
    known_at: datetime,
) -> Iterator[Any]:
    """Yield the rows of subjects in their order, some thousands at a time, in bounded memory."""
    schema = schema_of(columns)
    reader = GridReader.at(catalogue, as_of=as_of, known_at=known_at)
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        namespace = next(iter(columns)).partition(".")[0] if columns else ""
        names = [name for _pk, name in some]
        grid = reader.read([pk for pk, _name in some], names, namespace, columns)
        yield _batch(schema, columns, grid)


def _batch(schema: Any, columns: Mapping[str, Typing], grid: Grid) -> Any:
    arrays = [pa.array(grid.subjects, pa.string())]
    for key, typing in columns.items():
        cells = grid.scalars.get(key) or Cells.unknown(typing.type, len(grid))
        arrays.append(to_arrow(cells, typing.type, plain=True))
        places = pa.array(cells.heights, pa.int8(), mask=~cells.known)
        arrays.append(pa.DictionaryArray.from_arrays(places, pa.array(GRADES)))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
