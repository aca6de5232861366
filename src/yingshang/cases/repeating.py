"""A request that is sent again under its idempotency key: done once, and only for the same content.

What the first request asked for is read off the event that it made. Files are left out of the comparison: a
form that is sent twice uploads them twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingshang.cases.data import accept
from yingshang.cases.errors import KeyReused
from yingshang.cases.history import OPEN
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case, CaseEvent
from yingshang.cases.procedure import CaseAction, FieldType, Procedure, Taken
from yingshang.parties.acting import AlreadyDone
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class Asked:
    """What a request on a case asks for."""

    action: str
    case: Case
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    about: int | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class AskedToOpen:
    """What a request to open a case asks for; organs, subjects and parents by key or reference."""

    procedure: str
    title: str
    data: Mapping[str, Any]
    holder: str | None
    subject: str | None
    parent: str | None
    origin: str
    occurred_at: datetime | None


def return_if_done(actor: Actor, key: str, asked: Asked | AskedToOpen) -> None:
    """End the action with the first request's case when its key was used before.

    Raises :class:`KeyReused` where it was used for something else, and what checking the data raises.
    """
    if not key:
        return
    done = (
        CaseEvent.objects.filter(actor=actor.ref, idempotency_key=key)
        .exclude(idempotency_key="")  # else SQLite reads all events: its index leaves those out
        .select_related("case__version", "case__subject", "case__parent", "holder")
        .first()
    )
    if done is None:
        return
    same = _is_same(done, asked) if isinstance(asked, Asked) else _opened_same(done, asked)
    if not same:
        raise KeyReused
    raise AlreadyDone(done.case)


def _is_same(done: CaseEvent, asked: Asked) -> bool:
    if (done.action, done.case_id, done.about) != (asked.action, asked.case.pk, asked.about):
        return False
    procedure = procedure_of(done.case.version)
    action = procedure.action_by_key.get(asked.action)  # a migration may have taken it away
    return (
        done.reason == asked.reason.strip()
        and asked.occurred_at in (None, done.occurred_at)
        and (action is None or _given_same(done, procedure, action, asked.data))
    )


def _given_same(
    done: CaseEvent, procedure: Procedure, action: CaseAction, data: Mapping[str, Any]
) -> bool:
    """Compare what the actor gave, leaving out what the action itself sets over it."""
    takes = tuple(one for one in action.takes if one.field not in action.sets)
    given = {key: value for key, value in data.items() if key not in action.sets}
    return _same_data(done, procedure, takes, given)


def _opened_same(done: CaseEvent, asked: AskedToOpen) -> bool:
    case = done.case
    if (done.action, case.procedure) != (OPEN, asked.procedure):
        return False
    procedure = procedure_of(case.version)
    return (
        (case.title, case.origin) == (asked.title[:300], asked.origin)
        and (case.subject.ref if case.subject else None) == (asked.subject or None)
        and (case.parent.ref if case.parent else None) == asked.parent
        and asked.occurred_at in (None, done.occurred_at)
        and _same_holder(done, procedure, asked.holder)
        and _same_data(done, procedure, procedure.opens.takes, asked.data)
    )


def _same_holder(done: CaseEvent, procedure: Procedure, name: str | None) -> bool:
    """Tell whether the holder is the organ that was given, where one is given at all."""
    if procedure.opens.holder != "given" or done.holder is None:
        return True
    return name in (None, done.holder.ref, done.holder.key)


def _same_data(
    done: CaseEvent, procedure: Procedure, takes: tuple[Taken, ...], data: Mapping[str, Any]
) -> bool:
    taken = {one.field for one in takes}
    kept = {key: value for key, value in done.fields.items() if key in taken}
    return _plain(procedure, kept) == _plain(procedure, accept(procedure, takes, data))


def _plain(procedure: Procedure, values: Mapping[str, Any]) -> dict[str, Any]:
    types: dict[str, FieldType] = {key: procedure.field_by_key[key].type for key in values}
    shown = {key: value for key, value in values.items() if types[key] != "file"}
    return {k: v["links"] if types[k] == "evidence" else v for k, v in shown.items()}
