"""What other domains may ask of the counters.

``SERVICES`` is filled by the domain that keeps the catalogue: who is served at a counter, and to which
organ papers go. ``take_in`` writes the receipt of what a clerk filed on somebody's behalf at the window,
``put_ready`` lays something out to be picked up, both inside the caller's transaction; ``HANDED_OVER``
tells, in the transaction of the handing over, who took it; ``pick_ups_of`` says what waits where.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yingshang.domains.counters.models import IdentityCheck
from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor

__all__ = [
    "HANDED_OVER",
    "SERVICES",
    "CounterService",
    "HallShown",
    "HandedOver",
    "IdentityCheck",
    "PickUpShown",
    "Present",
    "TakenIn",
    "hall_keys",
    "list_halls_shown",
    "pick_ups_of",
    "put_ready",
    "take_in",
]


@dataclass(frozen=True)
class CounterService:
    """A service in force that is handled at counters; ``key`` is that of its implementation.

    ``is_online`` says that it can also be applied for online, ``visits`` how often an applicant must come.
    """

    key: str
    item: str
    name: str
    name_en: str
    organ: str
    is_online: bool = False
    visits: int = 1


@dataclass(frozen=True)
class HandedOver:
    """Something was picked up: what it belongs to, when, under which number, who took it and who gave it."""

    origin: str
    what: str
    pick_up: str
    number: str
    at: datetime
    receiver: str
    by: Actor


@dataclass(frozen=True)
class Present:
    """Who stands at the window, by what the clerk saw who it is; of the number only the last four count."""

    name: str
    identity: IdentityCheck
    identity_tail: str
    is_agent: bool = False


@dataclass(frozen=True)
class TakenIn:
    """The receipt of what was filed at a window: its number, the window's key and number."""

    ref: str
    number: str
    window: int


@dataclass(frozen=True)
class HallShown:
    """A hall as applicants read of it, in their language."""

    key: str
    name: str
    place: str
    phone: str
    today: str
    """Its opening hours of today; empty while it is closed."""


@dataclass(frozen=True)
class PickUpShown:
    """Where something waits, or who took it when."""

    ref: str
    number: str
    hall: HallShown
    ready_at: datetime
    handed_over_at: datetime | None


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


def take_in(
    actor: Actor,
    *,
    origin: str,
    service: str,
    applicant: str,
    present: Present,
    papers: Sequence[str],
    subject_ref: str = "",
) -> TakenIn | None:
    """Write the receipt of a case filed at the actor's window; None where it is not signed on at any.

    The ticket that is being served there is named in it. Raises ``NotServedHere``.
    """
    from yingshang.domains.counters.intake import take_in_case

    return take_in_case(
        actor,
        origin=origin,
        service=service,
        applicant=applicant,
        present=present,
        papers=papers,
        subject_ref=subject_ref,
    )


def list_halls_shown() -> list[HallShown]:
    """Return the halls at which things can be picked up, in order."""
    from yingshang.domains.counters.showing import halls_shown

    return halls_shown()


def pick_ups_of(origins: Iterable[str]) -> Mapping[str, PickUpShown]:
    """Return where what belongs to these waits or was handed over, by origin."""
    from yingshang.domains.counters.showing import pick_ups_shown

    return pick_ups_shown(origins)
