"""Who of an organ works on a case: said by an event, and over once it is another organ's turn."""

from yingshang.cases.errors import CaseMissing, NoSuchColleague, NotYourTurn
from yingshang.cases.history import ASSIGNED
from yingshang.cases.log import Entry, append
from yingshang.cases.models import Case
from yingshang.cases.permissions import READ
from yingshang.cases.powers import list_colleagues
from yingshang.cases.relations import readable
from yingshang.cases.working import lockable
from yingshang.kernel.times import now
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor


@action("cases.assign_case", permission=READ)
def assign_case(actor: Actor, *, case: str, person: str = "") -> Case:
    """Let somebody of one's organ (by ref; without, oneself) work on a case in which it is its turn.

    Raises :class:`CaseMissing`, :class:`NotYourTurn`, :class:`NoSuchColleague`.
    """
    found = lockable().filter(readable(actor), ref=case).first()
    if found is None:
        raise CaseMissing
    if not is_turn_of(actor, found):
        raise NotYourTurn
    people = list_colleagues(actor)
    chosen = people.filter(ref=person) if person else people.filter(pk=actor.person_id or 0)
    who = chosen.first()
    if who is None:
        raise NoSuchColleague(field="person")
    if found.assignee_id == who.pk:
        raise AlreadyDone(found)
    append(actor, found, Entry(ASSIGNED, found.state, {"assignee": who.ref}, now()))
    return found


def is_turn_of(actor: Actor, case: Case) -> bool:
    """Tell whether it is the turn of the actor's organ."""
    return actor.organ_id is not None and actor.organ_id == case.turn_id
