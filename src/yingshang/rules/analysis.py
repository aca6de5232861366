"""What can be said about policies before any subject is seen.

Never or always satisfied, the same as or contrary to another policy, thresholds that leave a gap, a
fact asked for and used by no rule (个人信息保护法 6: no more than the purpose needs), a condition on
ownership or place of registration (公平竞争审查条例, 2024). "Never" and "always" are proved; where a
proof would need more than a bounded search nothing is said, and where pairs were left out that is.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from yingshang.rules.abstracting import Abstraction
from yingshang.rules.compiling import Rule
from yingshang.rules.declarations import Declared
from yingshang.rules.evaluating import Row, compile_row
from yingshang.rules.representatives import Choices, choices_of, kinds_asked
from yingshang.rules.results import source_of
from yingshang.rules.tiers import gaps_between
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
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    NUMBERS,
    STRING,
    TIMESTAMP,
    Type,
)

MOST_TRIES: Final = 4_000
"""Combinations of values that one search may try."""

STEPS_A_TRY: Final = 25
"""Steps of loops that count as one more try."""

MOST_SEEN: Final = 12
"""Subjects that are kept for pairs that ask alike."""

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
    findings, live = _each(rules, as_of, declared or {})
    findings += _same(live)
    findings += _pairs(itertools.combinations(live, 2), as_of)
    findings += _gaps(live)
    return [*findings, *_at_odds(rules), *_unused(rules, asked)]


def analyse_beside(
    rules: tuple[Rule, ...],
    others: tuple[Rule, ...],
    as_of: date,
    declared: Mapping[str, Declared] | None = None,
) -> list[Finding]:
    """Return every finding that concerns ``rules``, alone, among themselves and beside each of ``others``.

    What only concerns the others is not looked for, so that the work grows with their number and not
    with its square.
    """
    findings, live = _each(rules, as_of, declared or {})
    beside = [one for one in others if _depends(one.condition.typed, as_of)]
    pairs = itertools.chain(itertools.combinations(live, 2), itertools.product(live, beside))
    together = [*_same([*live, *beside]), *_gaps([*live, *beside]), *_at_odds((*rules, *others))]
    own = {rule.id for rule in rules}
    findings += _pairs(pairs, as_of)
    findings += (finding for finding in together if own & set(finding.policies))
    return [*findings, *_unused(rules, ())]


def _each(
    rules: tuple[Rule, ...], as_of: date, declared: Mapping[str, Declared]
) -> tuple[list[Finding], list[Rule]]:
    """Return what is found about each rule alone, and those whose answer depends on the subject."""
    findings: list[Finding] = []
    live = []
    for rule in rules:
        found = list(_alone(rule, as_of, declared))
        findings += found
        if not {"never_satisfiable", "always_true"} & {finding.code for finding in found}:
            live.append(rule)
    return findings, live


@lru_cache(maxsize=4096)
def _depends(node: Typed, as_of: date) -> bool:
    """Tell whether a condition is not proved to be never or always satisfied."""
    return "none" not in (find_case(node, as_of, wanted=wanted) for wanted in (True, False))


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


def find_case(
    node: Typed,
    as_of: date,
    *,
    wanted: bool,
    budget: "_Budget | None" = None,
    choices: list[Choices] | None = None,
) -> str:
    """Return ``found`` or ``none`` as proved, else ``open``: is there a subject with that result?

    ``choices`` are those of the atoms of ``node``, where they are known already.
    """
    choices = _choices(node, as_of) if choices is None else choices
    found = _find_case(node, wanted, budget, choices)
    if found != "open":
        return found
    abstraction = Abstraction()
    free = abstraction.of(node)
    if not abstraction.places:
        return found
    proved = _find_case(free, wanted, budget, _choices(free, as_of)) == "none"
    return "none" if proved else "open"


def _choices(node: Typed, as_of: date) -> list[Choices]:
    return choices_of(atoms_of(node), as_of, widest=True)


def _find_case(node: Typed, wanted: bool, budget: "_Budget | None", choices: list[Choices]) -> str:
    present = {column_name(part.key, part.grade) for part in walk(node) if isinstance(part, Known)}
    search = _Search(node, wanted, choices, present, MOST_TRIES if budget is None else budget.each)
    found = search.run()
    if budget is not None:
        budget.left -= search.tries + search.steps // STEPS_A_TRY
        budget.gave_up |= search.given_up
        budget.met = search.case
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
        self.case: dict[str, Any] = {}

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
                self.case = facts
                return value is self.wanted
        if place == len(self.choices):
            return False
        choice = self.choices[place]
        values = [*choice.values, *([None] if choice.name in self.present else [])]
        return any(self._from(place + 1, {**facts, choice.name: value}) for value in values)


def _same(rules: list[Rule]) -> Iterator[Finding]:
    same: dict[Typed, str] = {}
    for rule in rules:
        first = same.setdefault(rule.condition.typed, rule.id)
        if first != rule.id:
            yield Finding("same_condition", "warning", (first, rule.id), "两项政策的条件相同")


def _pairs(chosen: Iterable[tuple[Rule, Rule]], as_of: date) -> Iterator[Finding]:
    pairs = [
        (one, other)
        for one, other in chosen
        if one.facts & other.facts and one.condition.typed != other.condition.typed
    ]
    budget = _Budget(MOST_WORK, min(MOST_TRIES, max(200, MOST_WORK // (3 * len(pairs) + 1))))
    hard: list[tuple[Rule, Rule, list[Finding]]] = []
    for done, (one, other) in enumerate(pairs):
        if budget.left <= 0:
            message = f"政策太多，{len(pairs)} 对中只两两比较了 {done} 对"
            yield Finding("not_compared", "note", (), message)
            break
        budget.gave_up = False
        found = list(_pair(one, other, as_of, budget))
        if budget.gave_up:
            hard.append((one, other, found))
        else:
            yield from found
    again, budget.each = budget.each < MOST_TRIES, MOST_TRIES
    for one, other, found in hard:
        yield from _pair(one, other, as_of, budget) if again and budget.left > 0 else found


@dataclass
class _Budget:
    """How many tries are left for all searches together, and how many one search may take.

    Where one ``gave_up``, its pair is compared again with what all the others left.
    ``met`` is the subject that the last search ended with; ``seen`` are those that showed something
    about a pair, by the facts that it reads: what is seen once need not be searched for in another
    pair that asks alike.
    """

    left: int
    each: int
    gave_up: bool = False
    met: dict[str, Any] = field(default_factory=dict)
    seen: dict[frozenset[str], list[dict[str, Any]]] = field(default_factory=dict)

    def show(self, one: Rule, other: Rule) -> set[tuple[bool, bool]]:
        """Return the pairs of answers that subjects seen before get from two rules."""
        first, second = _program(one.condition.typed), _program(other.condition.typed)
        shown: set[tuple[bool, bool]] = set()
        for facts in self.seen.get(one.facts | other.facts, ()):
            answers = first(Row(facts)), second(Row(facts))
            if isinstance(answers[0], bool) and isinstance(answers[1], bool):
                shown.add((answers[0], answers[1]))
        return shown

    def keep(self, one: Rule, other: Rule) -> None:
        """Keep the subject of the last search, which found what it looked for."""
        seen = self.seen.setdefault(one.facts | other.facts, [])
        seen.append(self.met)
        del seen[:-MOST_SEEN]


@lru_cache(maxsize=4096)
def _program(node: Typed) -> Callable[[Row], Any]:
    return compile_row(node)


def _pair(one: Rule, other: Rule, as_of: date, budget: _Budget) -> Iterator[Finding]:
    a, b = one.condition.typed, other.condition.typed
    shown = budget.show(one, other)
    choices = _choices(_both(a, b), as_of) if len(shown - {(False, False)}) < len(_GOALS) else []
    for goal, (code, message) in _GOALS.items():
        if goal in shown:
            continue
        node = _both(a if goal[0] else _not(a), b if goal[1] else _not(b))
        found = find_case(node, as_of, wanted=True, budget=budget, choices=choices)
        if found == "none":
            said = message % {"one": one.id, "other": other.id}
            yield Finding(code, "note", (one.id, other.id), said)
            return
        if found == "found":
            budget.keep(one, other)


_GOALS: Final = {
    (True, True): ("contradictory", "没有主体能同时满足这两项政策"),
    (True, False): ("overlapping", "满足 %(one)s 的都满足 %(other)s"),
    (False, True): ("overlapping", "满足 %(other)s 的都满足 %(one)s"),
}
"""What it means that no subject gets these answers from two rules."""


def _gaps(rules: list[Rule]) -> Iterator[Finding]:
    for names, message in gaps_between(rules):
        yield Finding("threshold_gap", "warning", names, message)


def _both(a: Typed, b: Typed) -> Typed:
    return Logic(0, 0, BOOL, "&&", (a, b))


def _not(node: Typed) -> Typed:
    return Apply(0, 0, BOOL, "!:bool", (node,))
