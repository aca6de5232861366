"""Since when before the first run: month ends looked back over, by the facts as they are known now."""

from datetime import date

import pytest

from yingshang.domains.matching.public import entitlement_of
from yingshang.domains.matching.tests.conftest import CODES, FOOD, HIRING, publish
from yingshang.domains.matching.tracing import month_ends
from yingshang.facts.models import FactValue

pytestmark = pytest.mark.one_database
LONG_AGO = date(2020, 1, 1)


def staff(matching, firm, *spells):
    """Record how many staff a firm has from which days on, and that it was never on the list."""
    subject = matching.firms[firm]
    for day, count in spells:
        matching.stage.say("tax", "enterprise.staff", count, subject=subject, valid_from=day)
    if not FactValue.objects.filter(subject=subject, key="enterprise.on_list").exists():
        matching.stage.say(
            "registry", "enterprise.on_list", False, subject=subject, valid_from=LONG_AGO
        )


def since(matching, firm, policy="hiring"):
    found = entitlement_of(matching.firms[firm], policy)
    return found.since, found.exact


def test_first_days_lie_before_the_first_run_as_far_as_facts_tell(matching):
    staff(matching, "a", (date(2025, 3, 1), 12))
    staff(matching, "b", (date(2025, 3, 1), 4), (date(2026, 6, 10), 15))
    staff(matching, "c", (date(2026, 11, 2), 30))
    matching.run(2, a=12, b=15, c=30)
    assert since(matching, "a") == (date(2026, 1, 1), True), "the policy's own first day"
    assert since(matching, "b") == (date(2026, 6, 30), False), "the first month end that holds"
    assert since(matching, "c") == (date(2026, 11, 2), False), "nobody looked the day before"
    matching.run(3, a=12, b=15, c=30)
    assert since(matching, "a") == (date(2026, 1, 1), True), "and it goes on"


def test_a_month_end_without_the_right_breaks_the_row(matching):
    spells = (date(2025, 3, 1), 12), (date(2026, 8, 10), 4), (date(2026, 9, 20), 12)
    staff(matching, "a", *spells)
    matching.run(2, a=12)
    assert since(matching, "a") == (date(2026, 9, 30), False)


def test_what_became_known_after_the_snapshot_does_not_count(matching):
    path = matching.snapshot(2, a=12)
    matching.stage.tick(hours=1)
    staff(matching, "a", (date(2025, 3, 1), 12))
    matching.match(path, 2)
    assert since(matching, "a") == (date(2026, 11, 2), False)


def test_a_policy_without_an_end_is_looked_back_over_for_three_years(matching):
    publish({**HIRING, "valid_from": "2019-01-01"}, 2)
    staff(matching, "a", (LONG_AGO, 12))
    matching.run(2, a=12)
    assert since(matching, "a") == (date(2023, 11, 2), False)


def test_only_who_could_not_be_judged_before_is_looked_up(matching):
    staff(matching, "a", (date(2026, 3, 1), 12))
    staff(matching, "b", (date(2026, 3, 1), 12))
    matching.run(2, a=3, b=None)
    matching.run(3, a=12, b=12)
    assert since(matching, "a") == (date(2026, 11, 3), True), "the run before had said no"
    assert since(matching, "b") == (date(2026, 3, 31), False), "facts were lacking"
    matching.firms["d"] = matching.stage.subject("d", CODES[0][:-2] + "X0")
    staff(matching, "d", (date(2026, 5, 1), 12))
    publish({**FOOD, "key": "newcomer", "condition": "enterprise.staff > 11"})
    matching.run(4, a=12, b=12, d=12)
    assert since(matching, "d") == (date(2026, 5, 31), False), "an enterprise not seen before"
    assert since(matching, "a") == (date(2026, 11, 3), True)
    assert since(matching, "a", "newcomer") == (date(2026, 3, 31), False), "a new policy"


def test_a_policy_that_was_reworded_is_looked_back_over_to_its_new_words(matching):
    staff(matching, "a", (date(2025, 3, 1), 12))
    reworded = {**HIRING, "condition": "enterprise.staff >= 11 && !enterprise.on_list"}
    publish(reworded, 2)
    matching.stage.tick(days=10)
    publish({**reworded, "title": "扩招补助（试行）"}, 3)
    matching.run(20, a=12)
    assert since(matching, "a") == (date(2026, 11, 2), True)


def test_month_ends_lie_strictly_between():
    assert month_ends(date(2026, 8, 31), date(2026, 11, 30)) == [
        date(2026, 9, 30),
        date(2026, 10, 31),
    ]
    assert len(month_ends(date(2023, 11, 2), date(2026, 11, 2))) == 36
