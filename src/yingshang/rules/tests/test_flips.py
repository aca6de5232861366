"""The smallest change that makes a policy hold."""

import time
from datetime import date
from typing import Any

from yingshang.rules.compiling import compile_rules
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.flips import Flip, find_flip
from yingshang.rules.policies import Condition, Policy
from yingshang.rules.types import BOOL, DATE, INT, STRING, list_of

DECLARED = {
    "enterprise.rev": Declared(INT),
    "enterprise.staff": Declared(INT),
    "enterprise.on_list": Declared(BOOL),
    "enterprise.industry": Declared(STRING, immutable=True),
    "enterprise.founded_on": Declared(DATE, immutable=True),
}
DECLARATIONS = Declarations(DECLARED, date(2026, 11, 22))


def flip(text: str, valid_to: date | None = None, **facts: Any) -> Flip:
    policy = Policy("p", "t", Condition("text", text=text), valid_to=valid_to)
    (rule,) = compile_rules([policy], DECLARATIONS)
    row = {f"enterprise.{key}": value for key, value in facts.items()}
    return find_flip(rule, row, DECLARATIONS)


def test_the_nearest_value_of_the_fewest_facts() -> None:
    found = flip("enterprise.rev >= 100 || (enterprise.staff > 5 && !enterprise.on_list)",
                 rev=90, staff=4, on_list=True)  # fmt: skip
    assert found.facts == {"enterprise.rev": 100}


def test_two_facts_where_one_does_not_suffice() -> None:
    found = flip("enterprise.rev >= 100 && !enterprise.on_list", rev=90, on_list=True)
    assert found.facts == {"enterprise.rev": 100, "enterprise.on_list": False}


def test_an_immutable_fact_is_never_proposed() -> None:
    found = flip("enterprise.industry == 'C39'", industry="A01")
    assert found.facts is None
    assert found.day is None
    assert (found.facts_tried, found.days_tried, found.complete) == (3, 3660, True)


def test_a_date_condition_says_when_it_becomes_true() -> None:
    text = "years_since(enterprise.founded_on) >= 3"
    assert flip(text, founded_on=date(2024, 2, 29)).day == date(2027, 2, 28)
    over = date(2027, 1, 31)
    assert flip(text, valid_to=over, founded_on=date(2024, 2, 29)).day is None


def test_a_missing_number_is_proposed_as_the_threshold_needs_it() -> None:
    found = flip("enterprise.rev > 100 && enterprise.staff < -5", rev=None)
    assert found.facts == {"enterprise.rev": 101, "enterprise.staff": -6}


def test_a_search_over_long_loops_ends_and_says_so() -> None:
    declarations = Declarations({"l": Declared(list_of(INT)), "z": Declared(INT, immutable=True)})
    text = "l.all(a, l.all(b, a + b > z)) && years_since(as_of) > 1"
    (rule,) = compile_rules([Policy("p", "t", Condition("text", text=text))], declarations)
    begun = time.process_time()
    found = find_flip(rule, {"l": tuple(range(300)), "z": 5}, declarations)
    assert (found.facts, found.day) == (None, None)
    assert found.days_tried < 3660
    assert time.process_time() - begun < 10
