"""A list as a page shows it: sorted by what the address says, one page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from yingshang.web.paging import KeysetPage, keyset_page

M = TypeVar("M", bound=Model)

CURSOR = "from"
SORT = "sort"


@dataclass(frozen=True)
class Listing(Generic[M]):
    """One page of rows with the links that lead on; ``sort`` is the key, with ``-`` when reversed."""

    page: KeysetPage[M]
    sort: str
    sorts: Mapping[str, Sequence[str]]
    query: QueryDict

    @property
    def rows(self) -> list[M]:
        """Return the rows of this page."""
        return self.page.rows

    @property
    def is_first(self) -> bool:
        """Tell whether nothing lies before this page."""
        return self.page.before is None

    @property
    def next_href(self) -> str:
        """Return the address of the page after this, or nothing."""
        return self._href(**{CURSOR: self.page.after}) if self.page.after else ""

    @property
    def previous_href(self) -> str:
        """Return the address of the page before this, or nothing."""
        return self._href(**{CURSOR: self.page.before}) if self.page.before else ""

    @property
    def first_href(self) -> str:
        """Return the address of the first page."""
        return self._href(**{CURSOR: None})

    def direction(self, key: str) -> str:
        """Return ``ascending`` or ``descending`` where the list is sorted by ``key``, else nothing."""
        if self.sort.lstrip("-") != key:
            return ""
        return "descending" if self.sort.startswith("-") else "ascending"

    def sort_href(self, key: str) -> str:
        """Return the address that sorts by ``key``, or turns the order round; nothing if it cannot."""
        if key not in self.sorts:
            return ""
        return self._href(**{SORT: f"-{key}" if self.sort == key else key, CURSOR: None})

    def _href(self, **changes: str | None) -> str:
        query = self.query.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        return f"?{query.urlencode()}"


def list_page(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    sorts: Mapping[str, Sequence[str]],
    default: str,
    size: int = 50,
) -> Listing[M]:
    """Return the page of ``rows`` that the request asks for.

    ``sorts`` maps the key in the address to the columns (``{"due": ("due_on", "ref")}``); an unknown
    key falls back to ``default``. Raises :class:`~yingshang.web.paging.UnreadableCursor`.
    """
    asked = request.GET.get(SORT, default)
    key = asked if asked.lstrip("-") in sorts else default
    order = list(sorts[key.lstrip("-")])
    if key.startswith("-"):
        order = [_reversed(path) for path in order]
    page = keyset_page(rows, order, request.GET.get(CURSOR) or None, size)
    return Listing(page, key, sorts, request.GET)


def _reversed(path: str) -> str:
    return path[1:] if path.startswith("-") else f"-{path}"
