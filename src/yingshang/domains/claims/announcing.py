"""What public notices of intended grants say, and who is told of an objection."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yingshang.cases.models import Case
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.items.book import item_of, policy_of
from yingshang.domains.claims.items.names import ITEM
from yingshang.domains.claims.models import Claim
from yingshang.domains.services.public import NOTICE_VALUES, Listed, NoticeSource
from yingshang.rules.types import INT, STRING
from yingshang.web.money import yuan

USUAL = "intended-grants"
"""The notice of this package's own pack."""
NAMES = {
    "claim.item": STRING,
    "claim.policy": STRING,
    "claim.organ": STRING,
    "claim.year": INT,
    "claim.count": INT,
    "claim.total": STRING,
}
ROW_NAMES = {
    "row.enterprise": STRING,
    "row.code": STRING,
    "row.amount": STRING,
    "row.place": INT,
    "row.score": STRING,
}


def announced(case: Case) -> list[Claim]:
    """Return the claims that a case announces: its own, or those of its list, in the order of the list."""
    found = Claim.objects.select_related("subject", "item", "rule", "organ", "scored")
    own = list(found.filter(case=case.pk))
    if own:
        return own
    listed = found.filter(listed__case=case.pk, case__state="in_notice")
    return list(listed.order_by("list_entry__place", "scored__place", "pk"))


def _known(case: Case) -> Mapping[str, Any]:
    claims = announced(case)
    if not claims:
        return {}
    first = claims[0]
    return {
        "claim.item": item_of(first.item).declared.label,
        "claim.policy": policy_of(first.rule).source,
        "claim.organ": first.organ.name,
        "claim.year": first.year,
        "claim.count": len(claims),
        "claim.total": yuan(sum(one.decided_fen or 0 for one in claims)),
    }


def _rows(case: Case) -> Iterator[Listed]:
    for claim in announced(case):
        known: dict[str, Any] = {
            "row.enterprise": claim.subject.name,
            "row.code": claim.subject.code or "",
            "row.amount": yuan(claim.decided_fen),
        }
        scored = getattr(claim, "scored", None)
        if scored is not None:
            known |= {"row.place": scored.place, "row.score": f"{scored.mean_hundredths / 100:.2f}"}
        yield Listed(claim.ref, claim.subject.name, known)


def _notice_of(case: Case) -> str:
    claims = announced(case)
    declared = item_of(claims[0].item).declared if claims else None
    return declared.notice.key if declared is not None and declared.notice else USUAL


def _named_by(known: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    items = known.get(ITEM, {}).values()
    return {USUAL, *(one.notice.key for one in items if one.notice is not None)}


def _objected(_case: Case, objection: Any) -> None:
    claim = Claim.objects.filter(ref=objection.listed).select_related("organ").first()
    if claim is not None:
        move_on(
            organ_actor(claim.organ),
            claim.case_id,
            "record_objection",
            data={"objection": objection.ref},
        )


SOURCE = NoticeSource(
    names=NAMES,
    known=_known,
    notice_of=_notice_of,
    named_by=_named_by,
    row_names=ROW_NAMES,
    rows=_rows,
    objected=_objected,
)
for _procedure in ("claim", "claim-batch", "claim-round"):
    NOTICE_VALUES.add(_procedure, SOURCE)
