"""惠企政策: the library of texts, a text clause by clause, and what rests on each clause."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies import portal_hearings as portal_hearings
from yingshang.domains.policies.amending import changes_between, coming
from yingshang.domains.policies.clock import publication_clock
from yingshang.domains.policies.finding import find_texts
from yingshang.domains.policies.forms import LibraryFilter
from yingshang.domains.policies.library import Library, current_library
from yingshang.domains.policies.models import TextReading
from yingshang.domains.policies.naming import organ_names
from yingshang.domains.policies.presenting import (
    clauses_shown,
    find_address,
    lines_of,
    relatives_of,
    title_of,
    topic_labels,
)
from yingshang.domains.policies.reading import note_reading
from yingshang.facts.showing import english
from yingshang.kernel.times import today
from yingshang.rulebook.book import current_book
from yingshang.web.access import Anyone
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page


def library_filter(request: PageRequest, library: Library) -> LibraryFilter:
    """Return the filter over a library, bound to the address's query."""
    issuers = organ_names(text.declaration.issuer for text in library.texts.values())
    used = {topic for text in library.texts.values() for topic in text.declaration.topics}
    return LibraryFilter(
        request.GET or None,
        topics={key: name for key, name in topic_labels().items() if key in used},
        issuers=dict(sorted(issuers.items(), key=lambda pair: pair[1])),
    )


def wanted_of(form: LibraryFilter) -> dict[str, str]:
    """Return what a filter asks for; what it does not understand asks for nothing."""
    return {k: str(v) for k, v in form.cleaned_data.items()} if form.is_valid() else {}


@page(
    "policies/",
    name="portal:policies",
    access=Anyone(),
    title=_("惠企政策"),
    navigation=Navigation(_("惠企政策"), order=15),
)
def policies(request: PageRequest) -> HttpResponse:
    """List the texts, in force or not, by topic, level, issuer, state and words."""
    library, day = current_library(), today()
    form = library_filter(request, library)
    found = find_texts(request.actor, library, wanted_of(form), day)
    context = {
        "form": form,
        "lines": lines_of(found, day),
        "any": bool(library.texts),
        "check_up": find_address("portal:check-up", "portal:checkup", "portal:mine"),
    }
    return render(request, "policies/portal/policies.html", context)


@page(
    "policies/<str:key>/",
    name="portal:policy",
    access=Anyone(),
    title=_("政策文本"),
    parent="portal:policies",
)
def policy(request: PageRequest, key: str) -> HttpResponse:
    """Show a text by its clauses, each with its marks and with what of the rules rests on it."""
    context = text_context(key)
    if request.actor.subject_id is not None and not _has_read(request, key):
        note_reading(request.actor, text=key)
    check_up = find_address("portal:check-up", "portal:checkup", "portal:mine")
    context["check_up"] = check_up if request.actor.subject_id is not None else ""
    return render(request, "policies/portal/policy.html", context)


def _has_read(request: PageRequest, key: str) -> bool:
    return TextReading.objects.filter(text=key, subject_id=request.actor.subject_id or 0).exists()


def text_context(key: str) -> dict[str, Any]:
    """Return what the page of a text shows on either face; raises ``NoSuchText``."""
    library, day = current_library(), today()
    text = library.get(key)
    (line,) = lines_of([text], day)
    one, new = text.declaration, coming(key)
    return {
        "coming": new,
        "changes": changes_between(one, new) if new is not None else [],
        "text": text,
        "line": line,
        "title": title_of(one),
        "crumb_title": title_of(one),
        "clauses": clauses_shown(text, current_book(day)),
        "clock": publication_clock(one),
        "ends_early": text.ends_early,
        "relatives": relatives_of(text, library),
        "interpretation": (english() and one.interpretation_en) or one.interpretation,
        "contact": one.contact,
        "contact_organ": organ_names([one.contact.organ])[one.contact.organ] if one.contact else "",
    }


example("portal:policy", lambda: {"key": "qj-2026-rd"})
