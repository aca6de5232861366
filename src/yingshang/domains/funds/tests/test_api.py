"""What programs are told of rows: every part, from the row itself."""

from datetime import date

from yingshang.domains.funds.api.money import _due, _proposed
from yingshang.domains.funds.api.vouchers import _redeemed, _settlement, _voucher
from yingshang.domains.funds.models import BudgetProposal, DueBack
from yingshang.domains.funds.vouchers.models import Redemption, Settlement, Voucher
from yingshang.parties.actors import ANONYMOUS

DAY = date(2026, 11, 18)


def test_answers_carry_what_the_rows_say() -> None:
    due = _due(DueBack(origin="claim:a", amount_fen=300, received_fen=100, ground="迁出"))
    assert (due.amount_fen, due.received_fen, due.ground) == (300, 100, "迁出")
    budget = BudgetProposal(
        fund="industry", year=2026, line="digital", amount_fen=5, document="8号"
    )
    assert _proposed(ANONYMOUS, budget).model_dump()["line"] == "digital"
    voucher = Voucher(
        number="Q1", scheme="s", scope="test", cap_fen=900, left_fen=700, valid_until=DAY
    )
    assert (_voucher(voucher).left_fen, _voucher(voucher).valid_until) == (700, DAY)
    use = Redemption(number="Q1", direction="ours", invoice="26", amount_fen=7)
    assert _redeemed(ANONYMOUS, use).invoice == "26"
    net = Settlement(
        scheme="s", region="330100", starts_on=DAY, ends_on=DAY, payable_fen=9, receivable_fen=4
    )
    assert _settlement(ANONYMOUS, net).net_fen == 5
