"""What the case page of a claim shows officials: on what it rests, what excludes it, what was paid."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.cases.relations import readable
from yingshang.domains.claims.effects import submission_of
from yingshang.domains.claims.models import Claim, ClaimDemand, ClaimList
from yingshang.domains.claims.permissions import RECOVER
from yingshang.domains.claims.presenting import (
    conflicts_shown,
    demands_shown,
    ground_of,
    line_of,
    payment_lines,
    score_shown,
)
from yingshang.domains.claims.selectors import decisions_on, demands_for, get_claim_for
from yingshang.domains.services.public import answers_shown, materials_shown
from yingshang.forms.access import may_read
from yingshang.kernel.errors import Missing
from yingshang.outside.listeners import ABOUT, AboutInfo
from yingshang.parties.actors import Actor
from yingshang.web.routes import PageRequest

CLAIMS = ("claim", "claim-automatic", "claim-scored")


def _claim(request: PageRequest, case: Case) -> Claim | None:
    found = Claim.objects.filter(case=case.pk).values_list("ref", flat=True).first()
    try:
        return get_claim_for(request.actor, found) if found else None
    except Missing:
        return None


@case_panel("claims.claim", title=_("兑现"), procedures=CLAIMS, order=15)
def claim_panel(request: PageRequest, case: Case) -> str:
    """Show amounts, payments and what is demanded back."""
    claim = _claim(request, case)
    if claim is None:
        return ""
    may_recover = request.actor.may(RECOVER) and request.actor.organ_id == claim.organ_id
    sends_back = case.state == "submitted" and bool(case.data.get("submission"))
    context = {
        "claim": claim,
        "line": line_of(claim),
        "payments": payment_lines(claim),
        "demands": demands_shown(demands_for(request.actor, claim)),
        "papers": decisions_on(claim),
        "may_recover": may_recover and claim.paid_fen > 0,
        "sends_back": sends_back and request.actor.organ_id == claim.organ_id,
        "listed": claim.listed,
    }
    return render_to_string("claims/desk/claim_panel.html", context, request)


@case_panel("claims.duplicates", title=_("重复享受"), procedures=CLAIMS, order=16)
def duplicates(request: PageRequest, case: Case) -> str:
    """Show which other claims exclude this one."""
    claim = _claim(request, case)
    found = conflicts_shown(request.actor, claim) if claim is not None and claim.is_live else []
    if not found:
        return ""
    return render_to_string("claims/desk/duplicates_panel.html", {"conflicts": found}, request)


@case_panel("claims.ground", title=_("规则核对"), procedures=CLAIMS, order=18)
def ground(request: PageRequest, case: Case) -> str:
    """Show what the rule said, part by part, beside the decision."""
    claim = _claim(request, case)
    if claim is None:
        return ""
    return render_to_string("claims/desk/ground_panel.html", {"ground": ground_of(claim)}, request)


@case_panel("claims.application", title=_("申报内容"), procedures=CLAIMS, order=20)
def application(request: PageRequest, case: Case) -> str:
    """Show what was handed in for this item, with its sources."""
    if not case.data.get("submission"):
        return ""
    submission = submission_of(case.data)
    if not may_read(request.actor, submission):
        return ""
    context = {
        "submission": submission,
        "sections": answers_shown(submission),
        "materials": materials_shown(submission),
    }
    return render_to_string("claims/desk/application_panel.html", context, request)


@case_panel("claims.score", title=_("评审结果"), procedures=("claim-scored",), order=22)
def score(request: PageRequest, case: Case) -> str:
    """Show how a claim was scored."""
    claim = _claim(request, case)
    found = score_shown(claim) if claim is not None else None
    return render_to_string("claims/score.html", {"score": found}, request) if found else ""


@case_panel("claims.list", title=_("名单"), procedures=("claim-batch", "claim-round"), order=15)
def list_link(request: PageRequest, case: Case) -> str:
    """Lead from the case of a list to its page."""
    found = ClaimList.objects.filter(case=case.pk).first()
    if found is None or not request.actor.is_official:
        return ""
    return render_to_string("claims/desk/list_panel.html", {"listed": found}, request)


@case_panel("claims.demanded", title=_("所追回的兑现"), procedures=("claim-clawback",), order=15)
def demanded(request: PageRequest, case: Case) -> str:
    """Lead from a demand to the claim, with what came back so far."""
    found = ClaimDemand.objects.filter(case=case.pk).select_related("claim__case").first()
    if found is None:
        return ""
    official = request.actor.is_official
    href = reverse("desk:case", args=[found.claim.case.ref]) if official else ""
    return render_to_string(
        "claims/desk/demand_panel.html", {"demand": found, "href": href}, request
    )


@ABOUT.named("claim")
def claim_paid(actor: Actor, ref: str) -> AboutInfo | None:
    """Return the case of the claim that a payment is for, with its page for those who may open it."""
    claim = Claim.objects.filter(ref=ref).select_related("case").first()
    if claim is None:
        return None
    may_open = Case.objects.filter(readable(actor), pk=claim.case_id).exists()
    href = reverse("desk:case", args=[claim.case.ref]) if may_open and actor.is_official else ""
    return AboutInfo(claim.case.title, href)
