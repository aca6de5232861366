"""Who sends a request: the bearer of an access token, or whoever is signed in with a browser."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from yingshang.api.errors import NotFromHere, PasswordMustChange, TokenInvalid
from yingshang.api.limits import limit
from yingshang.api.models import AccessToken
from yingshang.api.tokens import find_bearer
from yingshang.web.routes import PageRequest

SAFE = ("GET", "HEAD")


class _CsrfCheck(CsrfViewMiddleware):
    """Django's own check, which says why it refuses in place of a page."""

    def _reject(self, _request: HttpRequest, reason: str) -> Any:
        return reason


def authenticate(request: PageRequest) -> AccessToken | None:
    """Make ``request.actor`` who sends it, and return the token by which it acts, if any.

    A token counts alone: a session that comes along gives it nothing. Raises :class:`TokenInvalid`,
    :class:`NotFromHere` for a browser's write without its CSRF token, :class:`PasswordMustChange`,
    and ``TooManyRequests``.
    """
    given = request.headers.get("Authorization")
    token: AccessToken | None = None
    if given is not None:
        limit(_place(request), known=True)
        request.actor, token = find_bearer(_secret_in(given))
    elif not request.actor.is_anonymous:
        _demand_own_page(request)
        if getattr(request.user, "must_change_password", False):
            raise PasswordMustChange
    known = not request.actor.is_anonymous
    limit(request.actor.ref if known else _place(request), known=known)
    return token


def _secret_in(header: str) -> str:
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip().isascii():
        raise TokenInvalid
    return secret.strip()


def _place(request: HttpRequest) -> str:
    return f"address:{request.META.get('REMOTE_ADDR', '')}"


def _demand_own_page(request: HttpRequest) -> None:
    if request.method in SAFE:
        return
    check = _CsrfCheck(lambda _request: None)  # type: ignore[arg-type]
    check.process_request(request)
    if check.process_view(request, None, (), {}) is not None:  # type: ignore[arg-type]
        raise NotFromHere
