"""Which measure of one plan answers to which of another: weighted character pairs, then assignment.

The algorithm, its constants and its limits are described in ``docs/algorithms/plan-comparison.md``.
Pure: it sees texts and identifiers, no rows.
"""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

HEADING_SHARE = 0.12
"""Of the score comes from the headings, so that of two equal texts the one in its old place wins."""

THRESHOLD = 0.20
"""Least score of a proposed pair; on the sample plans all true pairs and no false one lie above."""

VERSION_THRESHOLD = 0.34
"""Between versions of one plan a wrong pair would hand one measure the tasks of another."""

SAME = 0.995
"""Texts at or above this similarity differ in nothing but signs and blanks."""

EXACT_LIMIT = 80
"""Groups of rival candidates up to this many on the smaller side are assigned optimally."""


@dataclass(frozen=True)
class Item:
    """One measure as the comparison sees it: ``text`` includes the title, ``heading`` its path."""

    id: str
    text: str
    heading: str = ""


@dataclass(frozen=True)
class Pair:
    """Two items that belong together; ``decided`` if a person said so."""

    left: str
    right: str
    similarity: float
    decided: bool = False


@dataclass(frozen=True)
class Matching:
    """The result: pairs in the order of the left side, and what has no partner."""

    pairs: tuple[Pair, ...]
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]


def normalise(text: str) -> str:
    """Return letters, digits and characters alone, in compatibility form and lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def match(
    left: Sequence[Item],
    right: Sequence[Item],
    *,
    linked: Iterable[tuple[str, str]] = (),
    unlinked: Collection[tuple[str, str]] = (),
    threshold: float = THRESHOLD,
) -> Matching:
    """Pair the items of two plans so that the pairs' scores are greatest in sum.

    ``linked`` pairs stand whatever their texts say, ``unlinked`` ones are never made (both as
    (left id, right id); unknown ids are ignored). Every item is in at most one pair.
    """
    scores = _Scores(left, right)
    fixed = _fixed_pairs(left, right, linked)
    taken_left, taken_right = {a for a, _ in fixed}, {b for _, b in fixed}
    candidates = {
        (a, b): score
        for (a, b), score in scores.above(threshold)
        if a not in taken_left and b not in taken_right and (a, b) not in unlinked
    }
    chosen = [*_assign(candidates, threshold), *fixed]
    partner = dict(chosen)
    pairs = tuple(
        Pair(a.id, b, scores.similarity(a.id, b), (a.id, b) in fixed)
        for a in left
        if (b := partner.get(a.id)) is not None
    )
    matched = {pair.right for pair in pairs}
    return Matching(
        pairs,
        tuple(a.id for a in left if a.id not in partner),
        tuple(b.id for b in right if b.id not in matched),
    )


def _fixed_pairs(
    left: Sequence[Item], right: Sequence[Item], linked: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    lefts, rights = {item.id for item in left}, {item.id for item in right}
    fixed: set[tuple[str, str]] = set()
    for a, b in linked:
        if a in lefts and b in rights:
            fixed.add((a, b))
            lefts.discard(a)
            rights.discard(b)
    return fixed


Vector = dict[str, float]


class _Scores:
    """Cosines of the two sides, computed through an inverted index of the right side's pairs."""

    def __init__(self, left: Sequence[Item], right: Sequence[Item]) -> None:
        texts = _weighted([item.text for item in (*left, *right)])
        headings = _weighted([item.heading for item in (*left, *right)])
        ids = [item.id for item in (*left, *right)]
        split = len(left)
        self._left = dict(zip(ids[:split], texts[:split], strict=True))
        self._right = dict(zip(ids[split:], texts[split:], strict=True))
        self._left_heading = dict(zip(ids[:split], headings[:split], strict=True))
        self._right_heading = dict(zip(ids[split:], headings[split:], strict=True))

    def similarity(self, a: str, b: str) -> float:
        """Return the cosine of the two texts alone, 0 to 1."""
        return min(_cosine(self._left[a], self._right[b]), 1.0)

    def above(self, threshold: float) -> Iterable[tuple[tuple[str, str], float]]:
        """Yield the pairs whose score reaches ``threshold``."""
        index: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        for b, vector in self._right.items():
            for pair, weight in vector.items():
                index[pair].append((b, weight))
        for a, vector in self._left.items():
            sums: defaultdict[str, float] = defaultdict(float)
            for pair, weight in vector.items():
                for b, other in index[pair]:
                    sums[b] += weight * other
            for b, cosine in sums.items():
                score = self._score(a, b, cosine)
                if score >= threshold:
                    yield (a, b), score

    def _score(self, a: str, b: str, cosine: float) -> float:
        heading = _cosine(self._left_heading[a], self._right_heading[b])
        return (1 - HEADING_SHARE) * cosine + HEADING_SHARE * heading


def _cosine(a: Vector, b: Vector) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(weight * b.get(pair, 0.0) for pair, weight in a.items())


def _weighted(texts: Sequence[str]) -> list[Vector]:
    """Return unit vectors: pairs damped by count in the text, weighted by rarity among all texts."""
    counts = [Counter(_pairs(normalise(text))) for text in texts]
    spread = Counter(pair for count in counts for pair in count)
    return [_unit(count, spread, len(texts)) for count in counts]


def _pairs(text: str) -> list[str]:
    return [text[i : i + 2] for i in range(len(text) - 1)] or ([text] if text else [])


def _unit(count: Counter[str], spread: Mapping[str, int], total: int) -> Vector:
    raw = {
        pair: (1 + math.log(n)) * math.log(1 + total / spread[pair]) for pair, n in count.items()
    }
    norm = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {pair: weight / norm for pair, weight in raw.items()} if norm else {}


def _assign(candidates: Mapping[tuple[str, str], float], threshold: float) -> list[tuple[str, str]]:
    """Assign within each group of candidates that compete for one another's partners."""
    chosen: list[tuple[str, str]] = []
    for group in _groups(candidates):
        lefts = sorted({a for a, _ in group})
        rights = sorted({b for _, b in group})
        if len(group) == 1:
            chosen += group
        elif min(len(lefts), len(rights)) <= EXACT_LIMIT:
            chosen += _optimal(lefts, rights, candidates, threshold)
        else:
            chosen += _greedy(group, candidates)
    return chosen


def _groups(candidates: Mapping[tuple[str, str], float]) -> list[list[tuple[str, str]]]:
    """Divide the candidates into connected groups (union-find over both sides)."""
    parent: dict[tuple[int, str], tuple[int, str]] = {}

    def root(node: tuple[int, str]) -> tuple[int, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in candidates:
        parent[root((0, a))] = root((1, b))
    groups: defaultdict[tuple[int, str], list[tuple[str, str]]] = defaultdict(list)
    for a, b in candidates:
        groups[root((0, a))].append((a, b))
    return list(groups.values())


def _greedy(
    group: Sequence[tuple[str, str]], scores: Mapping[tuple[str, str], float]
) -> list[tuple[str, str]]:
    chosen: list[tuple[str, str]] = []
    lefts: set[str] = set()
    rights: set[str] = set()
    for a, b in sorted(group, key=lambda pair: (-scores[pair], pair)):
        if a not in lefts and b not in rights:
            chosen.append((a, b))
            lefts.add(a)
            rights.add(b)
    return chosen


def _optimal(
    lefts: Sequence[str],
    rights: Sequence[str],
    scores: Mapping[tuple[str, str], float],
    threshold: float,
) -> list[tuple[str, str]]:
    """Maximise the sum of (score - threshold); a pair that is no candidate is worth nothing."""
    if len(lefts) > len(rights):
        turned = {(b, a): score for (a, b), score in scores.items()}
        return [(a, b) for b, a in _optimal(rights, lefts, turned, threshold)]
    gains = [
        [-(scores[a, b] - threshold + 1e-6) if (a, b) in scores else 0.0 for b in rights]
        for a in lefts
    ]
    columns = cheapest_assignment(gains)
    return [
        (a, rights[column])
        for a, column in zip(lefts, columns, strict=True)
        if (a, rights[column]) in scores
    ]


def cheapest_assignment(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row so that the costs are least in sum (rows <= columns).

    The Hungarian method with potentials and shortest augmenting paths (Kuhn 1955; Jonker and
    Volgenant 1987): O(rows² x columns).
    """
    width = len(costs[0])
    row_potential = [0.0] * (len(costs) + 1)
    column_potential = [0.0] * (width + 1)
    row_of = [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        _augment(costs, row_of, row_potential, column_potential)
    columns = [0] * len(costs)
    for column in range(1, width + 1):
        if row_of[column]:
            columns[row_of[column] - 1] = column - 1
    return columns


def _augment(
    costs: Sequence[Sequence[float]],
    row_of: list[int],
    row_potential: list[float],
    column_potential: list[float],
) -> None:
    """Find the shortest way from the row standing at column 0 to a free column, and shift along it."""
    width = len(row_of) - 1
    least = [math.inf] * (width + 1)
    came_from = [0] * (width + 1)
    done = [False] * (width + 1)
    column = 0
    while row_of[column]:
        done[column] = True
        row, step, following = row_of[column], math.inf, 0
        for other in range(1, width + 1):
            if done[other]:
                continue
            reduced = costs[row - 1][other - 1] - row_potential[row] - column_potential[other]
            if reduced < least[other]:
                least[other], came_from[other] = reduced, column
            if least[other] < step:
                step, following = least[other], other
        for other in range(width + 1):
            if done[other]:
                row_potential[row_of[other]] += step
                column_potential[other] -= step
            else:
                least[other] -= step
        column = following
    while column:
        row_of[column] = row_of[came_from[column]]
        column = came_from[column]
