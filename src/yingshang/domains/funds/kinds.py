"""Registers funds as a kind of content."""

from collections.abc import Iterable, Mapping
from typing import Any

from yingshang.domains.funds.declaring import FUND, Fund
from yingshang.domains.funds.treasury import PAY
from yingshang.kernel.kinds import KINDS, Kind, Remark

Known = Mapping[str, Mapping[str, Any]]


def lint_fund(fund: Fund, known: Known) -> Iterable[Remark]:
    """Name organs and treasuries that there are not, a treasury that cannot pay, lines named twice."""
    if fund.owner not in known.get("organ", {}):
        yield "unknown_organ", f"没有名为 {fund.owner} 的机构", ("owner",)
    if fund.supervisor and fund.supervisor not in known.get("organ", {}):
        yield "unknown_organ", f"没有名为 {fund.supervisor} 的机构", ("supervisor",)
    body = known.get("outside_body", {}).get(fund.treasury)
    if body is None:
        yield "unknown_treasury", f"没有名为 {fund.treasury} 的外部单位", ("treasury",)
    elif body.sort != "treasury" or body.find_message(PAY) is None:
        yield "no_treasury", f"{fund.treasury} 不是能收报文 {PAY} 的国库", ("treasury",)
    keys = [one.key for one in fund.budget_lines]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "key_twice", f"预算科目 {key} 写了两次", ("budget_lines",)


KINDS.add(FUND, Kind(FUND, "funds", Fund, lint_fund, after=("organ", "outside_body")))
