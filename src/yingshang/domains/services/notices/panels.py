"""The case page's part on notices: what was announced, and who objected."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.domains.services.notices.presenting import notices_handled
from yingshang.domains.services.notices.reading import notices_of
from yingshang.web.routes import PageRequest


@case_panel("services.notices", title=_("公示和异议"), order=25)
def notices(request: PageRequest, case: Case) -> str:
    """Show the notices of a case with their objections, to whoever handles it by name."""
    found = notices_handled(request.actor, notices_of(case))
    if not found:
        return ""
    return render_to_string("services/notices/panel.html", {"notices": found}, request)
