"""Reads of cases, access-checked. Lists are paged by key and count nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import F, Prefetch, Q, QuerySet

from yingshang.cases.errors import CaseMissing
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.possible import possible_actions
from yingshang.cases.procedure import CaseAction, Procedure
from yingshang.cases.relations import handles, may_do, organ_alone, readable, relations_of
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import list_current
from yingshang.documents.guards import guard
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import SHANGHAI, today
from yingshang.parties.actors import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Light = Literal["none", "paused", "green", "yellow", "red", "overdue"]
LIGHTS: tuple[Light, ...] = ("none", "paused", "green", "yellow", "red", "overdue")
ORDER = ("listed_on", "listed_id")
"""The most urgent first, those without a date last; ``-`` before each turns it round.

Both are annotations of the lists of this module: an organ's cases are read along the participants,
whose index has them in this order, all others along the cases.
"""


@dataclass(frozen=True)
class Filters:
    """What a list of cases is narrowed to; empty values narrow nothing."""

    procedure: str = ""
    light: str = ""
    organ_id: int | None = None
    state: str = ""
    origin: str = ""
    open_only: bool = False
    assignee: Literal["", "mine", "nobody"] = ""
    subject: str = ""
    """Part of the name, or the whole code, of whom the case is about."""
    opened_until: date | None = None
    narrowed: tuple[tuple[str, str], ...] = ()
    """What upper layers narrow by: a name in :data:`NARROWINGS` and one of its values."""


@dataclass(frozen=True)
class Narrowing:
    """A further way to narrow lists of cases, brought by an upper layer: its label, values and filter."""

    label: "_StrOrPromise"
    choices: Callable[[], list[tuple[str, str]]]
    narrow: Callable[[str], Q]


NARROWINGS: Registry[Narrowing] = Registry("way to narrow lists of cases")


def get_case_for(actor: Actor, ref: str) -> Case:
    """Return a case that the actor may see; raises :class:`CaseMissing` for any other."""
    found = (
        Case.objects.filter(readable(actor), ref=ref)
        .select_related("version", "holder", "opener", "turn", "subject", "parent")
        .defer("version__body")
        .first()
    )
    if found is None:
        raise CaseMissing
    return found


def available_actions(actor: Actor, case: Case) -> list[CaseAction]:
    """Return what the actor may do on the case now, in the procedure's order."""
    return [one for one in possible_actions(case) if may_do(actor, case, one)]


def list_openable_for(actor: Actor, case: Case) -> list[Procedure]:
    """Return the procedures of which the actor may now open a case on this one."""
    found = []
    for version in list_current("procedure"):
        procedure = procedure_of(version)
        opens = procedure.opens
        fits = case.procedure in opens.as_child_of and case.closed_at is None
        in_state = not opens.parent_states or case.state in opens.parent_states
        related = opens.relation in relations_of(actor, case)
        if fits and in_state and related and actor.may(opens.permission):
            found.append(procedure)
    return found


@guard("case")
def may_read_case(actor: Actor, ref: str) -> bool:
    """Tell whether the actor may read the attachments of a case."""
    return Case.objects.filter(readable(actor), ref=ref).exists()


@guard("case-restricted")
def may_handle_case(actor: Actor, ref: str) -> bool:
    """Tell whether the actor may read the attachments of a case's restricted fields."""
    case = Case.objects.filter(readable(actor), ref=ref).first()
    return case is not None and handles(actor, case)


def visible_data(actor: Actor, case: Case) -> dict[str, Any]:
    """Return the case's data without what is restricted to those who handle it."""
    fields = procedure_of(case.version).field_by_key
    close = handles(actor, case)
    return {
        key: value
        for key, value in case.data.items()
        if close or (key in fields and fields[key].sensitivity != "restricted")
    }


def list_events_of(case: Case) -> QuerySet[CaseEvent]:
    """Return the history of a case that was read with :func:`get_case_for`, oldest first."""
    events = case.events.select_related("actor_organ", "holder", "version", "former_version")
    return events.defer("version__body", "former_version__body").order_by("seq")


def list_cases_for(actor: Actor, filters: Filters = Filters()) -> QuerySet[Case]:
    """Return the cases that the actor may see; page them by :data:`ORDER`."""
    organ = organ_alone(actor)
    if organ is None:
        return _from_the_closed(_in_order(Case.objects.filter(readable(actor))), filters)
    own = Case.objects.filter(participants__organ=organ, participants__person=None)
    own = own.annotate(listed_on=F("participants__sort_on"), listed_id=F("participants__case_id"))
    return _from_the_closed(own, filters)


def _from_the_closed(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """Narrow; a list of cases in a state that ends them begins behind all open ones."""
    if filters.state and _is_end(filters.state, filters.procedure):
        cases = cases.filter(Q(listed_on=date.max))
    return _narrowed(cases, filters)


def _in_order(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.annotate(listed_on=F("sort_on"), listed_id=F("pk"))


def list_worklist_for(actor: Actor, filters: Filters = Filters()) -> QuerySet[Case]:
    """Return the open cases in which it is the organ's turn and the actor may do something.

    Page them by :data:`ORDER`, along the index that holds only open cases.
    """
    if actor.organ_id is None:
        return _in_order(Case.objects.none())
    waiting = Case.objects.filter(turn_id=actor.organ_id, closed_at=None)
    found = _narrowed(_in_order(waiting.filter(_doable(actor))), filters, open_alone=True)
    if filters.assignee == "mine":
        return found.filter(assignee_id=actor.person_id or 0)
    return found.filter(assignee_id=None) if filters.assignee == "nobody" else found


def _doable(actor: Actor) -> Q:
    """Return the filter for the states in which the actor has an action of its organ's to do."""
    doable = Q(pk__in=[])
    for version in ContentVersion.objects.filter(kind="procedure").defer("body"):
        states = set(_states_for(actor, procedure_of(version)))
        if states:
            doable |= Q(version_id=version.pk, state__in=sorted(states))
    return doable


def _states_for(actor: Actor, procedure: Procedure) -> Iterator[str]:
    for action in procedure.actions:
        for state in action.from_states:
            turn = procedure.state_by_key[state].turn
            relations = {turn, "any"}
            if any(by.relation in relations and actor.may(by.permission) for by in action.by):
                yield state


def _narrowed(
    cases: QuerySet[Case], filters: Filters, *, open_alone: bool = False
) -> QuerySet[Case]:
    if filters.procedure:
        cases = cases.filter(procedure=filters.procedure)
    if filters.state:
        cases = cases.filter(state=filters.state)
    if filters.organ_id is not None:
        cases = cases.filter(holder_id=filters.organ_id)
    if filters.origin:
        cases = cases.filter(origin=filters.origin)
    if filters.open_only:
        cases = cases.filter(closed_at=None)
    if text := filters.subject.strip():
        named = Q(subject__name__icontains=text) | Q(subject__code=text.upper())
        cases = cases.filter(named)
    if filters.opened_until is not None:
        until = datetime.combine(filters.opened_until, time.max, SHANGHAI)
        cases = cases.filter(opened_at__lte=until)
    for name, value in filters.narrowed:
        narrowing = NARROWINGS.find(name)
        cases = cases.filter(narrowing.narrow(value)) if narrowing is not None else cases
    if filters.light in LIGHTS:
        cases = cases.filter(_light_filter(filters.light, today(), open_alone))
    # Joined in, the small tables may come first in the plan, and all rows are sorted for one page.
    version = Prefetch("version", ContentVersion.objects.defer("body"))
    return cases.prefetch_related(version, "holder", "turn", "subject", "assignee")


def _is_end(state: str, procedure: str) -> bool:
    """Tell whether this state closes a case in every version of every procedure (of this one) that has it.

    Cases that are closed have no date and stand last; without this, all open ones are passed over.
    """
    versions = ContentVersion.objects.filter(kind="procedure").defer("body")
    if procedure:
        versions = versions.filter(key=procedure)
    found = [
        declared.state_by_key[state].final
        for declared in map(procedure_of, versions)
        if state in declared.state_by_key
    ]
    return bool(found) and all(found)


def _light_filter(light: str, day: date, open_alone: bool) -> Q:
    """Return the filter for the cases of a list whose light is this on ``day``; see :func:`light_of`.

    ``listed_on`` says where in the order of the list they lie, so that none is read in vain: closed cases,
    unless the list is of open ones alone, and those without a date stand on the last day of all. What
    follows from it is not asked as well: a planner that takes the two to be independent expects so few
    rows that it reads and sorts them all.
    """
    dated = Q(listed_on__gte=day)
    if not open_alone:
        dated &= Q(listed_on__lt=date.max)
    match light:
        case "overdue":
            return Q(listed_on__lt=day)
        case "red":
            return dated & Q(red_on__lte=day)
        case "yellow":
            return dated & Q(red_on__gt=day, yellow_on__lte=day)
        case "green":
            return dated & Q(yellow_on__gt=day)
        case "paused":
            return Q(listed_on=date.max, closed_at=None, due_on=None, paused=True)
        case _:
            undated = Q(closed_at__isnull=False) | Q(due_on=None, paused=False)
            return Q(listed_on=date.max) & undated


def light_of(case: Case, day: date | None = None) -> Light:
    """Return a case's light on a day: by working days left to its nearest deadline."""
    if case.closed_at is not None:
        return "none"
    return light_on(day or today(), case.due_on, case.yellow_on, case.red_on, case.paused)


def light_on(
    day: date, due_on: date | None, yellow_on: date | None, red_on: date | None, paused: bool
) -> Light:
    """Return the light of an open case with these dates on a day."""
    if due_on is None and not paused:
        return "none"
    if due_on is None or red_on is None or yellow_on is None:
        return "paused"
    if due_on < day:
        return "overdue"
    return "red" if red_on <= day else "yellow" if yellow_on <= day else "green"
