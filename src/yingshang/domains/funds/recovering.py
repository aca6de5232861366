"""Money that has to come back (追回) and does; booked in the year in which it was paid."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from yingshang.domains.funds.booking import Move, Why, book
from yingshang.domains.funds.errors import (
    AmountUnfit,
    BookedOtherwise,
    GroundMissing,
    NoSuchDue,
    PaidTooLittle,
    PaymentElsewhere,
    ReceivedTooMuch,
)
from yingshang.domains.funds.infos import RECEIVED_BACK
from yingshang.domains.funds.models import (
    DueBack,
    DuePart,
    EntryKind,
    Holding,
    JournalEntry,
    Payment,
    PaymentState,
)
from yingshang.domains.funds.showing import due_info
from yingshang.kernel.money import format_fen
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor


def demand_back(actor: Actor, *, origin: str, amount_fen: int, ground: str, key: str) -> DueBack:
    """Book that so much has to come back, once by origin and key; see :func:`.public.due_back`."""
    if amount_fen <= 0:
        raise AmountUnfit(field="amount_fen")
    if not ground.strip():
        raise GroundMissing(field="ground")
    with transaction.atomic():
        paid = _lock_paid(origin)
        before = DueBack.objects.filter(origin=origin, key=key).select_related("subject").first()
        if before is not None:
            if before.amount_fen != amount_fen:
                raise BookedOtherwise(params={"key": key})
            return before
        parts = _divide(paid, amount_fen)
        due = DueBack.objects.create(
            origin=origin,
            key=key,
            subject=parts[0][0].commitment.subject,
            amount_fen=amount_fen,
            ground=ground[:500],
            made_at=now(),
        )
        for payment, part in parts:
            DuePart.objects.create(due=due, payment=payment, amount_fen=part)
            Payment.objects.filter(pk=payment.pk).update(due_fen=F("due_fen") + part)
        why = Why(f"due:{due.ref}", origin, due.subject, ground)
        _book_all(actor, EntryKind.DUE_BACK, Holding.RECOVERY, Holding.REFUND_DUE, parts, why)
    return due


def _lock_paid(origin: str) -> list[Payment]:
    paid = Payment.objects.filter(commitment__origin=origin, state=PaymentState.PAID)
    paid = paid.select_for_update(of=("self",)).select_related("account", "commitment__subject")
    return list(paid.order_by("-paid_at", "-pk"))


def _divide(paid: list[Payment], amount_fen: int) -> list[tuple[Payment, int]]:
    """Return how much comes back from which payment; raises ``PaidTooLittle``."""
    parts, rest = [], amount_fen
    for payment in paid:
        part = min(rest, payment.amount_fen - payment.due_fen)
        if part:
            parts.append((payment, part))
            rest -= part
    if rest:
        left = amount_fen - rest
        params = {"left": format_fen(left), "left_fen": left, "asked": format_fen(amount_fen)}
        raise PaidTooLittle(params=params)
    return parts


def _book_all(
    actor: Actor,
    kind: EntryKind,
    source: Holding,
    target: Holding,
    parts: Iterable[tuple[Payment, int]],
    why: Why,
) -> None:
    """Write an entry for each fund and year concerned; two payments of one line are one move."""
    by_year: dict[tuple[str, int], dict[int, Move]] = {}
    for payment, part in parts:
        account = payment.account
        moves = by_year.setdefault((account.fund, account.year), {})
        before = moves[account.pk].amount_fen if account.pk in moves else 0
        moves[account.pk] = Move(account, source, target, before + part)
    for moves in by_year.values():
        book(actor, kind, list(moves.values()), why, into_closed=True)


def lock_due(ref: str) -> DueBack:
    """Return what is due, locked; raises ``NoSuchDue``."""
    found = (
        DueBack.objects.filter(ref=ref)
        .select_for_update(of=("self",))
        .select_related("subject")
        .first()
    )
    if found is None:
        raise NoSuchDue
    return found


def take_received(
    actor: Actor, *, due: DueBack, amount_fen: int, document: str, key: str
) -> DueBack:
    """Book that so much came back, once by key, with the treasury's receipt as its document.

    The caller holds the lock of ``due``. Raises ``AmountUnfit``, ``GroundMissing``,
    ``ReceivedTooMuch`` and ``BookedOtherwise``.
    """
    if amount_fen <= 0:
        raise AmountUnfit(field="amount_fen")
    if not document.strip():
        raise GroundMissing(field="document")
    name = f"received:{due.ref}:{key}"
    before = JournalEntry.objects.filter(origin=due.origin, key=name)
    if booked := sum(before.values_list("amount_fen", flat=True)):
        if booked != amount_fen:
            raise BookedOtherwise(params={"key": key})
        return due
    left = due.amount_fen - due.received_fen
    if amount_fen > left:
        params = {"left": format_fen(left), "left_fen": left, "asked": format_fen(amount_fen)}
        raise ReceivedTooMuch(params=params)
    parts = _spread(due, amount_fen)
    why = Why(name, due.origin, due.subject, due.ground, document)
    _book_all(actor, EntryKind.RECEIVED_BACK, Holding.REFUND_DUE, Holding.REFUNDED, parts, why)
    due.received_fen += amount_fen
    due.settled_at = now() if due.received_fen == due.amount_fen else None
    due.save(update_fields=["received_fen", "settled_at"])
    for _name, listen in RECEIVED_BACK:
        listen(actor, due_info(due))
    return due


def _spread(due: DueBack, amount_fen: int) -> list[tuple[Payment, int]]:
    found, rest = [], amount_fen
    for part in due.parts.select_related("payment__account").order_by("pk"):
        share = min(rest, part.amount_fen - part.received_fen)
        if share:
            part.received_fen += share
            part.save(update_fields=["received_fen"])
            found.append((part.payment, share))
            rest -= share
    return found


def withdraw_dues(actor: Actor, payment: Payment) -> None:
    """Take back what was due of a payment that the bank sent back: the money came back by itself.

    Raises ``PaymentElsewhere`` where some of it was received from the payee as well; a person has to
    settle that. The caller holds the payment's lock.
    """
    for part in payment.dues.select_related("due__subject").order_by("pk"):
        if part.received_fen:
            raise PaymentElsewhere(params={"state": payment.get_state_display()})
        due, rest = part.due, part.due.amount_fen - part.amount_fen
        why = Why(f"withdrawn:{due.ref}:{payment.ref}", due.origin, due.subject)
        move = [(payment, part.amount_fen)]
        _book_all(actor, EntryKind.DUE_WITHDRAWN, Holding.REFUND_DUE, Holding.RECOVERY, move, why)
        part.delete()
        DueBack.objects.filter(pk=due.pk).update(
            amount_fen=rest, settled_at=now() if rest == due.received_fen else None
        )
    payment.due_fen = 0
