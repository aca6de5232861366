"""From sheets to a ranking: totals, extremes dropped as declared, means, places, the cut-off. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingshang.domains.claims.items.declaring import RankingDeclared, Scoring
from yingshang.rules.ranking import Candidate, Key, Ranking, rank

Sheet = Mapping[str, int]
"""One expert's points for one claim, by criterion."""
FAILED = "below_pass"


@dataclass(frozen=True)
class Scored:
    """What the sheets of one claim come to; means are in hundredths of a point, halves rounded up."""

    totals: tuple[int, ...]
    counted: tuple[int, ...]
    mean: int
    by_criterion: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """The place of one claim, whether it is chosen, and why or why not."""

    scored: Scored
    place: int
    is_chosen: bool
    reason: str


def mean_of(points: Sequence[int]) -> int:
    """Return a mean in hundredths, halves rounded up."""
    return (200 * sum(points) + len(points)) // (2 * len(points))


def score(sheets: Sequence[Sheet], scoring: Scoring) -> Scored:
    """Return what the sheets of one claim come to.

    With ``drop_extremes`` and at least three sheets one with the highest and one with the lowest total
    do not count, in the mean and in the means by criterion alike. Raises ``ValueError`` without a sheet.
    """
    if not sheets:
        raise ValueError("a claim without a sheet cannot be scored")
    ordered = sorted(sheets, key=lambda one: sum(one.values()))
    counted = ordered[1:-1] if scoring.drop_extremes and len(ordered) > 2 else ordered
    totals = [sum(one.values()) for one in ordered]
    counts = [sum(one.values()) for one in counted]
    by_criterion = {
        one.key: mean_of([sheet[one.key] for sheet in counted]) for one in scoring.criteria
    }
    return Scored(tuple(totals), tuple(counts), mean_of(counts), by_criterion)


def decide(
    found: Mapping[str, Scored],
    amounts: Mapping[str, int],
    scoring: Scoring,
    ranking: RankingDeclared | None,
) -> tuple[dict[str, Outcome], Ranking]:
    """Rank those who pass by their means within quota and budget; who does not pass comes last."""
    passed = {ref: one for ref, one in found.items() if one.mean >= 100 * scoring.passing}
    result = rank(
        [Candidate(ref, (one.mean,), amounts.get(ref, 0)) for ref, one in passed.items()],
        [Key("评审得分")],
        quota=ranking.quota if ranking is not None else None,
        budget=ranking.budget if ranking is not None else None,
        ties=ranking.ties if ranking is not None else "include",
    )
    outcomes = {
        ref: Outcome(found[ref], placed.place, placed.is_chosen, placed.reason)
        for ref, placed in result.explained.items()
    }
    behind = sorted(found.keys() - passed.keys(), key=lambda ref: (-found[ref].mean, ref))
    for place, ref in enumerate(behind, len(passed) + 1):
        outcomes[ref] = Outcome(found[ref], place, False, FAILED)
    return outcomes, result
