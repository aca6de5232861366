"""Search on the portal: what everybody, or the signed-in party, may find."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from yingshang.search.views import show_search
from yingshang.web.access import Anyone
from yingshang.web.routes import PageRequest, page


@page("search/", name="portal:search", access=Anyone(), title=_("搜索"), parent="portal:home")
def search(request: PageRequest) -> HttpResponse:
    """Search what is public."""
    return show_search(request, "portal")
