"""By when: a dated node, a report each quarter, or one review, as the measure's own words say."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

REVIEW_WORDS = ("已完成", "巩固")
PERIODIC_WORDS = ("持续", "长期", "常态", "全年", "每年", "每季", "每月", "每半年")


class TaskKind(StrEnum):
    """What an organ has to do: a thing by a day, a report each quarter, or a look back at what is done."""

    DATED = "dated"
    PERIODIC = "periodic"
    REVIEW = "review"


DueBasis = Literal["document", "chosen", "assumed"]
"""Where a deadline comes from: the document, a clerk's choice, or the plan's end for want of both."""


@dataclass(frozen=True)
class Schedule:
    """How a measure is followed, until which day, and where that day comes from."""

    kind: TaskKind
    due_on: date
    basis: DueBasis


def kind_of(due: date | None, due_text: str | None) -> TaskKind:
    """Return how a measure with these words is followed; a date wins over 持续推进."""
    words = due_text or ""
    if due is not None:
        return TaskKind.DATED
    if any(word in words for word in PERIODIC_WORDS):
        return TaskKind.PERIODIC
    if any(word in words for word in REVIEW_WORDS):
        return TaskKind.REVIEW
    return TaskKind.DATED


def schedule(
    due: date | None, due_text: str | None, *, ends_on: date, chosen: date | None = None
) -> Schedule:
    """Return how a measure is followed.

    The document's date stands. A measure without one ends with the plan (``ends_on``), as assumed,
    unless a clerk has ``chosen`` a day; for periodic reports that is the day after which none is
    owed any more.
    """
    kind = kind_of(due, due_text)
    if due is not None:
        return Schedule(kind, due, "document")
    if chosen is not None:
        return Schedule(kind, chosen, "chosen")
    return Schedule(kind, ends_on, "assumed")


_YEAR = re.compile(r"(20\d\d)\s*年")
_YEARS = re.compile(r"(20\d\d)\s*年?\s*[-—–~～至到]+\s*(20\d\d)")


def plan_end(title: str, year: int | None, today: date) -> date:
    """Return the last day of a plan: of the last year that its title names, else of its own year.

    A plan without any year ends with the present one.
    """
    if span := _YEARS.search(title):
        return date(int(span[2]), 12, 31)
    named = _YEAR.search(title)
    return date(int(named[1]) if named else year or today.year, 12, 31)
