"""Voucher schemes as packs declare them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from yingshang.domains.funds.declaring import FUND, Fund, Key, Text
from yingshang.kernel.kinds import KINDS, Declaration, Kind, Remark

VOUCHER_SCHEME = "voucher_scheme"
Known = Mapping[str, Mapping[str, Any]]


class VoucherScheme(Declaration):
    """A scheme of vouchers: what they may be used for, how much of an invoice they bear, and how long.

    ``scope`` names a code list of services; ``rate`` is the share of an invoice, ``cap`` what one voucher is
    worth at most and ``year_cap`` what one firm may redeem in a calendar year, in fen. ``region`` is our own
    division, ``regions`` those whose providers are recognised and with which we settle.
    """

    key: Key
    label: Text
    label_en: Text
    fund: Key
    budget_line: Key
    scope: str
    rate: Annotated[Decimal, Field(gt=0, le=1, max_digits=4, decimal_places=3)]
    cap: Annotated[int, Field(gt=0)]
    year_cap: Annotated[int, Field(gt=0)]
    valid_months: Annotated[int, Field(ge=1, le=36)]
    region: str
    regions: tuple[str, ...] = ()
    legal: str = ""


def lint_scheme(scheme: VoucherScheme, known: Known) -> Iterable[Remark]:
    """Name funds, lines, code lists and divisions that there are not, and caps that cannot be."""
    fund: Fund | None = known.get(FUND, {}).get(scheme.fund)
    if fund is None:
        yield "unknown_fund", f"没有名为 {scheme.fund} 的资金", ("fund",)
    elif fund.find_line(scheme.budget_line) is None:
        yield "unknown_line", f"资金 {scheme.fund} 没有科目 {scheme.budget_line}", ("budget_line",)
    if scheme.scope not in known.get("code_list", {}):
        yield "unknown_code_list", f"没有名为 {scheme.scope} 的代码表", ("scope",)
    if scheme.year_cap < scheme.cap:
        yield "caps_contradict", "年度上限 year_cap 低于单券上限 cap", ("year_cap",)
    if scheme.region in scheme.regions:
        yield "own_region", "regions 只写合作地区，不写本地区", ("regions",)


KINDS.add(
    VOUCHER_SCHEME,
    Kind(
        VOUCHER_SCHEME,
        "voucher_schemes",
        VoucherScheme,
        lint_scheme,
        after=(FUND, "code_list"),
    ),
)
