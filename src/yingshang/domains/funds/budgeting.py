"""Budgets: one person proposes, another one approves, and only then is there money."""

from yingshang.domains.funds.booking import Move, Why, account_of, book
from yingshang.domains.funds.errors import (
    AmountUnfit,
    ApproverProposed,
    GroundMissing,
    NoSuchProposal,
    ProposalDecided,
    ProposalWaits,
)
from yingshang.domains.funds.models import (
    BudgetProposal,
    EntryKind,
    Holding,
    JournalEntry,
    ProposalState,
)
from yingshang.domains.funds.register import get_fund, get_line
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor


def propose(
    actor: Actor,
    *,
    fund: str,
    line: str,
    year: int,
    amount_fen: int,
    document: str,
    ground: str = "",
    from_line: str = "",
) -> BudgetProposal:
    """Store a proposal.

    Raises ``NoSuchFund``, ``NoSuchLine``, ``AmountUnfit``, ``GroundMissing``, ``ProposalWaits``.
    """
    declared = get_fund(fund)
    for key in filter(None, (line, from_line)):
        get_line(declared, key)
    if amount_fen <= 0 or line == from_line:
        raise AmountUnfit(field="amount_fen")
    if not document.strip():
        raise GroundMissing(field="document")
    what = {
        "fund": fund,
        "year": year,
        "line": line,
        "from_line": from_line,
        "amount_fen": amount_fen,
        "document": document.strip()[:200],
    }
    if same := BudgetProposal.objects.filter(**what, state=ProposalState.PROPOSED).first():
        raise ProposalWaits(params={"document": same.document, "name": same.proposed_name})
    return BudgetProposal.objects.create(
        **what,
        ground=ground[:500],
        proposed_at=now(),
        proposed_by=actor.ref,
        proposed_person=actor.person_id,
        proposed_name=actor.name,
    )


def lock_proposal(ref: str) -> BudgetProposal:
    """Return an open proposal, locked; raises ``NoSuchProposal`` and ``ProposalDecided``."""
    found = BudgetProposal.objects.select_for_update().filter(ref=ref).first()
    if found is None:
        raise NoSuchProposal
    if found.state != ProposalState.PROPOSED:
        raise ProposalDecided(params={"state": found.get_state_display()})
    return found


def decide(
    actor: Actor, found: BudgetProposal, state: ProposalState, remark: str = ""
) -> JournalEntry | None:
    """Approve a proposal and book it, or refuse it; raises ``ApproverProposed`` and what ``book`` does."""
    if actor.is_who(found.proposed_by, found.proposed_person):
        raise ApproverProposed
    found.state, found.decided_at, found.remark = state, now(), remark[:500]
    found.decided_by, found.decided_name = actor.ref, actor.name
    found.save()
    return _book(actor, found) if state == ProposalState.APPROVED else None


def _book(actor: Actor, found: BudgetProposal) -> JournalEntry:
    target = account_of(found.fund, found.line, found.year)
    moves = [Move(target, Holding.BUDGET, Holding.AVAILABLE, found.amount_fen)]
    kind = EntryKind.APPROPRIATED
    if found.from_line:
        source = account_of(found.fund, found.from_line, found.year)
        moves.append(Move(source, Holding.AVAILABLE, Holding.BUDGET, found.amount_fen))
        kind = EntryKind.TRANSFERRED
    why = Why(f"budget:{found.ref}", f"fund:{found.fund}", None, found.ground, found.document)
    return book(actor, kind, moves, why, amount_fen=found.amount_fen)
