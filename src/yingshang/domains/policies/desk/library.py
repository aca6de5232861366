"""政策库 on the desk: how far texts are annotated, when they were published, whom they reached."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.amending import amendment_of
from yingshang.domains.policies.annotating import annotation_of
from yingshang.domains.policies.clock import publication_clock
from yingshang.domains.policies.drafts import get_draft_for
from yingshang.domains.policies.errors import NoSuchTextDraft
from yingshang.domains.policies.finding import find_texts
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.look_back import LookBack, look_back_on
from yingshang.domains.policies.models import TextDraft
from yingshang.domains.policies.permissions import DRAFT, READ
from yingshang.domains.policies.portal import library_filter, text_context, wanted_of
from yingshang.domains.policies.presenting import lines_of
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("惠企政策")


@page(
    "policies/",
    name="desk:policies",
    access=Needs(READ),
    title=_("政策库"),
    navigation=Navigation(_("政策库"), GROUP, 300),
)
def policies(request: PageRequest) -> HttpResponse:
    """List the texts with their publication clock and how far they are annotated."""
    library, day = current_library(), today()
    form = library_filter(request, library)
    found = find_texts(request.actor, library, wanted_of(form), day, face="desk")
    rows = [
        {"line": line, "clock": publication_clock(text.declaration), "open": _open(text)}
        for text, line in zip(found, lines_of(found, day), strict=True)
    ]
    context = {"form": form, "rows": rows, "figures": _figures(library.texts.values())}
    return render(request, "policies/desk/policies.html", context)


def _open(text: Text) -> int:
    found = annotation_of(text)
    return len(found.unused) + len(found.unrested)


def _figures(texts: Iterable[Text]) -> dict[str, Any]:
    """Return how many texts there are, were published within the month, with time to prepare, in full."""
    given = list(texts)
    clocks = [publication_clock(text.declaration) for text in given]
    known = [clock for clock in clocks if clock.in_time is not None]
    return {
        "all": len(given),
        "dated": len(known),
        "in_time": sum(1 for clock in known if clock.in_time),
        "prepared": sum(1 for clock in known if clock.is_prepared),
        "annotated": sum(1 for text in given if not _open(text)),
    }


@page(
    "policies/<str:key>/",
    name="desk:policy-text",
    access=Needs(READ),
    title=_("标注"),
    parent="desk:policies",
)
def text(request: PageRequest, key: str) -> HttpResponse:
    """Show a text with its annotation: clauses on which no rule rests, conditions without a clause."""
    context = text_context(key)
    context |= {
        "annotation": annotation_of(context["text"]),
        "back": _back(look_back_on(context["text"])),
        "desk": True,
        "amendment": _amendment(request, key),
        "may_amend": _may_amend(request, context["text"]),
    }
    return render(request, "policies/desk/text.html", context)


def _amendment(request: PageRequest, key: str) -> TextDraft | None:
    """Return the draft by which a text is being amended, to those who may see it."""
    found = amendment_of(key)
    if found is None:
        return None
    try:
        return get_draft_for(request.actor, found.ref)
    except NoSuchTextDraft:
        return None


def _may_amend(request: PageRequest, text: Text) -> bool:
    actor = request.actor
    own = Organ.objects.filter(pk=actor.organ_id or 0, key=text.declaration.issuer)
    return actor.may(DRAFT) and text.state_on(today()) != "abolished" and own.exists()


def _back(found: LookBack) -> dict[str, str]:
    """Return the figures of the look-back in words; what is not known says so."""
    return {
        "known_shown": _count(found.known),
        "covered_shown": _count(found.covered),
        "reached_shown": _count(found.reached),
        "awareness_shown": _share(gettext("符合条件的企业中知晓"), found.awareness),
        "reach_shown": _share(gettext("符合条件的企业中已申请或享受"), found.reach),
    }


def _count(value: int | None) -> str:
    return gettext("尚不知道") if value is None else str(value)


def _share(what: str, value: float | None) -> str:
    return f"{what} {gettext('尚不知道') if value is None else format(value, '.1%')}"


example("desk:policy-text", lambda: {"key": "qj-2026-rd"}, visitor="plan")
