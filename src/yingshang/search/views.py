"""The search page that portal and desk share: hits with the words marked, and what else to try."""

from django.http import HttpResponse
from django.shortcuts import render

from yingshang.search.finding import MAX_QUERY, Results, search_for, suggest_for
from yingshang.search.indexing import SEARCH_KINDS, Face, SearchKind
from yingshang.web.routes import PageRequest

PAGE_SIZE = 20
LAST_OFFSET = 1000


def show_search(request: PageRequest, face: Face) -> HttpResponse:
    """Answer ``q``, narrowed to the kind ``in``, from hit ``from`` on."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    kind = request.GET.get("in", "")
    kinds = [kind] if kind in SEARCH_KINDS else []
    offset = _offset(request.GET.get("from", ""))
    results = (
        search_for(request.actor, query, kinds, face=face, offset=offset, limit=PAGE_SIZE)
        if query
        else Results("", (), False)
    )
    context = {
        "query": query,
        "results": results,
        "kinds": [found for _, found in SEARCH_KINDS],
        "kind": kind if kinds else "",
        "previous": max(offset - PAGE_SIZE, 0) if offset else None,
        "next": offset + PAGE_SIZE if results.more and offset < LAST_OFFSET else None,
        "suggestions": suggest_for(request.actor, query, face=face)
        if query and not results.hits and not offset
        else [],
        "hits": [(hit, _label(hit.kind)) for hit in results.hits],
        "base": f"web/{face}.html",
    }
    return render(request, "search/search.html", context)


def _label(kind: str) -> object:
    found: SearchKind | None = SEARCH_KINDS.find(kind)
    return found.label if found else kind


def _offset(given: str) -> int:
    return min(int(given), LAST_OFFSET) if given.isascii() and given.isdigit() else 0
