"""Signing in and out."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yingshang.web.errors import _page


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """Answer too many failed attempts."""
    return _page(request, 429, _("尝试次数过多"), _("请十五分钟后再试，或联系管理员重置密码。"))
