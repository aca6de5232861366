"""Choosing within a quota or a budget: nobody is passed over, no fen too many, the reason is told."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.rules.ranking import (
    BEHIND,
    CHOSEN,
    LET_IN,
    NOT_DRAWN,
    SHUT_OUT,
    TO_DRAW,
    TOO_DEAR,
    UNRANKED,
    WITHIN,
    Candidate,
    Key,
    Ranking,
    rank,
)

KEYS = (Key("上年研发费用"), Key("成立年数", descending=False))
values = st.tuples(st.integers(0, 3) | st.none(), st.integers(0, 2))


@st.composite
def populations(draw: st.DrawFn) -> list[Candidate]:
    found = draw(st.lists(st.tuples(values, st.integers(0, 50)), max_size=14))
    return [Candidate(f"s{i:02}", value, amount) for i, (value, amount) in enumerate(found)]


def reversed_lot(ids: object) -> list[str]:
    return sorted(ids, reverse=True)  # type: ignore[call-overload]


def order(one: Candidate) -> tuple[int, int]:
    return (-one.values[0], one.values[1])


bounds = st.none() | st.integers(0, 12)
budgets = st.none() | st.integers(0, 300)
ways = st.sampled_from(["include", "exclude", "draw"])


def ranked(rows: list[Candidate], quota: int | None, budget: int | None, ties: str) -> Ranking:
    return rank(rows, KEYS, quota=quota, budget=budget, ties=ties, draw=reversed_lot)


@given(populations(), bounds, budgets, ways, st.randoms(use_true_random=False))
def test_a_ranking_keeps_its_promises(
    rows: list[Candidate],
    quota: int | None,
    budget: int | None,
    ties: str,
    shuffled: random.Random,
) -> None:
    found = ranked(rows, quota, budget, ties)
    by_id = {one.id: one for one in rows}
    chosen = [by_id[one] for one in found.chosen]
    left = [one for one in rows if one.id not in found.chosen and None not in one.values]

    assert {one.candidate.id for one in found.placed} == set(by_id), "everybody is explained"
    assert all(None not in one.values for one in chosen), "nobody is chosen without a value"
    assert found.spent == sum(one.amount for one in chosen)
    if budget is not None:
        assert found.spent <= budget, "a budget is never exceeded"
    if quota is not None and ties != "include":
        assert len(chosen) <= quota
    if chosen and left:
        worst = max(map(order, chosen))
        assert all(order(one) >= worst for one in left), "nobody is passed over"
    if quota is None and budget is None:
        assert not left, "without a bound everybody ranked is chosen"

    again = list(rows)
    shuffled.shuffle(again)
    assert ranked(again, quota, budget, ties) == found, "the order of the rows does not matter"


@given(populations(), st.integers(0, 12), budgets, st.sampled_from(["include", "exclude"]))
def test_equals_fare_alike_unless_a_lot_decides(
    rows: list[Candidate], quota: int, budget: int | None, ties: str
) -> None:
    found = ranked(rows, quota, budget, ties)
    fates: dict[object, set[bool]] = {}
    for one in found.placed:
        fates.setdefault(one.candidate.values, set()).add(one.is_chosen)
    assert all(len(fate) == 1 for fate in fates.values())


@given(populations(), st.integers(0, 11))
def test_one_place_more_takes_nothing_from_anybody(rows: list[Candidate], quota: int) -> None:
    fewer, more = (set(ranked(rows, n, None, "include").chosen) for n in (quota, quota + 1))
    assert fewer <= more


def people(*amounts: int) -> list[Candidate]:
    return [Candidate(name, (amount, 0), amount) for name, amount in zip("abcdef", amounts)]  # noqa: B905


def reasons(found: Ranking) -> str:
    return " ".join(f"{one.candidate.id}:{one.place}:{one.reason}" for one in found.placed)


def test_those_equal_at_the_cut_off_are_treated_as_declared() -> None:
    rows = people(9, 7, 7, 5)
    assert reasons(rank(rows, KEYS, quota=2)) == (
        f"a:1:{WITHIN} b:2:{LET_IN} c:2:{LET_IN} d:4:{BEHIND}"
    )
    assert rank(rows, KEYS, quota=2, ties="exclude").chosen == ("a",)
    drawn = rank(rows, KEYS, quota=2, ties="draw", draw=reversed_lot)
    assert drawn.chosen == ("a", "c")
    assert drawn.explained["b"].reason == NOT_DRAWN
    assert (drawn.cut_off, set(drawn.tied)) == ((7, 0), {"b", "c"})
    waiting = rank(rows, KEYS, quota=2, ties="draw")
    assert waiting.chosen == ("a",)
    assert {waiting.explained[one].reason for one in "bc"} == {TO_DRAW}


def test_a_budget_ends_at_the_first_who_costs_more_than_is_left() -> None:
    assert reasons(rank(people(60, 50, 10), KEYS, budget=100)) == (
        f"a:1:{WITHIN} b:2:{TOO_DEAR} c:3:{BEHIND}"
    )


def test_equals_beyond_the_budget_are_not_let_in_however_ties_are_declared() -> None:
    found = rank(people(60, 30, 30), KEYS, budget=100)
    assert found.chosen == ("a",)
    assert {found.explained[one].reason for one in "bc"} == {SHUT_OUT}


def test_who_has_no_value_is_named_and_stands_nowhere() -> None:
    found = rank([Candidate("a", (None, 1)), Candidate("b", (1, 1))], KEYS, quota=5)
    assert found.chosen == ("b",)
    assert (found.explained["a"].reason, found.explained["a"].place) == (UNRANKED, 0)
    assert UNRANKED not in CHOSEN


def test_what_makes_no_sense_is_refused() -> None:
    rows = people(1, 1)
    for wrong in ({"quota": -1}, {"budget": -1}, {"ties": "whatever"}):
        with pytest.raises(ValueError, match=r"zero|ties"):
            rank(rows, KEYS, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="twice"):
        rank([rows[0], rows[0]], KEYS)
    with pytest.raises(ValueError, match="value for each key"):
        rank([Candidate("a", (1,))], KEYS)
    with pytest.raises(ValueError, match="everybody"):
        rank(rows, KEYS, quota=1, ties="draw", draw=lambda _ids: ["a"])
