"""Asking an outside body for something, inside the transaction of whoever asks."""

from collections.abc import Mapping
from typing import Any

from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.outside.bodies import body_in, current_version, message_of
from yingshang.outside.declaring import Message
from yingshang.outside.errors import AskedOtherwise
from yingshang.outside.fitting import fitted, label_of, shown_values
from yingshang.outside.models import Request
from yingshang.outside.tasks import send_soon
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


def ask(
    actor: Actor,
    *,
    body: str,
    message: str,
    payload: Mapping[str, Any],
    about: str,
    occasion: str = "",
    organ: Organ | None = None,
) -> Request:
    """Put a message into the outbox and return it; nothing is sent before the transaction commits.

    The same asked again (by ``about``, ``body``, ``message`` and ``occasion``) gives the first request
    back and asks nothing. ``occasion`` tells apart what is meant to be asked once more, such as after a
    refusal. ``organ`` is whose request it is, by default the actor's. Raises ``BodyUnknown``,
    ``MessageUnknown``, ``AskedOtherwise`` and what :func:`~yingshang.outside.fitting.fitted` raises; must
    run in a transaction.
    """
    version = current_version(body)
    declared = body_in(version)
    wanted = message_of(declared, message)
    values = fitted(wanted.fields, payload, message=label_of(wanted))
    moment = now()
    request, is_new = Request.objects.get_or_create(
        about=about,
        body=body,
        message=message,
        occasion=occasion,
        defaults={
            "version": version,
            "payload": values,
            "organ_id": organ.pk if organ else actor.organ_id,
            "asked_by": actor.ref,
            "asked_name": actor.name,
            "asked_at": moment,
            "next_try_at": moment,
            "due_at": moment + declared.patience_for(wanted),
        },
    )
    if is_new:
        _record_asked(actor, request, wanted)
        send_soon(request)
    elif request.payload != values:
        raise AskedOtherwise(params={"body": label_of(declared), "request": request.ref})
    return request


def _record_asked(actor: Actor, request: Request, message: Message) -> None:
    withheld = sorted(set(request.payload) & message.sensitive)
    record(
        "outside.asked",
        actor=actor.ref,
        subject=f"outside_request:{request.ref}",
        payload={
            "body": request.body,
            "version": request.version.number,
            "message": request.message,
            "about": request.about,
            "occasion": request.occasion,
            "values": shown_values(message, request.payload),
            "withheld": withheld,
        },
    )
