"""The statement of a settlement as a workbook, for the other region to confirm."""

from decimal import Decimal

from django.utils.translation import gettext as _

from yingshang.domains.funds.vouchers.models import Settlement
from yingshang.kernel.times import SHANGHAI
from yingshang.web.workbooks import Sheet, Value, workbook


def statement_workbook(found: Settlement) -> bytes:
    """Return every use with its invoice, then what both sides owe and the net; amounts in yuan."""
    heads = [
        _("方向"), _("券号"), _("用券企业"), _("服务机构"), _("合同编号"), _("发票号码"), _("发票金额"),
        _("抵扣金额"), _("日期"),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            str(one.get_direction_display()), one.number, one.holder_name, one.provider.name,
            one.contract, one.invoice, Decimal(one.invoice_fen) / 100, Decimal(one.amount_fen) / 100,
            one.redeemed_at.astimezone(SHANGHAI).date(),
        ]
        for one in found.redemptions.select_related("provider").order_by("direction", "pk")
    ]  # fmt: skip
    for label, fen in (
        (_("我方应付"), found.payable_fen),
        (_("对方应付"), found.receivable_fen),
        (_("我方净付"), found.net_fen),
    ):
        rows.append([label, "", "", "", "", "", "", Decimal(fen) / 100, ""])
    return workbook(Sheet(_("结算单"), heads, rows))
