"""Two plans side by side: year on year, or district against district."""

from dataclasses import dataclass

from yingshang.domains.plans.differences import full_text, heading_path
from yingshang.domains.plans.errors import SamePlan
from yingshang.domains.plans.models import MatchDecision, MeasureVersion, PlanDocument
from yingshang.domains.plans.models.comparison import MatchVerdict
from yingshang.domains.plans.permissions import COMPARE
from yingshang.domains.plans.selectors.library import get_plan_for, list_wordings_of
from yingshang.domains.plans.similarity import SAME, Item, match
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class Row:
    """One line of the comparison; ``change`` is kept, changed, new or dropped."""

    change: str
    left: MeasureVersion | None
    right: MeasureVersion | None
    similarity: float | None = None
    decision: MatchDecision | None = None

    @property
    def percent(self) -> int | None:
        """Return the similarity of the two texts as a percentage."""
        return None if self.similarity is None else round(self.similarity * 100)


@dataclass(frozen=True)
class Comparison:
    """The rows in the order of the right plan, what it dropped last."""

    left: PlanDocument
    right: PlanDocument
    rows: list[Row]

    def count(self, change: str) -> int:
        """Return how many rows there are of one sort."""
        return sum(1 for row in self.rows if row.change == change)


def compare_plans_for(actor: Actor, left: str, right: str) -> Comparison:
    """Return the comparison of two plans with what people decided about their pairs.

    Raises PlanMissing, and :class:`SamePlan` when the two are one.
    """
    actor.require(COMPARE)
    if left == right:
        raise SamePlan(field="right")
    plans = get_plan_for(actor, left), get_plan_for(actor, right)
    sides = [_wordings(plan) for plan in plans]
    decisions = _decisions(*plans)
    matching = match(
        *([_item(wording) for wording in side.values()] for side in sides),
        linked=[pair for pair, d in decisions.items() if d.verdict == MatchVerdict.LINKED],
        unlinked={pair for pair, d in decisions.items() if d.verdict == MatchVerdict.UNLINKED},
    )
    by_right = {pair.right: pair for pair in matching.pairs}
    rows: list[Row] = []
    for ref, wording in sides[1].items():
        pair = by_right.get(ref)
        if pair is None:
            rows.append(Row("new", None, wording))
            continue
        change = "kept" if pair.similarity >= SAME else "changed"
        decision = decisions.get((pair.left, ref))
        rows.append(Row(change, sides[0][pair.left], wording, pair.similarity, decision))
    rows += [Row("dropped", sides[0][ref], None) for ref in matching.left_only]
    return Comparison(*plans, rows)


def _wordings(plan: PlanDocument) -> dict[str, MeasureVersion]:
    assert plan.current is not None
    return {wording.measure.ref: wording for wording in list_wordings_of(plan.current)}


def _item(wording: MeasureVersion) -> Item:
    names = ("chapter", "section", "action", "title", "text")
    fields = {name: getattr(wording, name) for name in names}
    return Item(wording.measure.ref, full_text(fields), heading_path(fields))


def _decisions(left: PlanDocument, right: PlanDocument) -> dict[tuple[str, str], MatchDecision]:
    """Return the decisions between two plans by (left ref, right ref)."""
    both = [left.pk, right.pk]
    found = MatchDecision.objects.filter(
        first__document__in=both, second__document__in=both
    ).select_related("first", "second")
    return {
        (d.first.ref, d.second.ref)
        if d.first.document_id == left.pk
        else (d.second.ref, d.first.ref): d
        for d in found
    }
