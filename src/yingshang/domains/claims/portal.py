"""政策兑现 on the portal: one's claims, confirming an offer, the account after a return, objecting."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.acting_pages import answer_action
from yingshang.cases.labels import label
from yingshang.cases.presenting import clock_rows
from yingshang.cases.selectors import available_actions
from yingshang.domains.claims.actions import (
    confirm_offer,
    correct_account,
    may_object,
    object_decision,
    own_claim,
)
from yingshang.domains.claims.effects import submission_of
from yingshang.domains.claims.explaining import title_of
from yingshang.domains.claims.forms import AccountForm, ObjectionToDecisionForm
from yingshang.domains.claims.items.book import get_item
from yingshang.domains.claims.joint.actions import (
    ITEMS,
    hand_in_correction,
    hand_in_filing,
    start_filing,
)
from yingshang.domains.claims.joint.guiding import guide, list_claimable
from yingshang.domains.claims.lists import portal as lists_portal
from yingshang.domains.claims.models import Claim, ClaimDemand
from yingshang.domains.claims.payees import last_account
from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import (
    conflicts_shown,
    demands_shown,
    ground_of,
    line_of,
    local,
    payment_lines,
    score_shown,
    steps_of,
)
from yingshang.domains.claims.reviews import portal as reviews_portal
from yingshang.domains.claims.selectors import (
    demands_for,
    get_claim_for,
    list_claims_for,
    servings_of,
)
from yingshang.domains.services.public import notices_handled, notices_of
from yingshang.forms.models import Draft
from yingshang.forms.pages import fill
from yingshang.forms.selectors import get_draft_for, list_drafts_for
from yingshang.forms.submitting import start_correction
from yingshang.kernel.errors import DomainError
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Subject
from yingshang.web.access import SubjectNeeds
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page

OWN_PAGES = ("confirm", "correct_account", "hand_in_correction")
"""Actions that have a page of their own."""
CONFIRMED = _("已确认，公示期满后拨付到您的账户。")


@page(
    "policy-claims/",
    name="portal:claims",
    access=SubjectNeeds(CLAIM),
    title=_("我的政策兑现"),
    navigation=Navigation(_("我的政策兑现"), OWN, 17),
)
def claims(request: PageRequest) -> HttpResponse:
    """List the claims of one's enterprise, newest first; what waits for it stands above."""
    listing = list_page(
        request, list_claims_for(request.actor), sorts={"opened": ("pk",)}, default="-opened"
    )
    lines = [line_of(one) for one in listing.rows]
    context = {"listing": listing, "lines": lines, "waiting": [one for one in lines if one.waits]}
    return render(request, "claims/portal/claims.html", context)


@page(
    "policy-claims/apply/",
    name="portal:claim-items",
    access=SubjectNeeds(CLAIM),
    title=_("一表申报"),
    methods=("GET", "POST"),
    parent="portal:claims",
)
def choose_items(request: PageRequest) -> HttpResponse:
    """Tick the items that one wants to claim: why one qualifies, what is missing, what excludes what."""
    subject = Subject.objects.get(pk=request.actor.subject_id or 0)
    if request.method == "POST":
        chosen = tuple(request.POST.getlist("item"))[:50]
        try:
            draft = start_filing(request.actor, items=chosen)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            return redirect("portal:fill-claims", draft=draft.ref)
    own = list_drafts_for(request.actor).filter(context__has_key=ITEMS)
    ranks = {"yes": 0, "unknown": 1, "no": 2}
    found = sorted(
        guide(subject, list_claimable()), key=lambda one: (ranks.get(one.result, 2), one.name)
    )
    rest = [one for one in found if one.is_done or one.result == "no"]
    ticked = set(request.GET.getlist("item")) | set(request.POST.getlist("item"))
    context = {
        "found": [one for one in found if one not in rest],
        "rest": rest,
        "rest_ticked": any(one.item.key in ticked for one in rest),
        "drafts": list(own[:20]),
        "ticked": ticked,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "claims/portal/items.html", context, status=status)


@page(
    "policy-claims/<str:ref>/",
    name="portal:claim",
    access=SubjectNeeds(CLAIM),
    title=_("政策兑现"),
    parent="portal:claims",
)
def claim(request: PageRequest, ref: str) -> HttpResponse:
    """Show one claim: what it rests on, how far it is, what was paid, what is to be done."""
    found = get_claim_for(request.actor, ref)
    possible = available_actions(request.actor, found.case)
    keys = {one.key for one in possible}
    context = {
        "claim": found,
        "line": line_of(found),
        "crumb_title": line_of(found).name,
        "ground": ground_of(found),
        "steps": steps_of(request.actor, found.case),
        "clocks": [one for one in clock_rows(found.case) if one.reading.status != "ended"],
        "payments": payment_lines(found),
        "papers": servings_of(found),
        "demands": demands_shown(demands_for(request.actor, found)),
        "conflicts": conflicts_shown(request.actor, found) if found.is_live else [],
        "score": score_shown(found),
        "notices": notices_handled(request.actor, notices_of(found.case)),
        "actions": [(one, label(one)) for one in possible if one.key not in OWN_PAGES],
        "confirms": "confirm" in keys,
        "account": last_account(found.subject_id),
        "corrects_account": "correct_account" in keys,
        "corrects": "hand_in_correction" in keys,
        "may_object": may_object(found),
    }
    return render(request, "claims/portal/claim.html", context)


@page(
    "policy-claims/<str:ref>/confirm/",
    name="portal:confirm-claim",
    access=SubjectNeeds(CLAIM),
    title=_("确认领取"),
    methods=("GET", "POST"),
    parent="portal:claim",
)
def confirm(request: PageRequest, ref: str) -> HttpResponse:
    """Confirm an offer: with the account confirmed last by one button, or with another."""
    found = own_claim(request.actor, ref)
    last = last_account(found.subject_id)
    if request.method == "POST" and "last" in request.POST and last is not None:
        confirm_offer(request.actor, claim=ref)
        messages.success(request, str(CONFIRMED))
        return redirect("portal:claim", ref=ref)
    return answer_form(
        request,
        AccountForm(request.POST or None),
        lambda given: confirm_offer(request.actor, claim=ref, **given),
        done=CONFIRMED,
        back=reverse("portal:claim", args=[ref]),
        context=_asked(found, gettext("确认领取"), gettext("确认领取")),
    )


def _asked(found: Claim, title: str, action: str) -> dict[str, str]:
    return {"title": title, "lead": title_of(found), "action_label": action, "crumb_title": title}


@page(
    "policy-claims/<str:ref>/account/",
    name="portal:claim-account",
    access=SubjectNeeds(CLAIM),
    title=_("更正收款账户"),
    methods=("GET", "POST"),
    parent="portal:claim",
)
def account(request: PageRequest, ref: str) -> HttpResponse:
    """Name another account after a payment came back."""
    found = own_claim(request.actor, ref)
    last = last_account(found.subject_id)
    initial = {"bank": last.bank} if last else {}
    title = gettext("更正收款账户")
    return answer_form(
        request,
        AccountForm(request.POST or None, initial=initial),
        lambda given: correct_account(request.actor, claim=ref, **given),
        done=gettext("账户已更正，正在重新拨付。"),
        back=reverse("portal:claim", args=[ref]),
        context=_asked(found, title, title),
    )


@page(
    "policy-claims/<str:ref>/object/",
    name="portal:object-to-claim",
    access=SubjectNeeds(CLAIM),
    title=_("对决定提出异议"),
    methods=("GET", "POST"),
    parent="portal:claim",
)
def objecting(request: PageRequest, ref: str) -> HttpResponse:
    """Object to the decision on a claim."""
    found = own_claim(request.actor, ref)
    return answer_form(
        request,
        ObjectionToDecisionForm(request.POST or None),
        lambda given: object_decision(request.actor, claim=ref, why=given["why"]),
        done=gettext("已收到异议，复核结果会发消息告知。"),
        back=reverse("portal:claim", args=[ref]),
        context=_asked(found, gettext("对决定提出异议"), gettext("提交异议")),
    )


@page(
    "policy-claims/<str:ref>/do/<str:action>/",
    name="portal:claim-act",
    access=SubjectNeeds(CLAIM),
    title=_("办理"),
    methods=("GET", "POST"),
    parent="portal:claim",
)
def claim_act(request: PageRequest, ref: str, action: str) -> HttpResponse:
    """Do what an enterprise may do on its own claim, such as declining or withdrawing it."""
    found = own_claim(request.actor, ref)
    back = reverse("portal:claim", args=[ref])
    return answer_action(request, found.case, action, back=back, late=False)


@page(
    "policy-claims/<str:ref>/demands/<str:case>/",
    name="portal:claim-statement",
    access=SubjectNeeds(CLAIM),
    title=_("陈述申辩"),
    methods=("GET", "POST"),
    parent="portal:claim",
)
def statement(request: PageRequest, ref: str, case: str) -> HttpResponse:
    """State one's side before money is demanded back."""
    found = own_claim(request.actor, ref)
    back = reverse("portal:claim", args=[ref])
    demand = next((one for one in demands_for(request.actor, found) if one.case.ref == case), None)
    if demand is None:
        return redirect(back)
    return answer_action(request, demand.case, "state", back=back, late=False)


@page(
    "policy-claims/fill/<str:draft>/",
    name="portal:fill-claims",
    access=SubjectNeeds(CLAIM),
    title=_("填写申报"),
    methods=("GET", "POST"),
    parent="portal:claim-items",
)
def fill_claims(request: PageRequest, draft: str) -> HttpResponse:
    """Fill the one form, or correct one claim's part, and hand it in."""
    filled = get_draft_for(request.actor, draft)
    keys = filled.context.get(ITEMS) or [filled.context.get("claim_item", "")]
    names = [local(get_item(str(key)).declared, "label") for key in keys if key]
    title = "、".join(names)
    return fill(request, filled, after=_hand_in, leave=reverse("portal:claims"), title=title)


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    if draft.corrects_id is not None:
        corrected = hand_in_correction(request.actor, draft=draft.ref)
        messages.success(request, gettext("补正已提交。"))
        return redirect("portal:claim", ref=corrected.ref)
    hand_in_filing(request.actor, draft=draft.ref)
    messages.success(request, gettext("已提交，每个事项由各自的单位办理，进展会显示在这里。"))
    return redirect("portal:claims")


@page(
    "policy-claims/<str:ref>/correct/",
    name="portal:correct-claim",
    access=SubjectNeeds(CLAIM),
    title=_("补正材料"),
    methods=("POST",),
    parent="portal:claim",
)
def correct(request: PageRequest, ref: str) -> HttpResponse:
    """Begin to correct what was marked in one claim."""
    found = own_claim(request.actor, ref)
    submission = submission_of(found.case.data)
    draft = start_correction(request.actor, submission=submission.name)
    return redirect("portal:fill-claims", draft=draft.ref)


def _of_handler(**wanted: str) -> dict[str, str]:
    found = list_claims_for(demo_actor("handler")).filter(**wanted)
    return {"ref": found[0].ref}


example("portal:claim", _of_handler, visitor="handler")
example("portal:confirm-claim", _of_handler, visitor="handler")
example("portal:claim-account", _of_handler, visitor="handler")
example("portal:object-to-claim", _of_handler, visitor="handler")


def _withdrawable() -> dict[str, str]:
    return {**_of_handler(case__state="submitted"), "action": "withdraw"}


def _open_draft() -> dict[str, str]:
    own = list_drafts_for(demo_actor("handler")).filter(context__has_key=ITEMS)
    return {"draft": own[0].ref}


def _demanded() -> dict[str, str]:
    demand = ClaimDemand.objects.select_related("claim", "case").order_by("pk")[0]
    return {"ref": demand.claim.ref, "case": demand.case.ref}


example("portal:claim-statement", _demanded, visitor="handler")
example("portal:claim-act", _withdrawable, visitor="handler")
example("portal:fill-claims", _open_draft, visitor="handler")

__all__ = ["lists_portal", "reviews_portal"]
