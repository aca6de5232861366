import json
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import chinese_calendar.constants
import holidays
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from yingshang.cli import cli
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import (
    BadLimit,
    BadNotice,
    Limit,
    LimitKind,
    OutsideCalendar,
    add_months,
    calendar,
    deadline,
    read_notice,
)

DAY = timedelta(days=1)
CAL = calendar()
SETTLED = st.dates(date(2004, 3, 1), date(2026, 9, 1))

NOTICE_2027 = json.dumps(
    {
        "year": 2027,
        "notices": [{"number": "made up for this test", "source": None}],
        "off": [
            {"name": "元旦", "from": "2026-12-31", "to": "2027-01-02"},
            {"name": "春节", "from": "2027-02-05", "to": "2027-02-11"},
        ],
        "work": ["2027-01-03", "2027-02-13"],
    }
)


def test_the_make_up_saturday_counts_and_spring_festival_does_not() -> None:
    assert CAL.add_workdays(date(2026, 2, 13), 5).date == date(2026, 2, 27)


def test_our_table_agrees_with_the_library_on_every_day() -> None:
    known_gap = {date(2005, 12, 31)}  # worked for New Year 2006; the library leaves it out
    day, differing = date(2004, 1, 1), set()
    while day <= date(2026, 12, 31):
        if CAL.is_workday(day) != chinese_calendar.is_workday(day):
            differing.add(day)
        day += DAY
    assert differing == known_gap


def test_our_table_agrees_with_a_second_library_since_2007() -> None:
    theirs = holidays.country_holidays("CN", years=range(2006, 2027))
    day, differing = date(2007, 1, 1), []
    while day <= date(2026, 12, 31):
        if CAL.is_workday(day) != theirs.is_working_day(day):
            differing.append(day)
        day += DAY
    assert differing == []


def test_days_to_come_rest_as_the_second_library_expects() -> None:
    theirs = holidays.country_holidays("CN", years=range(2026, 2041))
    day = date(2027, 1, 1)
    while day <= date(2040, 12, 31):
        assert CAL.is_workday(day) == theirs.is_working_day(day), day
        day += DAY


def count_by_hand(day: date, n: int) -> date:
    """An independent counter: the library's own table, one day at a time."""
    step = DAY if n > 0 else -DAY
    for _ in range(abs(n)):
        day += step
        while not (chinese_calendar.is_workday(day) or day == date(2005, 12, 31)):
            day += step
    return day


@given(SETTLED, st.integers(-40, 70).filter(bool))
def test_counting_agrees_with_a_day_by_day_counter(day: date, n: int) -> None:
    assert CAL.add_workdays(day, n).date == count_by_hand(day, n)


@given(SETTLED, st.integers(-400, 400).filter(bool))
def test_between_undoes_add(day: date, n: int) -> None:
    if date(2004, 1, 1) <= day + timedelta(days=n * 3) <= date(2060, 1, 1):
        assert CAL.workdays_between(day, CAL.add_workdays(day, n).date) == n


def test_nought_days_from_a_day_of_rest_is_the_next_working_day() -> None:
    assert CAL.add_workdays(date(2026, 2, 13), 0).date == date(2026, 2, 13)
    assert CAL.add_workdays(date(2026, 2, 15), 0).date == date(2026, 2, 24)


def test_a_count_into_a_year_without_notice_is_provisional() -> None:
    assert not CAL.add_workdays(date(2026, 11, 2), 20).provisional
    assert CAL.add_workdays(date(2026, 12, 21), 10).provisional
    assert CAL.add_workdays(date(2027, 1, 4), -5).provisional
    assert CAL.add_workdays(date(2026, 12, 25), 4).provisional  # 31 December may yet be moved


def test_a_loaded_notice_settles_the_count_and_may_move_it() -> None:
    settled = CAL.with_notice(read_notice("2027.json", NOTICE_2027))
    before = CAL.add_workdays(date(2026, 12, 30), 1)
    after = settled.add_workdays(date(2026, 12, 30), 1)
    assert (before.date, before.provisional) == (date(2026, 12, 31), True)
    assert (after.date, after.provisional) == (date(2027, 1, 3), False)
    assert settled.name_of(date(2026, 12, 31)) == "元旦"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"work": ["2027-01-04"]}, "2027-01-04"),
        ({"work": ["2027-01-02"]}, "2027-01-02"),
        ({"off": [{"name": "元旦", "from": "2026-11-01", "to": "2026-11-01"}]}, "2026-11-01"),
        ({"off": [{"name": "元旦", "from": "2027-01-03", "to": "2027-01-01"}]}, "2027-01-03"),
        ({"year": None}, "int"),
        ({"off": [{"name": "元旦"}]}, "from"),
    ],
)
def test_a_notice_with_a_slip_is_refused_and_the_slip_named(change: dict, why: str) -> None:
    with pytest.raises(BadNotice, match=why):
        read_notice("2027.json", json.dumps({**json.loads(NOTICE_2027), **change}))


def test_a_notice_may_not_leave_a_year_out() -> None:
    text = NOTICE_2027.replace("2027", "2028").replace("2026-", "2027-")
    with pytest.raises(BadNotice):
        CAL.with_notice(read_notice("2028.json", text.replace("2028-02-13", "2028-02-12")))


@pytest.mark.parametrize(
    ("start", "limit", "on"),
    [
        (date(2026, 1, 30), Limit(15, LimitKind.CALENDAR), date(2026, 2, 14)),  # a worked Saturday
        (date(2026, 1, 31), Limit(15, LimitKind.CALENDAR), date(2026, 2, 24)),  # over the festival
        (date(2026, 1, 31), Limit(1, LimitKind.MONTH), date(2026, 2, 28)),  # clamped, and worked
        (date(2025, 1, 31), Limit(1, LimitKind.MONTH), date(2025, 2, 28)),
        (date(2024, 2, 29), Limit(1, LimitKind.YEAR), date(2025, 2, 28)),
        (date(2025, 8, 31), Limit(6, LimitKind.MONTH), date(2026, 2, 28)),
        (date(2025, 10, 1), Limit(1, LimitKind.YEAR), date(2026, 10, 8)),
        (date(2026, 2, 13), Limit(5, LimitKind.WORKING), date(2026, 2, 27)),
    ],
)
def test_periods_end_as_the_civil_code_says(start: date, limit: Limit, on: date) -> None:
    end = deadline(start, limit)
    assert end.on == on
    assert end.ends_at == datetime.combine(on + DAY, datetime.min.time(), SHANGHAI)


def test_the_day_of_receipt_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 2, 12, 17, 0, tzinfo=UTC)  # already the 13th in Shanghai
    assert deadline(late, Limit(5, LimitKind.WORKING)).on == date(2026, 2, 27)


def test_hours_run_through_holidays_and_are_never_provisional() -> None:
    start = datetime(2026, 12, 31, 20, 0, tzinfo=SHANGHAI)
    end = deadline(start, Limit(48, LimitKind.HOUR))
    assert end.ends_at == datetime(2027, 1, 2, 20, 0, tzinfo=SHANGHAI)
    assert not end.provisional


def test_hours_without_an_instant_are_refused() -> None:
    for start in (date(2026, 1, 5), datetime(2026, 1, 5, 8)):
        with pytest.raises(BadLimit):
            deadline(start, Limit(1, LimitKind.HOUR))


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(BadLimit):
        Limit(-1, LimitKind.WORKING)


def test_beyond_the_calendar_is_said_and_not_guessed() -> None:
    for day, n in [(date(2003, 12, 31), 1), (date(2026, 1, 1), 10**6), (date(2004, 1, 5), -9)]:
        with pytest.raises(OutsideCalendar):
            CAL.add_workdays(day, n)
    with pytest.raises(BadLimit):
        deadline(date(2026, 1, 1), Limit(10**9, LimitKind.CALENDAR))


@given(st.dates(date(2004, 1, 1), date(2050, 1, 1)), st.integers(0, 120))
def test_months_keep_the_day_or_end_with_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["workdays", "add", *args])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_prints_the_day_and_whether_it_may_move() -> None:
    code, out, _ = run("2026-02-13", "5", "--json")
    assert (code, json.loads(out)) == (0, {"date": "2026-02-27", "provisional": False})
    code, out, _ = run("2026-02-27", "-5", "--json")
    assert (code, json.loads(out)["date"]) == (0, "2026-02-13")
    assert run("2027-03-01", "1")[1].startswith("2027-03-02（暂定")


@pytest.mark.parametrize(
    "args", [("2026-02-30", "5"), ("13.2.2026", "5"), ("2026-02-13", "five"), ("1999-01-01", "1")]
)
def test_bad_input_ends_with_2_and_a_sentence(args: tuple[str, str]) -> None:
    code, out, err = run(*args, "--json")
    assert (code, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err


def test_the_command_takes_a_further_notice(tmp_path) -> None:
    path = tmp_path / "2027.json"
    path.write_text(NOTICE_2027, "utf-8")
    _, out, _ = run("2026-12-30", "1", "--notice", str(path), "--json")
    assert json.loads(out) == {"date": "2027-01-03", "provisional": False}
    assert run("2026-12-30", "1", "--notice", str(tmp_path / "none.json"))[0] == 2


def test_a_folder_of_notices_counts_for_every_command(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("YINGSHANG_CALENDARS", str(tmp_path / "none"))
    assert run("2026-12-30", "1")[0] == 2
    (tmp_path / "2027.json").write_text(NOTICE_2027, "utf-8")
    monkeypatch.setenv("YINGSHANG_CALENDARS", str(tmp_path))
    _, out, _ = run("2026-12-30", "1", "--json")
    assert json.loads(out) == {"date": "2027-01-03", "provisional": False}
