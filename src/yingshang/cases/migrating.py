"""Putting running cases under another version of their procedure, and back. Never by itself.

A migration is an event of the case that names both versions; replay reads what came before under the
former and what comes after under the new one. Clocks go on under their keys. As long as nothing else
has happened in the case, the migration can be undone, and the case is then as if it had not been.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yingshang.cases.errors import MigrationBlocked, VersionUnknown
from yingshang.cases.fold import CaseState, fold
from yingshang.cases.history import MIGRATED, RETURNED, BrokenHistory, Epoch, Happened
from yingshang.cases.log import Entry, History, append, history_of, procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import MIGRATE
from yingshang.cases.working import lockable
from yingshang.content.models import ContentVersion
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.kernel.workdays import calendar
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor

CHUNK = 200
"""Cases that one transaction migrates."""


@dataclass(frozen=True)
class Planned:
    """What a migration would change in one case; ``blocked`` says why it cannot be done.

    ``limits`` are the deadlines before and after by the key of their clock, where they differ.
    """

    ref: str
    title: str
    from_version: int
    from_state: str
    to_state: str
    due_before: date | None = None
    due_after: date | None = None
    limits: Mapping[str, tuple[date | None, date | None]] = field(default_factory=dict)
    blocked: str = ""


def find_version(procedure: str, number: int) -> ContentVersion:
    """Return a version of a procedure; raises :class:`VersionUnknown`."""
    versions = ContentVersion.objects.filter(kind="procedure", key=procedure, number=number)
    found = versions.first()
    if found is None:
        raise VersionUnknown(params={"procedure": procedure, "version": number})
    return found


def list_to_migrate(procedure: str, to: int) -> QuerySet[Case]:
    """Return the open cases of a procedure that are under another version than ``to``."""
    running = Case.objects.filter(procedure=procedure, closed_at=None).exclude(version__number=to)
    return running.select_related("version").order_by("pk")


def preview(procedure: str, *, to: int, states: Mapping[str, str]) -> Iterator[Planned]:
    """Yield what migrating would change in each case; ``states`` maps old states to new ones."""
    target = find_version(procedure, to)
    for case in list_to_migrate(procedure, to).iterator(chunk_size=CHUNK):
        yield plan(case, history_of(case), target, states)


def plan(
    case: Case, history: History, target: ContentVersion, states: Mapping[str, str]
) -> Planned:
    """Return what migrating one case would change."""
    declared = procedure_of(target)
    to_state = states.get(case.state, case.state)
    planned = Planned(case.ref, case.title, case.version.number, case.state, to_state)
    place = declared.state_by_key.get(to_state)
    if place is None:
        return _blocked(
            planned, _("新版本没有状态 %(state)s，请用 --map 指明") % {"state": to_state}
        )
    if place.final:
        return _blocked(planned, _("不能迁移到结束状态 %(state)s") % {"state": to_state})
    try:
        before = fold(procedure_of(case.version), history.events, calendar())
        after = fold(declared, (*history.events, _event(case, target, to_state)), calendar())
    except (BrokenHistory, DomainError, ValueError, TypeError) as error:
        # Also data that do not fit the new version, such as words where its clock reads a day.
        return _blocked(planned, str(error))
    return Planned(
        **{name: getattr(planned, name) for name in ("ref", "title", "from_version")},
        from_state=case.state,
        to_state=to_state,
        due_before=before.clocks.due_on,
        due_after=after.clocks.due_on,
        limits=_limits(before, after),
    )


def _blocked(planned: Planned, why: str) -> Planned:
    return Planned(
        planned.ref,
        planned.title,
        planned.from_version,
        planned.from_state,
        planned.to_state,
        blocked=why,
    )


def _event(case: Case, target: ContentVersion, to_state: str) -> Happened:
    return Happened(
        case.seq + 1,
        MIGRATED,
        case.state,
        to_state,
        now(),
        epoch=Epoch(target.number, procedure_of(target)),
        former=Epoch(case.version.number, procedure_of(case.version)),
    )


def _limits(before: CaseState, after: CaseState) -> dict[str, tuple[date | None, date | None]]:
    due = [
        {key: one.due_on for key, one in state.clocks.readings.items() if one.status != "ended"}
        for state in (before, after)
    ]
    keys = sorted(due[0].keys() | due[1].keys())
    pairs = {key: (due[0].get(key), due[1].get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


@action("cases.migrate", permission=MIGRATE)
def migrate(
    actor: Actor, *, procedure: str, to: int, states: dict[str, str], cases: list[str]
) -> int:
    """Put these cases under version ``to``, all or none; return how many were not under it yet.

    Raises :class:`VersionUnknown`, and :class:`MigrationBlocked` where a case has no place there.
    """
    target = find_version(procedure, to)
    moved = 0
    for case in _locked(cases):
        if case.version_id == target.pk or case.closed_at is not None:
            continue
        if case.procedure != procedure:
            raise MigrationBlocked(params={"n": 1, "why": case.ref})
        history = history_of(case)
        planned = plan(case, history, target, states)
        if planned.blocked:
            raise MigrationBlocked(params={"n": 1, "why": f"{case.ref}：{planned.blocked}"})
        entry = Entry(
            action=MIGRATED,
            to_state=planned.to_state,
            fields={},
            occurred_at=max(now(), history.events[-1].occurred_at),
            version=target,
            former_version=case.version,
        )
        append(actor, case, entry, history)
        moved += 1
    if not moved:
        raise AlreadyDone(0)
    return moved


@action("cases.undo_migration", permission=MIGRATE)
def undo_migration(actor: Actor, *, cases: list[str]) -> int:
    """Put these cases back under the version from which they were just migrated, all or none.

    Raises :class:`MigrationBlocked` where something has happened since.
    """
    for case in _locked(cases):
        history = history_of(case)
        last = history.events[-1]
        why = why_not_undone(last)
        if why or last.former is None:
            raise MigrationBlocked(params={"n": 1, "why": f"{case.ref}：{why}"})
        former = find_version(case.procedure, last.former.number)
        entry = Entry(
            action=RETURNED,
            to_state=last.from_state,
            fields={},
            occurred_at=max(now(), last.occurred_at),
            version=former,
            former_version=case.version,
        )
        append(actor, case, entry, history)
    return len(cases)


def list_migrated(procedure: str, to: int) -> QuerySet[Case]:
    """Return the open cases of a procedure that were migrated to version ``to`` and are under it."""
    there = Case.objects.filter(procedure=procedure, version__number=to, closed_at=None)
    return there.filter(events__action=MIGRATED).distinct().order_by("pk")


def why_not_undone(last: Happened) -> str:
    """Say why the migration of a case whose last event this is cannot be undone; empty where it can."""
    if last.action == MIGRATED:
        return ""
    if last.action == RETURNED:
        return _("已经撤回")
    return _("迁移之后又办理了“%(action)s”") % {"action": last.action}


def _locked(cases: list[str]) -> list[Case]:
    """Lock the cases in the order of their rows, so that no two migrations wait for each other."""
    return list(lockable().filter(ref__in=cases).order_by("pk"))
