"""Officials on bundles: what each covers here, and what it spares applicants."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.bundles.burden import compare
from yingshang.domains.services.bundles.presenting import burden_rows, steps_offered
from yingshang.domains.services.bundles.reading import Matter, list_matters
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.permissions import READ_CATALOGUE
from yingshang.web.access import Needs
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "bundles/",
    name="desk:bundles",
    access=Needs(READ_CATALOGUE),
    title=_("高效办成一件事"),
    navigation=Navigation(_("高效办成一件事"), _("政务服务"), 280),
)
def bundles(request: PageRequest) -> HttpResponse:
    """List the bundles with their steps, their lead and the burden before and after."""
    context = {"matters": [_shown(one) for one in list_matters()]}
    return render(request, "services/desk/bundles.html", context)


def _shown(matter: Matter) -> dict[str, object]:
    steps = matter.chosen([one.item for one in matter.steps])
    return {
        "key": matter.bundle.key,
        "name": local(matter.bundle, "label"),
        "online": matter.is_online,
        "lead": matter.lead,
        "steps": steps_offered(matter),
        "burden": burden_rows(compare(matter, steps)) if steps else [],
        "missing": [one.item for one in matter.steps if one.item not in matter.services],
    }
