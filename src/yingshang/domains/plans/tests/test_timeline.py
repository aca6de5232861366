"""A plan over time, as the table that the page shows."""

from datetime import date

from yingshang.domains.plans.tasking.timeline import Span, cells, columns

YEAR = columns(date(2026, 1, 30), date(2026, 12, 31))


def kinds(span, today=date(2026, 6, 10)):
    return [cell.kind for cell in cells(span, YEAR, today)]


def test_a_year_has_twelve_months_and_a_long_plan_quarters():
    assert [column.number for column in YEAR] == list(range(1, 13))
    long = columns(date(2026, 2, 1), date(2030, 12, 31))
    assert len(long) == 20
    assert (long[0].first, long[0].last) == (date(2026, 1, 1), date(2026, 3, 31))
    assert [column.number for column in long[:5]] == [1, 2, 3, 4, 1]


def test_a_task_runs_until_the_month_in_which_it_is_due():
    shown = kinds(Span(date(2026, 2, 3), date(2026, 4, 30)))
    assert shown == ["", "run", "run", "due", *[""] * 8]


def test_a_late_task_shows_how_long_it_has_been_late():
    shown = kinds(Span(date(2026, 1, 3), date(2026, 4, 30), open_until=date(2026, 6, 10)))
    assert shown[3:7] == ["due", "late", "late", ""]


def test_the_present_month_is_marked_once():
    marked = [c.is_now for c in cells(Span(YEAR[0].first, YEAR[-1].last), YEAR, date(2026, 6, 10))]
    assert marked.index(True) == 5
    assert sum(marked) == 1


def test_what_missed_an_earlier_day_is_late_before_it_is_due() -> None:
    among = columns(date(2026, 1, 5), date(2026, 6, 30))
    span = Span(date(2026, 1, 5), date(2026, 6, 30), date(2026, 4, 10), date(2026, 2, 20))
    kinds = [cell.kind for cell in cells(span, among, date(2026, 4, 10))]
    assert kinds == ["run", "late", "late", "late", "run", "due"]
