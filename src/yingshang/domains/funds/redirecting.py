"""Paying again what came back (退票): into the same account, or into one that somebody else gave."""

from django.db.models import QuerySet

from yingshang.domains.funds.errors import (
    AccountNotGiven,
    GroundMissing,
    PayeeUnfit,
    PaymentElsewhere,
)
from yingshang.domains.funds.models import Commitment, GivenAccount, Payment, PaymentState
from yingshang.domains.funds.public import Payee
from yingshang.kernel.identifiers import plain_number
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor

CAME_BACK = (PaymentState.REFUSED, PaymentState.RETURNED)


def keep_given(actor: Actor, payment: Payment, payee: Payee, document: str) -> GivenAccount:
    """Keep another account for a payment that came back.

    Raises ``PaymentElsewhere``, ``PayeeUnfit``, ``GroundMissing``.
    """
    if payment.state not in CAME_BACK:
        raise PaymentElsewhere(params={"state": payment.get_state_display()})
    if not payee.name.strip() or not plain_number(payee.account):
        raise PayeeUnfit(field="account")
    if not document.strip():
        raise GroundMissing(field="document")
    return GivenAccount.objects.create(
        payment=payment,
        payee_name=payee.name.strip()[:120],
        bank=payee.bank.strip()[:120],
        number=plain_number(payee.account)[:40],
        document=document.strip()[:200],
        given_at=now(),
        given_by=actor.ref,
        given_person=actor.person_id,
        given_name=actor.name[:120],
    )


def given_by_others(actor: Actor, commitment: Commitment) -> QuerySet[GivenAccount]:
    """Return the accounts for a commitment that somebody else gave, the latest first."""
    found = GivenAccount.objects.filter(payment__commitment=commitment).exclude(given_by=actor.ref)
    if actor.person_id is not None:
        found = found.exclude(given_person=actor.person_id)
    return found.order_by("-pk")


def demand_given(actor: Actor, commitment: Commitment, payee: Payee) -> None:
    """Raise ``AccountNotGiven`` where what came back would go to where nobody but the actor sends it."""
    before = commitment.payments.all()
    if not before.filter(state__in=CAME_BACK).exists():
        return
    known = {(one.payee_name, plain_number(one.payee_account)) for one in before}
    known |= {(one.payee_name, one.number) for one in given_by_others(actor, commitment)}
    if (payee.name.strip(), plain_number(payee.account)) not in known:
        raise AccountNotGiven(field="account")
