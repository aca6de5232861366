"""What a person with some rights over funds tries beyond them: other bureaus' money, one paper used twice."""

from dataclasses import replace
from datetime import date

import pytest

from yingshang.domains.funds import public
from yingshang.domains.funds.actions import (
    appropriate,
    close_year,
    commit,
    demand_back,
    give_account,
    order_payment,
    record_received,
    refuse_budget,
    release,
    transfer_budget,
)
from yingshang.domains.funds.models import BudgetProposal, JournalEntry, Payment
from yingshang.domains.funds.permissions import READ_ALL
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.tests.conftest import PAYEE, YEAR, People, treasury_says
from yingshang.domains.funds.tests.test_vouchers import (
    FIRM,
    HERE,
    LAB_THERE,
    SCHEME,
    THERE,
    Market,
    market,
)
from yingshang.domains.funds.vouchers.actions import (
    confirm_settlement,
    draw_settlement,
    end_provider,
    issue_voucher,
    recognise_provider,
)
from yingshang.domains.funds.vouchers.models import VoucherProvider
from yingshang.kernel.errors import DomainError
from yingshang.parties.models import Account, Mandate, MandateKind, Organ, Person

__all__ = ["market"]
INVOICE = "26339705000000000001"


@pytest.mark.parametrize(
    "written",
    [
        " 26339705 0000 0000 0001 ",
        "".join(chr(ord(one) + 0xFEE0) for one in INVOICE),
        "26339705-000000000001",
        "26339705\u200b000000000001",
    ],
)
@pytest.mark.one_database
def test_an_invoice_written_otherwise_is_the_same_invoice(market: Market, written: str) -> None:
    market.redeem(invoice=INVOICE)
    with pytest.raises(DomainError) as refused:
        market.redeem(number=market.second.number, invoice=written, amount_fen=1)
    assert refused.value.code == "voucher_invoice_used"


@pytest.mark.one_database
def test_an_invoice_of_signs_alone_is_none(market: Market) -> None:
    with pytest.raises(DomainError) as refused:
        market.redeem(invoice=" - / ")
    assert refused.value.code == "voucher_papers_missing"


@pytest.mark.one_database
def test_firms_of_one_legal_representative_are_related(market: Market) -> None:
    person = Person.objects.create(name="同一人")
    for one in (market.firm, market.lab):
        Mandate.objects.create(
            person=person, subject=one, kind=MandateKind.LEGAL_REPRESENTATIVE, assurance=1
        )
    with pytest.raises(DomainError, match="同一法定代表人"):
        market.redeem()


@pytest.mark.one_database
def test_a_code_typed_otherwise_does_not_hide_whose_provider_it_is(market: Market) -> None:
    made = recognise_provider(
        market.officer,
        scheme=SCHEME,
        name="启明科技",
        code=f" {FIRM.lower()} ",
        region=HERE,
        scopes=["testing"],
        account="62220000",
    )
    assert (made.code, made.subject) == (FIRM, market.firm)
    with pytest.raises(DomainError, match="信用代码"):
        recognise_provider(
            market.officer, scheme=SCHEME, name="x", code=" ", region=THERE, scopes=["testing"]
        )


@pytest.mark.one_database
def test_another_bureaus_vouchers_and_settlements_are_not_ones_own(market: Market) -> None:
    market.redeem_there()
    mine = {"scheme": SCHEME, "region": THERE, "starts_on": date(YEAR, 10, 1)}
    drawn = draw_settlement(market.officer, **mine, ends_on=date(YEAR, 12, 31))
    other = Organ.objects.get(key="qj-market").pk
    stranger = replace(market.officer, organ_id=other, person_id=None, ref="account:stranger")
    provider = VoucherProvider.objects.get(code=LAB_THERE)
    attempts = [
        lambda: issue_voucher(
            stranger, scheme=SCHEME, subject=market.firm.ref, scope="testing", key="9"
        ),
        lambda: recognise_provider(
            stranger, scheme=SCHEME, name="己方", code="1", region=THERE, scopes=["testing"]
        ),
        lambda: end_provider(stranger, provider=provider.ref, ground="x"),
        lambda: draw_settlement(stranger, **mine, ends_on=date(YEAR, 11, 30)),
        lambda: confirm_settlement(
            stranger, settlement=drawn.ref, confirmation="x", payable_fen=1, receivable_fen=0
        ),
        lambda: commit(
            stranger, fund="innovation", line="rd", year=YEAR, amount_fen=1, origin="grant:1"
        ),
        lambda: close_year(stranger, fund="innovation", year=YEAR - 1, ground="x"),
    ]
    assert READ_ALL in stranger.permissions
    for attempt in attempts:
        with pytest.raises(DomainError) as refused:
            attempt()
        assert refused.value.code == "fund_not_keeper"


def test_a_period_is_settled_once_and_in_order(market: Market) -> None:
    market.redeem_there()
    period = {"scheme": SCHEME, "region": THERE, "starts_on": date(YEAR, 10, 1)}
    draw_settlement(market.officer, **period, ends_on=date(YEAR, 12, 31))
    market.redeem_there(invoice="77", amount_fen=1)
    with pytest.raises(DomainError, match="截至 2026-12-31 的结算"):
        draw_settlement(market.officer, **period, ends_on=date(YEAR, 12, 31))
    with pytest.raises(DomainError) as refused:
        draw_settlement(market.officer, **period, ends_on=date(YEAR, 9, 1))
    assert refused.value.code == "settlement_period_unfit"


def test_what_is_reserved_for_a_claim_is_not_paid_by_hand(people: People) -> None:
    people.budget(1_000_000)
    held = public.commit(
        people.officer,
        fund="innovation",
        line="rd",
        year=YEAR,
        amount_fen=500_000,
        origin="claim:somebody",
        subject=None,
        key="grant",
    )
    given = {
        "commitment": held.ref,
        "payee": "我自己",
        "account": "62220001",
        "amount_fen": 500_000,
    }
    with pytest.raises(DomainError) as refused:
        order_payment(people.officer, **given, key="mine")
    assert refused.value.code == "fund_origin_owned"
    with pytest.raises(DomainError):
        release(people.officer, commitment=held.ref, ground="不给了")
    with pytest.raises(DomainError):
        commit(
            people.officer,
            fund="innovation",
            line="rd",
            year=YEAR,
            amount_fen=1,
            origin="claim:x",
            key="grant",
        )
    paid = public.order_payment(
        people.officer, commitment=held.ref, payee=PAYEE, amount_fen=500_000, key="1.1"
    )
    treasury_says(paid.ref, "returned", "account_closed")
    given["payee"] = PAYEE.name
    with pytest.raises(DomainError, match="请由另一位人员"):
        order_payment(people.officer, **given, key="again")
    order_payment(people.officer, **{**given, "account": PAYEE.account}, key="again")
    assert list(faults()) == []


@pytest.mark.one_database
def test_one_person_alone_sends_no_returned_payment_elsewhere(people: People) -> None:
    people.budget(1_000)
    held = commit(
        people.head, fund="innovation", line="rd", year=YEAR, amount_fen=9, origin="grant:9"
    )
    given = {"commitment": held.ref, "payee": "某企业", "amount_fen": 9}
    paid = order_payment(people.officer, **given, account="62220001", key="1")
    elsewhere = {"payment": paid.ref, "payee": "某企业", "document": "更正账户函"}
    with pytest.raises(DomainError, match="待国库受理"):
        give_account(people.head, **elsewhere, account="62229999")
    treasury_says(paid.ref, "returned", "account_closed")
    give_account(people.officer, **elsewhere, account="62229999")
    for account in ("62229999", "62228888"):
        with pytest.raises(DomainError, match="请由另一位人员"):
            order_payment(people.officer, **given, account=account, key=account)
    with pytest.raises(DomainError):
        give_account(people.elsewhere(), **elsewhere, account="62228888")
    give_account(people.head, **elsewhere, account="６２２２ 9999")
    again = order_payment(people.officer, **given, account="62229999", key="2")
    assert again.payee_account == "62229999"


@pytest.mark.one_database
def test_who_reserves_by_hand_does_not_order_the_payment(people: People) -> None:
    people.budget(1_000)
    person = Person.objects.get(pk=people.head.person_id)
    account = Account.objects.create(username="head", person=person)
    first, second = (
        replace(people.head, ref=f"account:{account.ref}/mandate:{one}") for one in "ab"
    )
    held = commit(first, fund="innovation", line="rd", year=YEAR, amount_fen=9, origin="grant:9")
    given = {"commitment": held.ref, "payee": "某企业", "account": "62220001", "amount_fen": 9}
    for same in (first, second):
        with pytest.raises(DomainError) as refused:
            order_payment(same, **given, key="1")
        assert refused.value.code == "fund_orderer_reserved"
    assert order_payment(people.officer, **given, key="1").state == "ordered"


@pytest.mark.one_database
def test_the_same_budget_does_not_wait_twice(people: People) -> None:
    given = {"fund": "innovation", "line": "rd", "year": YEAR, "amount_fen": 1_000}
    waits = appropriate(people.officer, **given, document="清财预〔2026〕8号")
    with pytest.raises(DomainError, match="财政人员已经按“清财预〔2026〕8号”提出同一笔预算"):
        appropriate(people.officer, **given, document=" 清财预〔2026〕8号 ")
    appropriate(people.officer, **given, document="清财预〔2026〕9号")
    transfer_budget(people.officer, **given, from_line="platforms", document="清财预〔2026〕8号")
    refuse_budget(people.head, proposal=waits.ref, remark="重报")
    appropriate(people.officer, **given, document="清财预〔2026〕8号")
    assert BudgetProposal.objects.filter(state="proposed").count() == 3


def test_an_origin_that_names_nothing_does_not_stop_the_treasurys_answer(people: People) -> None:
    people.budget(1_000)
    for sort in ("redemption", "settlement", "claim"):
        held = public.commit(
            people.officer,
            fund="innovation",
            line="rd",
            year=YEAR,
            amount_fen=10,
            origin=f"{sort}:nothing",
            subject=None,
            key="1",
        )
        paid = public.order_payment(
            people.officer, commitment=held.ref, payee=PAYEE, amount_fen=10, key="1"
        )
        treasury_says(paid.ref, "done")
    assert {one.state for one in Payment.objects.all()} == {"paid"}
    assert JournalEntry.objects.filter(kind="paid").count() == 3


@pytest.mark.one_database
def test_what_is_sent_twice_is_done_once(people: People) -> None:
    people.budget(1_000)
    officer = people.officer
    held = commit(
        people.head, fund="innovation", line="rd", year=YEAR, amount_fen=1_000, origin="grant:1"
    )
    assert [
        release(officer, commitment=held.ref, ground="多占", amount_fen=1, key="1").open_fen
        for _ in "ab"
    ] == [999, 999]
    paid = order_payment(
        officer, commitment=held.ref, payee="x", account="62220001", amount_fen=999, key="1"
    )
    treasury_says(paid.ref, "done")
    dues = [
        demand_back(officer, payment=paid.ref, amount_fen=300, ground="多付", key="1") for _ in "ab"
    ]
    assert dues[0] == dues[1]
    for _ in "ab":
        back = record_received(officer, due=dues[0].ref, amount_fen=100, document="JK-1")
    assert back.received_fen == 100
    assert list(faults()) == []
