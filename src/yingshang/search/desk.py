"""Search on the desk: what the official's mandate allows to find."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from yingshang.search.views import show_search
from yingshang.web.access import Officials
from yingshang.web.routes import PageRequest, page


@page("search/", name="desk:search", access=Officials(), title=_("搜索"), parent="desk:home")
def search(request: PageRequest) -> HttpResponse:
    """Search the desk's own things."""
    return show_search(request, "desk")
