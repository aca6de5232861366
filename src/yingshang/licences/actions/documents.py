"""Making official documents."""

from typing import Any

from yingshang.licences import decisions
from yingshang.licences.actions.licences import find_subject, own_organ
from yingshang.licences.models import Decision
from yingshang.licences.permissions import DECIDE
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("licences.issue_decision", permission=DECIDE)
def issue_decision(
    actor: Actor,
    *,
    organ: str,
    template: str,
    fields: dict[str, Any],
    subject: str = "",
    addressee: str = "",
    origin: str = "",
) -> Decision:
    """Make a document of the actor's organ (by its key), for a subject (by its reference) or an addressee."""
    return decisions.issue_decision(
        actor,
        organ=own_organ(actor, organ),
        template=template,
        fields=fields,
        subject=find_subject(subject) if subject else None,
        addressee=addressee,
        origin=origin,
    )
