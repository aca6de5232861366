"""高效办成一件事: what a matter covers and spares, applying for all of it at once, following it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.presenting import row_of
from yingshang.domains.services.applying.beginning import answer_beginning
from yingshang.domains.services.applying.switching import find_mandate_to_act
from yingshang.domains.services.bundles.actions import apply_for_bundle, start_bundle
from yingshang.domains.services.bundles.burden import compare
from yingshang.domains.services.bundles.presenting import (
    burden_rows,
    matter_lines,
    steps_offered,
    steps_shown,
)
from yingshang.domains.services.bundles.reading import (
    bundle_of,
    get_matter,
    get_matter_case_for,
    list_matter_cases_for,
    list_matters,
)
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.delivering.choosing import delivery_of
from yingshang.domains.services.delivering.presenting import delivery_text, papers_shown
from yingshang.forms.models import Draft
from yingshang.forms.pages import fill
from yingshang.forms.selectors import get_draft_for, list_drafts_for
from yingshang.web.access import Anyone, SignedIn
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "one-matters/",
    name="portal:one-matters",
    access=Anyone(),
    title=_("高效办成一件事"),
    navigation=Navigation(_("高效办成一件事"), order=12),
)
def one_matters(request: PageRequest) -> HttpResponse:
    """List the matters that can be handled as one, and one's own that run."""
    context = {
        "matters": [(one, local(one.bundle, "label")) for one in list_matters() if one.is_online],
        "drafts": _drafts(request),
        "cases": [row_of(one) for one in list_matter_cases_for(request.actor)[:50]],
    }
    return render(request, "services/portal/one_matters.html", context)


def _drafts(request: PageRequest) -> list[Draft]:
    own = list_drafts_for(request.actor).filter(context__has_key="bundle")
    return list(own[:50]) if request.actor.person_id else []


@page(
    "one-matters/<str:key>/",
    name="portal:one-matter-guide",
    access=Anyone(),
    title=_("一件事指南"),
    parent="portal:one-matters",
)
def guide(request: PageRequest, key: str) -> HttpResponse:
    """Show what a matter covers, in which order, and what it spares."""
    matter = get_matter(key)
    steps = matter.chosen([one.item for one in matter.steps])
    context = {
        "matter": matter,
        "name": local(matter.bundle, "label"),
        "about": local(matter.bundle, "about"),
        "crumb_title": local(matter.bundle, "label"),
        "steps": steps_offered(matter),
        "burden": burden_rows(compare(matter, steps)) if steps else [],
    }
    return render(request, "services/portal/one_matter_guide.html", context)


@page(
    "one-matters/<str:key>/apply/",
    name="portal:apply-bundle",
    access=SignedIn(),
    title=_("一次申请"),
    methods=("GET", "POST"),
    parent="portal:one-matter-guide",
)
def begin(request: PageRequest, key: str) -> HttpResponse:
    """Choose the steps that one needs and begin the form, or go on with one begun before."""
    matter = get_matter(key)
    optional = tuple(request.POST.getlist("step"))[:50]
    return answer_beginning(
        request,
        "services/portal/begin_bundle.html",
        lambda wish: start_bundle(request.actor, bundle=key, optional=optional, wish=wish),
        onward="portal:fill-bundle",
        context={
            "matter": matter,
            "name": local(matter.bundle, "label"),
            "steps": steps_offered(matter),
            "founding": matter.founds,
            "crumb_title": gettext("一次申请"),
        },
        bundle=key,
    )


@page(
    "one-matters/fill/<str:draft>/",
    name="portal:fill-bundle",
    access=SignedIn(),
    title=_("填写申请"),
    methods=("GET", "POST"),
    parent="portal:one-matters",
)
def fill_bundle(request: PageRequest, draft: str) -> HttpResponse:
    """Fill the one form of a matter and hand it in."""
    filled = get_draft_for(request.actor, draft)
    name = local(get_matter(str(filled.context.get("bundle", ""))).bundle, "label")
    return fill(request, filled, after=_hand_in, leave=reverse("portal:one-matters"), title=name)


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    case = apply_for_bundle(request.actor, draft=draft.ref)
    messages.success(request, gettext("已提交，各事项的办理进展会显示在本页。"))
    return redirect("portal:one-matter", ref=case.ref)


@page(
    "one-matters/cases/<str:ref>/",
    name="portal:one-matter",
    access=SignedIn(),
    title=_("一件事办理进展"),
    parent="portal:one-matters",
)
def one_matter(request: PageRequest, ref: str) -> HttpResponse:
    """Follow a matter: every step with its state and light, and what was issued for the whole."""
    case = get_matter_case_for(request.actor, ref)
    name = local(bundle_of(case), "label")
    context = {
        "case": case,
        "row": row_of(case),
        "name": name,
        "crumb_title": name,
        "steps": steps_shown(request.actor, case),
        "ended": matter_lines(case),
        "papers": papers_shown(case),
        "delivery": delivery_text(delivery_of(case)),
        "mandate_to_act": find_mandate_to_act(request, case),
    }
    return render(request, "services/portal/one_matter.html", context)


def _some_bundle() -> dict[str, Any]:
    return {"key": list_matters()[0].bundle.key}


example("portal:one-matter-guide", _some_bundle)
example("portal:apply-bundle", _some_bundle, visitor="handler")
