"""The portal's own pages."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from yingshang.web.access import Anyone
from yingshang.web.routes import PageRequest, page


@page("", name="portal:home", access=Anyone(), title=_("首页"))
def home(request: PageRequest) -> HttpResponse:
    """The public front page."""
    return HttpResponse("营商")
