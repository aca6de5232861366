"""The laws of the two times: nothing known then changes later, and a profile is its acts replayed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yingshang.facts.actions.recording import (
    Given,
    correct_value,
    record_values,
    withdraw_value,
)
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import NoSuchValue
from yingshang.facts.models import FactValue
from yingshang.facts.profiles import iterate_profiles, load_population
from yingshang.facts.selectors import list_changed_subjects
from yingshang.facts.tests.conftest import Stage
from yingshang.parties.actions.relations import relate_subjects
from yingshang.parties.models import Subject

FIRST = date(2026, 1, 1)
DAYS = 5
KEY = "enterprise.staff"
DAY = date(2026, 11, 2)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


spans = st.tuples(st.integers(0, DAYS - 1), st.one_of(st.none(), st.integers(0, DAYS - 1))).map(
    lambda pair: pair if pair[1] is None else (min(pair), max(pair))
)
acts = st.one_of(
    st.tuples(st.just("record"), spans, st.integers(0, 3)),
    st.tuples(st.just("correct"), st.integers(0, DAYS - 1), st.integers(4, 7)),
    st.tuples(st.just("withdraw"), st.integers(0, DAYS - 1)),
)


class Replayed:
    """The same acts on a plain table of days: each day holds a value or none, in which span."""

    def __init__(self) -> None:
        self.days: list[tuple[int, int] | None] = [None] * (DAYS + 1)
        self.spans = 0

    def apply(self, act: Any) -> None:
        match act:
            case ("record", (start, end), content):
                affected = range(start, DAYS + 1 if end is None else end + 1)
                present = {self.days[n] for n in affected}
                if present == {None} or len(present) > 1 or next(iter(present))[0] != content:
                    self._split()
                    self.spans += 1
                    for n in affected:
                        self.days[n] = (content, self.spans)
                    self._split()
            case ("correct", on, content) if self.days[on] is not None:
                self._replace(on, content)
            case ("withdraw", on) if self.days[on] is not None:
                self._replace(on, None)

    def _split(self) -> None:
        """Give runs of days that no longer touch a span of their own."""
        found: list[tuple[int, int] | None] = []
        for n, held in enumerate(self.days):
            if held is not None and (n == 0 or self.days[n - 1] != held):
                self.spans += 1
            found.append(None if held is None else (held[0], self.spans))
        self.days = found

    def _replace(self, on: int, content: int | None) -> None:
        span = self.days[on]
        self.spans += 1
        new = None if content is None else (content, self.spans)
        self.days = [new if held == span else held for held in self.days]

    def contents(self) -> list[int | None]:
        return [held[0] if held else None for held in self.days]


def staff_on(stage: Stage, when: date, known_at: datetime) -> int | None:
    population = load_population(
        current_catalogue(), [stage.firm.pk], as_of=when, known_at=known_at
    )
    known = population.profile(stage.firm.pk).known(KEY)
    return known.value if known else None


@pytest.mark.django_db
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example([("record", (0, None), 1), ("record", (2, 3), 2), ("correct", 4, 5), ("withdraw", 0)])
@example([("record", (1, 3), 1), ("record", (0, 2), 2), ("record", (2, 2), 1), ("correct", 2, 4)])
@example([("record", (0, None), 1), ("withdraw", 3), ("record", (3, None), 1)])
@given(given_acts=st.lists(acts, min_size=1, max_size=6))
def test_a_profile_is_its_acts_replayed_and_the_past_stays_as_it_was_known(
    stage: Stage, given_acts: list[Any]
) -> None:
    FactValue.objects.all().delete()
    actor = stage.official("tax", "facts.record")
    replayed, then = Replayed(), []
    for act in given_acts:
        stage.tick()
        _do(stage, actor, act)
        replayed.apply(act)
        then.append((stage.clock.moment, replayed.contents()))
    for moment, expected in then:
        seen = [staff_on(stage, day(n), moment) for n in range(DAYS + 1)]
        assert seen == expected
    assert staff_on(stage, day(0), then[0][0] - timedelta(microseconds=1)) is None


def _do(stage: Stage, actor: Any, act: Any) -> None:
    place = {"subject": stage.firm.ref, "key": KEY}
    try:
        match act:
            case ("record", (start, end), content):
                one = Given(
                    **place,
                    content=content,
                    valid_from=day(start),
                    valid_to=None if end is None else day(end),
                )
                record_values(actor, source="tax", values=(one,))
            case ("correct", on, content):
                correct_value(actor, **place, content=content, on=day(on), reason="误录")
            case ("withdraw", on):
                withdraw_value(actor, **place, on=day(on), reason="误录")
    except NoSuchValue:
        assert staff_on(stage, day(act[1]), stage.clock.moment) is None


def test_one_load_of_many_values_comes_to_the_same_as_one_act_for_each(stage: Stage) -> None:
    other = stage.subject("乙公司", "91350100M000100Y43")
    given_values = [(2, 4, 10), (0, None, 20), (3, 3, 30), (4, None, 30), (1, 3, 20)]

    def values(subject: Any) -> list[Given]:
        return [
            Given(
                subject=subject.ref,
                key=KEY,
                content=content,
                valid_from=day(start),
                valid_to=None if end is None else day(end),
            )
            for start, end, content in given_values
        ]

    actor = stage.official("tax", "facts.record")
    record_values(actor, source="tax", values=tuple(values(other)))
    for value in values(stage.firm):
        stage.tick()
        record_values(actor, source="tax", values=(value,))
    moment = stage.tick()
    together = load_population(
        current_catalogue(), [stage.firm.pk, other.pk], as_of=day(4), known_at=moment
    )
    for number in range(DAYS + 1):
        together = load_population(
            current_catalogue(), [stage.firm.pk, other.pk], as_of=day(number), known_at=moment
        )
        rows = [together.profile(pk).row() for pk in (stage.firm.pk, other.pk)]
        assert rows[0] == rows[1], day(number)


def test_no_two_values_of_a_place_hold_on_the_same_day(stage: Stage) -> None:
    for start, end in ((0, None), (3, 5), (2, 3), (0, 1)):
        stage.say(
            "tax", KEY, start + 1, valid_from=day(start), valid_to=None if end is None else day(end)
        )
    held = FactValue.objects.filter(key=KEY, superseded_at=None)
    for number in range(DAYS):
        holding = [v for v in held if v.valid_from <= day(number) <= (v.valid_to or day(99))]
        assert len(holding) == 1, day(number)


def test_folding_only_changed_subjects_comes_to_the_same_as_folding_all(stage: Stage) -> None:
    firms = [stage.firm, *(stage.subject(f"公司{n}", f"9131000000000000{n:02}") for n in range(4))]
    head = Subject.objects.create(type="person", name="李四")
    stage.say("registry", "person.barred", False, subject=head)
    registrar = stage.official("market", "parties.register_subjects")
    for firm in firms:
        stage.say("tax", KEY, 10, subject=firm, valid_from=day(0))
    since = stage.tick()
    before = _table(firms, since)
    stage.tick()
    stage.say("tax", KEY, 11, subject=firms[1], valid_from=day(0))
    relate_subjects(
        registrar, source=firms[2].ref, relation="legal_representative", target=head.ref
    )
    stage.say("registry", "person.barred", True, subject=head)
    until = stage.tick()
    changed = list_changed_subjects(since=since, until=until)
    assert {firms[1].pk, firms[2].pk, head.pk} == set(changed)
    after = _table(firms, until)
    assert {**before, **_table([f for f in firms if f.pk in changed], until)} == after
    assert before != after
    assert _table(firms, since) == before


def _table(firms: list[Subject], known_at: datetime) -> dict[int, dict[str, Any]]:
    found = iterate_profiles(
        current_catalogue(), [firm.pk for firm in firms], as_of=DAY, known_at=known_at
    )
    return {one.subject_id: one.row() for one in found}
