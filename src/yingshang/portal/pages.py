"""The portal's own pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.web.access import Anyone, Subjects
from yingshang.web.blocks import show_blocks, show_figures
from yingshang.web.routes import OWN, Navigation, PageRequest, page


@page(
    "",
    name="portal:home",
    access=Anyone(),
    title=_("首页"),
    navigation=Navigation(_("首页"), order=0),
)
def home(request: PageRequest) -> HttpResponse:
    """Show what the platform is, a search, and what the domains publish."""
    return render(request, "portal/home.html", {"blocks": show_blocks("portal:home", request)})


@page(
    "mine/",
    name="portal:mine",
    access=Subjects(),
    title=_("我的专页"),
    navigation=Navigation(_("我的专页"), OWN, 1),
)
def mine(request: PageRequest) -> HttpResponse:
    """Show on one page everything that concerns the enterprise; what must be done comes first."""
    context = {
        "figures": show_figures("portal:mine", request),
        "blocks": show_blocks("portal:mine", request),
    }
    return render(request, "portal/mine.html", context)
