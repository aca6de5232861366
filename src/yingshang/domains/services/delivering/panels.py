"""What the case page shows of what was issued: how each document is served, and who filed at the counter."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.counters.public import IdentityCheck
from yingshang.domains.services.applying.names import SERVICE
from yingshang.domains.services.bundles.names import BUNDLE
from yingshang.domains.services.delivering.choosing import delivery_of
from yingshang.domains.services.delivering.presenting import delivery_text, papers_shown
from yingshang.domains.services.models import Filing
from yingshang.licences.permissions import SERVE
from yingshang.web.routes import PageRequest


@case_panel("services.papers", title=_("证照、文书和送达"), order=40)
def papers(request: PageRequest, case: Case) -> str:
    """Show what was issued in the case: by which means it is served, on which day, with which receipt."""
    if not (SERVICE in case.data or BUNDLE in case.data):
        return ""
    found, wish = papers_shown(case), delivery_of(case)
    if not found and wish is None:
        return ""
    context = {
        "papers": found,
        "delivery": delivery_text(wish),
        "may_serve": request.actor.organ_id == case.holder_id and request.actor.may(SERVE),
    }
    return render_to_string("services/desk/papers_panel.html", context, request)


@case_panel("services.filing", title=_("窗口代填"), order=45)
def filing(request: PageRequest, case: Case) -> str:
    """Show who stood at the counter when the case was filed on behalf."""
    found = Filing.objects.filter(case__in=[case.pk, case.parent_id or 0]).first()
    if found is None or not request.actor.is_official:
        return ""
    context = {"filing": found, "identity": IdentityCheck(found.identity).label}
    return render_to_string("services/desk/filing_panel.html", context, request)
