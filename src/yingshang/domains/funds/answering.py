"""What the treasury says of a payment: taken, paid, refused, or sent back by the bank (退票)."""

from django.db.models import F
from django.urls import reverse

from yingshang.domains.funds.booking import Move, Why, book
from yingshang.domains.funds.closing import open_account_after
from yingshang.domains.funds.errors import PaymentElsewhere
from yingshang.domains.funds.infos import PAID, RETURNED
from yingshang.domains.funds.models import (
    UNDER_WAY,
    Commitment,
    EntryKind,
    Holding,
    Payment,
    PaymentState,
)
from yingshang.domains.funds.recovering import withdraw_dues
from yingshang.domains.funds.selectors import list_payments_for
from yingshang.domains.funds.showing import payment_info
from yingshang.domains.funds.treasury import ABOUT
from yingshang.outside.bodies import declared_for
from yingshang.outside.listeners import ABOUT as ABOUTS
from yingshang.outside.listeners import ANSWERED, AboutInfo
from yingshang.outside.models import Answer, Request, Status
from yingshang.parties.actors import Actor


def take_answer(actor: Actor, request: Request, answer: Answer) -> None:
    """Book what the treasury answered; raises ``PaymentElsewhere`` for what cannot follow."""
    sort, _, ref = request.about.partition(":")
    if sort != ABOUT:
        return
    payment = (
        Payment.objects.select_for_update(of=("self",))
        .select_related("commitment__subject", "commitment__account", "account")
        .get(ref=ref)
    )
    match answer.status:
        case Status.ACCEPTED:
            _note_accepted(payment, answer)
        case Status.DONE:
            _book_paid(actor, payment, answer)
        case Status.REFUSED:
            _book_refused(actor, payment, request, answer)
        case Status.RETURNED:
            _book_returned(actor, payment, request, answer)


def _note_accepted(payment: Payment, answer: Answer) -> None:
    if payment.state == PaymentState.ORDERED:
        payment.state = PaymentState.ACCEPTED
        payment.treasury_number = str(answer.fields.get("order_number", ""))[:80]
        payment.save(update_fields=["state", "treasury_number"])


def _book_paid(actor: Actor, payment: Payment, answer: Answer) -> None:
    _demand(payment, *UNDER_WAY)
    payment.state, payment.paid_at = PaymentState.PAID, answer.received_at
    number = str(answer.fields.get("voucher", ""))[:80]
    payment.treasury_number = number or payment.treasury_number
    payment.save()
    _book(actor, payment, EntryKind.PAID, Holding.IN_PAYMENT, Holding.PAID)
    for _name, listen in PAID:
        listen(actor, payment_info(payment))


def _book_refused(actor: Actor, payment: Payment, request: Request, answer: Answer) -> None:
    _demand(payment, *UNDER_WAY)
    _end(payment, PaymentState.REFUSED, request, answer)
    _reopen(payment)
    _book(actor, payment, EntryKind.REFUSED, Holding.IN_PAYMENT, Holding.COMMITTED)
    _tell_returned(actor, payment)


def _book_returned(actor: Actor, payment: Payment, request: Request, answer: Answer) -> None:
    """Open the money again; after the end of the year it was paid in, in the year that is open."""
    _demand(payment, PaymentState.PAID, *UNDER_WAY)
    was_paid = payment.state == PaymentState.PAID
    source = Holding.PAID if was_paid else Holding.IN_PAYMENT
    _reopen(payment)
    withdraw_dues(actor, payment)
    _end(payment, PaymentState.RETURNED, request, answer)
    if payment.account.is_closed:
        _book_into_open_year(actor, payment, source)
    else:
        _book(actor, payment, EntryKind.RETURNED, source, Holding.COMMITTED)
    _tell_returned(actor, payment)


def _book_into_open_year(actor: Actor, payment: Payment, source: Holding) -> None:
    account = open_account_after(payment.account)
    amount, commitment = payment.amount_fen, payment.commitment
    out = Move(payment.account, source, Holding.CARRIED_OVER, amount)
    book(actor, EntryKind.RETURNED, [out], _why(payment, "returned"), into_closed=True)
    back = Move(account, Holding.BROUGHT_FORWARD, Holding.COMMITTED, amount)
    book(actor, EntryKind.BROUGHT_FORWARD, [back], _why(payment, "brought"))
    Commitment.objects.filter(pk=commitment.pk).update(account=account)
    commitment.account = account


def _demand(payment: Payment, *states: PaymentState) -> None:
    if payment.state not in states:
        raise PaymentElsewhere(params={"state": payment.get_state_display()})


def _end(payment: Payment, state: PaymentState, request: Request, answer: Answer) -> None:
    _body, message = declared_for(request)
    known = {one.code: one.label for one in (*message.answers.refused, *message.answers.returned)}
    payment.state, payment.ended_at = state, answer.received_at
    payment.reason, payment.reason_label = answer.reason, known.get(answer.reason, "")
    payment.save()


def _why(payment: Payment, step: str) -> Why:
    commitment = payment.commitment
    return Why(
        f"{step}:{payment.ref}",
        commitment.origin,
        commitment.subject,
        ground=payment.reason_label,
        document=payment.number,
    )


def _book(
    actor: Actor, payment: Payment, kind: EntryKind, source: Holding, target: Holding
) -> None:
    move = Move(payment.account, source, target, payment.amount_fen)
    book(actor, kind, [move], _why(payment, kind.value))


def _reopen(payment: Payment) -> None:
    """Let the money be ordered again; the commitment is locked before the account, as by who orders."""
    rows = Commitment.objects.filter(pk=payment.commitment_id)
    rows.update(open_fen=F("open_fen") + payment.amount_fen)


def _tell_returned(actor: Actor, payment: Payment) -> None:
    for _name, listen in RETURNED:
        listen(actor, payment_info(payment))


def describe(actor: Actor, ref: str) -> AboutInfo | None:
    """Return what a request to the treasury is for."""
    found = list_payments_for(actor).filter(ref=ref).first()
    return AboutInfo(found.number, reverse("desk:payment", args=[ref])) if found else None


ANSWERED.add("funds.payments", take_answer)
ABOUTS.add(ABOUT, describe)
