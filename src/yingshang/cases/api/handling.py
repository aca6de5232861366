"""Cases as programs read and handle them: the officials' lists, one case, and acting on it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.actions import act, decide_late, open_case
from yingshang.cases.data import LONGEST_REF
from yingshang.cases.errors import FieldNotTaken
from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.permissions import READ
from yingshang.cases.procedure import CaseAction, DataField, FixedLimit, Procedure, Taken
from yingshang.cases.readings import Reading
from yingshang.cases.selectors import (
    ORDER,
    Filters,
    Light,
    available_actions,
    get_case_for,
    light_of,
    list_cases_for,
    list_events_of,
    list_openable_for,
    list_worklist_for,
    visible_data,
)
from yingshang.cases.working import find_action
from yingshang.content.selectors import get_current, list_current
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, valid_on
from yingshang.web.access import Needs, SignedIn
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

CASES, PROCEDURES = _("办件"), _("流程")
Key = Annotated[str, Field(max_length=80)]


class CaseQuery(Paged):
    """What a list of cases is narrowed to; ``holder`` is an organ's key."""

    procedure: Key = ""
    state: Key = ""
    light: Light | Literal[""] = ""
    holder: Key = ""
    open: bool = False


class CaseLine(Answer):
    """One line of a list; organs are named by key, ``due_on`` is the nearest deadline."""

    ref: str
    procedure: str
    procedure_label: str
    title: str
    state: str
    state_label: str
    holder: str
    turn: str | None
    subject: str | None
    due_on: date | None
    light: Light
    provisional: bool
    opened_at: datetime
    closed_at: datetime | None


class ClockRead(Answer):
    """What one clock shows; ``basis`` is null for a report that is owed by period."""

    key: str
    label: str
    basis: Literal["statutory", "promised"] | None
    status: Literal["running", "paused", "ended"]
    started_at: datetime
    due_on: date | None
    kept: bool | None
    provisional: bool


class ActionOffered(Answer):
    """What the actor may do now: the address ends in ``key``, ``data`` must fit the JSON Schema."""

    key: str
    label: str
    reason: Literal["none", "optional", "required"]
    data: dict[str, Any]


class CaseDetail(CaseLine):
    """One case. ``seq`` is the number of its last event; data that the actor may not read are left out."""

    versioned_by: ClassVar[str] = "seq"

    seq: int
    origin: str
    opener: str | None
    parent: str | None
    data: dict[str, Any]
    clocks: list[ClockRead]
    actions: list[ActionOffered]
    openable: list[str]


class EventRead(Answer):
    """One event; ``late`` ones were recorded afterwards, on a ``ground``, and ``about`` decides one."""

    seq: int
    action: str
    from_state: str
    to_state: str
    by: str
    organ: str | None
    fields: dict[str, Any]
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    late: bool
    ground: str
    about: int | None
    entry: str


class ProcedureRead(Answer):
    """A procedure in force: its states, and for each action what it takes, as JSON Schema."""

    key: str
    label: str
    version: int
    states: dict[str, str]
    actions: dict[str, ActionOffered]
    opens_with: dict[str, Any]


def line_of(case: Case) -> CaseLine:
    """Return one line of a list."""
    return CaseLine(**_line(case))


def _line(case: Case) -> dict[str, Any]:
    procedure = procedure_of(case.version)
    return {
        "ref": case.ref,
        "procedure": case.procedure,
        "procedure_label": label(procedure),
        "title": case.title,
        "state": case.state,
        "state_label": label(procedure.state_by_key[case.state]),
        "holder": case.holder.key,
        "turn": case.turn.key if case.turn else None,
        "subject": case.subject.ref if case.subject else None,
        "due_on": case.due_on,
        "light": light_of(case),
        "provisional": case.provisional,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }


def clocks_of(case: Case) -> list[ClockRead]:
    """Return the clocks of a case, replayed."""
    procedure = procedure_of(case.version)
    parts = {one.key: one for one in (*procedure.periodic, *procedure.clocks)}
    readings = state_of(case).clocks.readings.values()
    return [_clock(parts.get(one.key), one) for one in readings]


def _clock(part: Any, reading: Reading) -> ClockRead:
    return ClockRead(
        key=reading.key,
        label=label(part) if part is not None else reading.key,
        basis=getattr(part, "basis", None),
        status=reading.status,
        started_at=reading.started_at,
        due_on=reading.due_on,
        kept=reading.kept,
        provisional=reading.provisional,
    )


def offered(procedure: Procedure, action: CaseAction) -> ActionOffered:
    """Return an action with what it takes."""
    return ActionOffered(
        key=action.key,
        label=label(action),
        reason=action.reason,
        data=schema_of(procedure, action.takes),
    )


def schema_of(procedure: Procedure, takes: Iterable[Taken]) -> dict[str, Any]:
    """Return the JSON Schema of what an action takes, from the procedure's own fields."""
    wanted = [(one, procedure.field_by_key[one.field]) for one in takes]
    given = [(one, field) for one, field in wanted if field.is_for_senders]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.key for one, field in given if one.required],
        "properties": {field.key: _schema_of_field(field) for _one, field in given},
    }


def _schema_of_field(field: DataField) -> dict[str, Any]:
    refs = {"type": "array", "items": {"type": "string"}}
    sorts: Mapping[str, dict[str, Any]] = {
        "text": {"type": "string", "maxLength": field.max_length},
        "date": {"type": "string", "format": "date"},
        "organ": {"type": "string"},
        "int": {"type": "integer"},
        "choice": {"type": "string", "enum": [one.key for one in field.choices]},
        "ref": {"type": "string", "maxLength": LONGEST_REF},
        "limit": FixedLimit.model_json_schema(),
        "file": refs,
        "evidence": {"type": "object", "properties": {"files": refs, "links": refs}},
    }
    return {**sorts.get(field.type, {}), "title": label(field)}


def detail_of(actor: Actor, case: Case) -> CaseDetail:
    """Return a case that the actor may read, as it stands now."""
    found = get_case_for(actor, case.ref)
    procedure = procedure_of(found.version)
    return CaseDetail(
        **_line(found),
        seq=found.seq,
        origin=found.origin,
        opener=found.opener.key if found.opener else None,
        parent=found.parent.ref if found.parent else None,
        data=visible_data(actor, found),
        clocks=clocks_of(found),
        actions=[offered(procedure, one) for one in available_actions(actor, found)],
        openable=[one.key for one in list_openable_for(actor, found)],
    )


def _filters(query: CaseQuery) -> Filters | None:
    """Return what was asked for, or None where no organ of that key exists."""
    organ = None
    if query.holder:
        found = Organ.objects.filter(valid_on(today()), key=query.holder)
        organ = found.values_list("pk", flat=True).first()
        if organ is None:
            return None
    return Filters(query.procedure, query.light, organ, query.state, "", query.open)


@read("cases", name="cases.list", access=Needs(READ), tag=CASES, summary=_("可以查看的办件"))
def cases(actor: Actor, query: CaseQuery) -> Listed[CaseLine]:
    """List the cases that the actor may see, the most urgent first."""
    filters = _filters(query)
    if filters is None:
        return Listed(items=[])
    return listed(list_cases_for(actor, filters), ORDER, query, line_of)


@read("worklist", name="cases.worklist", access=Needs(READ), tag=CASES, summary=_("待办"))
def worklist(actor: Actor, query: CaseQuery) -> Listed[CaseLine]:
    """List what waits for the actor, the most urgent first."""
    filters = _filters(query)
    if filters is None:
        return Listed(items=[])
    return listed(list_worklist_for(actor, filters), ORDER, query, line_of)


@read("cases/<str:case>", name="cases.get", access=Needs(READ), tag=CASES, summary=_("一件办件"))
def one_case(actor: Actor, case: str) -> CaseDetail:
    """Show a case with its clocks and what the actor may do."""
    return detail_of(actor, get_case_for(actor, case))


@read(
    "cases/<str:case>/events",
    name="cases.events",
    access=Needs(READ),
    tag=CASES,
    summary=_("办件的经过"),
)
def events(actor: Actor, case: str, query: Paged) -> Listed[EventRead]:
    """List what happened, oldest first, without what the actor may not read."""
    found = get_case_for(actor, case)
    visible = set(visible_data(actor, found))
    return listed(list_events_of(found), ("seq",), query, lambda one: _event(one, visible))


def _event(event: CaseEvent, visible: set[str]) -> EventRead:
    return EventRead(
        seq=event.seq,
        action=event.action,
        from_state=event.from_state,
        to_state=event.to_state,
        by=event.actor_name,
        organ=event.actor_organ.key if event.actor_organ else None,
        fields={key: value for key, value in event.fields.items() if key in visible},
        reason=event.reason,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        late=event.is_late,
        ground=event.ground,
        about=event.about,
        entry=event.entry,
    )


@read("procedures", name="procedures.list", access=SignedIn(), tag=PROCEDURES, summary=_("流程"))
def procedures(_actor: Actor) -> list[ProcedureRead]:
    """List the procedures in force, by key."""
    return [_procedure(procedure_of(one), one.number) for one in list_current("procedure")]


@read(
    "procedures/<str:key>",
    name="procedures.get",
    access=SignedIn(),
    tag=PROCEDURES,
    summary=_("一个流程"),
)
def one_procedure(_actor: Actor, key: str) -> ProcedureRead:
    """Show a procedure in force."""
    version = get_current("procedure", key)
    return _procedure(procedure_of(version), version.number)


def _procedure(declared: Procedure, number: int) -> ProcedureRead:
    return ProcedureRead(
        key=declared.key,
        label=label(declared),
        version=number,
        states={one.key: label(one) for one in declared.states},
        actions={one.key: offered(declared, one) for one in declared.actions if not one.system},
        opens_with=schema_of(declared, declared.opens.takes),
    )


def demand_given_by_people(
    actor: Actor, case: str, action: str, data: Mapping[str, Any] | None = None, **_rest: Any
) -> None:
    """Refuse references and limits that only the platform fills in; raises :class:`FieldNotTaken`."""
    declared = procedure_of(get_case_for(actor, case).version)
    demand_given(declared, find_action(declared, action).takes, data or {})


def demand_given(declared: Procedure, takes: Iterable[Taken], data: Mapping[str, Any]) -> None:
    """Refuse what no sender gives; raises :class:`FieldNotTaken`."""
    wanted = {one.field for one in takes}
    for key in data:
        field = declared.field_by_key.get(key)
        if key in wanted and field is not None and not field.is_for_senders:
            raise FieldNotTaken(field=key, params={"field": key})


def _demand_opening_given(
    _actor: Actor, procedure: str, data: Mapping[str, Any] | None = None, **_rest: Any
) -> None:
    declared = procedure_of(get_current("procedure", procedure))
    demand_given(declared, declared.opens.takes, data or {})


Reason = Annotated[str, Field(max_length=2000)]
Ground = Annotated[str, Field(max_length=300)]

write(
    "POST",
    "cases/<str:case>/actions/<str:action>",
    act,
    access=Needs(READ),
    tag=CASES,
    summary=_("办理一项操作"),
    show=detail_of,
    check=demand_given_by_people,
    version="expected_seq",
    bounds={"reason": Reason, "ground": Ground},
)
write(
    "POST",
    "cases",
    open_case,
    access=Needs(READ),
    tag=CASES,
    summary=_("新立一件办件"),
    show=detail_of,
    status=201,
    hidden=("origin",),
    check=_demand_opening_given,
    bounds={"title": Annotated[str, Field(min_length=1, max_length=300)], "ground": Ground},
)
write(
    "POST",
    "cases/<str:case>/late-entries/<int:seq>",
    decide_late,
    tag=CASES,
    summary=_("核准或退回补录"),
    show=detail_of,
    bounds={"reason": Reason},
)
