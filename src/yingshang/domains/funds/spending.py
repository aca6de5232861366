"""Reserving money, giving it back, and ordering payments, in the transaction of whoever asks."""

from django.db import transaction
from django.db.models import F

from yingshang.domains.funds.booking import Move, Why, account_of, book
from yingshang.domains.funds.errors import (
    AmountUnfit,
    BookedOtherwise,
    CommitmentTooSmall,
    NoSuchCommitment,
    OrdererReserved,
    PayeeUnfit,
)
from yingshang.domains.funds.infos import Payee
from yingshang.domains.funds.models import (
    BudgetAccount,
    Commitment,
    EntryKind,
    Holding,
    JournalEntry,
    Payment,
)
from yingshang.domains.funds.register import get_fund, get_line
from yingshang.domains.funds.treasury import ABOUT, PAY
from yingshang.kernel.money import format_fen
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.outside.asking import ask
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject
from yingshang.parties.selectors import person_id_of


def reserve(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    origin: str,
    subject: Subject | None,
    key: str,
) -> Commitment:
    """Reserve money for an origin, once by origin and key; see :func:`.public.commit`.

    Nothing stays of it when it is refused, so that the caller's transaction may go on.
    """
    if amount_fen <= 0:
        raise AmountUnfit(field="amount_fen")
    with transaction.atomic():
        account = account_of(fund, line, year)
        found, is_new = Commitment.objects.get_or_create(
            origin=origin,
            key=key,
            defaults={
                "account": account,
                "subject": subject,
                "amount_fen": amount_fen,
                "open_fen": amount_fen,
                "made_at": now(),
            },
        )
        if is_new:
            move = Move(account, Holding.AVAILABLE, Holding.COMMITTED, amount_fen)
            why = Why(f"commit:{found.ref}", origin, subject)
            book(actor, EntryKind.COMMITTED, [move], why)
        else:
            _demand_same(found, account, amount_fen)
    return found


def _demand_same(found: Commitment, account: BudgetAccount, amount_fen: int) -> None:
    """Refuse a key used for other money; the year may differ, since a commitment may be carried over."""
    held = (found.account.fund, found.account.line, found.amount_fen)
    if held != (account.fund, account.line, amount_fen):
        raise BookedOtherwise(params={"key": found.key})


def get_commitment(ref: str) -> Commitment:
    """Return a commitment with its account and subject; raises ``NoSuchCommitment``."""
    found = (
        Commitment.objects.filter(ref=ref)
        .select_for_update(of=("self",))
        .select_related("account", "subject")
        .first()
    )
    if found is None:
        raise NoSuchCommitment
    return found


def give_back(
    actor: Actor, *, commitment: str, key: str, amount_fen: int | None = None, ground: str = ""
) -> Commitment:
    """Give back what is open, or so much of it; see :func:`.public.release`."""
    found = get_commitment(commitment)
    name = f"release:{found.ref}:{key}"
    before = JournalEntry.objects.filter(origin=found.origin, key=name).first()
    if before is not None:
        if amount_fen not in (None, before.amount_fen):
            raise BookedOtherwise(params={"key": key})
        return found
    amount = found.open_fen if amount_fen is None else amount_fen
    why = Why(name, found.origin, found.subject, ground)
    with transaction.atomic():
        take_open(found, amount)
        move = Move(found.account, Holding.COMMITTED, Holding.AVAILABLE, amount)
        book(actor, EntryKind.RELEASED, [move], why)
    return found


def take_open(found: Commitment, amount_fen: int) -> None:
    """Take so much off what is open; raises ``AmountUnfit`` and ``CommitmentTooSmall``."""
    if amount_fen <= 0:
        raise AmountUnfit(field="amount_fen")
    rows = Commitment.objects.filter(pk=found.pk, open_fen__gte=amount_fen)
    taken = rows.update(open_fen=F("open_fen") - amount_fen)
    found.refresh_from_db(fields=["open_fen"])
    if not taken:
        params = {"left": format_fen(found.open_fen), "asked": format_fen(amount_fen)}
        raise CommitmentTooSmall(params={"left_fen": found.open_fen, **params})


def order(actor: Actor, *, commitment: str, payee: Payee, amount_fen: int, key: str) -> Payment:
    """Order a payment, once by commitment and key; see :func:`.public.order_payment`."""
    _demand_payee(payee)
    found = get_commitment(commitment)
    before = found.payments.filter(key=key).first()
    if before is not None:
        if (before.amount_fen, before.payee_account) != (amount_fen, payee.account):
            raise BookedOtherwise(params={"key": key})
        return before
    with transaction.atomic():
        take_open(found, amount_fen)
        payment = _create(found, payee, amount_fen, key)
        move = Move(found.account, Holding.COMMITTED, Holding.IN_PAYMENT, amount_fen)
        why = Why(f"order:{payment.ref}", found.origin, found.subject, document=payment.number)
        book(actor, EntryKind.ORDERED, [move], why)
        _ask_treasury(actor, payment)
    return payment


def demand_reserved_by_another(actor: Actor, found: Commitment) -> None:
    """Raise ``OrdererReserved`` where the actor is who reserved the money."""
    by = JournalEntry.objects.get(origin=found.origin, key=f"commit:{found.ref}").by
    if actor.is_who(by, person_id_of(by)):
        raise OrdererReserved


def _demand_payee(payee: Payee) -> None:
    if not payee.name.strip() or not payee.account.strip():
        raise PayeeUnfit(field="payee")


def _create(found: Commitment, payee: Payee, amount_fen: int, key: str) -> Payment:
    ref = new_ref()
    return Payment.objects.create(
        ref=ref,
        number=f"{today():%Y%m%d}-{ref[:8].upper()}",
        commitment=found,
        account=found.account,
        key=key,
        payee_name=payee.name,
        payee_code=payee.code,
        payee_bank=payee.bank,
        payee_account=payee.account,
        amount_fen=amount_fen,
        ordered_at=now(),
    )


def _ask_treasury(actor: Actor, payment: Payment) -> None:
    fund = get_fund(payment.account.fund)
    ask(
        actor,
        body=fund.treasury,
        message=PAY,
        payload={
            "payment_number": payment.number,
            "fund": fund.label,
            "budget_line": get_line(fund, payment.account.line).label,
            "budget_year": payment.account.year,
            "payee_name": payment.payee_name,
            "payee_code": payment.payee_code,
            "payee_bank": payment.payee_bank,
            "payee_account": payment.payee_account,
            "amount": payment.amount_fen,
        },
        about=f"{ABOUT}:{payment.ref}",
        organ=Organ.objects.filter(key=fund.owner).first(),
    )
