"""What other domains see of the funds, and the registries by which they are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class FundInfo:
    """A fund and its budget lines, as ``(key, label, English label)``."""

    key: str
    label: str
    label_en: str
    owner: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Payee:
    """To whom the treasury pays; without a name and an account number nothing is ordered."""

    name: str
    account: str
    code: str = ""
    bank: str = ""


@dataclass(frozen=True)
class CommitmentInfo:
    """Reserved money; ``open_fen`` of it is neither ordered, paid, released nor lapsed."""

    ref: str
    fund: str
    line: str
    year: int
    origin: str
    key: str
    amount_fen: int
    open_fen: int


@dataclass(frozen=True)
class PaymentInfo:
    """A payment as it stands; ``state`` is ordered, accepted, paid, refused or returned.

    ``reason`` is the treasury's code for a refusal or a return and ``reason_label`` its words. After
    either the money is open in the commitment again, and another payment may be ordered by another key.
    """

    ref: str
    number: str
    commitment: str
    origin: str
    key: str
    subject: Subject | None
    payee_name: str
    amount_fen: int
    state: str
    reason: str
    reason_label: str
    ordered_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class DueInfo:
    """Money that has to come back, and how much of it has."""

    ref: str
    origin: str
    key: str
    subject: Subject | None
    amount_fen: int
    received_fen: int
    ground: str

    @property
    def left_fen(self) -> int:
        """Return what is still to come."""
        return self.amount_fen - self.received_fen


PAID: Registry[Callable[[Actor, PaymentInfo], None]] = Registry("listener to payments")
RETURNED: Registry[Callable[[Actor, PaymentInfo], None]] = Registry("listener to failed payments")
"""Told of payments that the treasury refused as well as of those that came back (退票), see ``state``."""
RECEIVED_BACK: Registry[Callable[[Actor, DueInfo], None]] = Registry("listener to money received")
OWNED: Registry[Promise | str] = Registry("sort of origin that a program keeps")
"""Sorts of origin (before the colon) for which a domain reserves and pays itself, with what they are called.

Nobody reserves for them by hand, and by hand only what came back is ordered again or released.
"""
