"""What series, records and relations come to, three-valued, as of a day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.holding import Held
from yingshang.facts.profiles import Population, Profile
from yingshang.facts.tests.trial import trial_catalogue

CATALOGUE = trial_catalogue()
DAY = date(2026, 11, 2)


def profile_of(
    *held: tuple[str, str, Any],
    complete: dict[str, date] | None = None,
    as_of: date = DAY,
    catalogue: Catalogue = CATALOGUE,
    grade: str = "authoritative",
) -> Profile:
    """Return the profile of subject 1 that holds (key, item, content)."""
    moment = datetime(2026, 11, 2, tzinfo=UTC)
    population = Population(catalogue, as_of, moment, types={1: "enterprise", 2: "person"})
    population.complete = complete or {}
    for number, (key, item, content) in enumerate(held, 1):
        subject = 2 if key.startswith("person.") else 1
        one = Held(number, subject, key, item, content, None, None, moment, "s", grade, "")
        population.held.setdefault(subject, {}).setdefault(key, []).append(one)
    return population.profile(1)


def value(profile: Profile, key: str) -> Any:
    known = profile.known(f"enterprise.{key}")
    return known.value if known else None


def revenue(**years: int) -> list[tuple[str, str, Any]]:
    return [("enterprise.revenue", year[1:], amount) for year, amount in years.items()]


@pytest.mark.parametrize(
    ("years", "grew"),
    [
        ({"y2023": 1, "y2024": 2, "y2025": 3}, True),
        ({"y2023": 1, "y2024": 2, "y2025": 2}, False),
        ({"y2024": 2, "y2025": 3}, None),
        ({"y2024": 3, "y2025": 2}, False),
        ({"y2023": 1, "y2024": 2}, None),
        ({"y2024": 1, "y2025": 2, "y2026": 9}, None),
        ({}, None),
    ],
)
def test_growth_in_each_of_the_last_years_needs_all_of_them_but_one_fall_settles_it(
    years: dict[str, int], grew: bool | None
) -> None:
    assert value(profile_of(*revenue(**years)), "revenue_grew") is grew


def test_the_ratio_is_of_the_last_whole_year_and_unknown_without_revenue() -> None:
    cost = ("enterprise.rd_cost", "2025", 60)
    assert value(profile_of(cost, *revenue(y2025=1000)), "rd_ratio") == 0.06
    assert value(profile_of(cost, *revenue(y2025=0)), "rd_ratio") is None
    assert value(profile_of(cost, *revenue(y2024=1000)), "rd_ratio") is None


def penalty(on: str, item: str = "a", **fields: Any) -> tuple[str, str, Any]:
    return ("enterprise.penalties", item, {"on": on, **fields})


COMPLETE = {"enterprise.penalties": date(2026, 11, 1)}


@pytest.mark.parametrize(
    ("on", "clean"),
    [("2025-11-01", True), ("2025-11-02", False), ("2026-11-02", False)],
)
def test_twelve_months_end_on_the_corresponding_day(on: str, clean: bool) -> None:
    assert value(profile_of(penalty(on), complete=COMPLETE), "clean_year") is clean


def test_no_record_means_none_only_once_the_source_is_complete() -> None:
    assert value(profile_of(), "clean_year") is None
    assert value(profile_of(complete=COMPLETE), "clean_year") is True
    old = {"enterprise.penalties": date(2026, 10, 2)}
    assert value(profile_of(complete=old), "clean_year") is None
    assert value(profile_of(penalty("2026-05-05"), complete=old), "clean_year") is False


def test_a_sum_over_records_is_unknown_while_one_amount_is() -> None:
    first, second = penalty("2025-03-01", "a", fine=100), penalty("2026-03-01", "b", fine=20)
    assert value(profile_of(first, second, complete=COMPLETE), "fines_three_years") == 120
    assert value(profile_of(first, second), "fines_three_years") is None
    bare = penalty("2026-04-01", "c")
    assert value(profile_of(first, bare, complete=COMPLETE), "fines_three_years") is None
    assert value(profile_of(complete=COMPLETE), "fines_three_years") == 0


def test_the_legal_representative_is_not_on_the_list() -> None:
    barred = profile_of(("person.barred", "", True))
    assert value(barred, "head_not_barred") is None, "nobody is on record"
    for held, complete, expected in (
        ([("person.barred", "", True)], {}, False),
        ([("person.barred", "", False)], {}, True),
        ([], {}, None),
        ([], {"person.barred": DAY}, True),
    ):
        profile = profile_of(*held, complete=complete)
        profile.population.relations[1, "legal_representative", "out"] = [2]
        assert value(profile, "head_not_barred") is expected


def test_a_derived_value_is_as_good_as_the_weakest_that_it_rests_on() -> None:
    profile = profile_of(*revenue(y2025=7), grade="declared")
    row = profile.row()
    assert row["enterprise.revenue_last"] == row["enterprise.revenue_last@declared"] == 7
    assert "enterprise.revenue_last@committed" not in row


def test_what_was_stored_under_another_type_is_unknown() -> None:
    assert value(profile_of(("enterprise.staff", "", "many")), "staff") is None
    assert value(profile_of(("enterprise.staff", "", True)), "staff") is None
    assert value(profile_of(("enterprise.staff", "", 12)), "staff") == 12


def test_absence_of_a_scalar_is_the_stated_value_up_to_the_day() -> None:
    complete = {"enterprise.on_list": DAY}
    assert value(profile_of(complete=complete), "on_list") is False
    assert value(profile_of(complete=complete, as_of=date(2026, 11, 3)), "on_list") is None
