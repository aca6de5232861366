"""What waits of a file that was read: its checked values, in an Arrow file, and what is wrong with it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from yingshang.facts.loading_repeats import Settled
from yingshang.facts.models import IssueSort
from yingshang.kernel.canonical import canonical_json
from yingshang.ledger.loads import LoadDigest
from yingshang.rules.declarations import GRADES

MOST_ISSUES: Final = 10_000
"""So many issues of one load are kept for the owner of its source."""

SCHEMA: Final = pa.schema(
    [
        ("row", pa.int32()),
        ("subject", pa.int64()),
        ("key", pa.int16()),
        ("item", pa.string()),
        ("content", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
    ]
)

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical_text(content: Any) -> str:
    """Return content as canonical JSON (RFC 8785); quickly where no fraction is in it.

    Names of fields are ASCII, so that sorting by characters is sorting as the standard says.
    """
    if type(content) is int:
        return str(content)
    inside = content.values() if isinstance(content, dict) else (content,)
    if any(isinstance(one, float | list) for one in inside):
        return canonical_json(content).decode()
    return _encode(content)


@lru_cache(maxsize=10_000)
def _names(*words: str) -> str:
    return ",".join(json.dumps(word, ensure_ascii=False) for word in words)


@lru_cache(maxsize=10_000)
def _day(day: date | None) -> str:
    return "null" if day is None else f'"{day.isoformat()}"'


@dataclass(frozen=True)
class CellProblem:
    """One thing wrong in the file; a stored value with a remark where ``kept``."""

    row: int
    column: str
    value: str
    what: str
    advice: str
    sort: IssueSort
    kept: bool
    subject: int | None = None
    key: str = ""
    item: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what a report shows."""
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "what": self.what,
            "advice": self.advice,
            "kept": self.kept,
        }


@dataclass
class Staged:
    """A file as read: where its values wait, and what was found in it."""

    path: Path
    name: str
    digest: str
    keys: list[str]
    grade: str = GRADES[-1]
    commitment: LoadDigest = field(default_factory=LoadDigest)
    rows: int = 0
    values: int = 0
    problems: list[CellProblem] = field(default_factory=list)
    problem_count: int = 0
    refused: int = 0
    settled: Settled = field(default_factory=lambda: Settled([], {}))

    def batches(self) -> Iterator[Mapping[str, Sequence[Any]]]:
        """Yield the values in the order of the file, some thousands at a time, by column.

        Those that contradict each other are left out.
        """
        out = {one.position for one in self.settled.contradictory}
        position = 0
        with pa.memory_map(str(self.path)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                columns = {name: batch.column(name).to_pylist() for name in SCHEMA.names}
                places = range(position, position := position + len(batch))
                yield self._settle(columns, places, out) if out or self.settled.ends else columns

    def _settle(
        self, columns: dict[str, list[Any]], places: range, out: set[int]
    ) -> dict[str, list[Any]]:
        ends = self.settled.ends
        columns["valid_to"] = [
            ends.get(place, day) for place, day in zip(places, columns["valid_to"], strict=True)
        ]
        taken = [place not in out for place in places]
        return {name: list(compress(column, taken)) for name, column in columns.items()}

    def commit(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add values to the digest of the load, each as one that is given by hand would be."""
        keys, grade = self.keys, self.grade
        for subject, key, item, content, start, end in zip(
            columns["subject"],
            columns["key"],
            columns["item"],
            columns["content"],
            columns["valid_from"],
            columns["valid_to"],
            strict=True,
        ):
            names = _names(keys[key], item, grade)
            leaf = f"[{subject},{names},{content},{_day(start)},{_day(end)}]"
            self.commitment.add_canonical(leaf.encode())

    def in_order(self) -> list[CellProblem]:
        """Return the problems kept, from the top of the file."""
        return sorted(self.problems, key=lambda problem: problem.row)

    def tell(self, problem: CellProblem) -> None:
        """Count a problem and keep it while there is room."""
        self.problem_count += 1
        self.refused += not problem.kept
        if len(self.problems) < MOST_ISSUES:
            self.problems.append(problem)
