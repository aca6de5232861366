"""The portal's own pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.web.access import Anyone
from yingshang.web.blocks import show_blocks
from yingshang.web.routes import Navigation, PageRequest, page


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
