"""What of the plans can be found: plans and measures, on the desk, and on the portal once public."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.models import MeasureVersion, PlanDocument
from yingshang.domains.plans.permissions import READ
from yingshang.search.indexing import PUBLIC, Face, Indexed, index_many, remove, search_kind

PLAN = search_kind("plan", _("方案"))
MEASURE = search_kind("measure", _("举措"))


def index_plan(document: PlanDocument) -> None:
    """Put a plan's current version into the desk's index, and into the portal's if it is public."""
    _index(document, "desk", (READ,))
    if document.is_published:
        _index(document, "portal", (PUBLIC,))


def hide_plan(document: PlanDocument) -> None:
    """Take a plan out of the portal's index."""
    remove(PLAN, [document.ref], face="portal")
    remove(MEASURE, document.measures.values_list("ref", flat=True), face="portal")


def _index(document: PlanDocument, face: Face, audience: tuple[str, ...]) -> None:
    url = reverse(f"{face}:plan", args=[document.ref])
    about = " ".join(filter(None, (document.issuer, document.number, str(document.year or ""))))
    index_many([Indexed(PLAN, document.ref, document.title, about, url, face, audience)])
    dropped = document.measures.exclude(dropped_in=None)
    remove(MEASURE, dropped.values_list("ref", flat=True), face=face)
    assert document.current is not None
    wordings = document.current.measures.select_related("measure").prefetch_related("units")
    index_many([_measure(wording, face, audience) for wording in wordings])


def _measure(wording: MeasureVersion, face: Face, audience: tuple[str, ...]) -> Indexed:
    number = f"{wording.number}. " if wording.number else ""
    units = "、".join(unit.name for unit in wording.units.all())
    headings = " ".join(
        filter(None, (wording.chapter, wording.section, wording.action, wording.reform_item))
    )
    return Indexed(
        MEASURE,
        wording.measure.ref,
        f"{number}{wording.title or wording.text[:40]}",
        f"{wording.text} {units} {headings}",
        reverse(f"{face}:measure", args=[wording.measure.ref]),
        face,
        audience,
    )
