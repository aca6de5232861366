"""Refusals and faults as pages: what happened, and what to do next."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yingshang.kernel.errors import DomainError, ErrorKind

log = logging.getLogger(__name__)

STATUS = {
    ErrorKind.INVALID: 422,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.MISSING: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.UNAVAILABLE: 503,
}


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(
        request, "web/error.html", {"status": status, "title": title, "text": text}, status=status
    )


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page for a domain error."""
    titles = {
        ErrorKind.INVALID: _("填写的内容有误"),
        ErrorKind.FORBIDDEN: _("没有权限"),
        ErrorKind.MISSING: _("没有找到"),
        ErrorKind.CONFLICT: _("情况已经变化"),
        ErrorKind.UNAVAILABLE: _("暂时无法办理"),
    }
    return _page(request, STATUS[error.kind], titles[error.kind], str(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _page(request, 400, _("请求无法识别"), _("请返回上一页，刷新后重试。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _page(request, 403, _("没有权限"), _("您当前的身份不能查看这个页面。"))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _page(
        request, 404, _("没有找到"), _("地址可能有误，或内容已经移走。可以从首页重新进入。")
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(
        request, 500, _("系统出错了"), _("您填写的内容没有提交。我们已记录这次错误，请稍后再试。")
    )
