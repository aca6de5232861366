"""Who can stand on a list: entitled by the last run and by a live evaluation, excluded by nothing, ranked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.domains.claims.duplicates import excludes
from yingshang.domains.claims.evaluating import compile_rule, fen_of
from yingshang.domains.claims.explaining import title_of
from yingshang.domains.claims.items.book import Item
from yingshang.domains.claims.items.declaring import RankingDeclared
from yingshang.domains.claims.models import Claim
from yingshang.domains.matching.public import entitled_subjects
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.evaluating import evaluate_rule
from yingshang.facts.profiles import Population, load_population
from yingshang.kernel.times import now, today
from yingshang.parties.models import Subject
from yingshang.rulebook.book import current_book
from yingshang.rules.checking import check
from yingshang.rules.evaluating import evaluate
from yingshang.rules.ranking import Candidate, Key, Ranking, rank
from yingshang.rules.typed import Typed, keys_of
from yingshang.rules.values import Failure, Unknown, to_plain

CHUNK = 1_000
CHOSEN, NOT_ENTITLED, NO_AMOUNT, CLAIMED, EXCLUDED = (
    "chosen",
    "not_entitled",
    "no_amount",
    "claimed",
    "excluded",
)


@dataclass(frozen=True)
class Found:
    """One of those whom the last run found: what the live evaluation says, and what stands against it."""

    subject: Subject
    since: date | None
    amount_fen: int | None
    values: tuple[Any, ...]
    against: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Gathered:
    """Everybody whom the last run found, and the ranking of those against whom nothing stands."""

    found: tuple[Found, ...]
    ranking: Ranking | None

    def reason_of(self, one: Found) -> str:
        """Return why somebody is chosen or not."""
        if one.against:
            return one.against
        placed = self.ranking.explained[one.subject.ref] if self.ranking is not None else None
        return placed.reason if placed is not None else CHOSEN

    def is_chosen(self, one: Found) -> bool:
        """Tell whether somebody is offered the item."""
        if one.against:
            return False
        return self.ranking is None or self.ranking.explained[one.subject.ref].is_chosen

    def place_of(self, one: Found) -> int:
        """Return the place in the ranking, 0 for none."""
        if one.against or self.ranking is None:
            return 0
        return self.ranking.explained[one.subject.ref].place


def gather(item: Item, also: Iterable[str] = ()) -> Gathered:
    """Evaluate live whomever the last run found, leave out whom something excludes, and rank the rest.

    ``also`` are further enterprises by reference, such as those about whom facts came since.
    """
    since: dict[str, date | None] = dict.fromkeys(also)
    since |= {ref: day for ref, _fen, day in entitled_subjects(item.declared.policy)}
    subjects = list(Subject.objects.filter(ref__in=list(since)).order_by("pk"))
    against = claims_against(item, [one.pk for one in subjects])
    found: list[Found] = []
    for start in range(0, len(subjects), CHUNK):
        some = subjects[start : start + CHUNK]
        found += _evaluated(item, some, since, against)
    return Gathered(tuple(found), _ranked(item.declared.ranking, found))


def _evaluated(
    item: Item,
    subjects: Sequence[Subject],
    since: Mapping[str, date | None],
    against: Mapping[int, tuple[str, str]],
) -> Iterable[Found]:
    catalogue, day = current_catalogue(), today()
    rule = compile_rule(item.rule, catalogue)
    keys = _ranking_texts(item, day)
    population = load_population(catalogue, [one.pk for one in subjects], as_of=day, known_at=now())
    for one in subjects:
        profile = population.profile(one.pk)
        outcome = evaluate_rule(rule, profile).outcome
        fen = fen_of(outcome, item)
        said = against.get(one.pk, ("", ""))
        if outcome["result"] != "yes":
            said = (NOT_ENTITLED, str(outcome["result"]))
        elif not fen and not said[0]:
            said = (NO_AMOUNT, "")
        values = _values(keys, population, one.pk)
        yield Found(one, since.get(one.ref), fen, values, said[0], said[1])


def _ranking_texts(item: Item, day: date) -> list[Typed]:
    ranking = item.declared.ranking
    if ranking is None:
        return []
    declarations = current_book(day).declarations
    return [check(one.text, declarations) for one in ranking.by]


def _values(keys: Sequence[Typed], population: Population, subject: int) -> tuple[Any, ...]:
    profile = population.profile(subject)
    found = []
    for typed in keys:
        row = profile.row({one.partition("@")[0] for one in keys_of(typed)})
        value = evaluate(typed, row)
        found.append(None if isinstance(value, Unknown | Failure) else value)
    return tuple(found)


def _ranked(declared: RankingDeclared | None, found: Iterable[Found]) -> Ranking | None:
    if declared is None:
        return None
    rows = [
        Candidate(one.subject.ref, one.values, one.amount_fen or 0)
        for one in found
        if not one.against
    ]
    keys = [Key(one.label, one.order == "descending") for one in declared.by]
    return rank(rows, keys, quota=declared.quota, budget=declared.budget, ties=declared.ties)


def told(values: Iterable[Any]) -> list[Any]:
    """Return values by which somebody was ranked as plain JSON."""
    return [to_plain(one) for one in values]


def claims_against(item: Item, subjects: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return by row id the live claim that stands against an item: ``claimed`` or ``excluded``, and which."""
    period, year = item.period_on(today()), today().year
    found: dict[int, tuple[str, str]] = {}
    by_subject: dict[int, list[Claim]] = defaultdict(list)
    for start in range(0, len(subjects), CHUNK):
        some = subjects[start : start + CHUNK]
        live = Claim.objects.filter(subject__in=some, is_live=True).select_related("item")
        for claim in live:
            by_subject[claim.subject_id].append(claim)
    for subject, claims in by_subject.items():
        for one in claims:
            if one.item_key == item.key and period and one.period == period:
                found[subject] = (CLAIMED, title_of(one))
            elif excludes(item, one, year):
                found.setdefault(subject, (EXCLUDED, title_of(one)))
    return found
