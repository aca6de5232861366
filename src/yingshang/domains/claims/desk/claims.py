"""The items of one's organ, the claims under them, sending one back, demanding money back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.actions import send_back
from yingshang.domains.claims.desk.items import items_shown
from yingshang.domains.claims.effects import submission_of
from yingshang.domains.claims.explaining import title_of
from yingshang.domains.claims.forms import ClaimFilter, RecoveryForm, SendBackForm
from yingshang.domains.claims.permissions import ACCEPT, READ, RECOVER
from yingshang.domains.claims.presenting import line_of
from yingshang.domains.claims.recovering import demandable, propose_recovery
from yingshang.domains.claims.selectors import get_claim_for, list_claims_for
from yingshang.domains.services.public import answers_shown, materials_shown
from yingshang.forms.submitting import Marked
from yingshang.kernel.errors import DomainError
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.money import yuan
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("政策兑现")
REMARK = "remark:"


@page(
    "policy-claims/",
    name="desk:claims",
    access=Needs(READ),
    title=_("兑现办理"),
    navigation=Navigation(_("兑现办理"), GROUP, 25),
)
def claims(request: PageRequest) -> HttpResponse:
    """List the items of one's organ with what can be begun, and the claims that one may see."""
    form = ClaimFilter(request.GET)
    found = list_claims_for(request.actor)
    if form.is_valid():
        found = form.narrowed(found)
    listing = list_page(request, found, sorts={"opened": ("pk",)}, default="-opened")
    context = {
        "items": items_shown(request.actor),
        "form": form,
        "listing": listing,
        "lines": [line_of(one) for one in listing.rows],
    }
    return render(request, "claims/desk/claims.html", context)


@page(
    "policy-claims/<str:ref>/send-back/",
    name="desk:claim-send-back",
    access=Needs(ACCEPT),
    title=_("一次性告知补正"),
    methods=("GET", "POST"),
    parent="desk:claims",
)
def send_back_page(request: PageRequest, ref: str) -> HttpResponse:
    """Mark what is wrong field by field and send a claim back, once."""
    found = get_claim_for(request.actor, ref)
    submission = submission_of(found.case.data)
    form = SendBackForm(request.POST or None)
    marks = _marks(request)
    if request.method == "POST" and form.is_valid():
        told = "\n".join(f"{n}. {one.remark}" for n, one in enumerate(marks, start=1))
        try:
            send_back(request.actor, claim=ref, marks=marks, data={"correction": told})
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("已一次性告知申报企业补正。"))
            return redirect("desk:case", ref=found.case.ref)
    context = {
        "case": found.case,
        "form": form,
        "sections": answers_shown(submission),
        "materials": materials_shown(submission),
        "crumb_title": gettext("一次性告知补正"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "services/desk/send_back.html", context, status=status)


def _marks(request: PageRequest) -> tuple[Marked, ...]:
    given = [
        (name.removeprefix(REMARK)[:160], str(text).strip()[:500])
        for name, text in request.POST.items()
        if name.startswith(REMARK)
    ]
    return tuple(Marked(path=path, remark=text) for path, text in given if path and text)


@page(
    "policy-claims/<str:ref>/recover/",
    name="desk:claim-recover",
    access=Needs(RECOVER),
    title=_("追回资金"),
    methods=("GET", "POST"),
    parent="desk:claims",
)
def recover(request: PageRequest, ref: str) -> HttpResponse:
    """Begin to demand back what was paid on a claim."""
    found = get_claim_for(request.actor, ref)
    left = demandable(found)
    form = RecoveryForm(request.POST or None, claim=found)

    def act(values: dict[str, Any]) -> Any:
        return propose_recovery(request.actor, claim=ref, **values)

    return answer_form(
        request,
        form,
        act,
        done=gettext("已告知企业，可以在期限内陈述申辩。"),
        back=reverse("desk:case", args=[found.case.ref]),
        onward=lambda made: reverse("desk:case", args=[made.case.ref]),
        context={
            "title": gettext("追回资金"),
            "lead": gettext("%(item)s：最多可以追回 %(left)s")
            % {"item": title_of(found), "left": yuan(left)},
            "action_label": gettext("提出追回"),
        },
    )


def _submitted() -> dict[str, str]:
    found = list_claims_for(demo_actor("claims2")).filter(case__state="submitted")
    return {"ref": found[0].ref}


def _any() -> dict[str, str]:
    return {"ref": list_claims_for(demo_actor("claims"))[0].ref}


example("desk:claim-send-back", _submitted, visitor="claims2")
example("desk:claim-recover", _any, visitor="claims")
