"""Tiers of one number or day that leave a gap between them: under 10 one policy, over 10 another, 10 none."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from yingshang.rules.codebooks import MIRRORED
from yingshang.rules.compiling import Rule
from yingshang.rules.programs import Program, build_program
from yingshang.rules.typed import Apply, Const, Typed
from yingshang.rules.types import ANY, DATE, INT

Interval = tuple[float, bool, float, bool]
"""Lower end, whether it belongs, upper end, whether it belongs."""


def gaps_between(rules: list[Rule]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield policies and a message for each gap, in alternatives or across policies alike otherwise."""
    program = build_program(rules)
    seen: set[str] = set()
    groups = [("", [(rule.id, node) for rule, node in zip(rules, program.outputs, strict=True)])]
    owners = _owners(program)
    for place, gate in enumerate(program.gates):
        if not gate.is_and:
            owner = owners.get(program.first_gate + place, "")
            groups.append((owner, [(owner, node) for node in gate.inputs]))
    for _, members in groups:
        for names, message in _holes(program, members):
            if message not in seen:
                seen.add(message)
                yield names, message


def _owners(program: Program) -> dict[int, str]:
    found: dict[int, str] = {}
    for rule, output in zip(program.rules, program.outputs, strict=True):
        waiting = [output]
        while waiting:
            node = waiting.pop()
            if node >= program.first_gate and node not in found:
                found[node] = rule.id
                waiting += program.gates[node - program.first_gate].inputs
    return found


def _holes(
    program: Program, members: Iterable[tuple[str, int]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    tiers: dict[tuple[Typed, frozenset[int]], list[tuple[str, _Bound]]] = defaultdict(list)
    for name, node in members:
        literals = _conjuncts(program, node)
        bounds = {literal: _bound(program, literal) for literal in literals}
        for over in dict.fromkeys(bound.over for bound in bounds.values() if bound):
            own = [bound for bound in bounds.values() if bound and bound.over == over]
            rest = frozenset(
                lit for lit, bound in bounds.items() if not bound or bound.over != over
            )
            tier = replace(own[0], interval=_meet([bound.interval for bound in own]))
            tiers[over, rest].append((name, tier))
    for found in tiers.values():
        found.sort(key=lambda tier: tier[1].interval[0])
        for (a, low), (b, high) in itertools.pairwise(found):
            if _is_hole(low.interval, high.interval, low.is_whole):
                ends = f"{low.show(low.interval[2])} 与 {low.show(high.interval[0])}"
                names = tuple(dict.fromkeys(n for n in (a, b) if n))
                yield names, f"{low.text} 的档次在 {ends} 之间有空档，没有政策覆盖"


def _conjuncts(program: Program, node: int) -> tuple[int, ...]:
    if node < program.first_gate:
        return (node,)
    gate = program.gates[node - program.first_gate]
    is_flat = gate.is_and and all(source < program.first_gate for source in gate.inputs)
    return gate.inputs if is_flat else (node,)


@dataclass(frozen=True)
class _Bound:
    """What a comparison with a constant allows: an interval of one number or day."""

    over: Typed
    text: str
    interval: Interval
    is_whole: bool
    is_date: bool

    def show(self, end: float) -> str:
        """Return an end as it is written in rules."""
        if self.is_date:
            return date.fromordinal(int(end)).isoformat()
        return str(int(end)) if end == int(end) else repr(end)


def _bound(program: Program, literal: int) -> _Bound | None:
    if literal >= program.first_gate:
        return None
    atom = program.atoms[literal // 2]
    match atom.typed:
        case Apply(overload=name, args=(over, Const(value=value))):
            sign = name.partition(":")[0]
        case Apply(overload=name, args=(Const(value=value), over)):
            sign = MIRRORED.get(name.partition(":")[0], "")
        case _:
            return None
    if sign not in MIRRORED or isinstance(value, bool) or not isinstance(value, int | float | date):
        return None
    if literal % 2:
        sign = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[sign]
    end = value.toordinal() if isinstance(value, date) else value
    inf = float("inf")
    above, below = (end, sign == ">=", inf, False), (-inf, False, end, sign == "<=")
    text = atom.text[over.start - atom.typed.start : over.end - atom.typed.start]
    is_whole = over.type in (INT, DATE, ANY) and isinstance(end, int)
    interval = above if sign in (">", ">=") else below
    return _Bound(over, text, interval, is_whole, isinstance(value, date))


def _meet(intervals: list[Interval]) -> Interval:
    low = max(((i[0], not i[1]) for i in intervals), key=lambda end: end)
    high = min(((i[2], i[3]) for i in intervals), key=lambda end: end)
    return low[0], not low[1], high[0], high[1]


def _is_hole(low: Interval, high: Interval, whole: bool) -> bool:
    end, has_end, start, has_start = low[2], low[3], high[0], high[1]
    if end == start:
        return not has_end and not has_start
    if not end < start:
        return False
    if whole:
        return start - end - 1 + (not has_end) + (not has_start) > 0
    return True
