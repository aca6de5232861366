"""Which sub-actions are reported and confirmed, as the events of a task's case say.

What an event does to the marks is declared with the procedure's action: ``mark`` is reported,
confirmed or open; ``which`` is named (those that the event names), rest (whatever is still open),
reported (what is reported and not confirmed) or all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Mark = Literal["open", "reported", "confirmed"]
Which = Literal["named", "rest", "reported", "all"]

_SEPARATORS = re.compile(r"[,，、;；\s]+")


class UnreadableNumbers(ValueError):
    """The numbers of sub-actions are not written as ``1,3``."""


@dataclass(frozen=True)
class Marking:
    """One event that changes marks; ``named`` are places from 1."""

    event: int
    mark: Mark
    which: Which
    named: tuple[int, ...] = ()


@dataclass(frozen=True)
class Marked:
    """The events that last reported and confirmed a sub-action, None where there is none."""

    reported_in: int | None = None
    confirmed_in: int | None = None


def parse_numbers(text: str) -> tuple[int, ...]:
    """Return the places that ``1,3`` or ``1、3`` names; raises :class:`UnreadableNumbers`."""
    parts = [part for part in _SEPARATORS.split(text.strip()) if part]
    if not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in parts):
        raise UnreadableNumbers(text)
    return tuple(dict.fromkeys(int(part) for part in parts))


def fold_marks(places: Iterable[int], markings: Iterable[Marking]) -> dict[int, Marked]:
    """Return the marks after the events, in order; what is confirmed stays confirmed.

    Naming a place that there is not has no effect here: whoever takes the numbers in refuses them.
    """
    marks = dict.fromkeys(places, Marked())
    for marking in markings:
        for place in _meant(marks, marking):
            marks[place] = _after(marks[place], marking)
    return marks


def _meant(marks: Mapping[int, Marked], marking: Marking) -> list[int]:
    match marking.which:
        case "named":
            return [place for place in marking.named if place in marks]
        case "rest":
            return [place for place, marked in marks.items() if marked.reported_in is None]
        case "reported":
            return [place for place, marked in marks.items() if marked.reported_in is not None]
        case "all":
            return list(marks)


def _after(marked: Marked, marking: Marking) -> Marked:
    if marked.confirmed_in is not None:
        return marked
    match marking.mark:
        case "open":
            return Marked()
        case "reported":
            return Marked(reported_in=marking.event)
        case "confirmed":
            reported = marked.reported_in or marking.event
            return Marked(reported, marking.event)
