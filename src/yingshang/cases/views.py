"""Named views of cases for rehearsals: what the pages show, as plain JSON."""

from typing import Any

from yingshang.cases.log import procedure_of, state_of
from yingshang.cases.models import Case
from yingshang.cases.selectors import (
    ORDER,
    Filters,
    available_actions,
    get_case_for,
    light_of,
    list_cases_for,
    list_events_of,
    list_worklist_for,
    visible_data,
)
from yingshang.content.views import view
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.web.paging import keyset_page


def summary_of(case: Case) -> dict[str, Any]:
    """Return one line of a list."""
    state = procedure_of(case.version).state_by_key[case.state]
    return {
        "ref": case.ref,
        "procedure": case.procedure,
        "title": case.title,
        "state": case.state,
        "state_label": state.label,
        "holder": case.holder.key,
        "turn": case.turn.key if case.turn else None,
        "due_on": case.due_on.isoformat() if case.due_on else None,
        "light": light_of(case),
        "provisional": case.provisional,
        "closed": case.closed_at is not None,
        "origin": case.origin,
    }


@view("cases.case")
def case_view(actor: Actor, *, ref: str) -> dict[str, Any]:
    """Return a case as its page shows it; organs in the data are named by key."""
    case = get_case_for(actor, ref)
    clocks = state_of(case).clocks
    return {
        **summary_of(case),
        "data": _with_keys(actor, case),
        "actions": [action.key for action in available_actions(actor, case)],
        "seq": case.seq,
        "opener": case.opener.key if case.opener else None,
        "parent": case.parent.ref if case.parent else None,
        "children": [child.ref for child in case.children.order_by("pk")],
        "clocks": {
            key: {
                "status": reading.status,
                "due_on": reading.due_on.isoformat() if reading.due_on else None,
                "kept": reading.kept,
            }
            for key, reading in clocks.readings.items()
        },
    }


def _with_keys(actor: Actor, case: Case) -> dict[str, Any]:
    fields = procedure_of(case.version).field_by_key
    data = visible_data(actor, case)
    organs = {k: v for k, v in data.items() if k in fields and fields[k].type == "organ"}
    keys = dict(Organ.objects.filter(ref__in=organs.values()).values_list("ref", "key"))
    return {**data, **{name: keys.get(ref, ref) for name, ref in organs.items()}}


@view("cases.history")
def history_view(actor: Actor, *, ref: str) -> list[dict[str, Any]]:
    """Return a case's events, oldest first."""
    return [
        {
            "seq": event.seq,
            "action": event.action,
            "to": event.to_state,
            "by": event.actor_name,
            "organ": event.actor_organ.key if event.actor_organ else None,
            "fields": event.fields,
            "reason": event.reason,
            "occurred_at": event.occurred_at.isoformat(),
            "late": event.is_late,
            "ground": event.ground,
            "about": event.about,
        }
        for event in list_events_of(get_case_for(actor, ref))
    ]


@view("cases.worklist")
def worklist_view(actor: Actor, **filters: Any) -> list[dict[str, Any]]:
    """Return the first page of the actor's worklist."""
    page = keyset_page(list_worklist_for(actor, Filters(**filters)), ORDER)
    return [summary_of(case) for case in page.rows]


@view("cases.list")
def list_view(actor: Actor, **filters: Any) -> list[dict[str, Any]]:
    """Return the first page of the cases that the actor may see."""
    page = keyset_page(list_cases_for(actor, Filters(**filters)), ORDER)
    return [summary_of(case) for case in page.rows]
