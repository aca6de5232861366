"""A fund's year as a workbook: the statement by line, the journal with its postings, the payments."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from yingshang.domains.funds.models import Holding, JournalEntry, Payment
from yingshang.domains.funds.presenting import local
from yingshang.domains.funds.reporting import Statement
from yingshang.web.workbooks import Sheet, Value, workbook


def workbook_of(
    statement: Statement, entries: Iterable[JournalEntry], payments: Iterable[Payment]
) -> bytes:
    """Return the workbook; amounts are numbers in yuan with two decimals, exact."""
    return workbook(
        Sheet(_("收支表"), *_statement(statement)),
        Sheet(_("分录"), *_journal(entries)),
        Sheet(_("支付"), *_payments(payments)),
    )


def _yuan(fen: int) -> Decimal:
    return Decimal(fen) / 100


def _statement(statement: Statement) -> tuple[list[str], list[list[Value]]]:
    heads = [
        _("预算科目"), _("本年预算"), _("上年结转"), _("可用"), _("已占用"), _("支付中"), _("已支付"),
        _("结转下年"), _("收回预算"), _("应追回"), _("已收回"),
    ]  # fmt: skip
    lines = [(local_label(label), one) for label, one in statement.lines]
    return heads, [
        [
            name,
            *(
                _yuan(fen)
                for fen in (
                    one.budget, one.brought_forward, one.available, one.committed, one.in_payment,
                    one.paid, one.carried_over, one.lapsed, one.refund_due, one.refunded,
                )
            ),
        ]
        for name, one in [*lines, (_("合计"), statement.total)]
    ]  # fmt: skip


def local_label(label: tuple[str, str, str]) -> str:
    """Return a line's label in the reader's language."""
    return local(label[1], label[2])


def _journal(entries: Iterable[JournalEntry]) -> tuple[list[str], list[list[Value]]]:
    heads = [
        _("时间"), _("凭证号"), _("业务"), _("预算科目"), _("账户"), _("金额"), _("事由"), _("依据"),
        _("文号或单据"), _("经办人"),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for entry in entries:
        for posting in entry.postings.all():
            label = Holding(posting.holding).label
            rows.append([
                entry.at, entry.ref, str(entry.get_kind_display()), posting.account.line, str(label),
                _yuan(posting.amount_fen), entry.origin, entry.ground, entry.document, entry.by_name,
            ])  # fmt: skip
    return heads, rows


def _payments(payments: Iterable[Payment]) -> tuple[list[str], list[list[Value]]]:
    heads = [
        _("支付令编号"), _("收款人"), _("金额"), _("状态"), _("原因"), _("国库凭证号"), _("申请时间"),
        _("支付时间"),
    ]  # fmt: skip
    return heads, [
        [
            one.number, one.payee_name, _yuan(one.amount_fen), str(one.get_state_display()),
            one.reason_label, one.treasury_number, one.ordered_at, one.paid_at,
        ]
        for one in payments
    ]  # fmt: skip
