"""What excludes a claim: the same item again, items that exclude each other, the same evidence.

Told while the form is filled (warned), when it is handed in (said) and when it is decided (refused). At
each the same question is asked; only what was decided already refuses.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from yingshang.domains.claims.errors import DuplicateClaim
from yingshang.domains.claims.explaining import title_of
from yingshang.domains.claims.items.book import Item, item_of
from yingshang.domains.claims.items.declaring import ClaimItem
from yingshang.domains.claims.models import Claim, ClaimEvidence
from yingshang.facts.weaving import lock_subjects
from yingshang.kernel.canonical import digest
from yingshang.kernel.identifiers import plain_number
from yingshang.parties.models import Subject

Kind = Literal["same", "excluded", "evidence"]


@dataclass(frozen=True)
class Conflict:
    """Another claim that excludes this one; ``decided`` tells whether it was decided already."""

    kind: Kind
    other: Claim
    decided: bool
    text: str


def conflicts_of(
    item: Item,
    subject: Subject,
    *,
    year: int,
    period: str,
    evidence: Iterable[str] = (),
    besides: Claim | None = None,
) -> list[Conflict]:
    """Return the live claims that exclude a claim of this item; ``evidence`` are digests."""
    live = live_claims()
    live = live.exclude(pk=besides.pk) if besides is not None else live
    own = live.filter(subject=subject).order_by("pk")
    return [*own_conflicts(item, own, year=year, period=period), *_evidence(live, list(evidence))]


def live_claims() -> QuerySet[Claim]:
    """Return the claims that may exclude others, with what conflicts say of them."""
    live = Claim.objects.filter(is_live=True)
    return live.select_related("item", "case", "subject", "organ")


def own_conflicts(item: Item, own: Iterable[Claim], *, year: int, period: str) -> list[Conflict]:
    """Return which of an enterprise's own live claims exclude a claim of this item, the same item first."""
    claims = list(own)
    return [*_same(claims, item, period), *_excluded(claims, item, year)]


def _same(claims: Iterable[Claim], item: Item, period: str) -> Iterator[Conflict]:
    for one in claims:
        if period and (one.item_key, one.period) == (item.key, period):
            text = gettext("同一期间已有一项“%(item)s”") % {"item": title_of(one)}
            yield Conflict("same", one, one.decided_fen is not None, text)


def _excluded(claims: Iterable[Claim], item: Item, year: int) -> Iterator[Conflict]:
    for one in claims:
        if excludes(item, one, year):
            text = gettext("与“%(item)s”不能重复享受") % {"item": title_of(one)}
            yield Conflict("excluded", one, one.decided_fen is not None, text)


def excludes(item: Item, other: Claim, year: int) -> bool:
    """Tell whether a claim excludes another item in a year."""
    declared = item_of(other.item).declared
    return exclude_each_other(item.declared, declared, same_year=other.year == year)


def exclude_each_other(one: ClaimItem, other: ClaimItem, *, same_year: bool = True) -> bool:
    """Tell whether two items exclude each other, for the same year or at all; one saying so is enough."""
    ever = other.key in one.excludes_ever or one.key in other.excludes_ever
    yearly = other.key in one.excludes or one.key in other.excludes
    return one.key != other.key and (ever or (yearly and same_year))


def _evidence(live: QuerySet[Claim], digests: list[str]) -> Iterator[Conflict]:
    if not digests:
        return
    uses = ClaimEvidence.objects.filter(digest__in=digests, claim__in=live)
    for use in uses.select_related("claim__item", "claim__case", "claim__subject").order_by("pk"):
        one = use.claim
        text = gettext("“%(name)s”已用于“%(item)s”") % {
            "name": name_of_evidence(item_of(one.item).declared, use.name),
            "item": title_of(one),
        }
        yield Conflict("evidence", one, use.is_held, text)


def name_of_evidence(item: ClaimItem, name: str) -> str:
    """Return what a piece of evidence is called in the item's own form."""
    found = next((one.label for one in item.asks if one.key == name), "")
    return found or name


def digest_of_value(name: str, value: object) -> str:
    """Return the digest of what a field says, as it identifies an invoice or a project.

    Case, spaces, separators and full-width digits do not make another number of it.
    """
    return digest({"evidence": name, "value": plain_number(str(value))}).hex()


def evidence_in(item: Item, body: Mapping[str, object]) -> dict[str, str]:
    """Return what a submission's body says of the item's evidence: digest by field or material."""
    answers, materials = body.get("answers"), body.get("materials")
    found: dict[str, str] = {}
    for name in item.declared.evidence:
        if isinstance(answers, Mapping) and plain_number(str(answers.get(name) or "")):
            found[name] = digest_of_value(name, answers[name])
        elif isinstance(materials, Mapping) and isinstance(materials.get(name), Mapping):
            files = materials[name].get("files") or ()
            for place, file in enumerate(files):
                found[f"{name}.{place}" if place else name] = str(file["sha256"])
    return found


def hold(claim: Claim, item: Item) -> None:
    """Make a claim hold its evidence; raises :class:`DuplicateClaim` where another is decided already.

    The enterprise's row is held till the transaction ends, so that two organs cannot decide at once.
    """
    lock_subjects([claim.subject_id])
    digests = list(claim.evidence.values_list("digest", flat=True))
    found = conflicts_of(
        item,
        claim.subject,
        year=claim.year,
        period=claim.period if item.declared.per != "open" else "",
        evidence=digests,
        besides=claim,
    )
    if decided := [one for one in found if one.decided]:
        raise DuplicateClaim(params={"why": "；".join(one.text for one in decided)})
    try:
        with transaction.atomic():
            claim.evidence.filter(Q(is_held=False)).update(is_held=True)
    except IntegrityError as error:
        raise DuplicateClaim(params={"why": gettext("证明材料已用于另一项兑现")}) from error
