"""Choosing how to get what a case issues, and opening what was served."""

from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.domains.services.applying.names import SERVICE
from yingshang.domains.services.bundles.names import BUNDLE
from yingshang.domains.services.delivering.choosing import Wish, checked, may_choose, store
from yingshang.domains.services.delivering.serving import (
    deliver_waiting,
    documents_of,
    name_of,
)
from yingshang.domains.services.errors import (
    ApplicationMissing,
    NothingServedYet,
    NotYoursToChoose,
)
from yingshang.domains.services.models import Delivery
from yingshang.licences.actions.servings import note_opened
from yingshang.licences.models import Serving
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor


def get_case_with_papers_for(actor: Actor, ref: str) -> Case:
    """Return the case of an application or a whole matter; raises :class:`ApplicationMissing`."""
    rows = Case.objects.filter(readable(actor), ref=ref).select_related("subject", "parent")
    found = rows.first()
    if found is None or not (SERVICE in found.data or BUNDLE in found.data):
        raise ApplicationMissing
    return found


def get_case_to_choose_for(actor: Actor, ref: str) -> Case:
    """Return the case for which the actor may choose the delivery.

    Raises :class:`ApplicationMissing`, :class:`NotYoursToChoose`.
    """
    found = get_case_with_papers_for(actor, ref)
    if not may_choose(actor, found):
        raise NotYoursToChoose
    return found


@action("services.choose_delivery", permission=ANYONE_SIGNED_IN)
def choose_delivery(actor: Actor, *, case: str, wish: Wish) -> Delivery:
    """Choose how to get what the case issues; what waits to be served follows the choice at once.

    The applicant chooses, or an official who files on behalf. Choosing electronic service is the
    consent to it in this case. Raises :class:`ApplicationMissing`, :class:`NotYoursToChoose`,
    ``DeliveryUnfit``.
    """
    found = get_case_to_choose_for(actor, case)
    kept = store(actor, found, checked(wish))
    deliver_waiting(actor, found)
    return kept


@action("services.open_paper", permission=ANYONE_SIGNED_IN)
def open_paper(actor: Actor, *, case: str, document: str) -> Serving:
    """Open, as the applicant, what a case served electronically; the first time is the receipt.

    Raises :class:`ApplicationMissing`, :class:`NotYoursToChoose` for an official, and
    :class:`NothingServedYet` while the document was not served electronically.
    """
    found = get_case_to_choose_for(actor, case)
    if actor.is_official:
        raise NotYoursToChoose
    if document not in {name_of(one) for one in documents_of(found)}:
        raise ApplicationMissing
    rows = Serving.objects.select_for_update(of=("self",)).filter(document=document)
    serving = rows.filter(means="electronic").order_by("-pk").first()
    if serving is None:
        raise NothingServedYet
    if not note_opened(actor, serving):
        raise AlreadyDone(serving)
    return serving
