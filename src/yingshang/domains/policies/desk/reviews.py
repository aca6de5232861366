"""The gates before issue, on the desk: the form of a review, and the case's way to it."""

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.policies.drafts import PROCEDURE, get_draft_for
from yingshang.domains.policies.errors import NotUnderReview
from yingshang.domains.policies.forms import ReviewForm
from yingshang.domains.policies.models import Gate, Review, TextDraft
from yingshang.domains.policies.permissions import READ, REVIEW
from yingshang.domains.policies.reviewing import findings_for, items_of, review_text
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.showing import label
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "policy-drafts/<str:ref>/reviews/<str:gate>/",
    name="desk:policy-review",
    access=Needs(REVIEW),
    title=_("审查"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def review(request: PageRequest, ref: str, gate: str) -> HttpResponse:
    """Fill in the form of a gate; what the platform found stands beside it."""
    found = get_draft_for(request.actor, ref)
    if gate not in Gate.values:
        raise NotUnderReview
    which = Gate(gate)
    form = ReviewForm(request.POST or None, items=items_of(which), exceptions=_exceptions(which))

    def act(cleaned: dict[str, Any]) -> Review:
        links = [line.strip() for line in cleaned["links"].splitlines() if line.strip()]
        return review_text(
            request.actor,
            draft=ref,
            gate=which,
            answers=form.answers(),
            statement=cleaned["statement"],
            passed=cleaned["passed"] == "yes",
            exception=cleaned.get("exception", ""),
            evidence={"links": links} if links else None,
        )

    return answer_form(
        request,
        form,
        act,
        done=gettext("审查意见已记录"),
        back=reverse("desk:policy-draft", args=[found.ref]),
        context={
            "title": str(which.label),
            "draft": found,
            "findings": findings_for(found, which),
            "action_label": gettext("提交审查意见"),
            "crumb_title": str(which.label),
        },
        template="policies/desk/review.html",
    )


def _exceptions(gate: Gate) -> dict[str, str]:
    found = current_catalogue().codes.get("review_exceptions")
    if gate is not Gate.COMPETITION or found is None:
        return {}
    return {code.code: label(code) for code in found.codes}


@case_panel("policies.draft", title=_("政策草案"), procedures=(PROCEDURE,), order=20)
def draft_panel(request: PageRequest, case: Case) -> str:
    """Lead from the case to the draft, and to the review that is due."""
    found = TextDraft.objects.filter(case=case.ref).first()
    if found is None or not request.actor.may(READ):
        return ""
    due = (
        case.state in Gate.values
        and case.holder_id == request.actor.organ_id
        and request.actor.may(REVIEW)
    )
    context = {
        "draft": found,
        "gate": Gate(case.state) if due else None,
        "hearing": found.hearings.order_by("-pk").first(),
    }
    return render_to_string("policies/desk/draft_panel.html", context, request)


def _reviewed() -> dict[str, Any]:
    draft = TextDraft.objects.filter(case__in=Case.objects.filter(state="legality").values("ref"))
    return {"ref": draft.order_by("pk")[0].ref, "gate": "legality"}


example("desk:policy-review", _reviewed, visitor="justice")
