"""Whence a notice takes what it says, for cases that are no application of a service.

A domain registers a source under the key of each of its procedures; what a notice shows are then texts
over the names of that source. Without one a notice speaks of the case's submission, as before.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yingshang.cases.models import Case
from yingshang.kernel.registry import Registry
from yingshang.rules.checking import check
from yingshang.rules.declarations import Declarations, Declared
from yingshang.rules.evaluating import evaluate
from yingshang.rules.types import Type
from yingshang.rules.values import Failure, Unknown

if TYPE_CHECKING:
    from yingshang.domains.services.models import Objection

Names = Mapping[str, Type]
Known = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """One of many whom a notice lists: a key of its own, its name, and what is known of it."""

    key: str
    name: str
    known: Known


@dataclass(frozen=True)
class NoticeSource:
    """What notices of a procedure may speak of.

    ``names`` are of the case, ``row_names`` of each of those listed. ``notice_of`` says which notice a case
    publishes where the effect names none, ``named_by`` which notices the loaded packs name so. ``objected``
    is told of an objection to one of those listed, in the transaction that stores it.
    """

    names: Names
    known: Callable[[Case], Known]
    notice_of: Callable[[Case], str]
    named_by: Callable[[Mapping[str, Mapping[str, Any]]], Iterable[str]]
    row_names: Names = field(default_factory=dict)
    rows: Callable[[Case], Iterable[Listed]] | None = None
    objected: Callable[[Case, "Objection"], None] | None = None

    def declarations(self, *, of_rows: bool = False) -> Declarations:
        """Return what texts over a case, or over one of those listed, may name."""
        names = {**self.names, **(self.row_names if of_rows else {})}
        return Declarations({key: Declared(type_) for key, type_ in names.items()})


NOTICE_VALUES: Registry[NoticeSource] = Registry("source of notices")


def worked_out(texts: Mapping[str, str], names: Declarations, known: Known) -> dict[str, Any]:
    """Return the values of texts; those that are not known are left out."""
    found = {}
    for key, text in texts.items():
        value = evaluate(check(text, names), known)
        if not isinstance(value, Unknown | Failure) and value not in ("", [], ()):
            found[key] = value
    return found
