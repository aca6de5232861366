"""The files of one run: who was looked at, what came out, who is entitled since when, whose ended.

``state.arrow`` holds one batch per policy and is read through a memory map, so that one enterprise's
entitlement costs a search in a sorted column. ``outcome.parquet`` is the day's outcome for keeping:
bits over ``subjects.parquet`` and the amounts of the entitled. ``ended.parquet`` is what ended in the
run, ``pending.parquet`` what ended of which the enterprise is still to be told.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from yingshang.domains.matching.spells import UNKNOWN_FEN, Array, Spells

_STATE: Final = pa.schema(
    [
        ("subject", pa.int64()),
        ("since", pa.int32()),
        ("amount", pa.int64()),
        ("told", pa.int64()),
        ("exact", pa.uint8()),
    ]
)
_ENDED: Final = pa.schema([*_STATE, ("until", pa.int32()), ("ground", pa.int8())])
_OUTCOME: Final = pa.schema(
    [
        ("policy", pa.string()),
        ("entitled", pa.int64()),
        ("unknown", pa.int64()),
        ("yes", pa.large_binary()),
        ("possible", pa.large_binary()),
        ("amounts", pa.large_list(pa.int64())),
    ]
)
STATE, ENDED, PENDING, OUTCOME, SUBJECTS, RADAR = (
    "state.arrow",
    "ended.parquet",
    "pending.parquet",
    "outcome.parquet",
    "subjects.parquet",
    "radar.parquet",
)


AT_REST: Final = 24 * 3600
"""Seconds; no run takes as long."""


def runs_folder() -> Path:
    """Return where the files of runs lie."""
    return Path(settings.DATA_DIR) / "matching"


def folder_of(ref: str) -> Path:
    """Return where the files of one run lie."""
    return runs_folder() / ref


def are_there(ref: str) -> bool:
    """Tell whether a run's files lie here; who lost its data folder begins anew with the next run."""
    return (folder_of(ref) / STATE).is_file()


@contextmanager
def new_folder(ref: str) -> Iterator[Path]:
    """Yield a folder for a run's files; it is gone again where anything fails before :func:`keep`."""
    runs_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=runs_folder(), prefix=f".{ref}."))
    try:
        yield temporary
    except BaseException:
        shutil.rmtree(folder_of(ref), ignore_errors=True)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def keep(temporary: Path, ref: str) -> None:
    """Let a folder appear under its run's name."""
    temporary.replace(folder_of(ref))


def sweep(kept: set[str]) -> None:
    """Clear away folders of no kept run that nobody wrote into for a day, unfinished ones among them.

    Younger ones may be another process's: a folder has its name before its run is committed.
    """
    folder, latest = runs_folder(), time.time() - AT_REST
    for one in folder.iterdir() if folder.is_dir() else ():
        if one.name not in kept and _written_at(one) < latest:
            shutil.rmtree(one, ignore_errors=True)


def _written_at(folder: Path) -> float:
    """Return when a folder was last written into; never of one that is gone meanwhile."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


class SpellsWriter:
    """Writes spells policy by policy, in the order of their places."""

    def __init__(self, path: Path) -> None:
        self.file = pa.OSFile(str(path), "wb")
        self.writer = pa.ipc.new_file(self.file, _STATE)

    def add(self, spells: Spells) -> None:
        """Write the next policy's."""
        self.writer.write_batch(pa.record_batch(_stored(spells), schema=_STATE))

    def close(self) -> None:
        """Finish the file."""
        self.writer.close()
        self.file.close()


class StoredSpells:
    """Spells of a run by place, each read only where it is looked at."""

    def __init__(self, path: Path) -> None:
        self.reader = pa.ipc.open_file(pa.memory_map(str(path)))

    def __len__(self) -> int:
        return int(self.reader.num_record_batches)

    def at(self, place: int) -> Spells:
        """Return one policy's spells, without a copy."""
        batch = self.reader.get_batch(place)
        return _spells(batch.column(at).to_numpy() for at in range(batch.num_columns))


def _stored(spells: Spells) -> list[Any]:
    *others, exact = spells.columns
    return [pa.array(one) for one in (*others, exact.astype(np.uint8))]


def _spells(columns: Iterable[Array]) -> Spells:
    """Return spells as they are kept; those of earlier versions do not say which days are exact."""
    subject, since, amount, told, *exact = columns
    sure = exact[0].view(np.bool_) if exact else np.zeros(len(subject), np.bool_)
    return Spells(subject, since, amount, told, sure)


@lru_cache(maxsize=4)
def stored_spells(ref: str) -> StoredSpells:
    """Return the spells of a run; its files never change."""
    return StoredSpells(folder_of(ref) / STATE)


def write_ended(path: Path, rows: Sequence[tuple[str, Spells, Array, Array]]) -> None:
    """Write what ended: per policy the spells, the day (since 1970) from which they no longer hold, why."""
    schema = pa.schema([("policy", pa.string()), *_ENDED])
    tables = [
        pa.table(
            [
                pa.repeat(pa.scalar(policy), len(spells)),
                *_stored(spells),
                pa.array(until.astype(np.int32)),
                pa.array(ground.astype(np.int8)),
            ],
            schema=schema,
        )
        for policy, spells, until, ground in rows
    ]
    whole = pa.concat_tables(tables) if tables else schema.empty_table()
    pq.write_table(whole, path, compression="zstd")


def read_ended(path: Path) -> dict[str, tuple[Spells, Array, Array]]:
    """Return what :func:`write_ended` wrote, by policy."""
    table = pq.read_table(path)
    found = {}
    for policy in pc.unique(table["policy"]).to_pylist():
        part = table.filter(pc.equal(table["policy"], policy))
        names = [name for name in _STATE.names if name in part.column_names]
        spells = _spells(part[name].to_numpy() for name in names)
        found[policy] = spells, part["until"].to_numpy(), part["ground"].to_numpy()
    return found


class OutcomeWriter:
    """Writes the day's outcome, some policies to a row group."""

    def __init__(self, path: Path) -> None:
        self.writer = pq.ParquetWriter(path, _OUTCOME, compression="zstd")
        self.waiting: list[Any] = []

    def add(
        self, policy: str, counts: tuple[int, int], bits: tuple[Array, Array], amounts: Array
    ) -> None:
        """Write the next policy: entitled and undecided, *yes* and *possibly yes*, fen of the entitled."""
        known = pa.array(amounts, mask=amounts == UNKNOWN_FEN)
        lists = pa.LargeListArray.from_arrays(pa.array([0, len(amounts)], pa.int64()), known)
        binary = [
            pa.array([np.ascontiguousarray(one).tobytes()], pa.large_binary()) for one in bits
        ]
        row = [pa.array([policy]), *(pa.array([n], pa.int64()) for n in counts), *binary, lists]
        self.waiting.append(pa.record_batch(row, schema=_OUTCOME))
        if len(self.waiting) == 16:
            self._flush()

    def _flush(self) -> None:
        if self.waiting:
            self.writer.write_table(pa.Table.from_batches(self.waiting, _OUTCOME))
        self.waiting = []

    def close(self) -> None:
        """Finish the file."""
        self._flush()
        self.writer.close()


def read_answer(folder: Path, place: int, row: int) -> str:
    """Return ``yes``, ``unknown`` or ``no`` of one policy (by place) for one row of a run's subjects."""
    file = pq.ParquetFile(folder / OUTCOME)
    begin = 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if place < begin + size:
            found = file.read_row_group(group, columns=["yes", "possible"])
            byte, bit = divmod(row, 8)
            yes, possible = (
                found[name][place - begin].as_py()[byte] >> bit & 1 for name in ("yes", "possible")
            )
            return "yes" if yes else "unknown" if possible else "no"
        begin += size
    raise IndexError(place)


def read_undecided(folder: Path) -> Iterator[tuple[str, Array]]:
    """Yield for each policy that a run decided the bits of its rows that could be yes and were not."""
    for group in pq.ParquetFile(folder / OUTCOME).iter_batches(
        16, columns=["policy", "yes", "possible"]
    ):
        for policy, *planes in zip(*(one.to_pylist() for one in group.columns), strict=True):
            yes, possible = (np.frombuffer(one, np.uint8) for one in planes)
            yield policy, possible & ~yes


def write_subjects(path: Path, subjects: Array, places: Array, told_on: Array) -> None:
    """Write who was looked at, in the order of the rows: row id, place, day of the last message."""
    table = pa.table(
        {
            "subject": pa.array(subjects),
            "place": pa.array(places.astype(np.int16)),
            "told_on": pa.array(told_on.astype(np.int32)),
        }
    )
    pq.write_table(table, path, compression="zstd")


def read_subjects(folder: Path) -> tuple[Array, Array, Array]:
    """Return what :func:`write_subjects` wrote."""
    table = pq.read_table(folder / SUBJECTS)
    subject, place, told_on = (table[n].to_numpy() for n in ("subject", "place", "told_on"))
    return subject, place, told_on
