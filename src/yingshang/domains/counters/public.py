"""What other domains may ask of the counters.

``SERVICES`` is filled by the domain that keeps the catalogue: who is served at a counter, and to which
organ papers go. ``put_ready`` lays something out to be picked up, inside the caller's transaction;
``HANDED_OVER`` tells, in the transaction of the handing over, who took it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from yingshang.kernel.registry import Registry

__all__ = ["HANDED_OVER", "SERVICES", "CounterService", "HandedOver", "hall_keys", "put_ready"]


@dataclass(frozen=True)
class CounterService:
    """A service in force that is handled at counters; ``key`` is that of its implementation."""

    key: str
    item: str
    name: str
    name_en: str
    organ: str


@dataclass(frozen=True)
class HandedOver:
    """Something was picked up: what it belongs to (``case:<ref>``), when, and under which number."""

    origin: str
    what: str
    pick_up: str
    number: str
    at: datetime


SERVICES: Registry[Callable[[], Iterable[CounterService]]] = Registry("source of counter services")
HANDED_OVER: Registry[Callable[[HandedOver], None]] = Registry("listener to handings over")


def hall_keys() -> list[str]:
    """Return the keys of the halls, in order."""
    from yingshang.domains.counters.register import list_halls

    return [one.key for one in list_halls()]


def put_ready(
    actor_ref: str,
    *,
    hall: str,
    origin: str,
    what: str,
    organ_key: str,
    holder: str,
    subject_ref: str = "",
) -> str:
    """Lay something out at a hall and return the pick-up's reference; call it in a transaction.

    Raises ``NoSuchHall`` and ``AlreadyReady``.
    """
    from yingshang.domains.counters.issuing import lay_out

    return lay_out(
        actor_ref,
        hall=hall,
        origin=origin,
        what=what,
        organ_key=organ_key,
        holder=holder,
        subject_ref=subject_ref,
    ).ref
