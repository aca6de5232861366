"""Officials on bundles: what each covers here, and what it spares applicants."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.bundles.burden import compare
from yingshang.domains.services.bundles.presenting import burden_rows, steps_offered
from yingshang.domains.services.bundles.reading import get_matter, list_matters
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.permissions import READ_CATALOGUE
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "bundles/",
    name="desk:bundles",
    access=Needs(READ_CATALOGUE),
    title=_("高效办成一件事"),
    navigation=Navigation(_("高效办成一件事"), _("政务服务"), 280),
)
def bundles(request: PageRequest) -> HttpResponse:
    """List the bundles with their lead, and what keeps one from being handled as one."""
    context = {"matters": [(one, local(one.bundle, "label")) for one in list_matters()]}
    return render(request, "services/desk/bundles.html", context)


@page(
    "bundles/<str:key>/",
    name="desk:bundle",
    access=Needs(READ_CATALOGUE),
    title=_("一件事指南"),
    parent="desk:bundles",
)
def bundle(request: PageRequest, key: str) -> HttpResponse:
    """Show the steps of a bundle, and its burden before and after."""
    matter = get_matter(key)
    steps = matter.chosen([one.item for one in matter.steps])
    context = {
        "matter": matter,
        "name": local(matter.bundle, "label"),
        "about": local(matter.bundle, "about"),
        "crumb_title": local(matter.bundle, "label"),
        "steps": steps_offered(matter),
        "burden": burden_rows(compare(matter, steps)) if steps else [],
    }
    return render(request, "services/desk/bundle.html", context)


example("desk:bundle", lambda: {"key": list_matters()[0].bundle.key}, visitor="approver")
