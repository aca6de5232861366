"""Licences that the platform holds stand for materials; nobody uploads what was issued here."""

from django.db.models import Q

from yingshang.forms.book import material_named
from yingshang.forms.materials import HELD, Offered
from yingshang.kernel.times import today
from yingshang.licences.models import Licence, LicenceState
from yingshang.parties.models import Subject


@HELD.named("licences")
def held_licences(subject: Subject, material: str) -> list[Offered]:
    """Return the subject's licences in force of the kind that stands for a material."""
    kind = material_named(material).licence_kind
    if not kind:
        return []
    day = today()
    found = Licence.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        subject=subject,
        kind=kind,
        state=LicenceState.VALID,
        valid_from__lte=day,
    )
    return [
        Offered(
            ref=one.ref,
            label=f"{_label(one)} {one.number}",
            digest=one.record_digest,
            issuer=one.issuer.name,
            issued_on=one.issued_on,
            valid_to=one.valid_to,
        )
        for one in found.select_related("issuer").order_by("-pk")
    ]


def _label(licence: Licence) -> str:
    return str(licence.present.record["kind"]["label"])
