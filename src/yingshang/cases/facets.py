"""How many cases of a worklist each choice would leave: read once, counted here; never more than a bound."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from yingshang.cases.selectors import ORDER, Filters, Light, light_on, list_worklist_for
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor

MOST = 1000
"""Of longer worklists the most urgent thousand are counted; a page says so."""


@dataclass(frozen=True)
class Waiting:
    """What counting needs of one case."""

    procedure: str
    state: str
    light: Light
    assignee: int | None


@dataclass(frozen=True)
class Facets:
    """By choice, how many cases remain while all other choices stay as they are."""

    lights: Mapping[str, int]
    procedures: Mapping[str, int]
    states: Mapping[str, int]
    assignees: Mapping[str, int]
    is_bounded: bool = False

    @property
    def total(self) -> int:
        """Return how many remain over all lights."""
        return sum(self.lights.values())


def count_worklist(actor: Actor, filters: Filters) -> Facets:
    """Return the counts for an actor's worklist, with one query."""
    base = replace(filters, procedure="", state="", light="", assignee="")
    found = list_worklist_for(actor, base).prefetch_related(None).order_by(*ORDER)
    columns = ("procedure", "state", "due_on", "yellow_on", "red_on", "paused", "assignee_id")
    rows = list(found.values_list(*columns)[: MOST + 1])
    day = today()
    waiting = [_waiting(row, day) for row in rows[:MOST]]
    counted = count(waiting, filters, actor.person_id)
    return replace(counted, is_bounded=len(rows) > MOST)


def _waiting(row: tuple[object, ...], day: date) -> Waiting:
    procedure, state, due_on, yellow_on, red_on, paused, assignee = row
    light = light_on(day, due_on, yellow_on, red_on, paused)  # type: ignore[arg-type]
    return Waiting(str(procedure), str(state), light, assignee)  # type: ignore[arg-type]


def count(waiting: list[Waiting], filters: Filters, person: int | None) -> Facets:
    """Return the counts of cases that are narrowed by everything else already."""
    tests: Mapping[str, Callable[[Waiting], bool]] = {
        "procedure": lambda one: filters.procedure in ("", one.procedure),
        "state": lambda one: filters.state in ("", one.state),
        "light": lambda one: filters.light in ("", one.light),
        "assignee": lambda one: filters.assignee in ("", _whose(one, person)),
    }

    alike = Counter(waiting)  # a thousand cases are of some dozens of sorts

    def by(choice: Callable[[Waiting], str], *but: str) -> Counter[str]:
        asked = [test for name, test in tests.items() if name not in but]
        counted: Counter[str] = Counter()
        for one, cases in alike.items():
            if all(test(one) for test in asked):
                counted[choice(one)] += cases
        return counted

    return Facets(
        lights=by(lambda one: one.light, "light"),
        procedures=by(lambda one: one.procedure, "procedure", "state"),
        states=by(lambda one: one.state, "state"),
        assignees=by(lambda one: _whose(one, person), "assignee"),
    )


def _whose(one: Waiting, person: int | None) -> str:
    if one.assignee is None:
        return "nobody"
    return "mine" if one.assignee == person else "others"
