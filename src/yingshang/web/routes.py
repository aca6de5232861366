"""Pages by declaration: address, name, access, face, title and place in the navigation.

A domain's ``portal.py`` and ``desk.py`` declare pages with :func:`page`; the faces assemble the
address table and the navigation from what was registered. What is not declared here has no address.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, Literal, ParamSpec

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.http import urlencode
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.web.access import Access

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

P = ParamSpec("P")
Face = Literal["portal", "desk", "system"]


class PageRequest(HttpRequest):
    """A request that passed the middleware: it knows its actor."""

    actor: Actor
    htmx: Any


View = Callable[Concatenate[PageRequest, P], HttpResponseBase]

OWN: Final = _("我的")
"""The group of the portal's navigation for what is one's own."""


@dataclass(frozen=True)
class Navigation:
    """A place in a face's navigation: entries stand in groups, in order."""

    label: "_StrOrPromise"
    group: "_StrOrPromise" = ""
    order: int = 100


@dataclass(frozen=True)
class Page:
    """One registered page; ``name`` is its address name with the face as namespace."""

    name: str
    route: str
    face: Face
    access: Access
    title: "_StrOrPromise"
    navigation: Navigation | None
    methods: tuple[str, ...]
    view: Callable[..., HttpResponseBase]
    parent: str | None = None

    @property
    def has_parameters(self) -> bool:
        """Tell whether the address names a thing (whose access the selector checks)."""
        return "<" in self.route


PAGES: Registry[Page] = Registry("page")

BEFORE_PASSWORD = frozenset({"password", "logout", "language", "theme", "accessibility"})
"""All that an account with a one-time password may open before it has chosen its own."""


def page(
    route: str,
    *,
    name: str,
    access: Access,
    title: "_StrOrPromise",
    face: Face | None = None,
    navigation: Navigation | None = None,
    methods: tuple[str, ...] = ("GET",),
    parent: str | None = None,
) -> Callable[[View[P]], View[P]]:
    """Register a view as a page.

    ``name`` is ``"desk:tasks"``: the face is its namespace. ``parent`` names the page above it for
    the breadcrumbs. Signed-out visitors of a page that needs an account go to the login page and
    come back; signed-in ones without the permission get a plain refusal.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: PageRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.page = declared  # type: ignore[attr-defined]
            if not access.allows(request.actor):
                if request.actor.is_anonymous:
                    return _to_login(request)
                raise NotPermitted(params={"page": name})
            if (
                getattr(getattr(request, "user", None), "must_change_password", False)
                and name not in BEFORE_PASSWORD
            ):
                return redirect("password")
            return view(request, *args, **kwargs)

        allowed = (*methods, "HEAD") if "GET" in methods else methods
        guard = require_http_methods(list(allowed))(guarded)
        guard.access = access  # type: ignore[attr-defined]
        prefix: Face = face or (
            "desk"
            if name.startswith("desk:")
            else "portal"
            if name.startswith("portal:")
            else "system"
        )
        declared = Page(name, route, prefix, access, title, navigation, methods, guard, parent)
        PAGES.add(name, declared)
        return view

    return decorate


def _to_login(request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else reverse("home")
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': target})}")


def autodiscover() -> None:
    """Import every installed package's ``portal``, ``desk`` and ``pages`` modules, which register pages."""
    for config in apps.get_app_configs():
        if not config.name.startswith("yingshang."):
            continue
        for module in ("pages", "portal", "desk"):
            if config.module and module_has_submodule(config.module, module):
                importlib.import_module(f"{config.name}.{module}")


def collect() -> list[URLPattern | URLResolver]:
    """Return the address table of all registered pages: the portal at the root, the desk below ``desk/``.

    Fixed addresses come before those that name a thing, so that ``accounts/new/`` is never an account.
    """
    autodiscover()
    faces: dict[str, list[URLPattern | URLResolver]] = {"portal": [], "desk": [], "system": []}
    for _name, declared in sorted(PAGES, key=lambda entry: (entry[1].has_parameters, entry[0])):
        name = declared.name.split(":")[-1]
        faces[declared.face].append(path(declared.route, declared.view, name=name))
    return [
        *faces["system"],
        path("desk/", include((faces["desk"], "desk"), namespace="desk")),
        path("", include((faces["portal"], "portal"), namespace="portal")),
    ]
