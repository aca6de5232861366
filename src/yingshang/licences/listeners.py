"""Whoever wants to know what happened to licences and documents: upper layers register, this one calls."""

from collections.abc import Callable

from yingshang.kernel.registry import Registry
from yingshang.licences.models import Decision, Licence, LicenceEvent, Serving
from yingshang.parties.actors import Actor

OnLicence = Callable[[Actor, Licence, LicenceEvent], None]
OnDecision = Callable[[Actor, Decision], None]
OnServed = Callable[[Actor, Serving], None]

LICENCE_LISTENERS: Registry[OnLicence] = Registry("listener to licences")
"""Called inside the action's transaction, after the event was stored."""

DECISION_LISTENERS: Registry[OnDecision] = Registry("listener to decisions")

SERVED_LISTENERS: Registry[OnServed] = Registry("listener to services of documents")
"""Called inside the transaction in which a document became served, by whatever means."""


def tell_licence(actor: Actor, licence: Licence, event: LicenceEvent) -> None:
    """Tell everybody what happened to a licence."""
    for _name, listen in LICENCE_LISTENERS:
        listen(actor, licence, event)


def tell_decision(actor: Actor, decision: Decision) -> None:
    """Tell everybody that a decision was made."""
    for _name, listen in DECISION_LISTENERS:
        listen(actor, decision)


def tell_served(actor: Actor, serving: Serving) -> None:
    """Tell everybody that a document was served."""
    for _name, listen in SERVED_LISTENERS:
        listen(actor, serving)
