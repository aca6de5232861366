"""The desk's own pages; the style guide has a module of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.desk import components  # noqa: F401  (registers its page)
from yingshang.web.access import Officials
from yingshang.web.blocks import show_blocks
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "",
    name="desk:home",
    access=Officials(),
    title=_("工作台"),
    navigation=Navigation(_("工作台首页"), order=0),
)
def home(request: PageRequest) -> HttpResponse:
    """Show what waits for the official, block by block."""
    return render(request, "desk/home.html", {"blocks": show_blocks("desk:home", request)})
