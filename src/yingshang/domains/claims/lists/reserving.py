"""Money for a whole list, reserved before the first of its claims is decided in parts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from yingshang.domains.claims.acting import organ_actor
from yingshang.domains.claims.duplicates import excludes
from yingshang.domains.claims.evaluating import compile_rule, fen_of
from yingshang.domains.claims.items.book import Item, item_of
from yingshang.domains.claims.lists.gathering import CHUNK
from yingshang.domains.claims.models import Claim, ClaimList
from yingshang.domains.funds.public import commit, commitments_of, release
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.evaluating import evaluate_rule
from yingshang.facts.profiles import load_population
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today


def origin_of_list(listed: ClaimList) -> str:
    """Return what the funds' books call a list."""
    return f"claim-list:{listed.ref}"


def reserve_for_all(listed: ClaimList, claims: Sequence[Claim]) -> None:
    """Reserve what the rule gives these claims by now, all of it or nothing.

    Raises ``FundExhausted`` with what is left.
    """
    item = item_of(listed.item)
    _reserve(listed, item, sum(_expected(item, listed, claims)))


def take_reserved(listed: ClaimList) -> int:
    """Give back what is reserved for a list, for its claims to reserve in this transaction; return how much."""
    open_ones = [one for one in commitments_of(origin_of_list(listed)) if one.open_fen]
    for one in open_ones:
        release(organ_actor(listed.organ), commitment=one.ref, key="taken")
    return sum(one.open_fen for one in open_ones)


def keep_reserved(listed: ClaimList, fen: int) -> None:
    """Reserve for the claims of a list that still wait what those before them left."""
    _reserve(listed, item_of(listed.item), fen)


def _reserve(listed: ClaimList, item: Item, fen: int) -> None:
    if fen <= 0:
        return
    commit(
        organ_actor(listed.organ),
        fund=item.declared.fund,
        line=item.declared.budget_line,
        year=today().year,
        amount_fen=fen,
        origin=origin_of_list(listed),
        subject=None,
        key=new_ref(),
    )


def _expected(item: Item, listed: ClaimList, claims: Sequence[Claim]) -> Iterable[int]:
    """Yield what each claim gets as things stand; nothing for what another decided claim excludes."""
    by_rule: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_rule[claim.rule_id].append(claim)
    for some in by_rule.values():
        for start in range(0, len(some), CHUNK):
            yield from _amounts(item, listed, some[start : start + CHUNK])


def _amounts(item: Item, listed: ClaimList, claims: Sequence[Claim]) -> Iterable[int]:
    catalogue = current_catalogue()
    rule = compile_rule(claims[0].rule, catalogue)
    subjects = [one.subject_id for one in claims]
    population = load_population(catalogue, subjects, as_of=today(), known_at=now())
    excluded = _excluded(item, listed, subjects)
    for claim in claims:
        outcome = evaluate_rule(rule, population.profile(claim.subject_id)).outcome
        if outcome["result"] == "yes" and claim.subject_id not in excluded:
            yield max(0, fen_of(outcome, item) or 0)


def _excluded(item: Item, listed: ClaimList, subjects: Sequence[int]) -> set[int]:
    """Return who has a decided claim elsewhere that excludes this one."""
    decided = Claim.objects.filter(subject__in=subjects, is_live=True, decided_fen__isnull=False)
    rows = decided.exclude(listed=listed).select_related("item")
    return {one.subject_id for one in rows if excludes(item, one, listed.year)}
