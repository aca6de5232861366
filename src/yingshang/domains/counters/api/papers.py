"""What is handed in at a window and taken over by its organ; what is laid out and handed to whom."""

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.counters.actions.papers import (
    Paper,
    hand_over,
    lay_out_for_pick_up,
    receive_papers,
    take_over_papers,
)
from yingshang.domains.counters.api.halls import WINDOWS
from yingshang.domains.counters.models import PickUp, Receipt
from yingshang.domains.counters.permissions import HAND_OVER, RECEIVE, TAKE_OVER
from yingshang.domains.counters.selectors import list_pick_ups_for, list_receipts_for
from yingshang.parties.actors import Actor
from yingshang.web.access import NeedsOneOf
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

Name = Annotated[str, Field(min_length=1, max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Origin = Annotated[str, Field(min_length=1, max_length=160)]
Ref = Annotated[str, Field(max_length=80)]


class ReceiptRead(Answer):
    """What was handed in over a counter, and to which organ it was routed."""

    ref: str
    number: str
    hall: str
    service: str
    routed_to: str
    received_at: datetime
    taken_over_at: datetime | None


class PickUpRead(Answer):
    """Something that waits at a hall, or was handed over there."""

    ref: str
    number: str
    hall: str
    what: str
    origin: str
    organ: str
    holder: str
    ready_at: datetime
    handed_over_at: datetime | None
    receiver: str


class PickUpQuery(Paged):
    """The query of what is picked up: with ``done`` what was, else what waits."""

    done: bool = False


def receipt_of(_actor: Actor, found: Receipt) -> ReceiptRead:
    """Return a receipt of a window."""
    return ReceiptRead(
        ref=found.ref,
        number=found.number,
        hall=found.hall,
        service=found.service,
        routed_to=found.routed_to.key,
        received_at=found.received_at,
        taken_over_at=found.taken_over_at,
    )


def pick_up_of(_actor: Actor, found: PickUp) -> PickUpRead:
    """Return what waits, or was handed over."""
    return PickUpRead(
        ref=found.ref,
        number=found.number,
        hall=found.hall,
        what=found.what,
        origin=found.origin,
        organ=found.organ.key,
        holder=found.holder,
        ready_at=found.ready_at,
        handed_over_at=found.handed_over_at,
        receiver=found.receiver,
    )


@read(
    "receipts",
    name="receipts.list",
    access=NeedsOneOf(RECEIVE, TAKE_OVER),
    tag=WINDOWS,
    summary=_("窗口收件"),
)
def receipts(actor: Actor, query: Paged) -> Listed[ReceiptRead]:
    """List the receipts that the actor sees, the latest first."""
    order = ("-received_at", "-pk")
    return listed(list_receipts_for(actor), order, query, lambda one: receipt_of(actor, one))


write(
    "POST",
    "receipts",
    receive_papers,
    tag=WINDOWS,
    summary=_("窗口收件：登记材料"),
    show=receipt_of,
    status=201,
    bounds={
        "service": Ref,
        "applicant": Title,
        "submitter": Name,
        "subject": Ref,
        "ticket": Ref,
        "note": Annotated[str, Field(max_length=300)],
        "papers": Annotated[list[Paper], Field(min_length=1, max_length=50)],
    },
)
write(
    "POST",
    "receipts/<str:receipt>/take-over",
    take_over_papers,
    tag=WINDOWS,
    summary=_("后台接收窗口转来的材料"),
    show=receipt_of,
)


@read(
    "pick-ups",
    name="pick_ups.list",
    access=NeedsOneOf(HAND_OVER, TAKE_OVER),
    tag=WINDOWS,
    summary=_("待领件"),
)
def pick_ups(actor: Actor, query: PickUpQuery) -> Listed[PickUpRead]:
    """List what waits at the halls that the actor sees, the latest first; with ``done`` what was fetched."""
    found = list_pick_ups_for(actor).filter(handed_over_at__isnull=not query.done)
    order = ("-ready_at", "-pk")
    return listed(found, order, query, lambda one: pick_up_of(actor, one))


write(
    "POST",
    "halls/<str:hall>/pick-ups",
    lay_out_for_pick_up,
    tag=WINDOWS,
    summary=_("送交待领件"),
    show=pick_up_of,
    status=201,
    bounds={"origin": Origin, "what": Origin, "holder": Title, "subject": Ref},
)
write(
    "POST",
    "pick-ups/<str:pick_up>/hand-over",
    hand_over,
    tag=WINDOWS,
    summary=_("核验后出件"),
    show=pick_up_of,
    bounds={
        "receiver": Name,
        "identity_tail": Annotated[str, Field(pattern=r"^[0-9A-Za-z]{4}$")],
        "also": Annotated[tuple[Ref, ...], Field(max_length=20)],
    },
)
