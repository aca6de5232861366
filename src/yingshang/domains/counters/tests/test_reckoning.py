"""What is reckoned: opening hours with 调休, blocks, expected waits, the share of windows."""

import heapq
import random
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from yingshang.domains.counters.blocking import block_on
from yingshang.domains.counters.declaring import BookingRules, CounterWindow, Hall, Hours
from yingshang.domains.counters.estimating import estimate_wait, quantile
from yingshang.domains.counters.linting import lint_hall, lint_window
from yingshang.domains.counters.opening import spans_on
from yingshang.domains.counters.shares import months_until, share_on

HOURS = Hours(workday=("09:00-12:00", "13:00-17:00"), fri=("09:00-12:00",), sat=("10:00-11:00",))


@pytest.mark.parametrize(
    ("day", "texts"),
    [
        (date(2026, 11, 18), ["09:00–12:00", "13:00–17:00"]),
        (date(2026, 11, 20), ["09:00–12:00"]),
        (date(2026, 11, 21), ["10:00–11:00"]),
        (date(2026, 11, 22), []),
        (date(2026, 10, 1), []),
        (date(2026, 10, 3), []),
        (date(2026, 10, 10), ["09:00–12:00", "13:00–17:00"]),
        (date(2099, 1, 5), []),
    ],
    ids=[
        "Wednesday",
        "Friday",
        "Saturday",
        "Sunday",
        "festival",
        "festival Saturday",
        "worked Saturday",
        "beyond",
    ],
)
def test_hours_follow_the_calendar_of_working_days(day: date, texts: list[str]) -> None:
    assert [str(span) for span in spans_on(HOURS, day)] == texts


@pytest.mark.parametrize("span", ["9:00-12:00", "12:00-09:00", "09:00–12:00", "25:00-26:00"])
def test_hours_are_written_in_one_way(span: str) -> None:
    with pytest.raises(ValidationError):
        Hours(workday=(span,))


def test_three_missed_bookings_within_ninety_days_block_for_thirty() -> None:
    rules = BookingRules()
    missed = [date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)]
    assert block_on(missed[:2], rules, date(2026, 7, 2)) is None
    block = block_on(missed, rules, date(2026, 8, 2))
    assert block is not None
    assert (block.until, block.count) == (date(2026, 8, 31), 3)
    assert block_on(missed, rules, date(2026, 8, 31)) is None
    apart = [date(2026, 3, 1), date(2026, 7, 1), date(2026, 8, 1)]
    assert block_on(apart, rules, date(2026, 8, 2)) is None


def test_no_wait_is_told_without_windows_or_enough_services() -> None:
    assert estimate_wait(3, 0, idle=0, services=[5.0] * 20) is None
    assert estimate_wait(3, 2, idle=0, services=[5.0] * 7) is None
    free = estimate_wait(0, 2, idle=1, services=[5.0] * 20)
    assert free is not None
    assert (free.expected, free.high) == (0.0, 0.0)
    certain = estimate_wait(3, 2, idle=0, services=[5.0] * 20)
    assert certain is not None
    assert (certain.low, certain.high) == pytest.approx((10.0, 10.0), rel=1e-3)


@pytest.mark.parametrize(("before", "windows"), [(2, 1), (8, 1), (10, 3), (20, 4)])
def test_the_interval_holds_about_four_of_five_waits(before: int, windows: int) -> None:
    """Simulated: every window begins a service as the visitor comes, services as in the past."""
    chance = random.Random(before * 10 + windows)
    past = [chance.gammavariate(4, 2.5) for _ in range(300)]
    told = estimate_wait(before, windows, idle=0, services=past)
    assert told is not None
    waits = [_simulated(chance, past, before, windows) for _ in range(600)]
    inside = sum(told.low <= one <= told.high for one in waits) / len(waits)
    assert 0.7 <= inside <= 0.95, inside
    assert sum(waits) / len(waits) == pytest.approx(told.expected, rel=0.25)


def _simulated(chance: random.Random, past: list[float], before: int, windows: int) -> float:
    free = [chance.choice(past) for _ in range(windows)]
    heapq.heapify(free)
    for _one in range(before):
        heapq.heappush(free, heapq.heappop(free) + chance.choice(past))
    return heapq.heappop(free)


def test_quantiles_are_of_the_nearest_rank() -> None:
    assert quantile([], 0.5) is None
    assert (quantile([3, 1, 2], 0.5), quantile(range(1, 11), 0.9)) == (2, 9)


def window(key: str, *periods: dict[str, Any]) -> CounterWindow:
    """Return a window of the hall ``h``."""
    body = {"key": key, "hall": "h", "number": int(key[-1]), "organ": "o", "periods": periods}
    return CounterWindow.model_validate(body)


ALL: dict[str, Any] = {"from": "2026-01-01", "type": "comprehensive"}
SPECIAL: dict[str, Any] = {"from": "2025-01-01", "type": "special", "items": ["a"]}


def test_the_share_follows_the_register_day_by_day() -> None:
    windows = [
        window("w1", ALL),
        window(
            "w2",
            {**SPECIAL, "to": "2026-06-30"},
            {"from": "2026-07-01", "type": "classified", "groups": ["g"]},
        ),
        window("w3", SPECIAL),
        window("w4", {**SPECIAL, "to": "2025-12-31"}),
    ]
    assert share_on(windows, date(2024, 12, 31)).percent is None
    assert share_on(windows, date(2025, 12, 31)).percent == 0
    before, after = share_on(windows, date(2026, 6, 30)), share_on(windows, date(2026, 7, 1))
    assert (before.comprehensive, before.total) == (1, 3)
    assert [one.window.key for one in after.windows if one.counts] == ["w1", "w2"]
    assert (after.count("classified"), after.count("special")) == (1, 1)


def test_months_end_on_their_last_days() -> None:
    assert months_until(date(2026, 3, 5), 3) == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 5),
    ]


@pytest.mark.parametrize(
    "period",
    [
        {"from": "2026-01-01", "type": "comprehensive", "groups": ["g"]},
        {"from": "2026-01-01", "type": "special"},
        {"from": "2026-01-01", "type": "classified", "items": ["a"]},
        {"from": "2026-01-01", "to": "2025-01-01", "type": "comprehensive"},
    ],
)
def test_a_period_says_what_the_window_takes(period: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        window("w1", period)


def test_periods_do_not_overlap() -> None:
    with pytest.raises(ValidationError, match="重叠"):
        window("w1", SPECIAL, ALL)


HALL: dict[str, Any] = {
    "key": "h",
    "code": "01",
    "label": "大厅",
    "label_en": "Hall",
    "organ": "o",
    "place": "一楼",
    "place_en": "Ground floor",
    "phone": "1",
    "hours": {"workday": ["09:00-12:00"]},
    "groups": [{"key": "g", "label": "组", "label_en": "Group", "prefix": "A", "items": ["a"]}],
}


def test_lint_names_what_cannot_be_served() -> None:
    hall = Hall.model_validate(HALL)
    good = window("w1", ALL)
    known = {
        "organ": {"o": 1},
        "service_item": {"a": 1},
        "hall": {"h": hall},
        "counter_window": {"w1": good},
    }
    assert list(lint_hall(hall, known)) == list(lint_window(good, known)) == []
    bad = window("w1", {"from": "2026-01-01", "type": "classified", "groups": ["x"]})
    known["counter_window"] = {"w1": bad, "w2": window("w2", {**SPECIAL, "items": ["z"]})}
    assert {code for code, *_rest in lint_hall(hall, known)} == {"nobody_serves"}
    assert {code for code, *_rest in lint_window(bad, known)} == {"unknown_group"}
    assert {code for code, *_rest in lint_hall(hall, {})} == {
        "unknown_organ",
        "unknown_item",
        "no_window",
    }
