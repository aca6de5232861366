"""Outside bodies on the pages of cases, and cases on the pages of requests to outside bodies."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.cases.relations import readable
from yingshang.domains.services.asking.presenting import bodies_shown
from yingshang.outside.listeners import ABOUT, AboutInfo
from yingshang.parties.actors import Actor
from yingshang.web.routes import PageRequest


@case_panel("services.outside", title=_("外部单位"), order=15)
def outside(request: PageRequest, case: Case) -> str:
    """Show what was asked of outside bodies for a case, and how each stands."""
    bodies = bodies_shown(request.actor, case)
    if not bodies:
        return ""
    return render_to_string("services/desk/outside_panel.html", {"bodies": bodies}, request)


@ABOUT.named("case")
def case_asked_about(actor: Actor, ref: str) -> AboutInfo | None:
    """Return the case that a request is about, for whom that is open; nothing for anybody else."""
    case = Case.objects.filter(readable(actor), ref=ref).first()
    if case is None:
        return None
    return AboutInfo(case.title, reverse("desk:case", args=[case.ref]) if actor.is_official else "")
