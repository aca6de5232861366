"""Serving what a case issues: electronically at once, at the counter once handed over, else by the organ.

The law asks for consent to electronic service (民事诉讼法第九十条, borrowed by administrative law): a
standing one of the addressee's, or the choice made in the application. Without either nothing is held served;
the case says so, and the organ hands it over or posts it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.procedure import CaseAction
from yingshang.cases.working import lock, move
from yingshang.domains.counters.public import (
    HANDED_OVER,
    HandedOver,
    hall_keys,
    pick_ups_of,
    put_ready,
)
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.names import SERVICE, case_in_ground
from yingshang.domains.services.bundles.names import BUNDLE
from yingshang.domains.services.delivering.choosing import delivery_of
from yingshang.domains.services.models import DeliveryMeans
from yingshang.kernel.times import SHANGHAI
from yingshang.licences.actions.servings import serve_document
from yingshang.licences.listeners import DECISION_LISTENERS, LICENCE_LISTENERS, SERVED_LISTENERS
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceEvent,
    LicenceEventKind,
    LicenceVersion,
    Serving,
    ServingMeans,
    ServingState,
)
from yingshang.licences.selectors import has_agreed
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class LicencePaper:
    """A licence as one case issued, changed or renewed it; a later version takes its place."""

    licence: Licence
    version: LicenceVersion

    @property
    def ref(self) -> str:
        """The reference of the licence."""
        return self.licence.ref

    @property
    def number(self) -> str:
        """The number that stands on it."""
        return self.licence.number

    @property
    def subject(self) -> Subject:
        """Whose licence it is."""
        return self.licence.subject

    @property
    def issued_on(self) -> date:
        """The day on which this version was made, from which its delivery is counted."""
        return self.version.made_at.astimezone(SHANGHAI).date()

    @property
    def is_current(self) -> bool:
        """Tell whether no later version has taken its place."""
        return self.licence.version == self.version.number


Document = Decision | LicencePaper
VERSIONS = (LicenceEventKind.ISSUE, LicenceEventKind.CHANGE, LicenceEventKind.RENEW)
"""What gives a licence another version, which is delivered like the first."""
ISSUE = "services.issue_document"


def name_of(document: Document) -> str:
    """Return how services, renditions and pick-ups name a document."""
    return document.holder if isinstance(document, Decision) else document.version.holder


def title_of(document: Document) -> str:
    """Return what a document is called."""
    if isinstance(document, Decision):
        return document.title
    return str(document.version.record["kind"]["label"])


def find_case(origin: str) -> Case | None:
    """Return the case of a service or of a whole matter from which something came, or None."""
    sort, _colon, ref = origin.partition(":")
    if sort != "case":
        return None
    case = Case.objects.select_related("version", "subject", "holder").filter(ref=ref).first()
    return case if case is not None and (SERVICE in case.data or BUNDLE in case.data) else None


def deliver(actor: Actor, case: Case, document: Document) -> None:
    """Serve or lay out a document of a case as was chosen; leave it to the organ where nothing was.

    Call it in the transaction that made the document. A hall that is gone, or a choice of the post,
    leaves it to the organ as well.
    """
    wish = delivery_of(case)
    if wish is None:
        if document.subject is not None and has_agreed(document.subject):
            _serve(actor, document, means=ServingMeans.ELECTRONIC)
    elif wish.means == DeliveryMeans.ELECTRONIC:
        agreed = f"case:{case.ref}"
        _serve(actor, document, means=ServingMeans.ELECTRONIC, agreed_in=agreed)
    elif wish.means == DeliveryMeans.COUNTER and wish.hall in hall_keys():
        _lay_out(actor, wish.hall, document)


def _serve(actor: Actor, document: Document, **how: Any) -> None:
    found = document if isinstance(document, Decision) else document.licence
    serve_document(actor, found, **how)


def _lay_out(actor: Actor, hall: str, document: Document) -> None:
    if isinstance(document, Decision):
        organ, holder = document.organ, document.addressee
    else:
        organ, holder = document.licence.issuer, document.licence.holder_name
    put_ready(
        actor.ref,
        hall=hall,
        origin=name_of(document),
        what=f"{title_of(document)} {document.number}"[:160],
        organ_key=organ.key,
        holder=holder,
        subject_ref=document.subject.ref if document.subject else "",
    )


def documents_of(case: Case) -> list[Document]:
    """Return what was made in a case, decisions first, then licences issued and changed, each in order."""
    decisions = Decision.objects.filter(origin=f"case:{case.ref}").select_related(
        "organ", "subject"
    )
    return [*decisions.order_by("pk"), *_licences_of(case)]


def _licences_of(case: Case) -> Iterator[LicencePaper]:
    licences = Licence.objects.select_related("issuer", "subject").order_by("pk")
    for licence in licences.filter(origin=f"case:{case.ref}"):
        yield LicencePaper(licence, licence.versions.get(number=1))
    if case.subject_id is None:
        return
    changes = LicenceEvent.objects.filter(
        licence__subject=case.subject_id, kind__in=VERSIONS[1:], ground__endswith=f"（{case.ref}）"
    )
    for event in changes.select_related("licence__issuer", "licence__subject").order_by("pk"):
        version = event.licence.versions.get(number=event.version)
        yield LicencePaper(event.licence, version)


def deliver_waiting(actor: Actor, case: Case) -> None:
    """Deliver, as is chosen now, what of a case and its steps was neither served nor laid out yet."""
    for one in (case, *case.children.select_related("subject")):
        documents = {name_of(document): document for document in documents_of(one)}
        sent = Serving.objects.filter(document__in=documents).exclude(state=ServingState.FAILED)
        over = set(sent.values_list("document", flat=True)) | set(pick_ups_of(documents))
        for name, document in documents.items():
            if name not in over and not (
                isinstance(document, LicencePaper) and not document.is_current
            ):
                deliver(actor, one, document)


@DECISION_LISTENERS.named("services.deliver")
def deliver_decision(actor: Actor, decision: Decision) -> None:
    """Deliver a document that a case made."""
    case = find_case(decision.origin)
    if case is not None:
        deliver(actor, case, decision)


@LICENCE_LISTENERS.named("services.deliver")
def deliver_licence(actor: Actor, licence: Licence, event: LicenceEvent) -> None:
    """Deliver a licence that a case issued, and each new version that a case makes of it."""
    if event.kind not in VERSIONS:
        return
    case = find_case(_origin_of_version(licence, event.version))
    if case is not None:
        deliver(actor, case, LicencePaper(licence, licence.versions.get(number=event.version)))


def _origin_of_version(licence: Licence, number: int) -> str:
    """Return what a version of a licence came from, as ``case:<ref>``; empty where that is not known."""
    if number == 1:
        return licence.origin
    made = licence.events.filter(kind__in=VERSIONS, version=number).first()
    ref = case_in_ground(made.ground) if made is not None else ""
    return f"case:{ref}" if ref else ""


def origin_of(document: Document) -> str:
    """Return what a document came from, as ``case:<ref>``."""
    if isinstance(document, Decision):
        return document.origin
    return _origin_of_version(document.licence, document.version.number)


@HANDED_OVER.named("services.serve")
def serve_handed_over(told: HandedOver) -> None:
    """Hold served what its addressee, or somebody for it, picked up and signed for."""
    document = find_document(told.origin)
    if document is None or find_case(origin_of(document)) is None:
        return
    receipt = f"{told.receiver}（{told.number}）"
    _serve(told.by, document, means=ServingMeans.COUNTER, receipt=receipt)


def find_document(name: str) -> Document | None:
    """Return the decision or licence of a name such as ``decision:<ref>``, or None."""
    sort, _colon, ref = name.partition(":")
    if sort == "decision":
        return Decision.objects.select_related("organ", "subject").filter(ref=ref).first()
    if sort == "licence":
        own, _slash, number = ref.partition("/")
        rows = LicenceVersion.objects.select_related("licence__issuer", "licence__subject")
        rows = rows.filter(licence__ref=own)
        found = rows.filter(number=number) if number.isdecimal() else rows.order_by("-number")
        version = found.first()
        return LicencePaper(version.licence, version) if version is not None else None
    return None


@SERVED_LISTENERS.named("services.go_on")
def go_on_when_served(_actor: Actor, serving: Serving) -> None:
    """Do what a procedure says follows once a document is served: ``then`` of its effect.

    It counts from the instant at which the document is held served, and so do the limits that it starts.
    """
    document = find_document(serving.document)
    case = find_case(document.origin) if isinstance(document, Decision) else None
    if case is None or not isinstance(document, Decision):
        return
    for following in _following(case, document.template.key):
        locked = lock(case.pk)
        if locked.state in following.from_states:
            actor = organ_actor(locked.holder)
            move(actor, locked, following, dated=serving.served_at)
            return


def _following(case: Case, template: str) -> Iterator[CaseAction]:
    procedure = procedure_of(case.version)
    for action in procedure.actions:
        for effect in action.effects:
            then = str(effect.parameters.get("then", ""))
            if effect.do == ISSUE and effect.parameters.get("template") == template and then:
                yield procedure.action_by_key[then]
