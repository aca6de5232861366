"""Settling with a partner region: what we owe against what it owes, by period, then the rest is paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.booking import Move, Why, book
from yingshang.domains.funds.errors import GroundMissing
from yingshang.domains.funds.models import BudgetAccount, EntryKind, Holding, Payment, PaymentState
from yingshang.domains.funds.public import OWNED, PAID, Payee, PaymentInfo
from yingshang.domains.funds.recovering import demand_back, lock_due, take_received
from yingshang.domains.funds.spending import get_commitment, give_back, order, reserve, take_open
from yingshang.domains.funds.vouchers.errors import (
    ConfirmerDrew,
    NoSuchSettlement,
    NothingToSettle,
    PeriodUnfit,
    RegionUnknown,
    SettlementDiffers,
    SettlementElsewhere,
)
from yingshang.domains.funds.vouchers.issuing import get_scheme
from yingshang.domains.funds.vouchers.models import (
    Direction,
    Redemption,
    Settlement,
    SettlementState,
)
from yingshang.domains.funds.vouchers.presenting import region_name
from yingshang.kernel.money import format_fen
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.parties.actors import Actor

Part = tuple[Redemption, int]


def note_receivable(actor: Actor, payment: PaymentInfo) -> None:
    """When a provider was paid for a partner region's voucher, that region owes it to us."""
    sort, _, ref = payment.origin.partition(":")
    if sort == "redemption":
        found = Redemption.objects.filter(ref=ref).first()
        if found is None:
            return
        found.due = demand_back(
            actor,
            origin=payment.origin,
            amount_fen=payment.amount_fen,
            ground=f"异地券 {found.number}，由{region_name(found.region)}结算",
            key=payment.ref,
        )
        found.payment = Payment.objects.get(ref=payment.ref)
        found.save(update_fields=["due", "payment"])
    elif sort == "settlement":
        _note_paid(ref)


def _note_paid(ref: str) -> None:
    """A settlement is paid when the treasury has paid all that was ordered for it."""
    found = Settlement.objects.select_for_update().filter(ref=ref).first()
    if found is None:
        return
    paid = Payment.objects.filter(
        commitment__origin=f"settlement:{ref}", state=PaymentState.PAID
    ).aggregate(fen=Sum("amount_fen"))["fen"]
    if paid == found.net_fen:
        found.state, found.paid_at = SettlementState.PAID, now()
        found.save(update_fields=["state", "paid_at"])


def open_redemptions(scheme: str, region: str, until: date) -> list[Redemption]:
    """Return what is to be settled with a region up to a day: uses elsewhere, and paid uses here.

    They are locked, so that of two who draw at once only one has them.
    """
    ends = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    elsewhere = Q(direction=Direction.OUTBOUND)
    here = Q(direction=Direction.INBOUND, due__isnull=False, payment__state=PaymentState.PAID)
    found = Redemption.objects.filter(
        elsewhere | here, scheme=scheme, region=region, settlement=None, redeemed_at__lt=ends
    )
    return list(found.select_for_update(of=("self",)).order_by("pk"))


def draw(actor: Actor, *, scheme: str, region: str, starts_on: date, ends_on: date) -> Settlement:
    """Draw the settlement of a period.

    Raises ``NoSuchScheme``, ``RegionUnknown``, ``PeriodUnfit``, ``NothingToSettle``.
    """
    if region not in get_scheme(scheme).regions:
        raise RegionUnknown(field="region")
    same = Settlement.objects.filter(scheme=scheme, region=region, ends_on=ends_on)
    if starts_on > ends_on or same.exists():
        raise PeriodUnfit(field="ends_on", params={"day": ends_on})
    rows = open_redemptions(scheme, region, min(ends_on, today()))
    if not rows:
        raise NothingToSettle
    sums = _sums(rows)
    made = Settlement.objects.create(
        scheme=scheme,
        region=region,
        starts_on=starts_on,
        ends_on=ends_on,
        payable_fen=sums[Direction.OUTBOUND],
        receivable_fen=sums[Direction.INBOUND],
        drawn_at=now(),
        drawn_by=actor.ref,
        drawn_person=actor.person_id,
        drawn_name=actor.name,
    )
    Redemption.objects.filter(pk__in=[one.pk for one in rows]).update(settlement=made)
    return made


def lock_settlement(ref: str, *states: SettlementState) -> Settlement:
    """Return a settlement, locked; raises ``NoSuchSettlement`` and ``SettlementElsewhere``."""
    found = Settlement.objects.select_for_update().filter(ref=ref).first()
    if found is None:
        raise NoSuchSettlement
    if found.state not in states:
        raise SettlementElsewhere(params={"state": found.get_state_display()})
    return found


@dataclass(frozen=True)
class Confirmation:
    """What the other region confirmed: its paper, both sums in fen, and the uses (refs) that it contests."""

    document: str
    payable_fen: int
    receivable_fen: int
    contested: tuple[str, ...] = ()


def confirm(actor: Actor, found: Settlement, said: Confirmation) -> None:
    """Record the other region's confirmation; contested uses leave the settlement and stay open.

    Raises ``ConfirmerDrew``, ``GroundMissing``, and ``SettlementDiffers`` where what is left is not what
    the region confirmed.
    """
    if actor.is_who(found.drawn_by, found.drawn_person):
        raise ConfirmerDrew
    if not said.document.strip():
        raise GroundMissing(field="confirmation")
    with transaction.atomic():
        found.redemptions.filter(ref__in=said.contested).update(settlement=None)
        _demand_confirmed(found, said)
    found.state, found.confirmation = SettlementState.CONFIRMED, said.document[:200]
    found.confirmed_at, found.confirmed_name = now(), actor.name
    found.save()


def _demand_confirmed(found: Settlement, said: Confirmation) -> None:
    sums = _sums(found.redemptions.all())
    found.payable_fen, found.receivable_fen = sums[Direction.OUTBOUND], sums[Direction.INBOUND]
    if (found.payable_fen, found.receivable_fen) != (said.payable_fen, said.receivable_fen):
        params = {
            "payable": format_fen(found.payable_fen),
            "receivable": format_fen(found.receivable_fen),
        }
        raise SettlementDiffers(params=params)


def _sums(rows: Iterable[Redemption]) -> dict[str, int]:
    held = list(rows)
    return {
        side: sum(one.amount_fen for one in held if one.direction == side) for side in Direction
    }


def pay(actor: Actor, found: Settlement, *, payee: Payee | None = None, receipt: str = "") -> None:
    """Set off both sides; then order what we owe to be paid, or book what the region paid us.

    ``payee`` is needed where we pay, ``receipt`` (the treasury's number) where the region did. The caller
    holds the lock. Raises ``PayeeUnfit``, ``GroundMissing`` and what ordering raises.
    """
    rows = list(
        found.redemptions.select_related(
            "commitment__account", "commitment__subject", "due"
        ).order_by("pk")
    )
    owed = [(one, one.amount_fen) for one in rows if one.direction == Direction.OUTBOUND]
    owing = [(one, one.amount_fen) for one in rows if one.direction == Direction.INBOUND]
    offset = min(found.payable_fen, found.receivable_fen)
    ours, rest_owed = _split(owed, offset)
    theirs, rest_owing = _split(owing, offset)
    for one, fen in ours:
        _set_off(actor, found, one, fen)
    _receive(actor, found, theirs, f"轧差 {found.ref}", "offset")
    found.state, found.paid_at = SettlementState.PAID, now()
    if rest_owed:
        _order(actor, found, rest_owed, payee or Payee(name="", account=""))
        found.state, found.paid_at = SettlementState.PAYING, None
    elif rest_owing:
        if not receipt.strip():
            raise GroundMissing(field="receipt")
        found.document = receipt[:200]
        _receive(actor, found, rest_owing, receipt, "net")
    found.save()


def _split(rows: Iterable[Part], amount: int) -> tuple[list[Part], list[Part]]:
    """Divide rows in order into those that come to ``amount`` and the rest."""
    first, rest = [], []
    for one, fen in rows:
        part = min(fen, amount)
        amount -= part
        if part:
            first.append((one, part))
        if fen > part:
            rest.append((one, fen - part))
    return first, rest


def _set_off(actor: Actor, found: Settlement, one: Redemption, fen: int) -> None:
    """Book a part of what we owe as paid by what the region owes us; no treasury is asked."""
    commitment = get_commitment(one.commitment.ref)
    take_open(commitment, fen)
    ref = new_ref()
    payment = Payment.objects.create(
        ref=ref,
        number=f"{today():%Y%m%d}-{ref[:8].upper()}",
        commitment=commitment,
        account=commitment.account,
        key=f"offset:{found.ref}:{one.ref}",
        payee_name=region_name(found.region),
        payee_account="轧差",
        amount_fen=fen,
        state=PaymentState.PAID,
        treasury_number=found.ref,
        ordered_at=now(),
        paid_at=now(),
    )
    why = Why(
        f"offset:{payment.ref}", f"settlement:{found.ref}", None, "轧差结算", found.confirmation
    )
    move = Move(commitment.account, Holding.COMMITTED, Holding.PAID, fen)
    book(actor, EntryKind.OFFSET, [move], why)


def _receive(
    actor: Actor, found: Settlement, parts: Iterable[Part], document: str, step: str
) -> None:
    for one, fen in parts:
        assert one.due is not None
        take_received(
            actor,
            due=lock_due(one.due.ref),
            amount_fen=fen,
            document=document,
            key=f"{step}:{found.ref}",
        )


def _order(actor: Actor, found: Settlement, parts: list[Part], payee: Payee) -> None:
    """Gather what we owe out of the vouchers' commitments, and order one payment for each account."""
    origin = f"settlement:{found.ref}"
    sums: dict[int, tuple[BudgetAccount, int]] = {}
    for one, fen in parts:
        commitment = get_commitment(one.commitment.ref)
        give_back(
            actor,
            commitment=commitment.ref,
            key=f"{found.ref}:{one.ref}",
            amount_fen=fen,
            ground="转入地区间结算",
        )
        account = commitment.account
        before = sums.get(account.pk, (account, 0))[1]
        sums[account.pk] = (account, before + fen)
    for account, fen in sums.values():
        held = reserve(
            actor,
            fund=account.fund,
            line=account.line,
            year=account.year,
            amount_fen=fen,
            origin=origin,
            subject=None,
            key=str(account.year),
        )
        order(actor, commitment=held.ref, payee=payee, amount_fen=fen, key=f"net:{found.ref}")


PAID.add("funds.vouchers", note_receivable)
for _sort in ("voucher", "redemption", "settlement"):
    OWNED.add(_sort, _("双创券"))
