"""What the case of an adjustment shows beside itself: what would change."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.services.catalogue.changing import changes_in
from yingshang.domains.services.catalogue.proposing import PROCEDURE
from yingshang.domains.services.models import ImplementationVersion
from yingshang.domains.services.permissions import READ_CATALOGUE
from yingshang.web.routes import PageRequest


@case_panel("services.proposal", title=_("拟作的调整"), procedures=(PROCEDURE,), order=10)
def proposal(request: PageRequest, case: Case) -> str:
    """Show each element that would change, before and after."""
    ref = str(case.data.get("proposal", "")).partition("@")[0]
    if not request.actor.may(READ_CATALOGUE):
        return ""
    found = ImplementationVersion.objects.select_related("implementation__organ", "item")
    version = found.filter(ref=ref).first()
    if version is None:
        return ""
    versions = list(found.filter(implementation=version.implementation))
    context = {"version": version, "changes": changes_in(version, versions)}
    return render_to_string("services/desk/proposal_panel.html", context, request)
