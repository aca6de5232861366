"""What can be said about policies before any subject is seen.

Never or always satisfied, the same as or contrary to another policy, thresholds that leave a gap, a
fact asked for and used by no rule, a condition on ownership or place of registration (公平竞争审查条例,
2024). "Never" and "always" are proved; where a proof would need more than a bounded search nothing
is said.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yingshang.rules.compiling import Rule
from yingshang.rules.declarations import Declared
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.programs import Program, build_program
from yingshang.rules.representatives import Choices, choices_of
from yingshang.rules.typed import Apply, Const, Fact, Known, Logic, Typed, keys_of, walk
from yingshang.rules.types import BOOL, DOUBLE

MOST_TRIES: Final = 4_000
MOST_PAIRS: Final = 3_000
_LOCAL = re.compile(
    r"(?:^|[._])(?:owner(?:ship)?(?:_type|_kind)?|state_owned|private(?:ly_owned)?"
    r"|foreign_(?:invested|funded|owned)|is_local|local_(?:enterprise|firm)"
    r"|regist(?:ration|ry|ered)_(?:place|division|address|district|region|city|in|at|here)"
    r"|place_of_registration)(?:$|[._])|所有制|注册地|本地企业|国有|外资|民营"
)


@dataclass(frozen=True)
class Finding:
    """A remark: ``warning`` needs a correction or a reason, ``note`` is worth knowing."""

    code: str
    severity: str
    policies: tuple[str, ...]
    message: str


def analyse(
    rules: tuple[Rule, ...], as_of: date, declared: Mapping[str, Declared] | None = None
) -> list[Finding]:
    """Return every finding about a set of rules, policies in their order."""
    findings: list[Finding] = []
    live = []
    for rule in rules:
        found = list(_alone(rule, as_of, declared or {}))
        findings += found
        if not {"never_satisfiable", "always_true"} & {finding.code for finding in found}:
            live.append(rule)
    findings += _pairs(live, as_of)
    findings += _gaps(live)
    used = {key for rule in rules for key in keys_of(rule.condition.typed)}
    for key in sorted(set(declared or ()) - used):
        findings.append(Finding("unused_fact", "warning", (), f"没有规则使用事实 {key}，不应收集"))
    return findings


def _alone(rule: Rule, as_of: date, declared: Mapping[str, Declared]) -> Iterator[Finding]:
    node, names = rule.condition.typed, (rule.id,)
    if find_case(node, as_of, wanted=True) == "none":
        yield Finding("never_satisfiable", "warning", names, "条件永远不可能满足")
    elif find_case(node, as_of, wanted=False) == "none":
        yield Finding("always_true", "warning", names, "条件总是满足，等于没有条件")
    for key in sorted(keys_of(node)):
        label = declared[key].label if key in declared else ""
        if _LOCAL.search(key) or _LOCAL.search(label):
            message = f"条件涉及所有制或注册地（{label or key}），须按《公平竞争审查条例》说明依据"
            yield Finding("fair_competition", "warning", names, message)


def find_case(node: Typed, as_of: date, *, wanted: bool) -> str:
    """Return ``found`` or ``none`` as proved, else ``open``: is there a subject with that result?"""
    choices = choices_of(_atoms(node), as_of)
    present = {_column(part) for part in walk(node) if isinstance(part, Known)}
    search = _Search(node, wanted, choices, present)
    if search.run():
        return "found"
    complete = all(choice.complete for choice in choices) and not search.given_up
    return "none" if complete else "open"


def _column(known: Known) -> str:
    return f"{known.key}@{known.grade}" if known.grade else known.key


def _atoms(node: Typed) -> Iterator[Typed]:
    if isinstance(node, Logic):
        for part in node.parts:
            yield from _atoms(part)
    elif isinstance(node, Apply) and node.overload == "!:bool":
        yield from _atoms(node.args[0])
    else:
        yield node


class _Search:
    """Try values fact by fact; what is not yet chosen is unknown, so that Kleene prunes."""

    def __init__(
        self,
        node: Typed,
        wanted: bool,
        choices: list[Choices],
        present: set[str],
    ) -> None:
        self.program = compile_row(node)
        self.wanted = wanted
        self.choices = sorted(choices, key=lambda c: (c.name not in present, len(c.values)))
        self.present = present
        self.tries = 0
        self.given_up = False

    def run(self) -> bool:
        """Whether a case was found."""
        return self._from(0, {})

    def _from(self, place: int, facts: dict[str, Any]) -> bool:
        self.tries += 1
        if self.tries > MOST_TRIES:
            self.given_up = True
            return False
        ahead = {choice.name for choice in self.choices[place:]}
        if not ahead & self.present:
            value = self.program(Row(facts))
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
    pairs = 0
    for place, one in enumerate(rules):
        for other in rules[place + 1 :]:
            if not one.facts & other.facts or one.condition.typed == other.condition.typed:
                continue
            pairs += 1
            if pairs > MOST_PAIRS:
                return
            yield from _pair(one, other, as_of)


def _pair(one: Rule, other: Rule, as_of: date) -> Iterator[Finding]:
    a, b = one.condition.typed, other.condition.typed
    names = (one.id, other.id)
    if find_case(_both(a, b), as_of, wanted=True) == "none":
        yield Finding("contradictory", "note", names, "没有主体能同时满足这两项政策")
    elif find_case(_both(a, _not(b)), as_of, wanted=True) == "none":
        yield Finding("overlapping", "note", names, f"满足 {one.id} 的都满足 {other.id}")
    elif find_case(_both(b, _not(a)), as_of, wanted=True) == "none":
        yield Finding("overlapping", "note", names, f"满足 {other.id} 的都满足 {one.id}")


def _both(a: Typed, b: Typed) -> Typed:
    return Logic(0, 0, BOOL, "&&", (a, b))


def _not(node: Typed) -> Typed:
    return Apply(0, 0, BOOL, "!:bool", (node,))


Interval = tuple[float, bool, float, bool]
"""Lower end, whether it belongs, upper end, whether it belongs."""

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


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
    tiers: dict[tuple[str, frozenset[int]], list[tuple[str, Interval, bool]]] = defaultdict(list)
    for name, node in members:
        literals = _conjuncts(program, node)
        bounds = {literal: _bound(program, literal) for literal in literals}
        for key in {bound[0] for bound in bounds.values() if bound}:
            own = [bound for bound in bounds.values() if bound and bound[0] == key]
            rest = frozenset(lit for lit, bound in bounds.items() if not bound or bound[0] != key)
            tiers[key, rest].append((name, _meet([b[1] for b in own]), own[0][2]))
    for (key, _), found in tiers.items():
        found.sort(key=lambda tier: tier[1][0])
        for (a, low, whole), (b, high, _) in itertools.pairwise(found):
            if _is_hole(low, high, whole):
                ends = f"{_show(low[2])} 与 {_show(high[0])}"
                names = tuple(dict.fromkeys(n for n in (a, b) if n))
                yield names, f"{key} 的档次在 {ends} 之间有空档，没有政策覆盖"


def _show(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _conjuncts(program: Program, node: int) -> tuple[int, ...]:
    if node < program.first_gate:
        return (node,)
    gate = program.gates[node - program.first_gate]
    is_flat = gate.is_and and all(source < program.first_gate for source in gate.inputs)
    return gate.inputs if is_flat else (node,)


def _bound(program: Program, literal: int) -> tuple[str, Interval, bool] | None:
    if literal >= program.first_gate:
        return None
    match program.atoms[literal // 2].typed:
        case Apply(overload=name, args=(Fact() as fact, Const(value=value))):
            sign = name.partition(":")[0]
        case Apply(overload=name, args=(Const(value=value), Fact() as fact)):
            sign = _MIRRORED.get(name.partition(":")[0], "")
        case _:
            return None
    if sign not in _MIRRORED or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if literal % 2:
        sign = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[sign]
    inf = float("inf")
    above = (value, sign == ">=", inf, False)
    below = (-inf, False, value, sign == "<=")
    whole = fact.type != DOUBLE and isinstance(value, int)
    return fact.key, above if sign in (">", ">=") else below, whole


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
