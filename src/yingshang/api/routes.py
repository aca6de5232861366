"""The address table of the interface, assembled from the operations that packages registered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from yingshang.api.answering import answer
from yingshang.api.schema import description
from yingshang.parties.actors import Actor
from yingshang.web.access import Access, Anyone
from yingshang.web.operations import OPERATIONS, Operation, autodiscover
from yingshang.web.problems import API_PREFIX


@dataclass(frozen=True)
class AccessOfAny(Access):
    """Who may do at least one of an address's operations; each asks its own access again."""

    operations: tuple[Operation, ...]

    def allows(self, actor: Actor) -> bool:
        """Allow whom any of them allows."""
        return any(one.access.allows(actor) for one in self.operations)

    @property
    def label(self) -> str:
        """Return the labels of all."""
        return " / ".join(sorted({one.access.label for one in self.operations}))


def collect() -> list[URLPattern]:
    """Return the addresses of all operations, fixed ones before those that name a thing."""
    autodiscover()
    by_route: dict[str, dict[str, Operation]] = {}
    for _name, operation in OPERATIONS:
        by_route.setdefault(operation.route, {})[operation.method] = operation
    root = API_PREFIX.removeprefix("/")
    found = [path(f"{root}openapi.json", _declared(openapi, Anyone()), name="openapi")]
    for route, operations in sorted(by_route.items(), key=lambda one: ("<" in one[0], one[0])):
        access = AccessOfAny(tuple(operations.values()))
        found.append(path(root + route, _declared(_view(operations), access)))
    return found


def _view(operations: Mapping[str, Operation]) -> Any:
    @csrf_exempt  # asked for where a browser's session is used: see senders
    def view(request: Any, **place: Any) -> HttpResponseBase:
        return answer(request, operations, place)

    return view


def _declared(view: Any, access: Access) -> Any:
    view.access = access
    return view


@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """Send the description in the reader's language."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False, "indent": 1})
