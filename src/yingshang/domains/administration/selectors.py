"""Reads of administration."""

from django.db.models import QuerySet

from yingshang.ledger.models import Entry
from yingshang.parties.actors import Actor
from yingshang.parties.permissions import READ_AUDIT


def list_traces_for(actor: Actor, *, subject: str | None = None) -> QuerySet[Entry]:
    """Return the ledger's entries, or those about ``subject`` (``organ:<ref>``); raises ``NotPermitted``.

    Payloads are not shown here: they may hold what this actor may not read.
    """
    actor.require(READ_AUDIT)
    entries = Entry.objects.order_by("-pk")
    return entries if subject is None else entries.filter(subject=subject)
