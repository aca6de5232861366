"""What an application for registration must have besides being complete: known people, their signatures."""

from collections.abc import Iterator, Mapping
from typing import Any

from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.errors import FounderUnidentified, RepresentativeUnsigned
from yingshang.forms.models import Submission
from yingshang.parties.models import Account, Person


def demand_registrable(item: ServiceItem, submission: Submission) -> None:
    """Refuse an application whose people are not identified, or whose representative has not signed.

    Raises :class:`FounderUnidentified`, :class:`RepresentativeUnsigned`.
    """
    for person in _people(item, submission):
        if not person.get("id_number"):
            raise FounderUnidentified(params={"name": person.get("name", "")})
    if representative_of(item, submission):
        signed_person(item, submission)


def _people(item: ServiceItem, submission: Submission) -> Iterator[Mapping[str, Any]]:
    if representative := representative_of(item, submission):
        yield representative
    yield from founders_of(item, submission)


def representative_of(item: ServiceItem, submission: Submission) -> Mapping[str, Any] | None:
    """Return who is to become legal representative; None where nobody new is."""
    if not item.representative:
        return None
    found: Mapping[str, Any] | None = submission.body["answers"].get(item.representative)
    return found


def founders_of(item: ServiceItem, submission: Submission) -> list[Mapping[str, Any]]:
    """Return who shares in the enterprise that is founded."""
    if item.founds is None or not item.founds.founders:
        return []
    rows = submission.body["answers"].get(item.founds.founders) or []
    return [row[item.founds.founder] for row in rows if row.get(item.founds.founder)]


def signed_person(item: ServiceItem, submission: Submission) -> Person:
    """Return the person of the account with which the new legal representative has signed.

    Raises :class:`RepresentativeUnsigned` where nobody of that name has, or more than one account.
    """
    representative = representative_of(item, submission) or {}
    name = str(representative.get("name", ""))
    people = people_who_signed(submission, name)
    if len(people) != 1:
        raise RepresentativeUnsigned(params={"name": name})
    return people[0]


def people_who_signed(submission: Submission, name: str = "") -> list[Person]:
    """Return the persons who signed a submission with their accounts, those of a name where one is given."""
    signed = [
        one["signer"]
        for one in submission.body["signatures"]
        if one["method"] == "account" and name in ("", one["name"])
    ]
    refs = {str(one).removeprefix("account:").partition("/")[0] for one in signed}
    accounts = Account.objects.filter(ref__in=refs).select_related("person")
    return sorted({one.person for one in accounts}, key=lambda one: one.pk)
