"""Vouchers as programs hold, redeem and settle them, partner regions' systems included."""

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.domains.funds.api.money import FUNDS, Fen, Name, Short
from yingshang.domains.funds.vouchers.actions import (
    accept_foreign_voucher,
    confirm_settlement,
    draw_settlement,
    issue_voucher,
    pay_settlement,
    record_redemption,
    redeem_voucher,
)
from yingshang.domains.funds.vouchers.models import Redemption, Settlement, Voucher
from yingshang.domains.funds.vouchers.permissions import HOLD
from yingshang.domains.funds.vouchers.selectors import list_vouchers_for
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

PAPERS: dict[str, Any] = {
    "contract": Short,
    "invoice": Annotated[str, Field(min_length=1, max_length=40)],
    "invoice_fen": Fen,
    "amount_fen": Fen,
    "number": Annotated[str, Field(max_length=40)],
    "holder_code": Annotated[str, Field(max_length=18)],
    "holder_name": Name,
    "confirmation": Short,
    "region": Annotated[str, Field(max_length=12)],
}


class VoucherRead(Answer):
    """A voucher."""

    ref: str
    number: str
    scheme: str
    scope: str
    cap_fen: int
    left_fen: int
    valid_until: date
    state: str


class RedemptionRead(Answer):
    """One use of a voucher."""

    ref: str
    number: str
    direction: str
    invoice: str
    amount_fen: int


class SettlementRead(Answer):
    """What two regions owe each other for a period, in fen; ``net_fen`` is negative where they pay us."""

    ref: str
    scheme: str
    region: str
    starts_on: date
    ends_on: date
    payable_fen: int
    receivable_fen: int
    net_fen: int
    state: str


@read("vouchers", name="funds.vouchers", access=Needs(HOLD), summary=_("我的券"), tag=FUNDS)
def vouchers(actor: Actor, query: Paged) -> Listed[VoucherRead]:
    """Return one's vouchers, the latest first."""
    return listed(list_vouchers_for(actor), ("-pk",), query, _voucher)


def _voucher(one: Voucher) -> VoucherRead:
    return VoucherRead.model_validate(one, from_attributes=True)


def _issued(_actor: Actor, one: Voucher) -> VoucherRead:
    return _voucher(one)


def _redeemed(_actor: Actor, one: Redemption) -> RedemptionRead:
    return RedemptionRead.model_validate(one, from_attributes=True)


def _settlement(_actor: Actor, one: Settlement) -> SettlementRead:
    return SettlementRead.model_validate(one, from_attributes=True)


write(
    "POST",
    "voucher-schemes/<str:scheme>/vouchers",
    issue_voucher,
    summary=_("发放双创券"),
    tag=FUNDS,
    show=_issued,
    status=201,
    bounds={
        "subject": Annotated[str, Field(max_length=24)],
        "scope": Annotated[str, Field(max_length=40)],
        "key": Short,
    },
)
write(
    "POST",
    "voucher-schemes/<str:scheme>/redemptions",
    redeem_voucher,
    summary=_("兑付双创券"),
    tag=FUNDS,
    show=_redeemed,
    status=201,
    bounds={
        name: PAPERS[name]
        for name in ("number", "holder_code", "contract", "invoice", "invoice_fen", "amount_fen")
    },
)
write(
    "POST",
    "voucher-schemes/<str:scheme>/foreign-redemptions",
    accept_foreign_voucher,
    summary=_("兑付异地双创券"),
    tag=FUNDS,
    show=_redeemed,
    status=201,
    bounds=PAPERS,
)
write(
    "POST",
    "voucher-providers/<str:provider>/redemptions",
    record_redemption,
    summary=_("登记本区券在异地的使用"),
    tag=FUNDS,
    show=_redeemed,
    status=201,
    bounds={
        name: PAPERS[name]
        for name in ("number", "holder_code", "contract", "invoice", "invoice_fen", "amount_fen")
    },
)
write(
    "POST",
    "voucher-schemes/<str:scheme>/settlements",
    draw_settlement,
    summary=_("生成跨区结算单"),
    tag=FUNDS,
    show=_settlement,
    status=201,
    bounds={"region": PAPERS["region"]},
)
write(
    "POST",
    "voucher-settlements/<str:settlement>/confirmation",
    confirm_settlement,
    summary=_("登记对方确认结算"),
    tag=FUNDS,
    show=_settlement,
    bounds={
        "confirmation": Annotated[str, Field(min_length=1, max_length=200)],
        "payable_fen": Annotated[int, Field(ge=0, le=10**14)],
        "receivable_fen": Annotated[int, Field(ge=0, le=10**14)],
        "contested": tuple[Annotated[str, Field(max_length=24)], ...],
    },
)
write(
    "POST",
    "voucher-settlements/<str:settlement>/payment",
    pay_settlement,
    summary=_("抵销并结清跨区结算"),
    tag=FUNDS,
    show=_settlement,
    bounds={"payee": Name, "account": Short, "bank": Name, "receipt": Short},
)
