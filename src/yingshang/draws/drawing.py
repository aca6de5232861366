"""Committing a pool, and drawing from it once the announced numbers exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yingshang.draws.errors import (
    BadPool,
    BadSources,
    DrawUnknown,
    NotWitnessed,
    OtherNumbers,
    PoolAltered,
    SourcesTooEarly,
    TooEarly,
)
from yingshang.draws.models import Commitment, Result
from yingshang.draws.records import RECORD_TYPE, picks_of, pool_digest, witnessed_on
from yingshang.kernel.refs import new_ref
from yingshang.kernel.sortition import METHODS, key_of
from yingshang.kernel.times import SHANGHAI, now
from yingshang.ledger.keys import tree_hash
from yingshang.ledger.leaves import new_salt
from yingshang.ledger.receipts import receipt_for
from yingshang.ledger.recording import record
from yingshang.ledger.rows import find_genuine_payload

COMMITTED = "draws.pool_committed"
DRAWN = "draws.drawn"


MOST = 2**53 - 1
"""The greatest number that a source may show: what every reader of the record holds exactly (RFC 8785)."""


@dataclass(frozen=True)
class Source:
    """A public number announced before it exists: what it is, and the day on which it appears."""

    name: str
    on: date


@dataclass(frozen=True)
class Stratum:
    """A part of the pool with its own number of picks; an undivided pool has one without name."""

    name: str
    members: Sequence[str]
    pick: int


def commit_pool(
    members: Sequence[str],
    *,
    purpose: str,
    sources: Sequence[Source],
    pick: int,
    actor: str,
    method: str = "sm3",
) -> Commitment:
    """Freeze an undivided pool; see :func:`commit_strata`."""
    return commit_strata(
        [Stratum("", members, pick)], purpose=purpose, sources=sources, actor=actor, method=method
    )


def commit_strata(
    strata: Sequence[Stratum],
    *,
    purpose: str,
    sources: Sequence[Source],
    actor: str,
    method: str = "sm3",
) -> Commitment:
    """Freeze the pool and record its digest in the ledger, before anybody can know the numbers.

    Every source must appear on a later day than today (Shanghai). Raises :class:`SourcesTooEarly`,
    :class:`BadPool`, :class:`BadSources`.
    """
    moment = now()
    _require_pool(strata, method)
    _require_future(sources, moment)
    plain = [{"name": s.name, "members": list(s.members), "pick": s.pick} for s in strata]
    announced = [{"name": s.name, "on": s.on.isoformat()} for s in sources]
    salt, algorithm = new_salt(), tree_hash().algorithm.name
    commitment = Commitment(
        ref=new_ref(),
        purpose=purpose,
        strata=plain,
        sources=announced,
        method=method,
        salt=salt,
        pool_digest=pool_digest(salt, plain, algorithm),
        hash=algorithm,
        committed_at=moment,
    )
    with transaction.atomic():
        recorded = record(
            COMMITTED,
            actor=actor,
            subject=f"draw:{commitment.ref}",
            payload=_promised(commitment),
            occurred_at=moment,
        )
        commitment.entry = recorded.ref
        commitment.save(force_insert=True)
    return commitment


def _promised(commitment: Commitment) -> dict[str, Any]:
    """Return what the ledger keeps of a commitment; the members themselves are only in the digest."""
    return {
        "draw": commitment.ref,
        "purpose": commitment.purpose,
        "pool_digest": commitment.pool_digest,
        "hash": commitment.hash,
        "sizes": [
            {"name": s["name"], "members": len(s["members"]), "pick": s["pick"]}
            for s in commitment.strata
        ],
        "sources": commitment.sources,
        "method": commitment.method,
    }


def _require_pool(strata: Sequence[Stratum], method: str) -> None:
    known = METHODS.find(method)
    if known is None:
        raise BadPool(_("没有抽签方法“%(method)s”。"), params={"method": method})
    names = [stratum.name for stratum in strata]
    members = [member for stratum in strata for member in stratum.members]
    if not strata or len(set(names)) != len(names) or (len(names) > 1 and "" in names):
        raise BadPool(_("每一层都要有自己的名称。"))
    if len(set(members)) != len(members):
        raise BadPool(_("候选名单中有重复。"))
    for stratum in strata:
        size = len(stratum.members)
        if not (0 < size <= known.largest and 0 < stratum.pick <= size):
            params = {"name": stratum.name, "size": size, "pick": stratum.pick}
            raise BadPool(_("“%(name)s”有 %(size)s 个候选，不能抽 %(pick)s 个。"), params=params)


def _require_future(sources: Sequence[Source], moment: datetime) -> None:
    today = moment.astimezone(SHANGHAI).date()
    if not sources or any(not source.name.strip() for source in sources):
        raise BadSources(_("请写明至少一个随机数来源及其名称。"))
    for source in sources:
        if source.on <= today:
            params = {"source": source.name, "on": source.on, "today": today}
            raise SourcesTooEarly(params=params)


def run_draw(
    ref: str,
    numbers: Sequence[Sequence[int]],
    *,
    actor: str,
    excluded: Mapping[str, str] | None = None,
) -> Result:
    """Draw with the numbers that the announced sources showed, and record the result.

    ``excluded`` gives the ground for each recused member. Running again with the same numbers and
    recusals returns the same result; further recusals bring in the next in line, other numbers are
    refused. The commitment must lie under a head that was signed before the day of the first source:
    whoever writes to the tables could otherwise enter one that looks old. Raises
    :class:`DrawUnknown`, :class:`TooEarly`, :class:`BadSources`, :class:`PoolAltered`,
    :class:`NotWitnessed`, :class:`OtherNumbers`, :class:`~yingshang.kernel.sortition.BadDraw`.
    """
    with transaction.atomic():
        commitment = Commitment.objects.select_for_update().filter(ref=ref).first()
        if commitment is None:
            raise DrawUnknown(params={"ref": ref})
        shown = [[int(number) for number in source] for source in numbers]
        _require_ready(commitment, shown)
        _require_untouched(commitment)
        _require_witnessed(commitment)
        recusals = [{"member": m, "ground": g} for m, g in sorted((excluded or {}).items())]
        _require_same_numbers(commitment, shown)
        if same := Result.objects.filter(commitment=commitment, excluded=recusals).first():
            return same
        return _store_result(commitment, shown, recusals, actor)


def _require_ready(commitment: Commitment, numbers: list[list[int]]) -> None:
    last = max(source["on"] for source in commitment.sources)
    if now().astimezone(SHANGHAI).date().isoformat() < last:
        raise TooEarly(params={"on": date.fromisoformat(last)})
    shown = all(source and min(source) >= 0 and max(source) <= MOST for source in numbers)
    if len(numbers) != len(commitment.sources) or not shown:
        raise BadSources(
            _("公告的来源有 %(count)s 个，每个来源都要按公告的次序填写它公布的非负整数。"),
            params={"count": len(commitment.sources)},
        )


def _require_untouched(commitment: Commitment) -> None:
    """Hold the commitment against its digest and against what the ledger recorded."""
    digest = pool_digest(commitment.salt, commitment.strata, commitment.hash)
    recorded = find_genuine_payload(commitment.entry, COMMITTED)
    if digest != commitment.pool_digest or recorded != _promised(commitment):
        raise PoolAltered()


def _require_witnessed(commitment: Commitment) -> None:
    first = min(source["on"] for source in commitment.sources)
    seen = witnessed_on(receipt_for(commitment.entry, earliest=True))
    if seen is None or seen >= first:
        raise NotWitnessed(params={"on": date.fromisoformat(first)})


def _require_same_numbers(commitment: Commitment, numbers: list[list[int]]) -> None:
    earlier = Result.objects.filter(commitment=commitment).order_by("pk").first()
    if earlier is not None and key_of(earlier.numbers) != key_of(numbers):
        raise OtherNumbers()


def _store_result(
    commitment: Commitment, numbers: list[list[int]], recusals: list[dict[str, str]], actor: str
) -> Result:
    barred = [recusal["member"] for recusal in recusals]
    picks = picks_of(commitment.strata, numbers, barred, commitment.method)
    recorded = record(
        DRAWN,
        actor=actor,
        subject=f"draw:{commitment.ref}",
        payload={"numbers": numbers, "excluded": recusals, "picks": picks},
    )
    return Result.objects.create(
        commitment=commitment,
        numbers=numbers,
        excluded=recusals,
        picks=picks,
        drawn_at=now(),
        entry=recorded.ref,
    )


def draw_record(result: Result) -> dict[str, Any]:
    """Return what is published of a draw: everything needed to make it again, with its receipts.

    Members appear as the references that were committed. Once both events are in the log, the
    receipts carry their proofs; that of the commitment is under the first head that covers it.
    """
    commitment = result.commitment
    sources = [
        {**source, "numbers": shown}
        for source, shown in zip(commitment.sources, result.numbers, strict=True)
    ]
    return {
        "type": RECORD_TYPE,
        "draw": commitment.ref,
        "purpose": commitment.purpose,
        "strata": commitment.strata,
        "salt": commitment.salt,
        "hash": commitment.hash,
        "pool_digest": commitment.pool_digest,
        "committed_on": commitment.committed_at.astimezone(SHANGHAI).date().isoformat(),
        "sources": sources,
        "key": key_of(result.numbers),
        "method": commitment.method,
        "excluded": result.excluded,
        "picks": result.picks,
        "receipts": {
            "committed": receipt_for(commitment.entry, with_payload=True, earliest=True),
            "drawn": receipt_for(result.entry, with_payload=True),
        },
    }
