"""The published record of a draw: all that anybody needs to make it again. Pure Python."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yingshang.kernel.canonical import canonical_json
from yingshang.kernel.digests import HASHES
from yingshang.kernel.errors import DomainError, Invalid
from yingshang.kernel.sortition import draw_from, draw_strata, key_of
from yingshang.kernel.times import SHANGHAI

RECORD_TYPE = "yingshang-draw/1"


class BadRecord(Invalid):
    """The text is no record of a draw."""

    code = "draw_bad_record"
    message = "这不是抽签记录：%(why)s"


def pool_digest(salt: str, strata: Sequence[Mapping[str, Any]], algorithm: str) -> str:
    """Return the digest to which a commitment binds: over salt and the strata in their order."""
    return HASHES.get(algorithm).digest(bytes.fromhex(salt) + canonical_json(strata)).hex()


def picks_of(
    strata: Sequence[Mapping[str, Any]],
    numbers: Sequence[Sequence[int]],
    excluded: Sequence[str],
    method: str,
) -> dict[str, list[str]]:
    """Return the members drawn by stratum; raises :class:`~yingshang.kernel.sortition.BadDraw`."""
    key = key_of(numbers)
    if len(strata) == 1 and not strata[0]["name"]:
        only = strata[0]
        return {"": draw_from(only["members"], key, only["pick"], excluded, method)}
    return draw_strata(
        {stratum["name"]: stratum["members"] for stratum in strata},
        key,
        {stratum["name"]: stratum["pick"] for stratum in strata},
        excluded,
        method,
    )


def witnessed_on(receipt: Mapping[str, Any]) -> str | None:
    """Return the day (Shanghai, ISO) of the signed head that a receipt lies under, None for a promise."""
    if "head" not in receipt:
        return None
    return datetime.fromisoformat(receipt["head"]["at"]).astimezone(SHANGHAI).date().isoformat()


def check_record(record: Mapping[str, Any]) -> list[str]:
    """Make the draw of a record again; return what does not agree, nothing if all does.

    Raises :class:`BadRecord` if parts are missing. The signature and the proof of the receipts that
    the record carries are checked by ``tools/verify_receipt.py``, the numbers by whoever published
    them.
    """
    try:
        return _disagreements(record)
    except (KeyError, TypeError, ValueError, AttributeError, LookupError) as error:
        raise BadRecord(params={"why": repr(error)}) from error


def _disagreements(record: Mapping[str, Any]) -> list[str]:
    if record["type"] != RECORD_TYPE:
        raise ValueError(record["type"])
    return [*_commitment_faults(record), *_result_faults(record)]


def _commitment_faults(record: Mapping[str, Any]) -> list[str]:
    faults = []
    digest = pool_digest(record["salt"], record["strata"], record["hash"])
    if digest != record["pool_digest"]:
        faults.append(f"名单的摘要是 {digest}，记录中写的是 {record['pool_digest']}")
    committed = record["receipts"]["committed"]
    if json.loads(committed["payload"]["body"])["pool_digest"] != record["pool_digest"]:
        faults.append("存证回执中的名单摘要与记录不符")
    recorded_at = datetime.fromisoformat(committed["entry"]["recorded_at"])
    if recorded_at.astimezone(SHANGHAI).date().isoformat() != record["committed_on"]:
        faults.append(f"存证回执的时间 {recorded_at} 与名单锁定之日 {record['committed_on']} 不符")
    early = [s["name"] for s in record["sources"] if s["on"] <= record["committed_on"]]
    if early:
        faults.append(f"来源“{'、'.join(early)}”的日期不晚于名单锁定之日")
    seen = witnessed_on(committed)
    if seen is None or seen >= min(source["on"] for source in record["sources"]):
        faults.append(f"锁定名单的回执所在的树头（{seen or '无'}）不早于随机数来源的日期")
    return faults


def _result_faults(record: Mapping[str, Any]) -> list[str]:
    faults = []
    numbers = [source["numbers"] for source in record["sources"]]
    if key_of(numbers) != record["key"]:
        faults.append(f"随机数给出的键是 {key_of(numbers)}，记录中写的是 {record['key']}")
    excluded = [item["member"] for item in record["excluded"]]
    try:
        picks = picks_of(record["strata"], numbers, excluded, record["method"])
    except DomainError as error:
        return [*faults, str(error)]
    if picks != record["picks"]:
        faults.append(f"重抽的结果是 {picks}，与记录不符")
    return faults
