"""Clocks against a counter that walks day by day and shares no code with them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingshang.cases.clock import run_clocks
from yingshang.cases.history import Happened
from yingshang.cases.limits import paused_deadline, warning_days
from yingshang.cases.procedure import FixedLimit, Procedure, Warn
from yingshang.cases.tests.conftest import TRIAL
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import calendar

DAY = timedelta(days=1)


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=SHANGHAI)


def walk(start: datetime, limit: FixedLimit, pauses: list[tuple[datetime, datetime]]) -> date:
    """Count days one by one: a day counts unless it lies behind a pause's first day, up to its last.

    A pause is left out when it begins after the last day that there is without it.
    """
    used: list[tuple[date, date]] = []
    last = _walk(start.date(), limit, used)
    for begin, end in pauses:
        if begin.date() > last:
            break
        used.append((begin.date(), end.date()))
        last = _walk(start.date(), limit, used)
    return last


def _walk(day: date, limit: FixedLimit, pauses: list[tuple[date, date]]) -> date:
    left = limit.n
    while left:
        day += DAY
        paused = any(begin < day <= end for begin, end in pauses)
        if not paused and (limit.kind == "calendar" or calendar().is_workday(day)):
            left -= 1
    for begin, end in pauses:
        if day <= begin <= _next_workday(day):
            day = max(day, end)
    return _next_workday(day)


def _next_workday(day: date) -> date:
    while not calendar().is_workday(day):
        day += DAY
    return day


moments = st.datetimes(datetime(2019, 1, 1), datetime(2025, 6, 30), timezones=st.just(SHANGHAI))


@settings(max_examples=300, deadline=None)
@given(
    moments,
    st.integers(1, 40),
    st.sampled_from(["working", "calendar"]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 25)), max_size=4),
)
def test_paused_limits_agree_with_a_day_by_day_counter(start, n, kind, gaps) -> None:
    pauses, moment = [], start
    for wait, length in gaps:
        begin = moment + timedelta(days=wait)
        moment = begin + timedelta(days=length)
        pauses.append((begin, moment))
    limit = FixedLimit(n=n, kind=kind)
    assert paused_deadline(start, limit, pauses, calendar()).on == walk(start, limit, pauses)


@pytest.mark.parametrize(
    ("start", "n", "kind", "pauses", "due"),
    [
        ("2026-02-13", 5, "working", [], "2026-02-27"),
        ("2026-03-02", 5, "working", [("2026-03-04", "2026-03-09")], "2026-03-12"),
        ("2026-03-02", 5, "working", [("2026-03-04", "2026-03-04")], "2026-03-09"),
        ("2026-03-02", 5, "working", [("2026-03-10", "2026-03-20")], "2026-03-09"),
        ("2026-03-02", 4, "working", [("2026-03-06", "2026-03-08")], "2026-03-09"),
        ("2026-03-02", 30, "calendar", [], "2026-04-01"),
        ("2026-03-03", 90, "calendar", [], "2026-06-01"),
        ("2026-01-31", 1, "month", [], "2026-02-28"),
        ("2026-03-02", 2, "month", [("2026-03-10", "2026-03-15")], "2026-05-07"),
        ("2024-02-29", 1, "year", [], "2025-02-28"),
    ],
)
def test_worked_examples(start, n, kind, pauses, due) -> None:
    spans = [(at(begin), at(end)) for begin, end in pauses]
    found = paused_deadline(at(start), FixedLimit(n=n, kind=kind), spans, calendar())
    assert found.on.isoformat() == due


def test_hours_rest_on_no_day_and_a_pause_adds_its_length() -> None:
    limit = FixedLimit(n=24, kind="hour")
    pause = (at("2026-03-07", 12), at("2026-03-08", 15))
    found = paused_deadline(at("2026-03-06", 20), limit, [pause], calendar())
    assert found.ends_at == at("2026-03-08", 23)


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2010, 1, 1), date(2026, 11, 30)), st.integers(0, 30))
def test_the_light_changes_on_the_first_day_with_so_many_working_days_left(due, left) -> None:
    yellow, _red = warning_days(due, Warn(yellow=left, red=0), calendar())
    assert (
        sum(calendar().is_workday(yellow + DAY * i) for i in range(1, (due - yellow).days + 1))
        <= left
    )
    before = yellow - DAY
    assert (
        sum(calendar().is_workday(before + DAY * i) for i in range(1, (due - before).days + 1))
        > left
    )


PROCEDURE = Procedure.model_validate(TRIAL)


def history(*steps: tuple[str, str, str]) -> list[Happened]:
    """Return events: the day, the action, the state it leads to."""
    made, state = [], ""
    for seq, (day, action, to) in enumerate(steps, start=1):
        made.append(
            Happened(seq, action, state, to, at(day), holder="b" if seq == 1 else None, opener="a")
        )
        state = to
    return made


def test_a_paused_clock_has_no_deadline_until_it_goes_on() -> None:
    events = history(("2026-03-02", "open", "new"), ("2026-03-03", "start", "work"))
    running = run_clocks(PROCEDURE, events, calendar()).readings["legal"]
    assert (running.status, running.due_on) == ("running", date(2026, 3, 30))
    events = history(
        ("2026-03-02", "open", "new"),
        ("2026-03-03", "start", "work"),
        ("2026-03-04", "ask", "waiting"),
    )
    clocks = run_clocks(PROCEDURE, events, calendar())
    assert (clocks.readings["legal"].status, clocks.due_on, clocks.paused) == ("paused", None, True)


def test_a_pause_does_not_heal_what_was_overdue() -> None:
    events = history(
        ("2026-03-02", "open", "new"),
        ("2026-03-03", "start", "work"),
        ("2026-04-03", "ask", "waiting"),
        ("2026-05-20", "answer", "work"),
    )
    assert run_clocks(PROCEDURE, events[:3], calendar()).due_on == date(2026, 3, 30)
    assert run_clocks(PROCEDURE, events, calendar()).readings["legal"].due_on == date(2026, 3, 30)


def test_passing_on_restarts_the_clock_and_closing_ends_it() -> None:
    events = history(
        ("2026-03-02", "open", "new"),
        ("2026-03-09", "pass", "new"),
        ("2026-03-10", "start", "work"),
        ("2026-03-11", "finish", "done"),
    )
    running = run_clocks(PROCEDURE, events[:3], calendar()).readings["legal"]
    assert running.due_on == date(2026, 4, 7)
    ended = run_clocks(PROCEDURE, events, calendar()).readings["legal"]
    assert (ended.status, ended.kept) == ("ended", True)
    assert run_clocks(PROCEDURE, events, calendar()).due_on is None


@pytest.mark.parametrize(
    ("reports", "owed"),
    [
        ([], "2026-01-01"),
        (["2026-01-20"], "2026-02-01"),
        (["2026-01-20", "2026-01-21"], "2026-02-01"),
        (["2026-02-05"], "2026-02-01"),
        (["2026-02-05", "2026-02-06"], "2026-03-01"),
    ],
)
def test_a_report_serves_the_earliest_month_that_is_owed(reports, owed) -> None:
    steps = [("2026-01-08", "open", "new"), ("2026-01-09", "start", "work")]
    steps += [(day, "move_date", "work") for day in reports]
    reading = run_clocks(PROCEDURE, history(*steps), calendar()).readings["monthly"]
    assert reading.period == date.fromisoformat(owed)


def test_a_deadline_beyond_the_last_notice_is_provisional() -> None:
    far = paused_deadline(at("2026-12-20"), FixedLimit(n=20, kind="working"), [], calendar())
    assert far.provisional
