"""Which of several organs handles an item: the one whose area the applicant's address lies in (属地办理)."""

from collections.abc import Iterable

from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.catalogue.reading import Service, list_services
from yingshang.forms.book import pinned_form
from yingshang.forms.models import Submission
from yingshang.forms.parting import own_keys


def in_charge_at(found: Service, submission: Submission) -> Service:
    """Return the service of an item that covers the address in a submission; ``found`` where none does."""
    if not found.item.place:
        return found
    address = _address(found, submission)
    online = (one for one in list_services() if one.item.key == found.item.key and one.is_online)
    return covering(address, online) or found


def _address(found: Service, submission: Submission) -> str:
    """Return in words where it is, also where the form that was handed in combines several."""
    keys = own_keys(pinned_form(submission.form), str(found.item.form))
    asked = next((key for key, own in keys.items() if own == found.item.place), None)
    if asked is None:
        return ""
    return str(work_out(submission, {"place": f"form.{asked}"}).get("place", ""))


def covering(address: str, services: Iterable[Service]) -> Service | None:
    """Return the service whose area names the most of an address; None where none names any of it. Pure."""
    named = [
        (len(word), one) for one in services for word in one.elements.covers if word in address
    ]
    return max(named, key=lambda pair: pair[0])[1] if named else None
