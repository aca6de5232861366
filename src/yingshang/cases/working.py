"""Opening and moving cases, for actions and effects that run in a transaction already.

The named actions in :mod:`yingshang.cases.actions` check who may; what is here checks what fits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yingshang.cases.data import accept, find_organ
from yingshang.cases.effects import EFFECTS, Moment
from yingshang.cases.errors import (
    ConcernsAnother,
    FieldNotTaken,
    HolderMissing,
    ReasonRequired,
    SamePerson,
    UnknownCaseAction,
)
from yingshang.cases.fold import CaseState, fold
from yingshang.cases.history import OPEN
from yingshang.cases.late import find_person_id, occurrence
from yingshang.cases.log import Entry, append, append_first, history_of, procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.possible import looks_back, refusal_of
from yingshang.cases.procedure import CaseAction, Opens, Procedure
from yingshang.cases.wording import label
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import get_current
from yingshang.documents.actions import attach
from yingshang.kernel.refs import new_ref
from yingshang.kernel.workdays import calendar
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


@dataclass(frozen=True)
class Opening:
    """What a case is opened with.

    ``holder`` is needed where the procedure says ``given``; ``participants`` are ``organ:<ref>`` or
    ``person:<ref>``.
    """

    title: str
    data: Mapping[str, Any] = field(default_factory=dict)
    holder: Organ | None = None
    origin: str = ""
    subject: Subject | None = None
    participants: tuple[str, ...] = ()
    occurred_at: datetime | None = None
    ground: str = ""


def open_case(
    actor: Actor,
    *,
    procedure: str,
    title: str,
    data: Mapping[str, Any] | None = None,
    holder: Organ | None = None,
    origin: str = "",
    parent: Case | None = None,
    subject: Subject | None = None,
    participants: tuple[str, ...] = (),
    occurred_at: datetime | None = None,
    ground: str = "",
    idempotency_key: str = "",
) -> Case:
    """Open a case under the procedure's current version, inside the caller's transaction.

    The caller has authorised the actor. Raises what checking the data raises,
    :class:`HolderMissing`, and the errors of late entries.
    """
    version = get_current("procedure", procedure)
    opening = Opening(title, data or {}, holder, origin, subject, participants, occurred_at, ground)
    case, entry = _prepared(actor, version, opening, parent)
    append(actor, case, replace(entry, idempotency_key=idempotency_key))
    _attach_files(actor, case, procedure_of(version), entry.fields)
    if parent is not None:
        _tell_parent_of_opening(actor, parent)
    return case


def open_cases(actor: Actor, *, procedure: str, openings: Iterable[Opening]) -> list[Case]:
    """Open many cases that have no parent, in order, in few statements.

    Leaves what :func:`open_case` would leave if it were called for each: the same events, ledger
    records with their receipts, projections and refusals; nothing is stored when one is refused.
    """
    version = get_current("procedure", procedure)
    opened = [_prepared(actor, version, opening, None) for opening in openings]
    append_first(actor, opened)
    for case, entry in opened:
        _attach_files(actor, case, procedure_of(version), entry.fields)
    return [case for case, _entry in opened]


def _prepared(
    actor: Actor, version: ContentVersion, opening: Opening, parent: Case | None
) -> tuple[Case, Entry]:
    """Return a case not stored yet with its first entry, checked."""
    declared = procedure_of(version)
    case = Case(
        ref=new_ref(),
        procedure=version.key,
        version=version,
        title=opening.title[:300],
        subject=opening.subject,
        parent=parent,
        origin=opening.origin,
        state="",
        seq=0,
    )
    at, checked = occurrence((), opening.occurred_at, opening.ground)
    entry = Entry(
        action=OPEN,
        to_state=declared.initial,
        fields=accept(declared, declared.opens.takes, opening.data),
        occurred_at=at,
        holder=_first_holder(actor, declared.opens, opening.holder, parent),
        participants=opening.participants,
        ground=checked,
    )
    return case, entry


def _first_holder(actor: Actor, opens: Opens, given: Organ | None, parent: Case | None) -> Organ:
    holder = given
    if opens.holder == "opener" and actor.organ_id is not None:
        holder = Organ.objects.get(pk=actor.organ_id)
    elif opens.holder == "parent_opener" and parent is not None:
        holder = parent.opener or parent.holder
    if holder is None:
        raise HolderMissing(field="holder")
    return holder


def find_action(procedure: Procedure, key: str) -> CaseAction:
    """Return the procedure's action; raises :class:`UnknownCaseAction`."""
    action = procedure.action_by_key.get(key)
    if action is None:
        params = {"procedure": procedure.label, "action": key}
        raise UnknownCaseAction(params=params)
    return action


def move(
    actor: Actor,
    case: Case,
    action: CaseAction,
    *,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    occurred_at: datetime | None = None,
    ground: str = "",
    dated: datetime | None = None,
    idempotency_key: str = "",
    power: str = "",
) -> CaseEvent:
    """Do ``action`` on a locked case, with its effects, inside the caller's transaction.

    The caller has authorised the actor; ``power`` is the delegated power that it did so by. What the
    system does as of an earlier instant is ``dated`` and needs no ground. Raises
    :class:`ActionNotPossible` in another state, the other refusals of
    :func:`~yingshang.cases.possible.refusal_of`, :class:`SamePerson`, what checking the data raises,
    and whatever an effect raises.
    """
    procedure = procedure_of(case.version)
    history = history_of(case)
    looks = looks_back(action) or occurred_at is not None
    folded = fold(procedure, history.events, calendar()) if looks else None
    _demand_possible(actor, case, action, folded, dated or occurred_at)
    _demand_reason_fits(action, reason.strip())
    fields = {**accept(procedure, action.takes, data or {}), **action.sets}
    late = occurrence(history.events, occurred_at, ground, _ends(folded))
    at, checked = (dated, "") if dated is not None else late
    entry = Entry(
        action=action.key,
        to_state=action.to or case.state,
        fields=fields,
        occurred_at=at,
        holder=_next_holder(action, fields),
        reason=reason.strip(),
        ground=checked,
        idempotency_key=idempotency_key,
        power=power,
    )
    event = append(actor, case, entry, history)
    _attach_files(actor, case, procedure, fields)
    for effect in action.effects:
        EFFECTS.get(effect.do)(Moment(actor, case, event, procedure, effect.parameters))
    if case.closed_at is not None and case.parent_id is not None:
        _tell_parent_of_closing(actor, case.parent_id)
    return event


def _demand_reason_fits(action: CaseAction, reason: str) -> None:
    if action.reason == "required" and not reason:
        raise ReasonRequired(field="reason")
    if action.reason == "none" and reason:
        raise FieldNotTaken(field="reason", params={"field": "reason"})


def _attach_files(
    actor: Actor, case: Case, procedure: Procedure, fields: Mapping[str, Any]
) -> None:
    """Attach the files that fields name; those of restricted fields only to who handles the case."""
    for key, value in fields.items():
        field = procedure.field_by_key[key]
        if field.type in ("file", "evidence"):
            refs = value if field.type == "file" else value["files"]
            sort = "case-restricted" if field.sensitivity == "restricted" else "case"
            attach(actor, refs, f"{sort}:{case.ref}")


def _demand_possible(
    actor: Actor, case: Case, action: CaseAction, folded: CaseState | None, at: datetime | None
) -> None:
    refusal = refusal_of(procedure_of(case.version), action, case, folded, at)
    if refusal is not None:
        raise refusal
    if folded is not None and asked_by_same_person(actor, case, action, folded):
        raise SamePerson(params={"action": label(action)})


def _ends(folded: CaseState | None) -> list[datetime]:
    running = folded.clocks.running if folded is not None else []
    return [reading.ends_at for reading in running if reading.ends_at is not None]


def asked_by_same_person(actor: Actor, case: Case, action: CaseAction, folded: CaseState) -> bool:
    """Tell whether the actor is who asked for what ``action`` approves."""
    asked = folded.done.get(action.approves, ())
    if not asked:
        return False
    event = case.events.get(seq=asked[-1])
    return actor.person_id is None or actor.person_id == find_person_id(event)


def _next_holder(action: CaseAction, fields: Mapping[str, Any]) -> Organ | None:
    if action.hands_over_to is None or action.hands_over_to not in fields:
        return None
    return find_organ(str(fields[action.hands_over_to]))


def lock(pk: int) -> Case:
    """Return a case with its row locked till the transaction ends.

    A case is locked before its parent, never after, so that no two transactions wait for each other.
    """
    return lockable().get(pk=pk)


def concern(actor: Actor, case: Case, subject: Subject) -> None:
    """Say of a locked case opened about nobody whom it is about from now on: who has come into being by it.

    The subject sees the case from then on. Recorded in the ledger; raises :class:`ConcernsAnother`.
    """
    if case.subject_id not in (None, subject.pk):
        raise ConcernsAnother
    case.subject = subject
    case.save(update_fields=["subject"])
    record(
        "cases.concerned",
        actor=actor.ref,
        subject=f"case:{case.ref}",
        payload={"subject": subject.ref},
    )


def lockable() -> QuerySet[Case]:
    """Return all cases, such that reading one locks its row."""
    locked = Case.objects.select_for_update(of=("self",))
    return locked.select_related("version").defer("version__body")


def _tell_parent_of_opening(actor: Actor, parent: Case) -> None:
    locked = lock(parent.pk)
    procedure = procedure_of(locked.version)
    if procedure.when_child_opened is not None:
        _move_if_possible(actor, locked, find_action(procedure, procedure.when_child_opened))


def _tell_parent_of_closing(actor: Actor, parent_id: int) -> None:
    parent = lock(parent_id)
    procedure = procedure_of(parent.version)
    if procedure.when_child_closed is not None:
        _move_if_possible(actor, parent, find_action(procedure, procedure.when_child_closed))
        parent = lock(parent_id)  # what followed may have moved it further
    join = procedure.when_children_closed
    if join is None or parent.children.filter(closed_at=None).exists():
        return
    if not join.ended_in or parent.children.filter(state__in=join.ended_in).exists():
        _move_if_possible(actor, parent, find_action(procedure, join.do))


def _move_if_possible(actor: Actor, case: Case, action: CaseAction) -> None:
    if case.state in action.from_states:
        move(actor, case, action)
