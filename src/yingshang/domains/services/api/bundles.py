"""Bundles (一件事): what they cover, beginning one, handing it in, and how its steps stand."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.domains.services.api.applying import LicenceIssued
from yingshang.domains.services.applying.selectors import papers_of
from yingshang.domains.services.bundles.actions import apply_for_bundle, start_bundle
from yingshang.domains.services.bundles.burden import Cost, compare
from yingshang.domains.services.bundles.declaring import BundleStep
from yingshang.domains.services.bundles.reading import (
    Matter,
    Standing,
    get_matter,
    get_matter_case_for,
    list_matter_cases_for,
    list_matters,
    standings_of,
)
from yingshang.domains.services.catalogue.presenting import local
from yingshang.forms.api import DraftRead, draft_of
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

BUNDLES = _("一件事")


class BundleLine(Answer):
    """A bundle; ``online`` tells that every step that is always part of it can be applied for here."""

    key: str
    label: str
    about: str
    lead: str | None
    online: bool
    missing: tuple[str, ...]


class Burden(Answer):
    """What a matter costs an applicant, in numbers of things, visits and days."""

    fields: int
    prefilled: int
    uploads: int
    materials: int
    visits: int
    days: int


class BundleRead(BundleLine):
    """A bundle with its steps, each after those that it waits for, and its burden before and after."""

    legal: str
    steps: tuple[BundleStep, ...]
    before: Burden
    after: Burden


class MatterLine(Answer):
    """A whole matter of one's enterprise in a list."""

    ref: str
    title: str
    state: str
    state_label: str
    organ: str
    opened_at: datetime
    closed_at: datetime | None


class MatterStepRead(Answer):
    """How one step of a matter stands; ``because`` are the items on which it waits or foundered."""

    item: str
    name: str
    state: str
    organ: str
    case: str | None
    due_on: date | None
    because: list[str]


class MatterRead(MatterLine):
    """How a whole matter stands: worked out from the cases of its steps alone."""

    steps: list[MatterStepRead]
    licences: list[LicenceIssued]


def _bundle(matter: Matter) -> dict[str, Any]:
    return {
        "key": matter.bundle.key,
        "label": local(matter.bundle, "label"),
        "about": local(matter.bundle, "about"),
        "lead": matter.lead.key if matter.lead else None,
        "online": matter.is_online,
        "missing": matter.missing,
    }


def _burden(cost: Cost) -> Burden:
    return Burden(
        fields=cost.filling.fields,
        prefilled=cost.filling.prefilled,
        uploads=cost.filling.uploads,
        materials=cost.filling.materials,
        visits=cost.visits,
        days=cost.days,
    )


def _matter(case: Case) -> dict[str, Any]:
    return {
        "ref": case.ref,
        "title": case.title,
        "state": case.state,
        "state_label": label(procedure_of(case.version).state_by_key[case.state]),
        "organ": case.holder.key,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
    }


def _step(one: Standing) -> MatterStepRead:
    return MatterStepRead(
        item=one.row.item,
        name=one.name,
        state=one.state,
        organ=one.service.organ.key,
        case=one.case.ref if one.case else None,
        due_on=one.case.due_on if one.case else None,
        because=[other.row.item for other in one.because],
    )


def matter_of(actor: Actor, case: Case) -> MatterRead:
    """Return a whole matter that the actor may see, as it stands now."""
    found = get_matter_case_for(actor, case.ref)
    return MatterRead(
        **_matter(found),
        steps=[_step(one) for one in standings_of(found)],
        licences=[
            LicenceIssued(ref=one.ref, kind=one.kind, number=one.number, state=str(one.state))
            for one in papers_of(found).licences
        ],
    )


def _draft(actor: Actor, draft: Any) -> DraftRead:
    return draft_of(actor, draft)


@read("bundles", name="bundles.list", access=Anyone(), tag=BUNDLES, summary=_("一件事清单"))
def bundles(_actor: Actor) -> list[BundleLine]:
    """List the bundles in force, in order."""
    return [BundleLine(**_bundle(one)) for one in list_matters()]


@read(
    "bundles/<str:bundle>",
    name="bundles.get",
    access=Anyone(),
    tag=BUNDLES,
    summary=_("一件事的步骤和负担"),
)
def one_bundle(_actor: Actor, bundle: str) -> BundleRead:
    """Show what a bundle covers and what it saves."""
    matter = get_matter(bundle)
    compared = compare(matter, matter.chosen([one.item for one in matter.steps]))
    return BundleRead(
        **_bundle(matter),
        legal=matter.bundle.legal,
        steps=matter.steps,
        before=_burden(compared.before),
        after=_burden(compared.after),
    )


@read("matters", name="matters.list", access=SignedIn(), tag=BUNDLES, summary=_("我的一件事"))
def matters(actor: Actor, query: Paged) -> Listed[MatterLine]:
    """List the whole matters of the actor's own enterprise, newest first."""
    found = list_matter_cases_for(actor)
    return listed(found, ("-pk",), query, lambda one: MatterLine(**_matter(one)))


@read(
    "matters/<str:case>",
    name="matters.get",
    access=SignedIn(),
    tag=BUNDLES,
    summary=_("一件事的进展"),
)
def one_matter(actor: Actor, case: str) -> MatterRead:
    """Show how the steps of a whole matter stand."""
    return matter_of(actor, get_matter_case_for(actor, case))


write(
    "POST",
    "bundles/<str:bundle>/drafts",
    start_bundle,
    tag=BUNDLES,
    summary=_("开始申请一件事"),
    show=_draft,
    status=201,
)
write(
    "POST",
    "drafts/<str:draft>/bundle",
    apply_for_bundle,
    tag=BUNDLES,
    summary=_("提交一件事"),
    show=matter_of,
    status=201,
)
