"""办事服务: finding a service by words, by life event or by answering questions, and its guide."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.catalogue.declaring import LifeEvent, ServiceItem, ServiceQuestion
from yingshang.domains.services.catalogue.finding import what_applies
from yingshang.domains.services.catalogue.presenting import (
    AUDIENCES,
    DEPTHS,
    LEVELS,
    TYPES,
    conditions_of,
    fee_text,
    line_of,
    local,
    material_lines,
    term_text,
    visits_text,
    ways_of,
)
from yingshang.domains.services.catalogue.reading import (
    Service,
    get_service,
    list_bundles_of,
    list_life_events,
    list_questions,
    list_services,
)
from yingshang.domains.services.catalogue.searching import SERVICE
from yingshang.domains.services.errors import NoSuchService
from yingshang.domains.services.models import ServiceImplementation
from yingshang.search.finding import search_for
from yingshang.web.access import Anyone
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "services/",
    name="portal:services",
    access=Anyone(),
    title=_("办事服务"),
    navigation=Navigation(_("办事服务"), order=10),
)
def services(request: PageRequest) -> HttpResponse:
    """Find a service by words or by life event; without words, all of them."""
    words = request.GET.get("q", "").strip()[:60]
    every = list_services()
    found = _found(request, words, every) if words else every
    context = {
        "words": words,
        "lines": [line_of(one) for one in found],
        "events": [] if words else _events(every),
    }
    return render(request, "services/portal/services.html", context)


def _found(request: PageRequest, words: str, every: Sequence[Service]) -> list[Service]:
    """Return the services that a search finds, in its order."""
    by_key = {one.key: one for one in every}
    hits = search_for(request.actor, words, (SERVICE,), limit=50).hits
    return [by_key[hit.ref] for hit in hits if hit.ref in by_key]


def _events(every: Sequence[Service]) -> list[tuple[LifeEvent, str, int]]:
    items = {one.item.key for one in every}
    found = [
        (event, local(event, "label"), sum(key in items for key in event.items))
        for event in list_life_events()
    ]
    return [one for one in found if one[2]]


@page(
    "services/events/<str:key>/",
    name="portal:life-event",
    access=Anyone(),
    title=_("办事主题"),
    parent="portal:services",
)
def life_event(request: PageRequest, key: str) -> HttpResponse:
    """Show what belongs to one moment in an enterprise's life, in order."""
    event = next((one for one in list_life_events() if one.key == key), None)
    if event is None:
        raise NoSuchService
    every = list_services()
    lines = [line_of(one) for item in event.items for one in every if one.item.key == item]
    context = {
        "name": local(event, "label"),
        "about": local(event, "about"),
        "crumb_title": local(event, "label"),
        "lines": lines,
        "matters": list_bundles_of(key),
    }
    return render(request, "services/portal/life_event.html", context)


@page(
    "services/<str:key>/",
    name="portal:service",
    access=Anyone(),
    title=_("办事指南"),
    parent="portal:services",
)
def service(request: PageRequest, key: str) -> HttpResponse:
    """Show the guide of one service: who, with what, how long, what it costs, where."""
    found = get_service(key)
    context = {**guide_of(found), "crumb_title": local(found.item, "name")}
    return render(request, "services/portal/service.html", context)


def guide_of(found: Service) -> dict[str, Any]:
    """Return what a guide says, in the reader's language."""
    item, elements = found.item, found.elements
    every = [one for one in list_services() if one.key != found.key]
    return {
        "service": found,
        "line": line_of(found),
        "item": item,
        "name": local(item, "name"),
        "about": local(item, "about"),
        "type": TYPES[item.type],
        "level": LEVELS[elements.level],
        "audience": AUDIENCES[item.audience],
        "depth": DEPTHS[elements.depth],
        "conditions": conditions_of(item),
        "grounds": _grounds_of(item),
        "materials": material_lines(found),
        "ways": ways_of(item) if found.is_online else None,
        "statutory": term_text(item.statutory_limit),
        "promised": term_text(elements.promised_limit),
        "visits": visits_text(elements.visits),
        "fees": [(fee_text(fee), fee.ground) for fee in elements.fees],
        "result": local(item, "result_name"),
        "steps": [(local(step, "label"), local(step, "about")) for step in item.steps],
        "questions": [(local(q, "question"), local(q, "answer")) for q in item.questions],
        "contact": elements.contact,
        "place": local(elements.contact, "place"),
        "hours": local(elements.contact, "hours"),
        "others": [line_of(one) for one in every if one.item.key == item.key],
        "related": [line_of(one) for one in every if one.item.key in item.related],
    }


def _grounds_of(item: ServiceItem) -> list[str]:
    """Return the texts that an item rests on, each once."""
    grounds = [f"{basis.title}{basis.article}" for basis in item.legal_basis]
    return list(dict.fromkeys([*grounds, *filter(None, [item.statutory_limit.ground])]))


@page(
    "which-services/",
    name="portal:which-services",
    access=Anyone(),
    title=_("我要办哪些事"),
    parent="portal:services",
)
def which_services(request: PageRequest) -> HttpResponse:
    """Ask one question after another, and say which services apply and why none is left open.

    The answers stand in the address: a page can be kept, sent on, and gone back to.
    """
    questions = list_questions()
    given = {one.key: request.GET[one.key] for one in questions if one.key in request.GET}
    every = list_services()
    found = what_applies(
        request.actor, {s.item.key: s.item for s in every}.values(), questions, given
    )
    context = {
        "applies": found,
        "question": found.asking,
        "choices": _choices(found.asking) if found.asking else [],
        "answers": [
            (local(one, "label"), _answer_text(one, text), _without(given, one.key))
            for one, text in found.answered
        ],
        "given": list(given.items()),
        "needed": [line_of(s) for key in found.needed for s in every if s.item.key == key],
        "unsettled": [line_of(s) for key in found.unsettled for s in every if s.item.key == key],
        "known": [(local(one, "label"), _answer_text(one, text)) for one, text in found.from_facts],
        "label": local(found.asking, "label") if found.asking else "",
        "help": local(found.asking, "help") if found.asking else "",
        "started": bool(given),
    }
    return render(request, "services/portal/which_services.html", context)


def _choices(question: ServiceQuestion) -> list[tuple[str, Any]]:
    if question.choices:
        return [(choice.key, local(choice, "label")) for choice in question.choices]
    return [("yes", _("是")), ("no", _("否"))]


def _answer_text(question: ServiceQuestion, text: str) -> Any:
    said = dict(_choices(question))
    return said.get(text, _("不确定"))


def _without(given: dict[str, str], key: str) -> str:
    return urlencode({name: text for name, text in given.items() if name != key})


@home_block("portal:home", order=5, width="full")
def start_here(request: PageRequest) -> str:
    """Show the life events on the front page."""
    events = _events(list_services())
    if not events:
        return ""
    return render_to_string("services/blocks/start_here.html", {"events": events}, request)


def _some_service() -> dict[str, Any]:
    return {"key": ServiceImplementation.objects.order_by("pk")[0].key}


example("portal:service", _some_service)
example("portal:life-event", lambda: {"key": list_life_events()[0].key})
