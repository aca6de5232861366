"""Clocks of random histories against a counter that walks day by day and shares no code with them.

The everyday run takes a sample; ``YINGSHANG_HISTORIES=100000`` says how many histories instead.
"""

import json
import os
import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yingshang.kernel
from yingshang.cases.clock import run_clocks
from yingshang.cases.history import Happened
from yingshang.cases.procedure import Procedure
from yingshang.kernel.times import SHANGHAI
from yingshang.kernel.workdays import calendar

COUNT = int(os.environ.get("YINGSHANG_HISTORIES", "3000"))
DAY = timedelta(days=1)
KINDS = ("working", "calendar", "month", "year", "hour")


@cache
def notices() -> tuple[frozenset[date], frozenset[date]]:
    """Read days off and weekend days worked from the notice files themselves."""
    off, work = set(), set()
    for file in Path(yingshang.kernel.__file__).parent.glob("calendars/20??.json"):
        notice = json.loads(file.read_text(encoding="utf-8"))
        work |= {date.fromisoformat(day) for day in notice["work"]}
        for part in notice["off"]:
            day = date.fromisoformat(part["from"])
            while day <= date.fromisoformat(part["to"]):
                off.add(day)
                day += DAY
    return frozenset(off), frozenset(work)


def is_worked(day: date) -> bool:
    off, work = notices()
    return day in work or (day.weekday() < 5 and day not in off)


def next_worked(day: date) -> date:
    while not is_worked(day):
        day += DAY
    return day


class Plain:
    """One run of a limit, as a person with a wall calendar would keep it."""

    def __init__(self, start: datetime, number: int, n: int, kind: str) -> None:
        self.start, self.number, self.n, self.kind = start, number, n, kind
        self.pauses: list[tuple[datetime, datetime]] = []
        self.paused_at: datetime | None = None
        self.changes: list[tuple[datetime, Any]] = []
        self.ended = False

    def end(self) -> datetime:
        """Return the instant at which the limit is over, looking at one change after another."""
        total, pauses = self.n, []
        over = self.count(total, pauses)
        for at, change in sorted(self.changes, key=lambda one: one[0]):
            if at >= over:
                break
            if isinstance(change, int):
                total += change
            else:
                pauses.append((at, change))
            over = self.count(total, pauses)
        return over

    def count(self, total: int, pauses: list[tuple[datetime, datetime]]) -> datetime:
        if self.kind == "hour":
            rested = sum((end - begin for begin, end in pauses), timedelta(0))
            return self.start + timedelta(hours=total) + rested
        resting = [(begin.date(), end.date()) for begin, end in pauses]
        if self.kind in ("working", "calendar"):
            day, left = self.start.date(), total
            while left:
                day += DAY
                rests = any(begin < day <= end for begin, end in resting)
                if not rests and (self.kind == "calendar" or is_worked(day)):
                    left -= 1
        else:
            day = self.start.date()
            for _ in range(total * (12 if self.kind == "year" else 1)):
                day = day.replace(day=1) + 31 * DAY
                day = day.replace(day=1)
            wanted = self.start.day
            day = day.replace(day=min(wanted, monthrange(day.year, day.month)[1]))
            for begin, end in resting:
                while begin < end:
                    begin, day = begin + DAY, day + DAY
        day = next_worked(day)
        if resting:
            day = max(day, next_worked(resting[-1][1]))
        return datetime.combine(day + DAY, time(), SHANGHAI)


@cache
def procedure(n: int, kind: str, longer: int) -> Procedure:
    """Return a procedure: received (5 working days), then at work, which may rest, be extended, begin anew."""

    def action(key: str, start: list[str], to: str | None = None, **more: Any) -> dict[str, Any]:
        return {"key": key, "label": key, "label_en": key, "from": start, "to": to, **more}

    def clock(key: str, limit: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"key": key, "label": key, "label_en": key, "limit": limit, **more}

    body = {
        "key": "walk", "label": "x", "label_en": "x", "initial": "a",
        "opens": {"permission": "cases.assign"},
        "states": [{"key": key, "label": key, "label_en": key} for key in "abpe"],
        "actions": [
            action("accept", ["a"], "b"),
            action("silent", ["a"], "b", counts_from="first"),
            action("again", ["b"]),
            action("note", ["a", "b", "p"]),
            action("longer", ["b", "p"], extends={"clock": "second", "n": longer}),
            action("hold", ["b"], "p"),
            action("resume", ["p"], "b"),
            action("back", ["b", "p"], "a"),
            action("end", ["a", "b", "p"], "e"),
        ],
        "clocks": [
            clock("first", {"n": 5, "kind": "working"}, runs_in=["a"]),
            clock("second", {"n": n, "kind": kind}, runs_in=["b"], pauses_in=["p"], restarts_on=["again"]),
        ],
    }  # fmt: skip
    return Procedure.model_validate(body)


def random_events(dice: random.Random, declared: Procedure, years: int) -> Iterator[Happened]:
    """Yield what may have happened in a case opened in so many years from 2005 on."""
    at = datetime(2005, 1, 1, 9, tzinfo=SHANGHAI) + dice.randrange(365 * years) * DAY
    yield Happened(1, "open", "", "a", at, holder="x")
    state = "a"
    for seq in range(2, dice.randint(3, 14)):
        at += timedelta(hours=dice.choice((0, 1, 7, 20, 24, 30, 72, dice.randrange(700))))
        possible = [
            one for one in declared.actions if state in one.from_states and one.key != "end"
        ]
        chosen = dice.choice(possible) if dice.random() < 0.97 else declared.action_by_key["end"]
        before, state = state, chosen.to or state
        yield Happened(seq, chosen.key, before, state, at)
        if state == "e":
            return


def kept_by_hand(events: list[Happened], n: int, kind: str, longer: int) -> dict[str, Plain]:
    """Walk through the events and keep both limits by hand."""
    kept: dict[str, Plain] = {}
    for event in events:
        at, first, second = event.occurred_at, kept.get("first"), kept.get("second")
        if event.to_state == "a" and (first is None or first.ended):
            kept["first"] = Plain(at, first.number + 1 if first else 1, 5, "working")
        if event.to_state != "a" and first:
            first.ended = True
        if event.to_state == "b":
            if second is None or second.ended or event.action == "again":
                start = first.start if event.action == "silent" and first else at
                second = kept["second"] = Plain(start, second.number + 1 if second else 1, n, kind)
            elif second.paused_at:
                second.changes.append((second.paused_at, at))
                second.paused_at = None
        elif second and not second.ended:
            if event.to_state == "p":
                second.paused_at = second.paused_at or at
            else:
                second.ended = True
        if event.action == "longer" and second and not second.ended:
            second.changes.append((at, longer))
    return kept


def test_clocks_agree_with_a_day_by_day_counter() -> None:
    dice, paused, extended, silent = random.Random(4), 0, 0, 0
    for _ in range(COUNT):
        kind = dice.choice(KINDS)
        n = {"month": 3, "year": 2, "hour": 90}.get(kind, dice.randint(0, 40))
        longer = 1 if kind == "year" else dice.choice((1, 5, 10))
        declared = procedure(n, kind, longer)
        # Limits in months and years, extended over and over, must end before the last notice does.
        events = list(random_events(dice, declared, 7 if kind in ("month", "year") else 18))
        readings = run_clocks(declared, events, calendar()).readings
        by_hand = kept_by_hand(events, n, kind, longer)
        assert readings.keys() == by_hand.keys()
        for key, plain in by_hand.items():
            reading, end = readings[key], plain.end()
            rests = plain.paused_at is not None and plain.paused_at < end and not plain.ended
            assert (reading.started_at, reading.run) == (plain.start, plain.number), events
            if rests:
                assert (reading.status, reading.due_on) == ("paused", None), events
            else:
                assert reading.status == ("ended" if plain.ended else "running"), events
                assert reading.ends_at == end, (events, kind, n, longer)
            paused += rests
            extended += any(isinstance(change, int) for _at, change in plain.changes)
        silent += any(event.action == "silent" for event in events)
    assert min(paused, extended, silent) > COUNT // 20
