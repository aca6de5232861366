"""Every evaluator gives the same answer on random rules and facts."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yingshang.rules.columns import Table, from_arrow
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.declarations import Declarations
from yingshang.rules.evaluating import evaluate
from yingshang.rules.matching import Matcher, has_fast_path, list_changes, match
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.programs import Program
from yingshang.rules.subjects import Checkup
from yingshang.rules.values import Failure, Unknown

DAY = date(2026, 11, 22)
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
TYPES = {
    "enterprise.i": pa.int64(),
    "enterprise.j": pa.int64(),
    "enterprise.d": pa.float64(),
    "enterprise.b": pa.bool_(),
    "enterprise.s": pa.string(),
    "enterprise.t": pa.date32(),
    "enterprise.l": pa.list_(pa.string()),
}
WORDS = ["", "A", "B", "C39", "C391", "好"]
EDGES = [0, 1, -1, 2, 3, 7, 2**53, 2**53 + 1, -(2**63), 2**63 - 1]
whole = st.sampled_from(EDGES)
fraction = st.sampled_from([0.0, -0.0, 0.5, 1.0, 2.5, -3.25, 1e300, float("inf"), 2.0**53, 7.0])
day = st.integers(0, 5000).map(lambda n: DAY - timedelta(days=n))
VALUES = {
    "enterprise.i": whole,
    "enterprise.j": whole,
    "enterprise.d": st.one_of(fraction, st.just(float("nan"))),
    "enterprise.b": st.booleans(),
    "enterprise.s": st.sampled_from(WORDS),
    "enterprise.t": day,
    "enterprise.l": st.lists(st.one_of(st.none(), st.sampled_from(WORDS)), max_size=3),
}
row = st.fixed_dictionaries({key: st.one_of(st.none(), value) for key, value in VALUES.items()})


def _number(value: float) -> str:
    return "1e999" if value == float("inf") else repr(value)


def _word(value: str) -> str:
    return f"'{value}'"


atom = st.one_of(
    st.builds("enterprise.i {} {}".format, SIGNS, whole.map(str)),
    st.builds("{} {} enterprise.j".format, fraction.map(_number), SIGNS),
    st.builds("enterprise.i {} {}".format, SIGNS, fraction.map(_number)),
    st.builds("enterprise.d {} {}".format, SIGNS, whole.map(str)),
    st.builds("enterprise.i {} enterprise.j".format, SIGNS),
    st.builds("enterprise.i {} enterprise.d".format, SIGNS),
    st.builds("enterprise.i {} enterprise.j {} {}".format, st.sampled_from("+-*/%"), SIGNS, whole.map(str)),
    st.builds("enterprise.d {} 2.0 {} {}".format, st.sampled_from("+-*/"), SIGNS, fraction.map(_number)),
    st.builds("-enterprise.i {} {}".format, SIGNS, whole.map(str)),
    st.builds("enterprise.i in {}".format, st.lists(whole, max_size=3)),
    st.builds("enterprise.s {} {}".format, SIGNS, st.sampled_from(WORDS).map(_word)),
    st.builds("enterprise.s.startsWith({})".format, st.sampled_from(WORDS).map(_word)),
    st.builds("enterprise.s in {}".format, st.lists(st.sampled_from(WORDS), max_size=3)),
    st.just("enterprise.b"),
    st.builds("enterprise.b {} (enterprise.i > 2)".format, st.sampled_from(["==", "!="])),
    st.builds("enterprise.t {} date('{}')".format, SIGNS, day),
    st.builds("years_since(enterprise.t) {} {}".format, SIGNS, st.integers(0, 14)),
    st.builds("add_months(enterprise.t, {}) {} as_of".format, st.integers(-9, 90), SIGNS),
    st.builds("days_since(enterprise.t) {} enterprise.j".format, SIGNS),
    st.builds("months_between(date('2020-02-29'), enterprise.t) {} {}".format, SIGNS, st.integers(0, 60)),
    st.builds("{} in enterprise.l".format, st.sampled_from(WORDS).map(_word)),
    st.builds("enterprise.l.{}(x, x > {})".format, st.sampled_from(["all", "exists", "exists_one"]), st.sampled_from(WORDS).map(_word)),
    st.builds("enterprise.l.exists(x, x == enterprise.s)".format),
    st.builds("size(enterprise.l) {} 1".format, SIGNS),
    st.builds("has({})".format, st.sampled_from(sorted(TYPES))),
    st.builds("(enterprise.b ? enterprise.i : enterprise.j) {} {}".format, SIGNS, whole.map(str)),
    st.builds("(enterprise.b ? enterprise.s : 'A') == 'A'".format),
    st.builds("min(enterprise.i, enterprise.j) {} max(enterprise.i, 2)".format, SIGNS),
)  # fmt: skip


def _join(parts: list[str], operator: str) -> str:
    return "(" + f" {operator} ".join(parts) + ")"


condition = st.recursive(
    atom.map("({})".format),
    lambda inner: st.one_of(
        inner.map("!{}".format),
        st.builds(_join, st.lists(inner, min_size=2, max_size=4), st.sampled_from(["&&", "||"])),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)


def table_of(rows: list[dict[str, Any]]) -> Table:
    arrays = {key: pa.array([row[key] for row in rows], kind) for key, kind in TYPES.items()}
    return from_arrow(pa.table({"subject": [str(n) for n in range(len(rows))], **arrays}))


def rules_of(texts: list[str], table: Table) -> tuple[Rule, ...]:
    policies = [Policy(f"p{n}", "t", Condition("text", text=text)) for n, text in enumerate(texts)]
    return compile_rules(policies, Declarations(table.declared, as_of=DAY))


def rows_by_reference(rule: Rule, table: Table) -> tuple[list[int], list[int]]:
    yes, unknown = [], []
    for place in range(len(table)):
        facts = {key: column.value(place) for key, column in table.columns.items()}
        value = evaluate(rule.condition.typed, facts)
        if value is True:
            yes.append(place)
        elif value is not False:
            unknown.append(place)
    return yes, unknown


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(condition, min_size=1, max_size=6), st.lists(row, min_size=1, max_size=8))
def test_columns_and_one_subject_agree_with_the_reference(
    texts: list[str], rows: list[dict[str, Any]]
) -> None:
    table = table_of(rows)
    rules = rules_of(texts, table)
    checkup = Checkup(rules)
    wanted = [rows_by_reference(rule, table) for rule in rules]
    engines = ["bitmaps", *(["fused"] if has_fast_path() else [])]
    for engine in engines:
        outcome = match(rules, table, engine=engine)
        got = [(yes.tolist(), unknown.tolist()) for _, yes, unknown in outcome.rows()]
        assert got == wanted, (engine, texts)
        assert outcome.yes_counts.tolist() == [len(yes) for yes, _ in wanted]
        assert outcome.unknown_counts.tolist() == [len(unknown) for _, unknown in wanted]
    for place in range(len(table)):
        facts = {key: column.value(place) for key, column in table.columns.items()}
        results = [verdict.result for verdict in checkup.verdicts(facts)]
        assert results == [
            "yes" if place in yes else "unknown" if place in unknown else "no"
            for yes, unknown in wanted
        ]


def causes_by_reference(node: int, program: Program, values: list[Any]) -> dict[int, None]:
    """Follow the inputs that have the node's own result; the literals in the order they are met."""
    if node < program.first_gate:
        return {node: None}
    found: dict[int, None] = {}
    for source in program.gates[node - program.first_gate].inputs:
        if values[source] == values[node]:
            found |= causes_by_reference(source, program, values)
    return found


def values_by_reference(program: Program, facts: dict[str, Any]) -> list[int]:
    values: list[int] = []
    for atom in program.atoms:
        value = evaluate(atom.typed, facts)
        truth = 2 if value is True else 0 if value is False else 1
        values += [truth, 2 - truth]
    for gate in program.gates:
        values.append((min if gate.is_and else max)(values[source] for source in gate.inputs))
    return values


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(condition, min_size=1, max_size=6), st.lists(row, min_size=1, max_size=4))
def test_one_subject_is_told_every_condition_that_makes_the_result(
    texts: list[str], rows: list[dict[str, Any]]
) -> None:
    table = table_of(rows)
    checkup = Checkup(rules_of(texts, table))
    program = checkup.program
    for place in range(len(table)):
        facts = {key: column.value(place) for key, column in table.columns.items()}
        values = values_by_reference(program, facts)
        for verdict, output in zip(checkup.verdicts(facts), program.outputs, strict=True):
            causes = causes_by_reference(output, program, values)
            if verdict.result == "no":
                wanted = [checkup.literals[literal] for literal in causes]
                assert [failed.text for failed in verdict.failed] == [one.text for one in wanted]
                gaps = [None if one.gap is None else one.gap(facts) for one in wanted]
                assert [failed.gap for failed in verdict.failed] == gaps
            if verdict.result == "unknown":
                found = [evaluate(program.atoms[literal // 2].typed, facts) for literal in causes]
                missing = {
                    key for value in found if isinstance(value, Unknown) for key in value.missing
                }
                assert verdict.missing == tuple(sorted(missing))
                assert bool(verdict.errors) == any(isinstance(value, Failure) for value in found)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(condition, min_size=1, max_size=5),
    st.lists(st.tuples(row, row), min_size=2, max_size=12),
)
def test_a_changed_subset_gains_and_loses_what_the_whole_does(
    texts: list[str], pairs: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    old, new = table_of([a for a, _ in pairs]), table_of([b for _, b in pairs])
    rules = rules_of(texts, old)
    some = np.arange(0, len(pairs), 2)
    changes = list_changes(
        match(rules, old.take(some)), match(rules, new.take(some)), new.take(some)
    )
    found = {change.subject: (change.gained, change.lost) for change in changes}
    for place in some.tolist():
        before = {rule.id for rule in rules if place in rows_by_reference(rule, old)[0]}
        after = {rule.id for rule in rules if place in rows_by_reference(rule, new)[0]}
        gained, lost = found.get(str(place), ((), ()))
        assert (set(gained), set(lost)) == (after - before, before - after)


@pytest.mark.skipif(not has_fast_path(), reason="the compiled kernel: make fast")
def test_the_kernel_agrees_over_several_blocks() -> None:
    random = np.random.default_rng(7)
    rows = [
        {
            "enterprise.i": int(random.integers(-3, 4)) if random.random() > 0.2 else None,
            "enterprise.j": int(random.integers(-3, 4)),
            "enterprise.d": None,
            "enterprise.b": bool(random.random() > 0.5),
            "enterprise.s": WORDS[random.integers(len(WORDS))],
            "enterprise.t": DAY - timedelta(days=int(random.integers(0, 4000))),
            "enterprise.l": [],
        }
        for _ in range(1500)
    ]
    table = table_of(rows)
    texts = [f"enterprise.i > {n % 5 - 2} && enterprise.s != '{WORDS[n % 6]}'" for n in range(70)]
    texts += [f"years_since(enterprise.t) > {n} || enterprise.i < enterprise.j" for n in range(9)]
    rules = rules_of(texts, table)
    plain, fused = (match(rules, table, engine=engine) for engine in ("bitmaps", "fused"))
    assert (plain.yes == fused.yes).all()
    assert (plain.possible == fused.possible).all()
    from yingshang.rules.encoding import encode
    from yingshang.rules.fused import count_kernel, prepare

    program = Matcher(rules).program
    words, yes, unknown = count_kernel(prepare(program, encode(program, table)))
    assert (words == plain.yes).all()
    assert yes.tolist() == plain.yes_counts.tolist()
    assert unknown.tolist() == plain.unknown_counts.tolist()
