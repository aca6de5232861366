"""Laying something out to be picked up, inside the transaction of whoever made it."""

from yingshang.domains.counters.errors import AlreadyReady
from yingshang.domains.counters.models import PickUp
from yingshang.domains.counters.register import get_hall
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences.numbering import next_number
from yingshang.parties.models import Organ, Subject

RECEIPTS, PICK_UPS = "counters.receipts", "counters.pick-ups"


def next_paper_number(hall_key: str, series: str, letter: str) -> str:
    """Return the next gap-free number of a hall, such as ``S2026-01-00012`` (year, hall, serial)."""
    hall = get_hall(hall_key)
    year = today().year
    organ = Organ.objects.get(key=hall.organ)
    serial = next_number(organ, f"{series}:{hall.key}", year)
    return f"{letter}{year}-{hall.code}-{serial:05}"


def lay_out(
    actor_ref: str,
    *,
    hall: str,
    origin: str,
    what: str,
    organ_key: str,
    holder: str,
    subject_ref: str = "",
) -> PickUp:
    """Put something on the counter's shelf; raises ``NoSuchHall``, :class:`AlreadyReady`."""
    get_hall(hall)
    if PickUp.objects.filter(origin=origin, what=what, handed_over_at=None).exists():
        raise AlreadyReady
    made = PickUp.objects.create(
        hall=hall,
        number=next_paper_number(hall, PICK_UPS, "L"),
        origin=origin,
        what=what,
        organ=Organ.objects.get(key=organ_key),
        subject=Subject.objects.filter(ref=subject_ref).first() if subject_ref else None,
        holder=holder,
        ready_at=now(),
    )
    record(
        "counters.pick_up_laid_out",
        actor=actor_ref,
        subject=f"pick_up:{made.ref}",
        payload={"number": made.number, "origin": origin, "what": what, "hall": hall},
    )
    return made
