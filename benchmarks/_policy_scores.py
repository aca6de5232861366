"""How proposals are measured against the labels: pairs in the order of the text, see docs/policy-extraction.md."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

Found = dict[str, Any]
Pair = tuple[int, int]
MOST_ASSIGNED = 12


@dataclass
class Score:
    """How many were labelled, proposed and right."""

    labelled: int = 0
    proposed: int = 0
    right: int = 0

    def add(self, labelled: int, proposed: int, right: int) -> None:
        """Take in one text."""
        self.labelled += labelled
        self.proposed += proposed
        self.right += right

    @property
    def precision(self) -> float:
        """Right among the proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Right among the labelled."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Scores:
    """The scores of one half by what is measured and by kind of text, with the confusions of conditions."""

    by: dict[tuple[str, str], Score] = field(default_factory=dict)
    confusions: Counter[str] = field(default_factory=Counter)

    def of(self, what: str, kind: str = "") -> Score:
        """Return one score; without a kind that of all texts."""
        return self.by.setdefault((what, kind), Score())

    def add(self, what: str, kind: str, counts: tuple[int, int, int]) -> None:
        """Take in one text under its kind and under all."""
        self.of(what, kind).add(*counts)
        self.of(what).add(*counts)


def longest_run(a: str, b: str) -> int:
    """Return the length of the longest common run of two short texts."""
    best, row = 0, [0] * (len(b) + 1)
    for x in a:
        before = 0
        for place, y in enumerate(b, start=1):
            row[place], before = (before + 1 if x == y else 0), row[place]
            best = max(best, row[place])
    return best


def overlap(a: str, b: str) -> bool:
    """Tell whether two pieces have at least half of the shorter in common."""
    return 2 * longest_run(a, b) >= min(len(a), len(b))


def same_number(a: Any, b: Any) -> bool:
    """Tell whether two values are equal: numbers to a millionth, lists as sets."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))
    if isinstance(a, list) and isinstance(b, list):
        return set(map(str, a)) == set(map(str, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_number(a[key], b[key]) for key in a)
    return bool(a == b)


def pair(
    gold: list[Found], proposed: list[Found], right: Callable[[Found, Found], bool]
) -> list[Pair]:
    """Pair one to one, greedily in the order of the text."""
    pairs, used = [], set()
    for place, label in enumerate(gold):
        for other, proposal in enumerate(proposed):
            if other not in used and right(label, proposal):
                used.add(other)
                pairs.append((place, other))
                break
    return pairs


def same_place(a: Found, b: Found) -> bool:
    """Tell whether two were found at the same words."""
    return overlap(a["clause"], b["clause"])


def same_but_fact(a: Found, b: Found) -> bool:
    """Tell whether two conditions compare the same at the same words."""
    same = a["op"] == b["op"] and a["unit"] == b["unit"] and same_number(a["value"], b["value"])
    return same and same_place(a, b)


def same_condition(a: Found, b: Found) -> bool:
    """Tell whether two conditions are the same."""
    return bool(a["fact"] == b["fact"]) and same_but_fact(a, b)


def same_amount(a: Found, b: Found) -> bool:
    """Tell whether two amounts are the same, whatever they are a share of."""
    plain = all(
        same_number(a.get(key), b.get(key))
        for key in ("form", "value", "unit", "slice", "floor", "duration")
    )
    return (
        plain
        and set(a.get("per") or []) == set(b.get("per") or [])
        and _caps(a) == _caps(b)
        and same_place(a, b)
    )


def _caps(amount: Found) -> list[tuple[float, str, tuple[str, ...]]]:
    caps = amount.get("caps") or []
    return sorted((float(c["value"]), c["unit"], tuple(sorted(c.get("per") or []))) for c in caps)


def same_window(a: Found | None, b: Found | None) -> bool:
    """Tell whether two windows are the same but for their pieces."""
    if a is None or b is None:
        return a is b
    left, right = ({k: v for k, v in w.items() if k not in ("clause", "after")} for w in (a, b))
    if left.get("kind") != right.get("kind") or left.get("periods") != right.get("periods"):
        return False
    return same_number(left.get("value"), right.get("value")) and left.get("unit") == right.get(
        "unit"
    )


def holds(logic: Found, true: set[int]) -> bool:
    """Decide a logic when these conditions are true."""
    ((way, items),) = logic.items()
    each = [i in true if isinstance(i, int) else holds(i, true) for i in items]
    return all(each) if way == "all" else any(each)


def renumbered(logic: Found, numbers: dict[int, int]) -> Found | None:
    """Return a logic in other numbers, None where a condition has no other number."""
    ((way, items),) = logic.items()
    out: list[Any] = []
    for item in items:
        new = numbers.get(item) if isinstance(item, int) else renumbered(item, numbers)
        if new is None:
            return None
        out.append(new)
    return {way: out}


def same_logic(gold: Found, proposed: Found, pairs: list[Pair]) -> bool:
    """Tell whether two logics select the same assignments over the paired conditions."""
    other = renumbered(proposed, {b: a for a, b in pairs})
    if other is None:
        return False
    used = sorted(_members(gold) | _members(other))
    if len(used) > MOST_ASSIGNED:
        return _members(gold) == _members(other) and _shape(gold) == _shape(other)
    for values in product((False, True), repeat=len(used)):
        true = {number for number, value in zip(used, values, strict=True) if value}
        if holds(gold, true) != holds(other, true):
            return False
    return True


def _members(logic: Found) -> set[int]:
    found: set[int] = set()
    for item in next(iter(logic.values())):
        found |= {item} if isinstance(item, int) else _members(item)
    return found


def _shape(logic: Found) -> Any:
    ((way, items),) = logic.items()
    return way, tuple(sorted(str(i) if isinstance(i, int) else str(_shape(i)) for i in items))


def add_text(scores: Scores, kind: str, gold: Found, proposed: Found) -> None:
    """Take in one text."""
    labels, found = gold["conditions"], proposed["conditions"]
    for what, right in (
        ("conditions", same_condition),
        ("conditions without fact", same_but_fact),
        ("clauses of conditions", same_place),
    ):
        scores.add(what, kind, (len(labels), len(found), len(pair(labels, found, right))))
    amounts = pair(gold["amounts"], proposed["amounts"], same_amount)
    scores.add("amounts", kind, (len(gold["amounts"]), len(proposed["amounts"]), len(amounts)))
    window = (gold["window"] is not None, proposed["window"] is not None)
    right_window = all(window) and same_window(gold["window"], proposed["window"])
    scores.add("window", kind, (int(window[0]), int(window[1]), int(right_window)))
    papers = pair(
        [{"clause": p} for p in gold["materials"]],
        [{"clause": p} for p in proposed["materials"]],
        same_place,
    )
    scores.add("materials", kind, (len(gold["materials"]), len(proposed["materials"]), len(papers)))
    pairs = pair(labels, found, same_but_fact)
    if labels or found:
        scores.add("logic", kind, (1, 1, int(same_logic(gold["logic"], proposed["logic"], pairs))))
    _confuse(scores, labels, found)


def _confuse(scores: Scores, labels: list[Found], found: list[Found]) -> None:
    strict = pair(labels, found, same_condition)
    rest = [c for n, c in enumerate(labels) if n not in {a for a, _ in strict}]
    others = [c for n, c in enumerate(found) if n not in {b for _, b in strict}]
    pairs = pair(rest, others, same_place)
    for a, b in pairs:
        label, proposal = rest[a], others[b]
        if label["fact"] != proposal["fact"]:
            scores.confusions[f"fact: {label['fact']} → {proposal['fact']}"] += 1
        if label["op"] != proposal["op"]:
            scores.confusions[f"op: {label['op']} → {proposal['op']}"] += 1
        elif not same_number(label["value"], proposal["value"]):
            scores.confusions["value"] += 1
        elif label["unit"] != proposal["unit"]:
            scores.confusions[f"unit: {label['unit']} → {proposal['unit']}"] += 1
    scores.confusions["missed, no fact"] += _count(rest, {a for a, _ in pairs}, None)
    scores.confusions["missed, fact"] += _count(rest, {a for a, _ in pairs}, "")
    scores.confusions["invented, no fact"] += _count(others, {b for _, b in pairs}, None)
    scores.confusions["invented, fact"] += _count(others, {b for _, b in pairs}, "")


def _count(items: list[Found], paired: set[int], fact: str | None) -> int:
    return sum(
        n not in paired and (one["fact"] is None) == (fact is None) for n, one in enumerate(items)
    )
