"""Operations of the programming interface by declaration, as pages are declared.

A package's ``api.py`` says which selectors programs may read through and which named actions they may
do, at which address; the face in :mod:`yingshang.api` authenticates, checks and answers. Nothing is
decided here: a read calls a selector with the actor, a write calls a named action, and what a write
takes is read from the action's own signature, so that the two cannot drift apart::

    @read("cases/<str:ref>", name="cases.get", access=Needs(READ), summary=_("…"), tag=CASES)
    def one(actor: Actor, ref: str) -> CaseDetail: ...

    write("POST", "cases/<str:case>/actions/<str:action>", act, show=detail_of, summary=_("…"), …)
"""

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    Literal,
    TypeVar,
    get_type_hints,
)

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.module_loading import module_has_submodule
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, create_model
from pydantic.fields import FieldInfo

from yingshang.kernel.registry import Registry
from yingshang.parties.acting import ACTIONS, ANYONE_SIGNED_IN, ActionSpec
from yingshang.parties.actors import Actor
from yingshang.web.access import Access, Needs, SignedIn
from yingshang.web.paging import keyset_page

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

T = TypeVar("T")
M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

LARGEST_PAGE, USUAL_PAGE = 100, 50
LONGEST_TEXT = 4000
MOST_ITEMS = 200
LARGEST_NUMBER = 2**31 - 1
"""What every integer column of either database holds."""


class Answer(BaseModel):
    """What an operation answers; ``versioned_by`` names its number of versions, shown as ``ETag``."""

    model_config = ConfigDict(frozen=True)
    versioned_by: ClassVar[str] = ""


class Sent(BaseModel):
    """What a program sends: unknown names are refused, so that a slip is found."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paged(Sent):
    """The query of a list: where the page begins, and how long it is at most."""

    cursor: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE


class Listed(Answer, Generic[T]):
    """One page of a list; ``next`` and ``previous`` are cursors, null at the ends. Nothing is counted."""

    items: list[T]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Download:
    """A file as it is sent."""

    content: bytes
    name: str


def listed(
    rows: "QuerySet[M]", order: Sequence[str], query: Paged, show: Callable[[M], T]
) -> Listed[T]:
    """Return the page that ``query`` asks for; a row is shown once, whatever is added meanwhile.

    Raises :class:`~yingshang.web.paging.UnreadableCursor`.
    """
    page = keyset_page(rows, order, query.cursor or None, query.limit)
    return Listed(items=[show(row) for row in page.rows], next=page.after, previous=page.before)


@dataclass(frozen=True)
class Operation:
    """One method at one address below the interface's root.

    ``run`` takes the actor and keyword parameters: those of the address, and ``query`` or the members
    of the body. ``version`` names the parameter that the header ``If-Match`` may give, ``binary`` the
    one that is the request's body as it stands, ``address`` the one that the network address from which
    the request comes fills, never the sender.
    """

    name: str
    method: Method
    route: str
    access: Access
    summary: "_StrOrPromise"
    tag: "_StrOrPromise"
    run: Callable[..., Any]
    answers: Any
    status: int = 200
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    spec: ActionSpec | None = None
    takes_key: bool = False
    version: str = ""
    required_version: bool = False
    binary: str = ""
    address: str = ""

    @property
    def writes(self) -> bool:
        """Tell whether it changes anything."""
        return self.spec is not None

    @cached_property
    def places(self) -> Mapping[str, str]:
        """The parameters of the address with their converters."""
        parts = [part.split(">")[0] for part in self.route.split("<")[1:]]
        return {name: sort for sort, _colon, name in (part.partition(":") for part in parts)}


OPERATIONS: Registry[Operation] = Registry("operation")


def read(
    route: str,
    *,
    name: str,
    access: Access,
    summary: "_StrOrPromise",
    tag: "_StrOrPromise",
) -> Callable[[F], F]:
    """Register a function ``(actor, *, query, <places>)`` that asks a selector and shows what it found."""

    def decorate(function: F) -> F:
        hints = get_type_hints(function)
        made = Operation(
            name=name,
            method="GET",
            route=route,
            access=access,
            summary=summary,
            tag=tag,
            run=function,
            answers=hints["return"],
            query=hints.get("query"),
        )
        OPERATIONS.add(f"GET {route}", made)
        return function

    return decorate


@dataclass(frozen=True)
class _Written:
    """A named action as an operation calls it: first what must hold, then the action, then its answer."""

    does: Callable[..., Any]
    show: Callable[[Actor, Any], Any] | None
    check: Callable[..., Any] | None = None

    def __call__(self, actor: Actor, **parameters: Any) -> Any:
        if self.check is not None:
            self.check(actor, **parameters)
        result = self.does(actor, **parameters)
        return None if self.show is None else self.show(actor, result)


def write(
    method: Method,
    route: str,
    does: Callable[..., Any],
    *,
    summary: "_StrOrPromise",
    tag: "_StrOrPromise",
    show: Callable[[Actor, Any], Any] | None = None,
    name: str = "",
    access: Access | None = None,
    status: int = 200,
    hidden: Sequence[str] = (),
    bounds: Mapping[str, Any] | None = None,
    check: Callable[..., Any] | None = None,
    version: str = "",
    binary: str = "",
    address: str = "",
) -> None:
    """Register a named action as an operation; its body are the action's own parameters.

    Left out are those that stand in the address, those ``hidden`` (which only the platform gives) and
    ``idempotency_key``, which is a header, and ``address``, which the request's own network address
    fills. ``bounds`` narrows a parameter's annotation. ``check`` is a selector that raises where the
    actor may not see what the address names. ``access`` may only be narrower than the action's own
    permission, which is asked in any case.
    """
    spec = spec_of(does)
    places = {part.split(">")[0].split(":")[1] for part in route.split("<")[1:]}
    signature = inspect.signature(inspect.unwrap(does))
    wanted = {
        key: one
        for key, one in list(signature.parameters.items())[1:]
        if key not in places and key not in (*hidden, "idempotency_key", binary, address)
    }
    title = name or spec.name
    model = _model(does, title, wanted, bounds or {}, optional=version)
    made = Operation(
        name=title,
        method=method,
        route=route,
        access=access or _access_of(spec),
        summary=summary,
        tag=tag,
        run=_Written(does, show, check),
        answers=None if show is None else get_type_hints(show)["return"],
        status=status if show is not None else 204,
        query=model if binary else None,
        body=None if binary or not wanted else model,
        spec=spec,
        takes_key="idempotency_key" in signature.parameters,
        version=version,
        required_version=bool(version)
        and signature.parameters[version].default is inspect.Parameter.empty,
        binary=binary,
        address=address,
    )
    OPERATIONS.add(f"{method} {route}", made)


def spec_of(does: Callable[..., Any]) -> ActionSpec:
    """Return the named action that a function is; raises ``LookupError`` for any other function."""
    inner = inspect.unwrap(does)
    for _name, spec in ACTIONS:
        if inspect.unwrap(spec.run) is inner:
            return spec
    raise LookupError(f"{does.__module__}.{does.__qualname__} is no named action")


def _access_of(spec: ActionSpec) -> Access:
    return SignedIn() if spec.permission == ANYONE_SIGNED_IN else Needs(spec.permission)


def _model(
    does: Callable[..., Any],
    name: str,
    wanted: Mapping[str, inspect.Parameter],
    bounds: Mapping[str, Any],
    *,
    optional: str,
) -> type[BaseModel]:
    """Return a model of the parameters; one that a header may give too need not be in the body."""
    hints = get_type_hints(inspect.unwrap(does), include_extras=True)
    fields: dict[str, Any] = {}
    for key, one in wanted.items():
        annotation = bounds.get(key, bounded(hints[key]))
        if key == optional:
            fields[key] = (annotation | None, None)
        elif one.default is inspect.Parameter.empty:
            fields[key] = (annotation, FieldInfo())
        else:
            fields[key] = (annotation, one.default)
    title = "".join(part.capitalize() for part in name.replace(".", "_").split("_"))
    return create_model(f"{title}Request", __base__=Sent, **fields)


def _in_human_times(value: Any) -> Any:
    """Refuse years that no register of ours can mean, and with which arithmetic on dates overflows."""
    if not 1900 <= value.year <= 2200:
        raise ValueError("the year must lie between 1900 and 2200")
    return value


Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
Day = Annotated[date, AfterValidator(_in_human_times)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_human_times)]

_BOUNDED: Mapping[Any, Any] = {
    str: Text,
    str | None: Text | None,
    int: Number,
    int | None: Number | None,
    date: Day,
    date | None: Day | None,
    datetime: Instant,
    datetime | None: Instant | None,
    tuple[str, ...]: Annotated[
        tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=MOST_ITEMS)
    ],
}


def bounded(annotation: Any) -> Any:
    """Return an annotation with the bounds that hold for whatever comes from outside."""
    return _BOUNDED.get(annotation, annotation)


def autodiscover() -> None:
    """Import every installed package's ``api`` module, which registers its operations."""
    for config in apps.get_app_configs():
        if config.name.startswith("yingshang.") and module_has_submodule(config.module, "api"):
            importlib.import_module(f"{config.name}.api")
