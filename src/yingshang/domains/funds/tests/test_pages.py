"""The pages of the funds: what the officer, the head, the firm and the provider see and do."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.demonstration import build_demonstration, client_of
from yingshang.domains.funds.models import BudgetProposal, Payment
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.vouchers.models import Redemption, Settlement, Voucher
from yingshang.kernel.times import today

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def demonstration() -> None:
    build_demonstration()


def test_the_officer_keeps_the_funds() -> None:
    officer, head = client_of("funds"), client_of("finance")
    assert "科技创新专项资金" in officer.get(reverse("desk:funds")).content.decode()
    page = officer.get(reverse("desk:fund", args=["innovation"])).content.decode()
    assert "研发投入补助" in page
    assert "提出预算" in page
    address = reverse("desk:fund-budget-new", args=["innovation"])
    given = {"year": today().year, "line": "rd", "from_line": "", "amount": "1234.56"}
    assert officer.post(address, given).status_code == 422
    assert officer.post(address, {**given, "document": "清财预〔2026〕99号"}).status_code == 302
    made = BudgetProposal.objects.get(document="清财预〔2026〕99号")
    assert (made.amount_fen, made.state) == (123_456, "proposed")
    decide = reverse("desk:fund-budget", args=[made.ref])
    assert officer.get(decide).status_code == 403
    assert head.post(decide, {"decision": "refuse", "remark": ""}).status_code == 422
    assert head.post(decide, {"decision": "approve", "remark": ""}).status_code == 302
    assert list(faults()) == []
    export = officer.get(reverse("desk:fund-export", args=["innovation"]))
    book = load_workbook(BytesIO(export.content))
    lines = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert lines["合计"] == sum(
        value for name, value in lines.items() if name not in ("合计", "预算科目")
    )


def test_a_returned_payment_is_paid_again() -> None:
    officer = client_of("funds")
    back = Payment.objects.get(state="returned", commitment__origin__startswith="demo-grant:")
    page = officer.get(reverse("desk:payment", args=[back.ref])).content.decode()
    assert "收款账户已销户" in page
    assert back.payee_account not in page
    given = {"payee": back.payee_name, "account": "62229999", "document": "更正账户函"}
    for who in (officer, client_of("finance")):
        answer = who.post(reverse("desk:payment-account", args=[back.ref]), given)
        assert answer.status_code == 302
    own, other = back.given_accounts.order_by("pk")
    again = reverse("desk:payment-again", args=[back.ref])
    assert officer.post(again, {"into": str(own.pk)}).status_code == 422
    answer = officer.post(again, {"into": str(other.pk)})
    again = back.commitment.payments.get(state="ordered")
    assert answer["Location"] == reverse("desk:payment", args=[again.ref])
    assert again.payee_account == "62229999"
    stranger = client_of("bureau")
    assert stranger.get(reverse("desk:payment", args=[back.ref])).status_code == 404


def test_a_provider_redeems_and_the_firm_sees_it() -> None:
    firm, provider = client_of("legal"), client_of("legal2")
    voucher = Voucher.objects.filter(left_fen__gte=2_000_000).first()
    assert voucher is not None
    own = firm.get(reverse("portal:vouchers")).content.decode()
    assert voucher.number in own
    assert "平湖科创服务中心" in own.split("可以用券的服务机构", 1)[1]
    assert voucher.number not in client_of("finance").get("/vouchers/").content.decode()
    address = reverse("portal:voucher-redeem", args=[voucher.scheme])
    given = {
        "number": voucher.number,
        "holder_code": voucher.subject.code,
        "contract": "HT-9",
        "invoice": "900000009",
        "invoice_fen": "20000",
        "amount_fen": "10000.01",
    }
    refused = provider.post(address, given)
    assert refused.status_code == 422
    assert "最多抵扣发票金额的 50%，这张发票最多 10,000.00 元" in refused.content.decode()
    assert provider.post(address, {**given, "amount_fen": "10000"}).status_code == 302
    assert Redemption.objects.get(invoice="900000009").amount_fen == 1_000_000
    assert "900000009" in firm.get(reverse("portal:vouchers")).content.decode()
    assert firm.get(address).status_code == 403


def test_a_settlement_is_confirmed_by_another() -> None:
    officer, head = client_of("funds"), client_of("finance")
    drawn = Settlement.objects.get(state="drawn")
    address = reverse("desk:settlement-confirm", args=[drawn.ref])
    given = {
        "confirmation": "杨财结〔2026〕1号",
        "payable_fen": str(drawn.payable_fen / 100),
        "receivable_fen": str(drawn.receivable_fen / 100),
    }
    refused = officer.post(address, given)
    assert refused.status_code in (403, 422)
    assert head.post(address, given).status_code == 302
    export = officer.get(reverse("desk:settlement-statement", args=[drawn.ref]))
    rows = list(load_workbook(BytesIO(export.content)).active.iter_rows(values_only=True))
    assert rows[-1][0] == "我方净付"
    assert rows[-1][7] == drawn.net_fen / 100
    pay = reverse("desk:settlement-pay", args=[drawn.ref])
    given = {"payee": "杨浦区财政局", "account": "31010001"}
    assert officer.post(pay, given).status_code == 302
    drawn.refresh_from_db()
    assert drawn.state == "paying"
    assert list(faults()) == []


def test_the_home_page_says_what_waits_in_the_funds() -> None:
    officer, head, other = client_of("funds"), client_of("finance"), client_of("science")
    said = officer.get(reverse("desk:home")).content.decode()
    assert "被退回、待重新支付" in said
    assert "等我批准的预算" not in said
    assert "等我批准的预算" in head.get(reverse("desk:home")).content.decode()
    moved = BudgetProposal.objects.get(state="proposed", from_line="platforms")
    asked = head.get(reverse("desk:fund-budget", args=[moved.ref])).content.decode()
    assert "研发平台建设 调剂到 研发投入补助" in asked
    assert "涉企资金待办" not in other.get(reverse("desk:home")).content.decode()
    waiting = officer.get(reverse("desk:payments"), {"state": "unpaid"}).content.decode()
    back = Payment.objects.get(state="returned", commitment__origin__startswith="demo-grant:")
    assert back.number in waiting
    found = officer.get(reverse("desk:payments"), {"payee": back.payee_name[:6]}).content.decode()
    assert back.number in found
    nobody = officer.get(reverse("desk:payments"), {"payee": "没有这家企业"}).content.decode()
    assert "没有这样的支付" in nobody


def test_amounts_and_occasions_are_told_in_words() -> None:
    officer = client_of("funds")
    shown = officer.get(reverse("desk:fund", args=["innovation"])).content.decode()
    assert re.search(r"<td class=\"heat heat-5\">[\d,.]+ 元</td>", shown)
    journal = officer.get(reverse("desk:fund-journal", args=["innovation"])).content.decode()
    assert "双创券结算" in journal
    assert "settlement:" not in journal
    assert "由 310116" not in journal
