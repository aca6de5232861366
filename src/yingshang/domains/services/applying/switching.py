"""Acting in an enterprise's name once it has come into being: whom the page asks to switch to it."""

from yingshang.cases.models import Case
from yingshang.parties.models import Account, Mandate
from yingshang.parties.selectors import list_mandates_of
from yingshang.web.routes import PageRequest


def find_mandate_to_act(request: PageRequest, case: Case) -> Mandate | None:
    """Return the account's mandate for the enterprise of a case that it follows as somebody else.

    So it is for who founded it: the case is the enterprise's from then on, what comes next is done in its
    name. None where the actor acts for it already, has no mandate, or is an official.
    """
    actor = request.actor
    if case.subject_id in (None, actor.subject_id) or actor.is_official:
        return None
    if not isinstance(request.user, Account):
        return None
    held = list_mandates_of(request.user)
    return next((one for one in held if one.subject_id == case.subject_id), None)
