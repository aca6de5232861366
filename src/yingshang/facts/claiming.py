"""Claims: somebody says otherwise than the authoritative source, and the owner decides (数据异议)."""

from collections.abc import Sequence
from datetime import date, timedelta

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.errors import ClaimChangesNothing, ClaimPending
from yingshang.facts.listeners import CLAIMED
from yingshang.facts.models import ClaimState, FactClaim, FactValue, Grade
from yingshang.facts.periods import Span
from yingshang.facts.weaving import NewValue, span_of
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor


def differs_from_authority(declared: FactTypeDeclaration, new: NewValue) -> bool:
    """Tell whether the authoritative source holds something else on a day of the new value."""
    return any(row.content != new.content for row in _held_by_authority(declared, new))


def find_same_claim(declared: FactTypeDeclaration, new: NewValue, source: str) -> FactClaim | None:
    """Return the claim in which a source said just this: it is open, or was rejected and nothing changed since."""
    against = next(iter(_held_by_authority(declared, new)), None)
    said = FactClaim.objects.filter(
        subject_id=new.subject_id, key=new.key, item=new.item, source=source, against=against
    ).exclude(state=ClaimState.ACCEPTED)
    return next((one for one in said.order_by("-pk") if one.content == new.content), None)


def _held_by_authority(declared: FactTypeDeclaration, new: NewValue) -> Sequence[FactValue]:
    rows = FactValue.objects.present().filter(
        subject_id=new.subject_id,
        key=new.key,
        item=new.item,
        source=declared.source,
    )
    return [row for row in rows.order_by("-recorded_at", "-pk") if span_of(row).overlaps(new.span)]


def make_claim(
    actor: Actor,
    catalogue: Catalogue,
    new: NewValue,
    *,
    source: str,
    why: str,
    evidence: Sequence[str] = (),
) -> FactClaim:
    """Store a claim, record it and tell the listeners, inside the caller's transaction.

    The content None claims that there is no such value. Raises :class:`ClaimPending` while one about
    the same value is open, and :class:`ClaimChangesNothing`.
    """
    declared = catalogue.type(new.key)
    against = next(iter(_held_by_authority(declared, new)), None)
    if (against.content if against else None) == new.content:
        raise ClaimChangesNothing(field="content")
    place = {"subject_id": new.subject_id, "key": new.key, "item": new.item}
    if FactClaim.objects.filter(**place, state=ClaimState.OPEN).exists():
        raise ClaimPending(field="key")
    claim = FactClaim.objects.create(
        **place,
        content=new.content,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        against=against,
        source=source,
        why=why.strip()[:1000],
        evidence=list(evidence),
        claimed_at=now(),
        claimed_by=actor.ref,
        claimed_name=actor.name[:80],
        by_subject=actor.subject_id is not None,
        organ_id=actor.organ_id,
    )
    record(
        "facts.claim_made",
        actor=actor.ref,
        subject=f"subject:{claim.subject.ref}",
        payload={"claim": claim.ref, "key": claim.key, "item": claim.item, "source": source},
    )
    for _, listener in CLAIMED:
        listener(actor, claim)
    return claim


def claimed_value(
    claim: FactClaim, declared: FactTypeDeclaration, row: FactValue | None
) -> NewValue:
    """Return the value that takes the place of ``row``: the claim's words, on that row's days.

    Where the authority says nothing of the claim's first day, it is the claim's own days, as far as the
    authority says nothing else of them.
    """
    span = span_of(row) if row else _silent_days(claim, declared)
    start: date | None = span.start
    if declared.shape == "records" and claim.content:
        start = date.fromisoformat(claim.content[declared.dated])
    return NewValue(
        claim.subject_id,
        claim.key,
        claim.item,
        claim.content,
        start if row or start else today(),
        span.end,
        Grade.AUTHORITATIVE,
        f"claim:{claim.ref}",
    )


def _silent_days(claim: FactClaim, declared: FactTypeDeclaration) -> Span:
    """Return the claim's days till the first of which the authority says something."""
    start, last = first_day_of(claim), claim.valid_to
    rows = FactValue.objects.present().filter(
        subject=claim.subject_id,
        key=claim.key,
        item=claim.item,
        source=declared.source,
        valid_from__gt=start or today(),
    )
    starts = rows.order_by("valid_from").values_list("valid_from", flat=True)
    if (following := starts.first()) is None:
        return Span(start, last)
    before = following - timedelta(days=1)
    return Span(start, min(last, before) if last else before)


def first_day_of(claim: FactClaim) -> date | None:
    """Return the first day on which the claim contradicts the authority; None where none is said."""
    against = claim.against.valid_from if claim.against else None
    return max(claim.valid_from, against) if claim.valid_from and against else claim.valid_from
