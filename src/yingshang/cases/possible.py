"""What can be done in a case now, by whomever: its state, how often, its conditions, its limits."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from yingshang.cases.conditions import judge
from yingshang.cases.errors import (
    ActionNotPossible,
    ApprovalNotAsked,
    DoneOftenEnough,
    LimitNotRunning,
)
from yingshang.cases.fold import CaseState, Expiring, was_asked
from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Case
from yingshang.cases.procedure import CaseAction, Extension, Procedure
from yingshang.cases.wording import label, why_unmet
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, now, today


def possible_actions(case: Case) -> list[CaseAction]:
    """Return what can be done in a stored case now, in the procedure's order."""
    procedure, here = procedure_of(case.version), actions_here(case)
    folded = folded_for(case, here)
    return [one for one in here if refusal_of(procedure, one, case, folded) is None]


def actions_here(case: Case) -> list[CaseAction]:
    """Return the actions of the state in which a case stands, whether their conditions hold or not.

    Where a limit has run out that ends the state of itself, what the next state does not allow is left
    out, although the job has not come round yet: whoever did it would find the case moved on.
    """
    actions = procedure_of(case.version).actions
    states = {case.state, _state_after_expiry(case)}
    return [action for action in actions if states <= {*action.from_states}]


def _state_after_expiry(case: Case) -> str:
    """Return where a case will stand once what has run out takes effect; where it stands if nothing has."""
    if case.closed_at is not None or case.expires_on is None or case.expires_on > today():
        return case.state
    procedure, folded = procedure_of(case.version), state_of(case)
    due = due_expiry(folded)
    if due is None:
        return case.state
    wanted = procedure.action_by_key[due.do]
    refused = refusal_of(procedure, wanted, case, folded, due.ends_at)
    return case.state if refused is not None else wanted.to or case.state


def due_expiry(folded: CaseState) -> Expiring | None:
    """Return what follows of itself from a limit that has run out by now; None where none has."""
    found = folded.expiring
    over = found is not None and not found.provisional and found.ends_at <= now()
    return found if over else None


def folded_for(case: Case, actions: list[CaseAction]) -> CaseState | None:
    """Replay a case where judging these actions needs more than its row."""
    return state_of(case) if any(looks_back(action) for action in actions) else None


def looks_back(action: CaseAction) -> bool:
    """Tell whether it depends on what was done before, or on a clock, whether an action is possible."""
    return action.at_most is not None or action.extends is not None or bool(action.approves)


def refusal_of(
    procedure: Procedure,
    action: CaseAction,
    case: Case,
    folded: CaseState | None,
    at: datetime | None = None,
) -> DomainError | None:
    """Return why ``action`` cannot be done ``at`` a time (now), or None; ``folded`` as replayed."""
    if case.state not in action.from_states:
        params = {"state": label(procedure.state_by_key[case.state]), "action": label(action)}
        return ActionNotPossible(params=params)
    if action.when is not None:
        judged = judge(procedure, action.when, case.data, _day(at))
        if not judged.holds:
            why = why_unmet(procedure, action.when, judged)
            message = _("暂不能“%(action)s”：%(why)s。")
            return ActionNotPossible(message, params={"action": label(action), "why": why})
    return None if folded is None else _looking_back(procedure, action, folded, at or now())


def _looking_back(
    procedure: Procedure, action: CaseAction, folded: CaseState, at: datetime
) -> DomainError | None:
    if action.at_most is not None and len(folded.done.get(action.key, ())) >= action.at_most:
        return DoneOftenEnough(params={"action": label(action), "n": action.at_most})
    if action.extends is not None and (refusal := _too_late(procedure, action.extends, folded, at)):
        return refusal
    if not was_asked(action, folded.done):
        asking = procedure.action_by_key[action.approves]
        return ApprovalNotAsked(params={"action": label(asking)})
    return None


def _too_late(
    procedure: Procedure, extends: Extension, folded: CaseState, at: datetime
) -> LimitNotRunning | None:
    reading = folded.clocks.readings.get(extends.clock)
    clock = procedure.clock_by_key[extends.clock]
    over = reading is None or reading.status == "ended"
    if reading is not None and reading.status == "running" and reading.ends_at is not None:
        over = at >= reading.ends_at
    return LimitNotRunning(params={"clock": label(clock)}) if over else None


def _day(at: datetime | None) -> date:
    return (at or now()).astimezone(SHANGHAI).date()
