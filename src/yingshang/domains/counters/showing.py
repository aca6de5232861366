"""Halls and pick-ups as other domains show them to applicants."""

from collections.abc import Iterable

from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.models import PickUp
from yingshang.domains.counters.presenting import hours_of, local
from yingshang.domains.counters.public import HallShown, PickUpShown
from yingshang.domains.counters.register import list_halls
from yingshang.kernel.times import today


def halls_shown() -> list[HallShown]:
    """Return the halls, in order, in the reader's language."""
    return [_shown(one) for one in list_halls()]


def _shown(hall: Hall) -> HallShown:
    return HallShown(
        hall.key, local(hall, "label"), local(hall, "place"), hall.phone, hours_of(hall, today())
    )


def pick_ups_shown(origins: Iterable[str]) -> dict[str, PickUpShown]:
    """Return the latest pick-up of each origin that has one."""
    rows = list(PickUp.objects.filter(origin__in=list(origins)).order_by("pk"))
    if not rows:
        return {}
    halls = {one.key: one for one in halls_shown()}
    return {
        one.origin: PickUpShown(
            one.ref,
            one.number,
            halls.get(one.hall, HallShown(one.hall, one.hall, "", "", "")),
            one.ready_at,
            one.handed_over_at,
        )
        for one in rows
    }
