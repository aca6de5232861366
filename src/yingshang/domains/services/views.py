"""Named views of services, for rehearsals: what the pages show, as plain JSON."""

from datetime import datetime
from typing import Any

from yingshang.cases.selectors import available_actions
from yingshang.content.views import view
from yingshang.domains.services.applying.ruling import ruled_on
from yingshang.domains.services.applying.selectors import (
    get_application_for,
    list_applications_for,
    papers_of,
)
from yingshang.domains.services.asking.reading import Asked, list_asked
from yingshang.domains.services.bundles.burden import Cost, compare
from yingshang.domains.services.bundles.reading import (
    get_matter,
    get_matter_case_for,
    standings_of,
)
from yingshang.domains.services.catalogue.comparing import list_differences
from yingshang.domains.services.catalogue.finding import what_applies
from yingshang.domains.services.catalogue.presenting import material_lines, ways_of
from yingshang.domains.services.catalogue.reading import (
    Service,
    get_service,
    list_questions,
    list_services,
    list_versions_for,
)
from yingshang.domains.services.delivering.actions import get_case_with_papers_for
from yingshang.domains.services.delivering.presenting import papers_shown
from yingshang.domains.services.registering.names import reasons_against
from yingshang.kernel.times import SHANGHAI
from yingshang.parties.actors import Actor


def service_summary(one: Service) -> dict[str, Any]:
    """Return one service as rehearsals see it."""
    limit = one.elements.promised_limit
    return {
        "key": one.key,
        "item": one.item.key,
        "organ": one.organ.key,
        "depth": one.elements.depth,
        "limit": [limit.n, limit.kind],
        "visits": one.elements.visits.n,
        "version": one.version.number,
    }


@view("services.list")
def services_view(_actor: Actor) -> list[dict[str, Any]]:
    """Return the services in force."""
    return [service_summary(one) for one in list_services()]


@view("services.guide")
def guide_view(_actor: Actor, *, key: str) -> dict[str, Any]:
    """Return what a guide says of materials and of the ways in which a service is decided."""
    found = get_service(key)
    ways = ways_of(found.item)
    return {
        "materials": [
            {"name": one.name, "how": one.how, "may_follow": one.may_follow, "only_if": one.only_if}
            for one in material_lines(found)
        ],
        "by_commitment": ways.commitment is not None,
        "checked_within": ways.check_within,
        "at_once_when": list(ways.instant),
    }


@view("services.versions")
def versions_view(actor: Actor, *, key: str) -> list[dict[str, Any]]:
    """Return the versions of an implementation, newest first."""
    return [
        {"number": one.number, "state": one.state, "from": one.valid_from.isoformat()}
        for one in list_versions_for(actor, key)
    ]


@view("services.differences")
def differences_view(_actor: Actor) -> list[dict[str, Any]]:
    """Return the elements in which implementations of one item differ."""
    return [
        {
            "item": one.item,
            "element": one.element,
            "groups": len(one.groups),
            "unexplained": [service.organ.key for service in one.unexplained],
        }
        for one in list_differences(list_services())
    ]


@view("services.name")
def name_view(actor: Actor, *, name: str) -> list[str]:
    """Return why the actor could not declare a name; nothing where it is free."""
    return reasons_against(actor, name)


@view("services.which")
def which_view(actor: Actor, **answers: str) -> dict[str, Any]:
    """Return which items apply by the answers given, and what would be asked next."""
    items = {one.item.key: one.item for one in list_services()}
    found = what_applies(actor, items.values(), list_questions(), answers)
    return {
        "needed": sorted(found.needed),
        "open": sorted(found.open_items),
        "asks": found.asking.key if found.asking else None,
        "left": found.left,
    }


@view("services.application")
def application_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return how an application stands, what was issued, and what was marked."""
    case = get_application_for(actor, ref)
    papers = papers_of(case)
    return {
        "ref": case.ref,
        "procedure": case.procedure,
        "state": case.state,
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "holder": case.holder.key,
        "actions": [one.key for one in available_actions(actor, case)],
        "licences": [[one.kind, one.number, one.state] for one in papers.licences],
        "documents": [one.title for one in papers.decisions],
        "submission": str(case.data.get("submission", "")),
        "bodies": [_body(one) for one in list_asked(case)],
    }


def _body(one: Asked) -> dict[str, Any]:
    latest = one.latest
    return {
        "key": one.key,
        "body": one.declared.body,
        "message": one.declared.message,
        "request": latest.ref if latest else "",
        "requests": len(one.requests),
        "delivery": latest.delivery if latest else "",
        "tries": latest.tries if latest else 0,
        "answer": one.answer,
        "stuck": latest.stuck if latest else "",
    }


@view("services.ruled")
def ruled_view(actor: Actor, *, ref: str) -> list[dict[str, Any]]:
    """Return what the rules said of an application, as the case page reads it aloud."""
    return [
        {
            "title": one.title,
            "word": one.word,
            "conditions": [f"{text}：{word}" for text, word, _tone in one.conditions],
        }
        for one in ruled_on(get_application_for(actor, ref))
    ]


@view("services.applications")
def applications_view(actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's own applications, newest first."""
    return [
        {"ref": case.ref, "procedure": case.procedure, "state": case.state}
        for case in list_applications_for(actor)
    ]


@view("services.matter")
def matter_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return how a whole matter stands: its state, and each step with its case."""
    case = get_matter_case_for(actor, ref)
    found = standings_of(case)
    return {
        "state": case.state,
        "ended": str(case.data.get("ended", "")),
        "steps": [
            {
                "item": one.row.item,
                "state": one.state,
                "organ": one.service.organ.key,
                "due_on": one.case.due_on.isoformat() if one.case and one.case.due_on else None,
            }
            for one in found
        ],
        "cases": {one.row.item: one.case.ref for one in found if one.case is not None},
        "licences": [one.kind for one in papers_of(case).licences],
    }


@view("services.burden")
def burden_view(_actor: Actor, *, bundle: str) -> dict[str, Any]:
    """Return what a matter costs, each service by itself and as one."""
    matter = get_matter(bundle)
    compared = compare(matter, matter.chosen([one.item for one in matter.steps]))
    return {"before": _cost(compared.before), "after": _cost(compared.after)}


def _cost(cost: Cost) -> dict[str, int]:
    return {
        "fields": cost.filling.fields,
        "prefilled": cost.filling.prefilled,
        "uploads": cost.filling.uploads,
        "materials": cost.filling.materials,
        "visits": cost.visits,
        "days": cost.days,
    }


@view("services.papers")
def papers_view(actor: Actor, *, ref: str) -> list[dict[str, Any]]:
    """Return what a case issued, decisions first: how far each is served, by which means, where it waits."""
    return [
        {
            "title": one.title,
            "state": one.state,
            "means": str(one.serving.means) if one.serving else None,
            "served_on": _day(one.serving.served_at if one.serving else None),
            "opened": one.serving is not None and one.serving.opened_at is not None,
            "receipt": one.serving.receipt if one.serving else "",
            "hall": one.pick_up.hall.key if one.pick_up else None,
            "pick_up": one.pick_up.ref if one.pick_up else None,
            "name": one.name,
            "serve_by": one.serve_by.isoformat() if one.serve_by else None,
            "review_until": one.remedies.review_until.isoformat() if one.remedies else None,
        }
        for one in papers_shown(get_case_with_papers_for(actor, ref))
    ]


def _day(at: datetime | None) -> str | None:
    return at.astimezone(SHANGHAI).date().isoformat() if at else None
