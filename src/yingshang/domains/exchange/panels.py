"""What the pages of disputes and reviews lead on to: the fact's history, the evaluation."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.exchange import disputes, reviews
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import Evaluation, FactClaim
from yingshang.facts.permissions import READ
from yingshang.facts.purposes import CORRECTION
from yingshang.web.routes import PageRequest


@case_panel("exchange.claim", title=_("相关数据"), procedures=(disputes.PROCEDURE,), order=30)
def claim(request: PageRequest, case: Case) -> str:
    """Lead to the disputed fact, read for the purpose of checking it."""
    found = FactClaim.objects.select_related("subject").filter(case=case.ref).first()
    if found is None or not request.actor.may(READ):
        return ""
    context = {
        "claim": found,
        "known": found.key in current_catalogue().types,
        "purpose": CORRECTION,
        "ground": case.ref,
    }
    return render_to_string("exchange/claim_panel.html", context, request)


@case_panel("exchange.review", title=_("核对记录"), procedures=(reviews.PROCEDURE,), order=30)
def review(request: PageRequest, case: Case) -> str:
    """Lead to the evaluation as it stands now: facts may have changed again since the review began."""
    if not request.actor.may(READ):
        return ""
    latest = Evaluation.objects.filter(decision=case.data.get("decision"), is_latest=True)
    found = latest.select_related("rule").order_by("-pk").first()
    if found is None:
        return ""
    context = {
        "evaluation": found,
        "said": reviews.result_text(found),
        "purpose": CORRECTION,
        "ground": case.ref,
    }
    return render_to_string("exchange/review_panel.html", context, request)
