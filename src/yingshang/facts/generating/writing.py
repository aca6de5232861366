"""Writing a made-up district: as columns for matching, and as files to be loaded source by source."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import (
    Absence,
    DerivationDeclaration,
    FactTypeDeclaration,
    Related,
)
from yingshang.facts.grid_derivations import derive_all
from yingshang.facts.grids import BEST, Array, Cells, Grid, to_arrow, to_table
from yingshang.facts.periods import period_text
from yingshang.facts.writing import written_whole

OWN, REGISTER = "self", "registration"
MOST_DAYS = 3 * 365


def write_facts(grid: Grid, catalogue: Catalogue, path: Path) -> dict[str, Any]:
    """Write ``subject`` and a column per fact of an enterprise, derived ones included."""
    columns = catalogue.columns_of("enterprise")
    derive_all(grid, catalogue, columns, lambda one: related_cells(grid, one))
    return write_table(to_table(grid, columns), path)


def related_cells(grid: Grid, declared: DerivationDeclaration) -> Cells | None:
    """Return a derivation over those whom the made-up firms have relations to; None where they have none."""
    how = declared.how
    if not isinstance(how, Related) or how.direction != "out":
        return None
    bonds, size = grid.bonds, len(grid)
    places = bonds.present(how.relation, grid.as_of)
    rows = np.array([bonds.rows[place] for place in places], np.int64)
    counts = np.bincount(rows, minlength=size)
    if how.take == "count":
        return Cells.sure(counts)
    if how.take != "none" or declared.of not in bonds.flags:
        return None
    flagged = bonds.flags[declared.of]
    hit = np.array([flagged.get(bonds.codes[place], False) for place in places], np.bool_)
    some = np.zeros(size, np.bool_)
    some[rows[hit]] = True
    return Cells.sure(~some, counts > 0)


def write_table(table: Any, path: Path) -> dict[str, Any]:
    """Write a table as Parquet, whole or not at all; raises ``BadFacts``."""
    with written_whole(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
    return {"file": str(path), "rows": table.num_rows, "columns": table.num_columns}


def write_files(grid: Grid, catalogue: Catalogue, folder: Path) -> list[dict[str, Any]]:
    """Write what each source would hand in: ``SOURCE.parquet``, records as ``SOURCE.RECORDS.parquet``.

    Series stand apart in ``SOURCE.series.parquet``; everything else is true from some day on that lies
    between the firm's founding and the grid's day. What firms only said themselves stands in
    ``self.declared.parquet``. What follows from a source's being complete is left out: the files are
    meant to be loaded as complete up to the grid's day.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        **_scalars_and_series(grid, catalogue),
        **_records(grid, catalogue),
        **_bonds(grid, catalogue),
    }
    return [write_table(table, folder / f"{name}.parquet") for name, table in tables.items()]


def _bonds(grid: Grid, catalogue: Catalogue) -> Mapping[str, Any]:
    """Return the relations as the register hands them in, and what is known of the people in them."""
    bonds, found = grid.bonds, {}
    if not len(bonds):
        return {}
    columns: dict[str, Any] = {
        "subject": [str(grid.subjects[row]) for row in bonds.rows],
        "relation": bonds.types,
        "related": bonds.codes,
        "related_name": bonds.names,
        "valid_from": pa.array(bonds.since, pa.date32()),
        "valid_to": pa.array(bonds.until, pa.date32()),
    }
    found[f"{REGISTER}.relations"] = pa.table(columns)
    for key, flags in bonds.flags.items():
        rows = {"subject": list(flags), key: pa.array(list(flags.values()), pa.bool_())}
        found[f"{catalogue.types[key].source}.{key.rpartition('.')[2]}"] = pa.table(rows)
    return found


def _scalars_and_series(grid: Grid, catalogue: Catalogue) -> Mapping[str, Any]:
    found: dict[tuple[str, bool], list[tuple[str, Any, Array]]] = {}
    for header, key, cells in _cells(grid, catalogue):
        declared = catalogue.types[key]
        worth = cells.known & ~_says_nothing(declared, cells)
        for name, heights in ((declared.source, BEST), (f"{OWN}.declared", 0)):
            there = worth & (cells.heights == heights)
            told = name == declared.source and isinstance(declared.absence, Absence)
            if told or there.any():
                array = to_arrow(cells.masked(there), declared.type)
                is_series = declared.shape == "series"
                found.setdefault((name, is_series), []).append((header, array, there))
    return {
        f"{name}.series" if is_series else name: _some_rows(
            grid, columns, None if is_series else _true_since(grid, name)
        )
        for (name, is_series), columns in found.items()
    }


def _true_since(grid: Grid, source: str) -> Any:
    """Return since when each firm's values of a source are true: some time within three years."""
    lots = np.random.default_rng(crc32(source.encode()))
    founded = grid.scalars["enterprise.founded_on"].values.astype("datetime64[D]")
    days = np.datetime64(grid.as_of, "D") - lots.integers(0, MOST_DAYS, len(grid))
    return pa.array(np.maximum(founded, days), pa.date32())


def _says_nothing(declared: FactTypeDeclaration, cells: Cells) -> Array:
    """Return which cells hold what no value means anyway, once the source is complete."""
    if isinstance(declared.absence, Absence) and declared.shape == "scalar":
        same: Array = cells.values == declared.absence.value
        return same
    return np.zeros(len(cells.values), np.bool_)


def _some_rows(grid: Grid, columns: list[tuple[str, Any, Array]], since: Any | None) -> Any:
    """Return a table of those firms that have a value in it, with the days from which they are true."""
    any_there = np.logical_or.reduce([there for _header, _array, there in columns])
    arrays = [pa.array(grid.subjects, pa.string()), *(array for _header, array, _there in columns)]
    table = pa.Table.from_arrays(arrays, names=["subject", *(header for header, _a, _t in columns)])
    if since is not None:
        table = table.append_column("valid_from", since)
    return table.filter(pa.array(any_there))


def _cells(grid: Grid, catalogue: Catalogue) -> Iterator[tuple[str, str, Cells]]:
    for key, cells in grid.scalars.items():
        if key in catalogue.types:
            yield key, key, cells
    for key, periods in grid.series.items():
        kind = catalogue.types[key].period
        assert kind is not None
        for number, cells in periods.items():
            yield f"{key}:{period_text(number, kind)}", key, cells


def _records(grid: Grid, catalogue: Catalogue) -> Mapping[str, Any]:
    found = {}
    for key, records in grid.records.items():
        declared = catalogue.types[key]
        names, arrays = (
            ["subject", f"{key}#item"],
            [
                pa.array(grid.subjects[records.rows], pa.string()),
                pa.array(records.items, pa.string()),
            ],
        )
        for name, cells in records.fields.items():
            names.append(f"{key}.{name}")
            arrays.append(to_arrow(cells, declared.field_by_key[name].type))
        found[f"{declared.source}.{key.partition('.')[2]}"] = pa.Table.from_arrays(
            arrays, names=names
        )
    return found
