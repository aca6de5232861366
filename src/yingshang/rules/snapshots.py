"""Coded snapshots in files: a part of a population, coded for one program, that any process may open."""

from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from yingshang.rules.columns import read_table
from yingshang.rules.declarations import Declared
from yingshang.rules.encoding import Coded, Snapshot, encode
from yingshang.rules.errors import BadFacts
from yingshang.rules.matching import evaluate, has_fast_path
from yingshang.rules.programs import Program


def save_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a snapshot as one uncompressed ``.npz`` file of plain arrays."""
    arrays = {
        "size": np.array(snapshot.size, np.int64),
        "names": np.array([column.name for column in snapshot.columns], np.str_),
        "direct": np.array(snapshot.direct, np.int64),
        "direct_true": snapshot.direct_true,
        "direct_possible": snapshot.direct_possible,
    }
    for place, column in enumerate(snapshot.columns):
        arrays[f"codes{place}"] = column.codes
        arrays[f"atoms{place}"] = np.array(column.atoms, np.int64)
        arrays[f"true{place}"], arrays[f"possible{place}"] = column.true, column.possible
    with path.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def load_snapshot(path: Path) -> Snapshot:
    """Read what :func:`save_snapshot` wrote; raises :class:`BadFacts` for anything else."""
    try:
        with np.load(path, allow_pickle=False) as found:
            columns = [
                Coded(
                    str(name),
                    found[f"codes{place}"],
                    tuple(found[f"atoms{place}"].tolist()),
                    found[f"true{place}"],
                    found[f"possible{place}"],
                )
                for place, name in enumerate(found["names"])
            ]
            return Snapshot(
                int(found["size"]),
                tuple(columns),
                tuple(found["direct"].tolist()),
                found["direct_true"],
                found["direct_possible"],
            )
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise BadFacts(f"文件 {path} 不是编码快照：{error}") from error


class PartJob:
    """Coding and deciding a population part by part, in whatever process; it can be pickled.

    ``folder`` takes the coded files and the outcomes; both calls return the name of a file.
    """

    def __init__(
        self,
        program: Program,
        facts: str,
        catalogue: dict[str, Declared],
        folder: str,
    ) -> None:
        self.program = Program(program.atoms, program.gates, program.outputs)
        self.facts, self.catalogue = facts, catalogue
        self.folder = folder
        columns = {name for names in program.atom_columns for name in names}
        self.keys = sorted({name.partition("@")[0] for name in columns})

    def code(self, begin: int, rows: int) -> str | BadFacts:
        """Code a part of the facts and return the name of the coded file, or why it is refused."""
        part = range(begin, begin + rows)
        try:
            table = read_table(Path(self.facts), self.keys, self.catalogue, rows=part)
        except BadFacts as error:
            return error
        path = Path(self.folder) / f"{begin:012d}.npz"
        save_snapshot(encode(self.program, table), path)
        return str(path)

    def run(self, name: str) -> str:
        """Decide every rule for a coded file, on one core, and return the name of the outcome."""
        if has_fast_path():
            from numba import set_num_threads

            set_num_threads(1)
        words = np.stack(evaluate(self.program, load_snapshot(Path(name))))
        path = Path(name).with_suffix(".npy")
        np.save(path, words)
        return str(path)
