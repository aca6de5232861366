"""Before and while a form is filled: which items one can claim, why one qualifies, what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yingshang.domains.claims.duplicates import (
    Conflict,
    exclude_each_other,
    live_claims,
    own_conflicts,
)
from yingshang.domains.claims.evaluating import compile_rule, fen_of, labels
from yingshang.domains.claims.items.book import Item, list_items, policy_of
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.presenting import local
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.errors import RuleUnfit
from yingshang.facts.evaluating import evaluate_rule
from yingshang.facts.profiles import Profile, load_population
from yingshang.forms.book import current_materials
from yingshang.forms.definition import Material
from yingshang.kernel.times import now, today
from yingshang.parties.models import Subject
from yingshang.rulebook.book import current_book
from yingshang.rulebook.showing import Part, Reader
from yingshang.rules.explaining import explain

JOINT = ("form", "scored")
"""The ways that are applied for."""


@dataclass(frozen=True)
class Guidance:
    """What an enterprise should know of one item: the answer, the amount, why, what is missing.

    ``missing`` are facts by name that nobody has told yet, ``materials`` what will have to be uploaded,
    ``conflicts`` one's claims that exclude it, ``besides`` chosen items that do.
    """

    item: Item
    name: str
    source: str
    result: str
    fen: int | None
    explained: Part | None
    missing: str
    materials: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    besides: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Tell whether one has claimed it for this period already."""
        return any(one.kind == "same" for one in self.conflicts)


@dataclass(frozen=True)
class Known:
    """What is known of an enterprise, by which book and catalogue it is read, and its live claims."""

    claims: tuple[Claim, ...]
    profile: Profile
    reader: Reader
    catalogue: Catalogue


def guide(subject: Subject, items: Iterable[Item]) -> list[Guidance]:
    """Return what an enterprise should know of each item, by its facts as they are known now."""
    chosen = list(items)
    catalogue = current_catalogue()
    population = load_population(catalogue, [subject.pk], as_of=today(), known_at=now())
    claims = tuple(live_claims().filter(subject=subject).order_by("pk"))
    reader = Reader(current_book(today()))
    known = Known(claims, population.profile(subject.pk), reader, catalogue)
    materials = current_materials()
    return [_guidance(one, chosen, known, materials) for one in chosen]


def _guidance(
    item: Item, chosen: list[Item], known: Known, materials: Mapping[str, Material]
) -> Guidance:
    version = policy_of(item.rule)
    result, fen, part, missing = "unknown", None, None, ""
    try:
        rule = compile_rule(item.rule, known.catalogue)
    except RuleUnfit:
        rule = None
    if rule is not None:
        found = evaluate_rule(rule, known.profile)
        result = str(found.outcome["result"])
        fen = fen_of(found.outcome, item)
        row = known.profile.row(found.keys)
        part = known.reader.explained(rule, explain(rule, row))
        missing = labels(found.outcome.get("missing", ()))
    period = item.period_on(today())
    conflicts = tuple(own_conflicts(item, known.claims, year=today().year, period=period))
    told = {one.other.item_key for one in conflicts}
    return Guidance(
        item,
        local(item.declared, "label"),
        version.source,
        result,
        fen,
        part,
        missing,
        tuple(
            local(materials[key], "label") for key in item.declared.materials if key in materials
        ),
        conflicts,
        tuple(
            local(other.declared, "label")
            for other in chosen
            if other.key not in told and exclude_each_other(item.declared, other.declared)
        ),
    )


def list_claimable() -> list[Item]:
    """Return the items that can be applied for today, by key."""
    return [
        one
        for one in list_items()
        if one.declared.way in JOINT and one.declared.is_open_on(today())
    ]
