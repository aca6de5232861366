"""What rested on a licence that was revoked (连带复核): found at once, and put to the organ that granted it.

Nothing ends by itself: a licence that was granted on the revoked one may have another ground. Each is
reviewed as a case of its own; revoking it there finds what rested on it in turn.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.models import Case
from yingshang.cases.working import open_case
from yingshang.domains.services.applying.effects import lines_of
from yingshang.domains.services.applying.names import SERVICE, SUBMISSION, service_of_case
from yingshang.domains.services.catalogue.declaring import Remedies
from yingshang.domains.services.errors import LicenceUnfit
from yingshang.forms.models import Submission
from yingshang.kernel.times import today
from yingshang.licences.decisions import issue_decision
from yingshang.licences.listeners import LICENCE_LISTENERS
from yingshang.licences.models import Licence, LicenceEvent, LicenceEventKind, LicenceState
from yingshang.licences.moving import move
from yingshang.parties.actors import Actor
from yingshang.web.dates import day_text

PROCEDURE, LICENCE = "reliance-review", "licence"
TEMPLATE = "reliance-revocation"
_STANDS = (LicenceState.VALID, LicenceState.SUSPENDED)


@LICENCE_LISTENERS.named("services.cascading")
def review_what_rested(actor: Actor, licence: Licence, event: LicenceEvent) -> None:
    """Open a review of every licence that rested on one that was revoked, unless one is open."""
    if event.kind != LicenceEventKind.REVOKE:
        return
    for one in licences_resting_on(licence):
        origin = f"licence:{one.ref}"
        if Case.objects.filter(procedure=PROCEDURE, origin=origin, closed_at=None).exists():
            continue
        with override(settings.LANGUAGE_CODE):
            lost = gettext("%(licence)s，%(day)s 撤销：%(ground)s") % {
                "licence": _called(licence),
                "day": day_text(event.on),
                "ground": event.ground,
            }
        open_case(
            actor,
            procedure=PROCEDURE,
            title=f"{one.holder_name}：{_called(one)}",
            holder=one.issuer,
            subject=one.subject,
            origin=origin,
            data={LICENCE: one.ref, "reviewed": _called(one), "lost": lost},
        )


def licences_resting_on(licence: Licence) -> Iterator[Licence]:
    """Yield the licences in force that were granted where a licence stood for a material, or is a part.

    A part is the licence of a step of a whole matter, whose comprehensive licence names it.
    """
    origins = {f"case:{ref}" for ref in _cases_that_used(licence)} | set(_whole_of(licence))
    found = Licence.objects.filter(origin__in=origins, state__in=_STANDS).exclude(pk=licence.pk)
    yield from found.select_related("issuer", "subject").order_by("pk")


def _cases_that_used(licence: Licence) -> list[str]:
    names = [
        one.name
        for one in Submission.objects.filter(subject=licence.subject_id)
        if any(
            chosen["way"] == "held" and chosen["ref"] == licence.ref
            for chosen in one.body["materials"].values()
        )
    ]
    found = Case.objects.filter(subject=licence.subject_id)
    return [ref for ref, name in found.values_list("ref", "data__submission") if name in names]


def _whole_of(licence: Licence) -> Iterator[str]:
    sort, _, ref = licence.origin.partition(":")
    if sort == "case":
        parents = Case.objects.filter(ref=ref, parent__isnull=False)
        yield from (f"case:{parent}" for parent in parents.values_list("parent__ref", flat=True))


def _called(licence: Licence) -> str:
    return f"{licence.present.record['kind']['label']} {licence.number}"


@effect("services.revoke_reviewed")
def revoke_reviewed(moment: Moment) -> None:
    """Revoke the licence that a review is about, and issue the decision on it.

    Raises :class:`LicenceUnfit` where the organ did not issue it, and what the licence's own life allows.
    """
    case, data = moment.case, moment.case.data
    licence = Licence.objects.select_for_update().filter(ref=str(data[LICENCE])).first()
    if licence is None or licence.issuer_id != case.holder_id:
        raise LicenceUnfit
    move(moment.actor, licence, LicenceEventKind.REVOKE, on=today(), ground=moment.event.reason)
    remedies = _remedies_of(licence)
    fields = {
        "matter": str(data["reviewed"]),
        "case_no": case.ref,
        "lost": str(data["lost"]),
        "findings": str(data["findings"]),
        "reasons": lines_of(moment.event.reason),
        "review_organ": remedies.review_organ,
        "court": remedies.court,
    }
    issue_decision(
        moment.actor,
        organ=licence.issuer,
        template=TEMPLATE,
        fields={name: value for name, value in fields.items() if value},
        subject=licence.subject,
        addressee=licence.holder_name,
        origin=f"case:{case.ref}",
    )


def _remedies_of(licence: Licence) -> Remedies:
    """Return where to turn against the issuer's decisions: as the service, or a step's, says."""
    sort, _, ref = licence.origin.partition(":")
    if sort != "case":
        return Remedies()
    granted = Case.objects.filter(ref=ref).first()
    steps = granted.children.filter(holder=licence.issuer_id) if granted else Case.objects.none()
    for case in [*([granted] if granted else []), *steps]:
        if case.data.get(SERVICE) and case.data.get(SUBMISSION):
            return service_of_case(case).elements.remedies
    return Remedies()
