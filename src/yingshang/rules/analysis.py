"""What can be said about policies before any subject is seen.

Never or always satisfied, the same as or contrary to another policy, thresholds that leave a gap, a
fact asked for and used by no rule (个人信息保护法 6: no more than the purpose needs), a condition on
ownership or place of registration (公平竞争审查条例, 2024). "Never" and "always" are proved; where a
proof would need more than a bounded search nothing is said, and where pairs were left out that is.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from yingshang.rules.abstracting import Abstraction
from yingshang.rules.codebooks import MIRRORED
from yingshang.rules.compiling import Rule
from yingshang.rules.declarations import Declared
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.programs import Program, build_program
from yingshang.rules.representatives import Choices, choices_of, kinds_asked
from yingshang.rules.results import source_of
from yingshang.rules.typed import (
    Apply,
    Const,
    Known,
    Logic,
    Typed,
    atoms_of,
    column_name,
    keys_of,
    walk,
)
from yingshang.rules.types import (
    ANY,
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    INT,
    NUMBERS,
    STRING,
    TIMESTAMP,
    Type,
)

MOST_TRIES: Final = 4_000
"""Combinations of values that one search may try."""

STEPS_A_TRY: Final = 25
"""Steps of loops that count as one more try."""

MOST_WORK: Final = 100_000
"""Combinations that all comparisons of pairs may try together: some seconds."""

_LOCAL = re.compile(
    r"(?:^|[._])(?:owner(?:ship)?(?:_type|_kind)?|holding|(?:is_)?(?:state_owned|soe)|owned_by_state"
    r"|private(?:ly_owned)?|capital_(?:nature|origin)|economic_(?:type|nature)|nationality"
    r"|foreign_(?:invested|funded|owned)|(?:is_)?local|local_(?:enterprise|firm)|hukou|domicile"
    r"|division|address|reg(?:ist(?:ration|ry|er|ered))?_(?:place|division|address|district|region"
    r"|city|province|county|area|location|in|at|here)|place_of_registration)(?:$|[._])"
)
_LOCAL_WORDS = re.compile(
    r"所有制|控股|国有|国资|集体企业|民营|私营|外资|外商|港澳台|内资|注册地|登记地|住所地?|户籍|户口"
    r"|(?i:state|privately|foreign)[- _](?i:owned|funded|invested)"
    r"|(?:本地|本区|本市|本省|本县|外地|外省|外市|区外|市外|省外)(?:注册|登记|企业|户籍)?"
)


@dataclass(frozen=True)
class Finding:
    """A remark: ``warning`` needs a correction or a reason, ``note`` is worth knowing."""

    code: str
    severity: str
    policies: tuple[str, ...]
    message: str


def analyse(
    rules: tuple[Rule, ...],
    as_of: date,
    declared: Mapping[str, Declared] | None = None,
    *,
    asked: Collection[str] = (),
) -> list[Finding]:
    """Return every finding about a set of rules, policies in their order.

    ``asked`` are the facts that are collected for these rules and therefore need a use.
    """
    findings: list[Finding] = []
    live = []
    for rule in rules:
        found = list(_alone(rule, as_of, declared or {}))
        findings += found
        if not {"never_satisfiable", "always_true"} & {finding.code for finding in found}:
            live.append(rule)
    findings += _pairs(live, as_of)
    findings += _gaps(live)
    return [*findings, *_at_odds(rules), *_unused(rules, asked)]


def _at_odds(rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """A fact that nothing declares, and that rules use as values of different types."""
    kinds: dict[str, dict[Type, str]] = defaultdict(dict)
    for rule in rules:
        for tree in _trees(rule):
            for key, kind in kinds_asked(tree):
                group = DOUBLE if kind in NUMBERS else STRING if kind in _WRITTEN else kind
                kinds[key].setdefault(group, rule.id)
    for key, groups in sorted(kinds.items()):
        if len(groups) > 1:
            names = tuple(dict.fromkeys(groups.values()))
            said = "，又当作".join(sorted(map(str, groups)))
            yield Finding("types_at_odds", "warning", names, f"{key} 既当作{said}")


_WRITTEN: Final = frozenset({STRING, DATE, TIMESTAMP, DURATION})
"""Types that plain JSON writes as text."""


def _unused(rules: tuple[Rule, ...], asked: Collection[str]) -> Iterator[Finding]:
    """A fact that is collected for the rules, or that a policy ``asks`` for, and that none uses."""
    used = {key for rule in rules for key in _keys(rule)}
    for key in sorted(set(asked) - used):
        yield Finding("unused_fact", "warning", (), f"没有规则使用事实 {key}，不应收集")
    for rule in rules:
        for key in rule.policy.asks:
            if key not in _keys(rule):
                message = f"政策要求填报 {key}，条件和结果却都不用，不应收集"
                yield Finding("unused_fact", "warning", (rule.id,), message)


def _trees(rule: Rule) -> list[Typed]:
    return [rule.condition.typed, *(source_of(entry) for entry in rule.results.values())]


def _keys(rule: Rule) -> frozenset[str]:
    return frozenset().union(*(keys_of(tree) for tree in _trees(rule)))


def _alone(rule: Rule, as_of: date, declared: Mapping[str, Declared]) -> Iterator[Finding]:
    node, names = rule.condition.typed, (rule.id,)
    if find_case(node, as_of, wanted=True) == "none":
        yield Finding("never_satisfiable", "warning", names, "条件永远不可能满足")
    elif find_case(node, as_of, wanted=False) == "none":
        yield Finding("always_true", "warning", names, "条件总是满足，等于没有条件")
    for what in _local_to(rule, declared):
        message = f"涉及所有制或注册地（{what}），须按《公平竞争审查条例》说明依据"
        yield Finding("fair_competition", "warning", names, message)


def _local_to(rule: Rule, declared: Mapping[str, Declared]) -> Iterator[str]:
    """Name what in the conditions and results tells enterprises apart by owner or by place."""
    for key in sorted(_keys(rule)):
        label = declared[key].label if key in declared else ""
        if _LOCAL.search(key) or _LOCAL_WORDS.search(f"{key} {label}"):
            yield label or key
    consts = [part.value for tree in _trees(rule) for part in walk(tree) if isinstance(part, Const)]
    words = [word for value in consts for word in (value if isinstance(value, tuple) else (value,))]
    texts = dict.fromkeys(word for word in words if isinstance(word, str))
    yield from (f"“{text}”" for text in texts if _LOCAL_WORDS.search(text))


def find_case(node: Typed, as_of: date, *, wanted: bool, budget: "_Budget | None" = None) -> str:
    """Return ``found`` or ``none`` as proved, else ``open``: is there a subject with that result?"""
    found = _find_case(node, as_of, wanted, budget)
    if found != "open":
        return found
    abstraction = Abstraction()
    free = abstraction.of(node)
    if not abstraction.places:
        return found
    return "none" if _find_case(free, as_of, wanted, budget) == "none" else "open"


def _find_case(node: Typed, as_of: date, wanted: bool, budget: "_Budget | None") -> str:
    choices = choices_of(atoms_of(node), as_of, widest=True)
    present = {column_name(part.key, part.grade) for part in walk(node) if isinstance(part, Known)}
    search = _Search(node, wanted, choices, present, MOST_TRIES if budget is None else budget.each)
    found = search.run()
    if budget is not None:
        budget.left -= search.tries + search.steps // STEPS_A_TRY
    if found:
        return "found"
    complete = all(choice.complete for choice in choices) and not search.given_up
    return "none" if complete else "open"


class _Search:
    """Try values fact by fact; what is not yet chosen is unknown, so that Kleene prunes."""

    def __init__(
        self,
        node: Typed,
        wanted: bool,
        choices: list[Choices],
        present: set[str],
        most: int,
    ) -> None:
        self.program = compile_row(node)
        self.wanted = wanted
        self.choices = sorted(choices, key=lambda c: (c.name not in present, len(c.values)))
        self.present = present
        self.tries, self.steps, self.most = 0, 0, most
        self.given_up = False

    def run(self) -> bool:
        """Whether a case was found."""
        return self._from(0, {})

    def _from(self, place: int, facts: dict[str, Any]) -> bool:
        self.tries += 1
        if self.tries + self.steps // STEPS_A_TRY > self.most:
            self.given_up = True
            return False
        ahead = {choice.name for choice in self.choices[place:]}
        if not ahead & self.present:
            row = Row(facts)
            value = self.program(row)
            self.steps += row.steps
            if isinstance(value, bool):
                return value is self.wanted
        if place == len(self.choices):
            return False
        choice = self.choices[place]
        values = [*choice.values, *([None] if choice.name in self.present else [])]
        return any(self._from(place + 1, {**facts, choice.name: value}) for value in values)


def _pairs(rules: list[Rule], as_of: date) -> Iterator[Finding]:
    same: dict[Typed, str] = {}
    for rule in rules:
        first = same.setdefault(rule.condition.typed, rule.id)
        if first != rule.id:
            yield Finding("same_condition", "warning", (first, rule.id), "两项政策的条件相同")
    pairs = [
        (one, other)
        for one, other in itertools.combinations(rules, 2)
        if one.facts & other.facts and one.condition.typed != other.condition.typed
    ]
    budget = _Budget(MOST_WORK, min(MOST_TRIES, max(200, MOST_WORK // (3 * len(pairs) + 1))))
    for done, (one, other) in enumerate(pairs):
        if budget.left <= 0:
            message = f"政策太多，{len(pairs)} 对中只两两比较了 {done} 对"
            yield Finding("not_compared", "note", (), message)
            return
        yield from _pair(one, other, as_of, budget)


@dataclass
class _Budget:
    """How many tries are left for all searches together, and how many one search may take."""

    left: int
    each: int


def _pair(one: Rule, other: Rule, as_of: date, budget: _Budget) -> Iterator[Finding]:
    a, b = one.condition.typed, other.condition.typed
    names = (one.id, other.id)
    if find_case(_both(a, b), as_of, wanted=True, budget=budget) == "none":
        yield Finding("contradictory", "note", names, "没有主体能同时满足这两项政策")
    elif find_case(_both(a, _not(b)), as_of, wanted=True, budget=budget) == "none":
        yield Finding("overlapping", "note", names, f"满足 {one.id} 的都满足 {other.id}")
    elif find_case(_both(b, _not(a)), as_of, wanted=True, budget=budget) == "none":
        yield Finding("overlapping", "note", names, f"满足 {other.id} 的都满足 {one.id}")


def _both(a: Typed, b: Typed) -> Typed:
    return Logic(0, 0, BOOL, "&&", (a, b))


def _not(node: Typed) -> Typed:
    return Apply(0, 0, BOOL, "!:bool", (node,))


Interval = tuple[float, bool, float, bool]
"""Lower end, whether it belongs, upper end, whether it belongs."""


def _gaps(rules: list[Rule]) -> Iterator[Finding]:
    """Tiers of one number, in alternatives or across policies that are otherwise the same."""
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
                yield Finding("threshold_gap", "warning", names, message)


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
