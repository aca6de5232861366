"""What the case page of a service shows: the application with its sources, the rules, what was issued."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import action_page, case_panel
from yingshang.domains.services.applying.actions import CORRECTION
from yingshang.domains.services.applying.names import (
    SERVICE,
    SUBMISSION,
    service_of_case,
    submission_of,
)
from yingshang.domains.services.applying.presenting import (
    answers_shown,
    materials_shown,
    signatures_shown,
)
from yingshang.domains.services.applying.ruling import ruled_on
from yingshang.domains.services.catalogue.presenting import line_of
from yingshang.facts.permissions import EVALUATE
from yingshang.forms.access import may_read
from yingshang.forms.selectors import marks_of
from yingshang.web.routes import PageRequest


@action_page(CORRECTION)
def send_back_page(case: Case) -> str:
    """Return where an application is sent back: field by field."""
    return reverse("desk:send-back", args=[case.ref]) if case.data.get(SERVICE) else ""


@case_panel("services.application", title=_("申请内容"), order=20)
def application(request: PageRequest, case: Case) -> str:
    """Show what was applied with: answers by section with their sources, and materials."""
    if not (case.data.get(SUBMISSION) and case.data.get(SERVICE)):
        return ""
    submission = submission_of(case.data)
    if not may_read(request.actor, submission):
        return ""
    context = {
        "case": case,
        "line": line_of(service_of_case(case)),
        "submission": submission,
        "sections": answers_shown(submission),
        "materials": materials_shown(submission),
        "signatures": signatures_shown(submission),
        "marks": marks_of(submission),
    }
    return render_to_string("services/desk/application_panel.html", context, request)


@case_panel("services.evaluations", title=_("规则核对"), order=30)
def evaluations(request: PageRequest, case: Case) -> str:
    """Show what the rules said of the application, condition by condition."""
    if not case.data.get(SUBMISSION) or not request.actor.is_official:
        return ""
    ruled = ruled_on(case)
    context = {"ruled": ruled, "case": case, "may_replay": request.actor.may(EVALUATE)}
    return (
        render_to_string("services/desk/evaluation_panel.html", context, request) if ruled else ""
    )
