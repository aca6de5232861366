"""Moving a threshold: every point of a sweep is what the rule with that number would come to."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.rules.columns import from_arrow
from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.matching import match
from yingshang.rules.policies import read_policy
from yingshang.rules.sweeps import Sweep, between, list_thresholds
from yingshang.rules.types import BOOL, DATE, INT

DECLARED = {
    "enterprise.staff": Declared(INT),
    "enterprise.revenue": Declared(INT),
    "enterprise.listed": Declared(BOOL),
    "enterprise.founded": Declared(DATE),
}
TEXTS = [
    "enterprise.staff >= {n} && enterprise.listed",
    "enterprise.staff < {n} || enterprise.revenue > 40",
    "!(enterprise.staff > {n}) && (enterprise.revenue <= 60 || enterprise.listed)",
    "{n} <= enterprise.staff * 2",
    "enterprise.listed ? enterprise.staff >= {n} : enterprise.revenue > 10",
]
numbers = st.none() | st.integers(0, 12)
people = st.lists(st.tuples(numbers, st.none() | st.integers(0, 90), st.none() | st.booleans()))


def rule_of(text):
    policy = read_policy({"id": "p", "title": "p", "source": "p", "condition": text})
    (rule,) = compile_rules([policy], Declarations(DECLARED, as_of=date(2026, 11, 2)))
    return rule


def table_of(rows):
    staff, revenue, listed = zip(*rows, strict=True) if rows else ((), (), ())
    return from_arrow(
        pa.table(
            {
                "subject": pa.array([str(n) for n in range(len(rows))], pa.string()),
                "enterprise.staff": pa.array(staff, pa.int64()),
                "enterprise.revenue": pa.array(revenue, pa.int64()),
                "enterprise.listed": pa.array(listed, pa.bool_()),
            }
        ),
        DECLARED,
    )


@given(people, st.sampled_from(TEXTS), st.integers(-1, 26), st.integers(0, 12))
def test_a_point_is_what_the_rule_with_that_number_comes_to(rows, text, moved, present):
    table, size = table_of(rows), len(rows)
    rule = rule_of(text.format(n=present))
    (threshold,) = [t for t in list_thresholds(rule.condition) if "enterprise.staff" in t.facts]
    fen, known = np.arange(size, dtype=np.int64) * 7, np.arange(size) % 3 != 0
    point = Sweep(rule.condition.typed, threshold, table, fen, known).at(moved)

    outcome = match((rule_of(text.format(n=moved)),), table)
    (_rule, entitled, undecided) = next(iter(outcome.rows()))
    assert (point.entitled, point.unknown) == (len(entitled), len(undecided))
    assert point.fen == fen[entitled][known[entitled]].sum()
    assert point.unknown_amounts == (~known[entitled]).sum()


def test_comparisons_with_constants_are_found_once_with_their_words():
    rule = rule_of("enterprise.staff >= 5 && (enterprise.revenue < 9 || enterprise.staff >= 5)")
    found = list_thresholds(rule.condition)
    assert [(t.text, t.sign, t.value) for t in found] == [
        ("enterprise.staff >= 5", ">=", 5),
        ("enterprise.revenue < 9", "<", 9),
    ]
    turned = list_thresholds(rule_of("5 < enterprise.staff").condition)
    assert [(t.sign, t.value) for t in turned] == [(">", 5)]
    assert list_thresholds(rule_of("enterprise.staff >= enterprise.revenue").condition) == []


def test_values_to_look_at_hold_the_present_one_and_lie_where_it_matters():
    rows = [(n, 50, True) for n in range(1, 100)]
    rule = rule_of("enterprise.staff >= 40 && enterprise.listed")
    (threshold,) = list_thresholds(rule.condition)
    sweep = Sweep(rule.condition.typed, threshold, table_of(rows), np.ones(99), np.ones(99, bool))
    values = sweep.suggested()
    assert 40 in values
    assert values[0] >= 1
    assert values[-1] <= 99
    assert [sweep.at(v).entitled for v in values] == sorted(
        (sweep.at(v).entitled for v in values), reverse=True
    )


@pytest.mark.parametrize(
    ("kind", "low", "high", "wanted"),
    [
        (INT, 0, 4, [0, 1, 2, 3, 4]),
        (DATE, date(2026, 1, 1), date(2026, 1, 2), [date(2026, 1, 1), date(2026, 1, 2)]),
    ],
)
def test_a_range_has_whole_values_once(kind, low, high, wanted):
    assert between(kind, low, high) == wanted
