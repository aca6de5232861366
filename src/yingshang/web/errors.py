"""Refusals and faults as pages: what happened, and what to do next.

Each sort of refusal has one status code here (RFC 9110) and one title. An htmx request gets the
sentence alone, which takes the place of the page's notices.
"""

import logging
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from yingshang.kernel.errors import DomainError, ErrorKind
from yingshang.kernel.refs import new_ref
from yingshang.web.dates import day_text
from yingshang.web.problems import problem, speaks_json

log = logging.getLogger(__name__)

STATUS = {
    ErrorKind.INVALID: 422,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.MISSING: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.UNAVAILABLE: 503,
}


_CODES = {
    400: "bad_request",
    403: "forbidden",
    404: "no_such_address",
    405: "method_not_allowed",
    429: "too_many_requests",
}
"""What programs are told where no condition of a domain says more."""


def error_page(
    request: HttpRequest,
    status: int,
    title: str,
    text: str,
    *,
    steps: Sequence[str] = (),
    code: str = "",
) -> HttpResponse:
    """Return the page for a refusal, its sentence alone to htmx, a problem to a program."""
    if speaks_json(request):
        return problem(status, code=code or _CODES.get(status, "refused"), title=title, detail=text)
    if getattr(request, "htmx", False):
        return _fragment(request, status, title, text)
    context = {
        "status": status,
        "title": title,
        "text": text,
        "steps": steps,
        "code": code,
        "back": _back(request),
    }
    return render(request, "web/error.html", context, status=status)


def sentence(error: DomainError) -> str:
    """Return the error's sentence in the reader's language, also where the kernel gave plain text.

    Days among its parameters are written as people write them. An error that words itself (a rule's
    fault points at its place) is left as it is.
    """
    if type(error).__str__ is not DomainError.__str__:
        return str(error)
    text = gettext(error.message) if type(error.message) is str and error.message else error.message
    said = str(text) or error.code
    params = {k: day_text(v) if isinstance(v, date) else v for k, v in error.params.items()}
    return said % params if params else said


def _fragment(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"title": title, "text": text}
    response = render(request, "web/shell/refusal.html", context, status=status)
    response["HX-Retarget"] = "#notices"
    response["HX-Reswap"] = "innerHTML show:#notices:top"
    return response


def _back(request: HttpRequest) -> str:
    referrer = request.headers.get("Referer", "")
    try:
        here, host = request.build_absolute_uri(), request.get_host()
    except DisallowedHost:
        return ""
    safe = url_has_allowed_host_and_scheme(referrer, {host}, request.is_secure())
    return referrer if safe and referrer != here else ""


def title_of(kind: ErrorKind) -> str:
    """Return what a sort of refusal is called."""
    return {
        ErrorKind.INVALID: _("填写的内容有误"),
        ErrorKind.FORBIDDEN: _("没有权限"),
        ErrorKind.MISSING: _("没有找到"),
        ErrorKind.CONFLICT: _("情况已经变化"),
        ErrorKind.UNAVAILABLE: _("暂时无法办理"),
    }[kind]


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page for a domain error."""
    steps = {
        ErrorKind.INVALID: [_("返回上一页更正后重新提交，已填写的内容不会丢失。")],
        ErrorKind.FORBIDDEN: [
            _("如果您有其他身份，请在右上角切换后再试。"),
            _("如果工作需要，请联系本单位管理员授权。"),
        ],
        ErrorKind.MISSING: [_("请核对地址，或从首页重新进入。")],
        ErrorKind.CONFLICT: [_("请返回并刷新页面，查看最新情况后再决定。")],
        ErrorKind.UNAVAILABLE: [_("您的内容没有提交，请稍后再试。")],
    }
    return error_page(
        request,
        STATUS[error.kind],
        title_of(error.kind),
        sentence(error),
        steps=steps[error.kind],
        code=error.code,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return error_page(request, 400, _("请求无法识别"), _("请返回上一页，刷新后重试。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return error_page(request, 403, _("没有权限"), _("您当前的身份不能查看这个页面。"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is stale or foreign."""
    log.warning("form refused: %s", reason)
    text = _("页面停留过久，或浏览器没有保存登录信息，提交没有生效。")
    steps = [_("返回上一页，刷新后重新提交。"), _("请确认浏览器允许本站保存 Cookie。")]
    return error_page(request, 403, _("页面已过期"), text, steps=steps)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return error_page(
        request, 404, _("没有找到"), _("地址可能有误，或内容已经移走。可以从首页重新进入。")
    )


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405: the address exists but takes another kind of request."""
    text = _("这个地址不能直接打开，请从页面上的按钮进入。")
    response = error_page(request, 405, _("请求方式不对"), text)
    response["Allow"] = allowed
    return response


def too_many(request: HttpRequest, text: str, *, retry_seconds: int) -> HttpResponse:
    """Answer 429 with the time after which trying again makes sense."""
    response = error_page(request, 429, _("尝试次数过多"), text)
    response["Retry-After"] = str(retry_seconds)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the database or the shell, either of which may be what failed."""
    ref = new_ref(8)
    log.error("fault %s at %s", ref, request.path)
    if speaks_json(request):
        title = _("系统出错")
        return problem(500, code="fault", title=title, detail=ref, more={"ref": ref})
    return HttpResponse(render_to_string("web/fault.html", {"ref": ref}), status=500)
