"""What is done of itself when a limit has run out, such as an acceptance by silence.

Administrative Licensing Law 32: whoever is not told within five days, once and in full, what is to be
corrected has applied from the day of receipt. The event is dated with the end of the deadline, however
late the job runs, and before anybody acts on the case after it. A provisional deadline expires nothing.
Where a person acts in time, the case's lock settles it: what has moved on does not expire.
"""

from datetime import datetime

from yingshang.cases.errors import CaseMissing
from yingshang.cases.fold import fold
from yingshang.cases.history import VERDICTS, Happened
from yingshang.cases.log import history_of, procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import EXPIRE
from yingshang.cases.possible import due_expiry, refusal_of
from yingshang.cases.working import find_action, lockable, move
from yingshang.kernel.isolating import Isolated
from yingshang.kernel.times import today
from yingshang.kernel.workdays import calendar
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, system_actor

JOB = "cases-expire"


@action("cases.expire", permission=EXPIRE)
def expire(actor: Actor, *, case: str) -> Case:
    """Do what follows from the limit of a case that has run out; nothing where none has.

    Raises :class:`CaseMissing`, and what doing the action raises.
    """
    locked = next(iter(lockable().filter(ref=case)), None)
    if locked is None:
        raise CaseMissing
    procedure = procedure_of(locked.version)
    history = history_of(locked)
    folded = fold(procedure, history.events, calendar())
    due = due_expiry(folded)
    if due is None:
        raise AlreadyDone(locked)
    wanted = find_action(procedure, due.do)
    if refusal_of(procedure, wanted, locked, folded, due.ends_at) is not None:
        raise AlreadyDone(locked)
    move(actor, locked, wanted, dated=_moment(due.ends_at, history.events))
    return locked


def settle(case: str) -> None:
    """Do, before somebody acts, what follows from a limit of the case that has run out.

    Otherwise it would depend on when the job comes round whether a person can still act as if the limit
    had not. Raises what doing it raises.
    """
    if Case.objects.filter(ref=case, closed_at=None, expires_on__lte=today()).exists():
        expire(system_actor(JOB, EXPIRE), case=case)


def _moment(ends_at: datetime, events: tuple[Happened, ...]) -> datetime:
    """Return when it happened: at the end of the limit, or with a later event that changed nothing."""
    moves = (event.occurred_at for event in reversed(events) if event.action not in VERDICTS)
    return max(ends_at, next(moves, ends_at))


def expire_due() -> None:
    """Do what follows from every limit that has run out, case by case; safe to run late and twice.

    Raises :class:`~yingshang.kernel.isolating.SomeFailed` at the end where some cases could not be done.
    """
    actor, isolated = system_actor(JOB, EXPIRE), Isolated(JOB)
    waiting = Case.objects.filter(closed_at=None, expires_on__lte=today())
    for ref in list(waiting.order_by("expires_on", "pk").values_list("ref", flat=True)):
        with isolated.part(ref):
            expire(actor, case=ref)
    isolated.report()
