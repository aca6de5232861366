"""What other domains may ask of the funds.

All of it runs in the caller's transaction, is checked by the caller's own action, and is safe to repeat:
the same origin and key give the same thing again. ``PAID``, ``RETURNED`` and ``RECEIVED_BACK`` tell, in the
transaction that books it, what the treasury did with a payment and what came back; whoever listens
looks at ``origin`` first. Amounts are fen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

__all__ = [
    "OWNED",
    "PAID",
    "RECEIVED_BACK",
    "RETURNED",
    "CommitmentInfo",
    "DueInfo",
    "FundInfo",
    "Payee",
    "PaymentInfo",
    "available",
    "commit",
    "commitments_of",
    "due_back",
    "dues_of",
    "find_fund",
    "list_fund_infos",
    "order_payment",
    "payments_of",
    "release",
]


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


def list_fund_infos() -> list[FundInfo]:
    """Return every fund in force, by key."""
    from yingshang.domains.funds.register import list_funds
    from yingshang.domains.funds.showing import fund_info

    return [fund_info(one) for one in list_funds()]


def find_fund(key: str) -> FundInfo | None:
    """Return a fund in force, or None."""
    return next((one for one in list_fund_infos() if one.key == key), None)


def available(fund: str, line: str, year: int) -> int:
    """Return what may still be committed; nought where there is no budget."""
    from yingshang.domains.funds.models import BudgetAccount

    found = BudgetAccount.objects.filter(fund=fund, line=line, year=year, is_closed=False)
    return found.values_list("available", flat=True).first() or 0


def commit(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    origin: str,
    subject: Subject | None,
    key: str,
) -> CommitmentInfo:
    """Reserve money for an origin, all of it or nothing.

    Raises ``FundExhausted`` with what is left, ``YearClosed``, ``AmountUnfit``, ``NoSuchFund``,
    ``NoSuchLine``, and ``BookedOtherwise`` where origin and key stand for something else.
    """
    from yingshang.domains.funds.showing import commitment_info
    from yingshang.domains.funds.spending import reserve

    return commitment_info(
        reserve(
            actor,
            fund=fund,
            line=line,
            year=year,
            amount_fen=amount_fen,
            origin=origin,
            subject=subject,
            key=key,
        )
    )


def release(
    actor: Actor, *, commitment: str, key: str, amount_fen: int | None = None, ground: str = ""
) -> CommitmentInfo:
    """Give back what a commitment (by its ref) still reserves, or so much of it.

    Raises ``NoSuchCommitment``, ``CommitmentTooSmall``, ``YearClosed``, ``BookedOtherwise``.
    """
    from yingshang.domains.funds.showing import commitment_info
    from yingshang.domains.funds.spending import give_back

    found = give_back(actor, commitment=commitment, key=key, amount_fen=amount_fen, ground=ground)
    return commitment_info(found)


def order_payment(
    actor: Actor, *, commitment: str, payee: Payee, amount_fen: int, key: str
) -> PaymentInfo:
    """Order the treasury to pay out of a commitment (by its ref).

    Raises ``NoSuchCommitment``, ``CommitmentTooSmall``, ``PayeeUnfit``, ``YearClosed``,
    ``BookedOtherwise``.
    """
    from yingshang.domains.funds.showing import payment_info
    from yingshang.domains.funds.spending import order

    return payment_info(
        order(actor, commitment=commitment, payee=payee, amount_fen=amount_fen, key=key)
    )


def due_back(actor: Actor, *, origin: str, amount_fen: int, ground: str, key: str) -> DueInfo:
    """Book that so much of what was paid for an origin has to come back, the latest payment first.

    Raises ``PaidTooLittle``, ``GroundMissing``, ``AmountUnfit``, ``BookedOtherwise``.
    """
    from yingshang.domains.funds.recovering import demand_back
    from yingshang.domains.funds.showing import due_info

    return due_info(
        demand_back(actor, origin=origin, amount_fen=amount_fen, ground=ground, key=key)
    )


def commitments_of(origin: str) -> list[CommitmentInfo]:
    """Return what was reserved for an origin, oldest first."""
    from yingshang.domains.funds.models import Commitment
    from yingshang.domains.funds.showing import commitment_info

    found = Commitment.objects.filter(origin=origin).select_related("account")
    return [commitment_info(one) for one in found.order_by("pk")]


def payments_of(origin: str) -> list[PaymentInfo]:
    """Return the payments ordered for an origin, oldest first."""
    from yingshang.domains.funds.models import Payment
    from yingshang.domains.funds.showing import payment_info

    found = Payment.objects.filter(commitment__origin=origin)
    found = found.select_related("commitment__subject")
    return [payment_info(one) for one in found.order_by("pk")]


def dues_of(origin: str) -> list[DueInfo]:
    """Return what has to come back of what was paid for an origin, oldest first."""
    from yingshang.domains.funds.models import DueBack
    from yingshang.domains.funds.showing import due_info

    found = DueBack.objects.filter(origin=origin).select_related("subject")
    return [due_info(one) for one in found.order_by("pk")]
