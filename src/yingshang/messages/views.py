"""Named views of messages for rehearsals: what the inbox shows, as plain JSON."""

from typing import Any

from yingshang.content.views import view
from yingshang.messages.selectors import list_messages_for
from yingshang.parties.actors import Actor


@view("messages.own")
def own_view(actor: Actor, *, sort: str = "") -> list[dict[str, Any]]:
    """Return the messages to the subject for which somebody acts, of one sort or all, newest first."""
    found = list_messages_for(actor)
    found = found.filter(sort=sort) if sort else found
    return [
        {"sort": one.sort, "title": one.title, "text": one.text, "acted": one.acted_at is not None}
        for one in found.order_by("-sent_at", "-pk")[:50]
    ]
