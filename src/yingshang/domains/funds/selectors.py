"""Access-checked reads: funds of one's own organ, or all of them."""

from django.db.models import QuerySet

from yingshang.domains.funds.declaring import Fund
from yingshang.domains.funds.errors import (
    NoSuchCommitment,
    NoSuchDue,
    NoSuchFund,
    NoSuchPayment,
    NoSuchProposal,
    NotKeeper,
    NotSupervisor,
)
from yingshang.domains.funds.models import (
    BudgetAccount,
    BudgetProposal,
    Commitment,
    DueBack,
    JournalEntry,
    Payment,
)
from yingshang.domains.funds.permissions import READ, READ_ALL
from yingshang.domains.funds.register import list_funds
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty
from yingshang.parties.models import Organ, Subject


def list_funds_for(actor: Actor) -> list[Fund]:
    """Return the funds that an actor may see: all of them, or those that its organ owns."""
    if actor.may(READ_ALL):
        return list_funds()
    if not actor.may(READ) or actor.organ_id is None:
        return []
    organ = Organ.objects.get(pk=actor.organ_id)
    return [one for one in list_funds() if organ.key in (one.owner, one.supervisor)]


def keys_for(actor: Actor) -> list[str]:
    """Return the keys of the funds that an actor may see."""
    return [one.key for one in list_funds_for(actor)]


def demand_fund(actor: Actor, key: str) -> Fund:
    """Return a fund that the actor may see; raises ``NoSuchFund``."""
    found = next((one for one in list_funds_for(actor) if one.key == key), None)
    if found is None:
        raise NoSuchFund(params={"fund": key})
    return found


def demand_kept(actor: Actor, key: str) -> Fund:
    """Return a fund that the actor's organ owns or supervises, whatever else it may read.

    Raises ``NoSuchFund``, ``NotKeeper``.
    """
    found = demand_fund(actor, key)
    keepers = (found.owner, found.supervisor)
    if not Organ.objects.filter(pk=actor.organ_id or 0, key__in=keepers).exists():
        raise NotKeeper(params={"fund": found.label})
    return found


def demand_supervised(actor: Actor, key: str) -> Fund:
    """Return a fund on whose budget the actor's organ decides; raises ``NoSuchFund``, ``NotSupervisor``."""
    found = demand_fund(actor, key)
    decides = found.supervisor or found.owner
    if not Organ.objects.filter(pk=actor.organ_id or 0, key=decides).exists():
        raise NotSupervisor
    return found


def list_accounts_for(actor: Actor) -> QuerySet[BudgetAccount]:
    """Return the accounts of the actor's funds, by fund, year and line."""
    found = BudgetAccount.objects.filter(fund__in=keys_for(actor))
    return found.order_by("fund", "-year", "line")


def list_entries_for(actor: Actor) -> QuerySet[JournalEntry]:
    """Return the journal of the actor's funds, the latest first."""
    found = JournalEntry.objects.filter(fund__in=keys_for(actor))
    return found.select_related("subject").order_by("-pk")


def list_commitments_for(actor: Actor) -> QuerySet[Commitment]:
    """Return the commitments of the actor's funds, the latest first."""
    found = Commitment.objects.filter(account__fund__in=keys_for(actor))
    return found.select_related("account", "subject").order_by("-pk")


def get_commitment_for(actor: Actor, ref: str) -> Commitment:
    """Return a commitment; raises ``NoSuchCommitment``."""
    found = list_commitments_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchCommitment
    return found


def list_payments_for(actor: Actor) -> QuerySet[Payment]:
    """Return the payments of the actor's funds, the latest first."""
    found = Payment.objects.filter(account__fund__in=keys_for(actor))
    return found.select_related("account", "commitment__subject").order_by("-pk")


def get_payment_for(actor: Actor, ref: str) -> Payment:
    """Return a payment; raises ``NoSuchPayment``."""
    found = list_payments_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchPayment
    return found


def list_dues_for(actor: Actor) -> QuerySet[DueBack]:
    """Return what is to come back to the actor's funds, the latest first."""
    found = DueBack.objects.filter(parts__payment__account__fund__in=keys_for(actor))
    return found.select_related("subject").distinct().order_by("-pk")


def get_due_for(actor: Actor, ref: str) -> DueBack:
    """Return what is due; raises ``NoSuchDue``."""
    found = list_dues_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchDue
    return found


def list_proposals_for(actor: Actor) -> QuerySet[BudgetProposal]:
    """Return the budget proposals of the actor's funds, the latest first."""
    return BudgetProposal.objects.filter(fund__in=keys_for(actor)).order_by("-pk")


def subject_by_ref(ref: str) -> Subject | None:
    """Return a subject; None for an empty ref; raises ``NoSuchParty``."""
    if not ref:
        return None
    found = Subject.objects.filter(ref=ref).first()
    if found is None:
        raise NoSuchParty
    return found


def get_proposal_for(actor: Actor, ref: str) -> BudgetProposal:
    """Return a budget proposal; raises ``NoSuchProposal``."""
    found = list_proposals_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchProposal
    return found
