"""What every request passes: headers, the actor, and refusals turned into plain pages."""

import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import DomainError, Invalid
from yingshang.parties.actors import ANONYMOUS, Assurance
from yingshang.parties.selectors import actor_for, list_mandates_of
from yingshang.web.errors import refusal, wrong_method
from yingshang.web.sessions import SEEN_EVERY_SECONDS, note_seen

GetResponse = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeadersMiddleware:
    """A strict content policy without inline script or style, and no feature that is not used."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to whatever comes back."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


class HeadMiddleware:
    """Answers HEAD with the headers of GET and nothing after them (RFC 9110, 9.3.2).

    The server sends on what it is given; a body would be read as the next answer on the connection.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on, and drop the body from the answer."""
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.content = b""
        return response


class ActorMiddleware:
    """Sets ``request.actor``; ends sessions that were idle too long or were ended elsewhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find out who acts, and pass on."""
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        user = request.user
        if user.is_authenticated:
            session = request.session
            moment = int(time.time())
            idle = moment - session.get("seen_at", moment) > settings.SESSION_IDLE_SECONDS
            if idle or session.get("epoch", 0) != user.session_epoch:
                logout(request)
            else:
                if moment - session.get("seen_at", 0) > SEEN_EVERY_SECONDS:
                    session["seen_at"] = moment
                    note_seen(session.session_key)
                mandates = list_mandates_of(user)
                request.mandates = mandates  # type: ignore[attr-defined]
                request.actor = actor_for(  # type: ignore[attr-defined]
                    user,
                    session.get("mandate"),
                    Assurance(session.get("assurance", Assurance.PASSWORD)),
                    mandates=mandates,
                )
        response = self.get_response(request)
        if not request.actor.is_anonymous:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class UnreadableText(Invalid):
    """Something that was sent holds the character NUL, which no text has and PostgreSQL does not store."""

    code = "unreadable_text"
    message = _("提交的内容含有无法识别的字符，请删去后重试。")


class ReadableTextMiddleware:
    """Refuses the character NUL in addresses, queries and forms, once for all pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the look is taken when the form has been read for its token anyway."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Refuse what no text field could hold."""
        if any("\x00" in text for text in _texts(request)):
            return refusal(request, UnreadableText())
        return None


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from values


class DomainErrorMiddleware:
    """Turns a refusal that no page caught into a page that says what to do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; a refused method gets a page too."""
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b""):
            return wrong_method(request, response.headers.get("Allow", ""))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a domain error; everything else stays an error of the program."""
        return refusal(request, exception) if isinstance(exception, DomainError) else None
