"""Before release: whom a rule would reach, what it would cost, how that spreads, and what would change it.

Everything is counted over the newest snapshot of facts; counting is one logged reading of the facts
that the rule reads, by whoever asks. A rule is taken as if it were in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db.models import Count

from yingshang.content.models import ContentVersion
from yingshang.domains.matching.deciding import amount_name, keys_of_all
from yingshang.domains.matching.errors import DraftUnfit, NoSnapshot
from yingshang.domains.matching.groups import SMALL, Spread, known_fen, spreads_of, two_digits
from yingshang.domains.matching.permissions import PREVIEW
from yingshang.domains.matching.spells import UNKNOWN_FEN, Array
from yingshang.facts.actions.reading import log_run
from yingshang.facts.catalogue import namespace_of
from yingshang.facts.permissions import READ as READ_FACTS
from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.facts.purposes import POLICY as POLICY_PURPOSE
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectType
from yingshang.rulebook.book import Book, current_book
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.drafting import get_draft_for
from yingshang.rulebook.kinds import POLICY
from yingshang.rulebook.publishing import read_draft
from yingshang.rulebook.reach import find_snapshot
from yingshang.rulebook.showing import Reader
from yingshang.rules.bitmaps import rows_of
from yingshang.rules.columns import Table, read_schema, read_table
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.encoding import pack
from yingshang.rules.errors import RuleFault
from yingshang.rules.matching import Outcome, match
from yingshang.rules.payouts import list_payouts
from yingshang.rules.ranking import Candidate, Key, Ranking, rank
from yingshang.rules.sweeps import Point, Sweep, Threshold, list_thresholds
from yingshang.rules.types import DATE, DOUBLE, INT, Type
from yingshang.rules.vectors import KNOWN

SHARES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Of the distribution of amounts these quantiles are shown: the ends would be somebody's own amount."""


@dataclass(frozen=True)
class Source:
    """What is previewed: a draft, or a policy of the book; ``key`` names what it would replace."""

    sort: str
    ref: str
    key: str
    title: str
    declaration: PolicyDeclaration


@dataclass(frozen=True)
class Cost:
    """Money in fen over the entitled: the sum, how many amounts are unknown, and quantiles."""

    fen: int
    unknown_amounts: int
    quantiles: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Ranked:
    """The ranking step: who would be chosen among the entitled."""

    ranking: Ranking
    keys: tuple[Key, ...]
    candidates: int


@dataclass(frozen=True)
class Preview:
    """What a rule comes to. ``before`` is what is in force under the same key, if anything."""

    source: Source
    as_of: date
    size: int
    entitled: int
    unknown: int
    cost: Cost
    spreads: list[Spread]
    before: "Compared | None"
    points: list[Point]
    threshold: Threshold | None
    ranked: Ranked | None
    may_see_small: bool

    @property
    def is_small(self) -> bool:
        """Whether so few are entitled that figures about them are kept back."""
        return not self.may_see_small and self.entitled < SMALL


@dataclass(frozen=True)
class Compared:
    """What is in force, and who would gain and lose by the change."""

    entitled: int
    fen: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Step:
    """A ranking step to be tried: fact keys with whether more is better, bounds, what becomes of ties."""

    keys: tuple[tuple[str, bool], ...]
    quota: int | None = None
    budget: int | None = None
    ties: str = "include"


def get_source_for(actor: Actor, sort: str, ref: str) -> Source:
    """Return a draft of the actor's organ (``draft``) or a policy of the book (``policy``).

    Raises ``NotPermitted``, ``NoSuchDraft``, ``NoSuchRule``, ``DraftHasFaults``.
    """
    actor.require(PREVIEW)
    if sort == "draft":
        declared = read_draft(get_draft_for(actor, ref).text)
    else:
        declared = current_book(today()).get(ref).declaration
    return Source(sort, ref, declared.key, declared.title, declared)


def rule_of(declared: PolicyDeclaration, book: Book) -> Rule:
    """Return a declaration's rule as if it were in force; raises :class:`DraftUnfit`."""
    try:
        (rule,) = compile_rules([declared.policy], book.declarations)
    except RuleFault as fault:
        raise DraftUnfit(params={"why": str(fault)}) from fault
    return replace(rule, in_force=True)


@action("matching.preview", permission=PREVIEW)
def preview(
    actor: Actor,
    *,
    sort: str,
    ref: str,
    threshold: int | None = None,
    values: tuple[int | float | date, ...] = (),
    by: str = "",
    order: str = "descending",
    quota: int | None = None,
    budget: int | None = None,
    ties: str = "include",
) -> Preview:
    """Count whom a draft (``draft`` and its ref) or a policy (``policy`` and its key) would reach, at what cost.

    ``threshold`` is a place in :func:`~yingshang.rules.sweeps.list_thresholds`, ``values`` what it is
    moved to (suggested ones where empty). ``by`` is a fact by which the entitled are ranked within
    ``quota`` and ``budget`` (fen). Raises :class:`NoSnapshot`, :class:`DraftUnfit`, and as
    :func:`get_source_for`.
    """
    step = Step(((by, order != "ascending"),), quota, budget, ties) if by else None
    source = get_source_for(actor, sort, ref)
    found = preview_of(actor, source, threshold=threshold, values=values, step=step)
    record(
        "matching.previewed",
        actor=actor.ref,
        subject=f"{sort}:{ref}",
        payload={"as_of": found.as_of.isoformat(), "subjects": found.size},
    )
    return found


def preview_of(
    actor: Actor,
    source: Source,
    *,
    threshold: int | None = None,
    values: Sequence[Any] = (),
    step: Step | None = None,
) -> Preview:
    """Do the same for a source at hand."""
    snapshot = find_snapshot()
    if snapshot is None:
        raise NoSnapshot
    book = current_book(today())
    rule = rule_of(source.declaration, book)
    old = book.entries.get(source.key)
    rules = (rule,) if old is None or old.rule is None else (rule, old.rule)
    ranked_by = {key for key, _more in (step.keys if step else ())}
    if strange := sorted(ranked_by - set(book.catalogue.columns)):
        raise DraftUnfit(field="by", params={"why": "、".join(strange)})
    keys = keys_of_all(rules) | ranked_by
    table = _table(snapshot.path, keys, book)
    log_counting(actor, keys & set(book.catalogue.columns), snapshot.as_of)
    population = Population(rule, table)
    moved, points = _sweep(population, threshold, values)
    may_see = sees_exactly(actor, keys, book)
    spreads = spreads_of(
        snapshot.path, population.rows, population.amounts, book.catalogue, may_see_small=may_see
    )
    return Preview(
        source,
        snapshot.as_of,
        len(table),
        len(population.rows),
        population.unknown,
        _shown_cost(cost_of(population.amounts), may_see),
        spreads,
        _compared(population, rules[1], table) if len(rules) == 2 else None,
        points,
        moved,
        _ranked(population, step) if step else None,
        may_see,
    )


def sees_exactly(actor: Actor, keys: set[str], book: Book) -> bool:
    """Tell whether the actor may read every fact by which was counted, and so may see small counts.

    Whoever may read facts but no sensitive ones could else ask for those of single firms by a rule.
    """
    catalogue = book.catalogue
    found = {catalogue.sensitivity_of(key) for key in keys & set(catalogue.columns)}
    return actor.may(READ_FACTS) and (actor.may(READ_SENSITIVE) or "sensitive" not in found)


def sees_rule_exactly(actor: Actor, declared: PolicyDeclaration) -> bool:
    """Tell the same of the facts that a rule reads; no where it cannot be read any more."""
    book = current_book(today())
    try:
        rule = rule_of(declared, book)
    except DraftUnfit:
        return False
    return sees_exactly(actor, keys_of_all((rule,)), book)


def _shown_cost(cost: Cost, may_see: bool) -> Cost:
    """Return a cost by its first digits to those who may not see what single firms get."""
    if may_see:
        return cost
    shares = tuple((share, two_digits(fen)) for share, fen in cost.quantiles)
    return Cost(two_digits(cost.fen), cost.unknown_amounts, shares)


def _table(path: Path, keys: set[str], book: Book) -> Table:
    known = set(read_schema(path)) | set(book.catalogue.declared)
    lacking = sorted(keys - known - {"as_of"})
    if lacking:
        raise DraftUnfit(params={"why": "、".join(lacking)})
    return read_table(path, keys, book.catalogue.declared)


def log_counting(actor: Actor, keys: set[str], as_of: date) -> None:
    """Log that facts were read to be counted; only sums and counts come out, so that who may preview may."""
    counting = replace(actor, permissions=actor.permissions | {READ_FACTS, READ_SENSITIVE})
    kinds = [kind for kind in SubjectType.values if namespace_of(kind) == "enterprise"]
    found = Subject.objects.filter(type__in=kinds).order_by().values_list("type")
    for kind, count in found.annotate(n=Count("pk")).order_by("type"):
        log_run(
            counting,
            subject_type=kind,
            subjects=count,
            keys=tuple(sorted(keys)),
            purpose=POLICY_PURPOSE,
            ground="政策发布前测算，只出汇总",
            as_of=as_of,
        )


class Population:
    """One rule over a table: the entitled rows with their fen, and how many are undecided."""

    def __init__(self, rule: Rule, table: Table) -> None:
        self.rule, self.table = rule, table
        outcome = match((rule,), table)
        self.rows: Array = rows_of(outcome.yes[0])
        self.unknown = int(outcome.unknown_counts[0])
        self.amounts = amounts_of(rule, table, self.rows)


def amounts_of(rule: Rule, table: Table, rows: Array) -> Array:
    """Return what a rule gives to rows of a table, whether they are entitled or not."""
    found = np.full(len(rows), UNKNOWN_FEN, np.int64)
    flags = np.zeros(len(table), np.bool_)
    flags[rows] = True
    words = pack(flags)[np.newaxis]
    for payout in list_payouts(Outcome((rule,), len(table), words, words), table):
        if payout.name == amount_name(rule) and payout.type == INT:
            found = np.where(payout.state == KNOWN, payout.values, UNKNOWN_FEN)
    return found


def cost_of(amounts: Array) -> Cost:
    """Return sum and distribution of amounts; quantiles only where enough are known."""
    known = known_fen(amounts)
    quantiles: tuple[tuple[int, int], ...] = ()
    if len(known) >= SMALL:
        found = np.quantile(known, SHARES, method="nearest").tolist()
        quantiles = tuple(
            (round(100 * share), int(fen)) for share, fen in zip(SHARES, found, strict=True)
        )
    return Cost(int(known.sum()), len(amounts) - len(known), quantiles)


def _compared(population: Population, old: Rule, table: Table) -> Compared:
    before = Population(old, table)
    gained = np.setdiff1d(population.rows, before.rows, assume_unique=True)
    lost = np.setdiff1d(before.rows, population.rows, assume_unique=True)
    return Compared(len(before.rows), cost_of(before.amounts).fen, len(gained), len(lost))


def _sweep(
    population: Population, place: int | None, values: Sequence[Any]
) -> tuple[Threshold | None, list[Point]]:
    thresholds = list_thresholds(population.rule.condition)
    if place is None or not 0 <= place < len(thresholds):
        return None, []
    threshold, table = thresholds[place], population.table
    everybody = np.arange(len(table))
    fen = amounts_of(population.rule, table, everybody)
    condition = population.rule.condition.typed
    sweep = Sweep(condition, threshold, table, fen, fen != UNKNOWN_FEN)
    given = {_as_value(threshold.type, value) for value in values}
    chosen = sorted(given | {threshold.value}) if values else sweep.suggested()
    return threshold, [sweep.at(value) for value in chosen]


def _as_value(kind: Type, value: Any) -> Any:
    """Return a value as the type of its threshold; raises :class:`DraftUnfit`."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == DATE and isinstance(value, date):
        return value
    if kind == INT and is_number:
        return round(value)
    if kind == DOUBLE and is_number:
        return float(value)
    raise DraftUnfit(field="values", params={"why": str(value)})


def _ranked(population: Population, step: Step) -> Ranked:
    """Rank the entitled; an amount that is not known counts as nothing, and its subject is not chosen."""
    table, rows = population.table, population.rows
    columns = [table.column(key) for key, _more in step.keys]
    known = population.amounts != UNKNOWN_FEN
    has_amounts = bool(amount_name(population.rule))
    subjects = table.subjects
    candidates = [
        Candidate(
            str(subjects[int(row)].as_py()),
            tuple(column.value(int(row)) for column in columns)
            if known[at] or not has_amounts or step.budget is None
            else (None,) * len(columns),
            max(0, int(population.amounts[at])) if known[at] else 0,
        )
        for at, row in enumerate(rows.tolist())
    ]
    keys = tuple(Key(key, more) for key, more in step.keys)
    ranking = rank(candidates, keys, quota=step.quota, budget=step.budget, ties=step.ties)
    return Ranked(ranking, keys, len(candidates))


def declared_step(policy: str) -> Mapping[str, Any]:
    """Return the ranking that a claim item of the policy declares; empty where none does."""
    items = ContentVersion.objects.filter(kind="claim_item", is_current=True)
    for body in items.values_list("body", flat=True):
        if body.get("policy") == policy and body.get("ranking"):
            found: Mapping[str, Any] = body["ranking"]
            return found
    return {}


def list_sources_for(actor: Actor) -> list[tuple[str, str, str, str]]:
    """Return what may be previewed: the organ's open drafts, then the book.

    Each with its sort, reference, title in the reader's language, and the paper on which it rests.
    """
    from yingshang.rulebook.drafting import list_drafts_for, title_of
    from yingshang.rulebook.permissions import READ as READ_RULES

    actor.require(PREVIEW)
    drafts = []
    if actor.may(READ_RULES) and actor.organ_id is not None:
        drafts = [
            ("draft", one.ref, title_of(one.text) or one.key or one.ref, "")
            for one in list_drafts_for(actor)
            if one.is_open
        ]
    reader = Reader(current_book(today()))
    entries = reader.book.entries.items()
    return [
        *drafts,
        *((POLICY, key, reader.title(one), one.declaration.source) for key, one in entries),
    ]
