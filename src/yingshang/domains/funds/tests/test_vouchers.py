"""Vouchers: who may redeem what where, what is refused and why, and how regions settle."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from yingshang.domains.funds.models import BudgetAccount, Payment
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.tests.conftest import YEAR, People, treasury_says
from yingshang.domains.funds.vouchers.actions import (
    accept_foreign_voucher,
    cancel_voucher,
    confirm_settlement,
    draw_settlement,
    end_provider,
    expire_vouchers,
    issue_voucher,
    pay_settlement,
    recognise_provider,
    record_redemption,
    redeem_voucher,
)
from yingshang.domains.funds.vouchers.models import Redemption, Settlement, Voucher
from yingshang.domains.funds.vouchers.permissions import EXPIRE, HOLD, MANAGE, REDEEM, SETTLE
from yingshang.domains.funds.vouchers.selectors import (
    list_redemptions_for,
    list_vouchers_for,
)
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, FrozenClock
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Subject, SubjectRelation

SCHEME, HERE, THERE = "innovation-voucher", "339705", "310116"
FIRM, LAB, LAB_THERE = "91339705MA00000011", "91339705MA00000022", "91310116MA00000033"


@dataclass
class Market:
    """A firm with two vouchers, a provider here and one in a partner region."""

    people: People
    firm: Subject
    lab: Subject

    def __post_init__(self) -> None:
        more = frozenset({MANAGE, SETTLE})
        officer = self.people.officer
        self.officer = replace(officer, permissions=officer.permissions | more)
        self.head = replace(self.people.head, permissions=self.people.head.permissions | more)
        self.provider = Actor(
            "account:lab", account_id=1, subject_id=self.lab.pk, permissions=frozenset({REDEEM})
        )
        self.people.budget(40_000_000, line="vouchers")
        for code, name, region in ((LAB, "清江检测", HERE), (LAB_THERE, "金山检测", THERE)):
            recognise_provider(
                self.officer,
                scheme=SCHEME,
                name=name,
                code=code,
                region=region,
                scopes=["testing"],
                account="62220000" if region == HERE else "",
            )
        self.first, self.second = (self.issue(key) for key in ("1", "2"))

    def issue(self, key: str) -> Voucher:
        return issue_voucher(
            self.officer, scheme=SCHEME, subject=self.firm.ref, scope="testing", key=key
        )

    def redeem(self, **changes: Any) -> Redemption:
        given = {
            "scheme": SCHEME,
            "number": self.first.number,
            "holder_code": FIRM,
            "contract": "HT-1",
            "invoice": "26339705000000000001",
            "invoice_fen": 4_000_000,
            "amount_fen": 2_000_000,
        }
        return redeem_voucher(self.provider, **{**given, **changes})

    def redeem_there(self, **changes: Any) -> Redemption:
        there = Redemption._meta.get_field("provider").related_model.objects.get(code=LAB_THERE)
        given = {
            "provider": there.ref,
            "number": self.second.number,
            "holder_code": FIRM,
            "contract": "HT-2",
            "invoice": "26310116000000000002",
            "invoice_fen": 6_000_000,
            "amount_fen": 3_000_000,
        }
        return record_redemption(self.officer, **{**given, **changes})

    def take_theirs(
        self,
        fen: int,
        invoice: str = "26339705000000000003",
        number: str = "JS-0001",
        confirmation: str = "",
    ) -> Redemption:
        return accept_foreign_voucher(
            self.provider,
            scheme=SCHEME,
            region=THERE,
            number=number,
            holder_name="金山新材",
            holder_code="91310116MA00000044",
            confirmation=confirmation or f"JSQR-{invoice}",
            contract="HT-3",
            invoice=invoice,
            invoice_fen=2 * fen,
            amount_fen=fen,
        )

    def settle(self, receipt: str = "") -> Settlement:
        drawn = draw_settlement(
            self.officer,
            scheme=SCHEME,
            region=THERE,
            starts_on=date(YEAR, 10, 1),
            ends_on=date(YEAR, 12, 31),
        )
        given = {
            "settlement": drawn.ref,
            "confirmation": "JS〔2026〕1号",
            "payable_fen": drawn.payable_fen,
            "receivable_fen": drawn.receivable_fen,
        }
        with pytest.raises(DomainError, match="另一位"):
            confirm_settlement(self.officer, **given)
        confirm_settlement(self.head, **given)
        return pay_settlement(
            self.officer,
            settlement=drawn.ref,
            payee="金山区财政局",
            account="31010000",
            receipt=receipt,
        )


@pytest.fixture
def market(people: People, clock: FrozenClock) -> Market:
    firm = Subject.objects.create(type="enterprise", name="启明科技", code=FIRM)
    lab = Subject.objects.create(type="enterprise", name="清江检测", code=LAB)
    return Market(people, firm, lab)


def account() -> BudgetAccount:
    return BudgetAccount.objects.get(line="vouchers", year=YEAR)


def test_a_voucher_is_reserved_redeemed_and_paid(market: Market) -> None:
    assert (account().committed, account().available) == (10_000_000, 30_000_000)
    assert market.issue("1").pk == market.first.pk
    used = market.redeem()
    treasury_says(used.payment.ref, "done")
    market.first.refresh_from_db()
    assert (market.first.left_fen, account().paid) == (3_000_000, 2_000_000)
    holder = Actor("account:firm", subject_id=market.firm.pk, permissions=frozenset({HOLD}))
    assert [one.number for one in list_vouchers_for(holder)][::-1] == [
        market.first.number,
        market.second.number,
    ]
    assert list_redemptions_for(holder).get().ref == used.ref
    assert list_redemptions_for(market.provider).get().ref == used.ref
    stranger = Actor("account:other", subject_id=market.lab.pk, permissions=frozenset({HOLD}))
    assert not list_vouchers_for(stranger).exists()
    market.redeem(invoice="2", invoice_fen=8_000_000, amount_fen=3_000_000)
    market.first.refresh_from_db()
    assert market.first.state == "used"
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "AAAA-AAAA-AAAA-AAAA"}, "no_such_voucher"),
        ({"holder_code": LAB}, "no_such_voucher"),
        ({"contract": " "}, "voucher_papers_missing"),
        ({"amount_fen": 0}, "fund_amount_unfit"),
        ({"amount_fen": 2_000_001}, "voucher_over_rate"),
        ({"invoice_fen": 20_000_000, "amount_fen": 5_000_001}, "voucher_over_cap"),
    ],
)
def test_what_is_refused_at_the_provider(
    market: Market, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        market.redeem(**changes)
    assert refused.value.code == code
    assert str(refused.value)
    assert account().in_payment == 0


def test_an_invoice_is_used_once_and_providers_are_recognised(market: Market) -> None:
    market.redeem()
    with pytest.raises(DomainError, match="26339705000000000001 已于 2026-11-18 用过券"):
        market.redeem(number=market.second.number, amount_fen=1)
    provider = Redemption.objects.get().provider
    end_provider(market.officer, provider=provider.ref, ground="资质到期")
    with pytest.raises(DomainError, match="“清江检测”不是"):
        market.redeem(invoice="2")
    stranger = replace(market.provider, subject_id=market.firm.pk)
    with pytest.raises(DomainError) as refused:
        redeem_voucher(
            stranger,
            scheme=SCHEME,
            number=market.second.number,
            holder_code=FIRM,
            contract="1",
            invoice="3",
            invoice_fen=2,
            amount_fen=1,
        )
    assert refused.value.code == "voucher_provider_not_recognised"


def test_related_parties_are_refused(market: Market) -> None:
    owner = Subject.objects.create(type="enterprise", name="控股", code="91339705MA00000055")
    for one in (market.firm, market.lab):
        SubjectRelation.objects.create(source=one, target=owner, type="shareholder")
    with pytest.raises(DomainError, match="股东"):
        market.redeem()
    SubjectRelation.objects.filter(source=market.lab).update(valid_to=date(YEAR, 1, 1))
    assert market.redeem().amount_fen == 2_000_000
    SubjectRelation.objects.create(source=market.lab, target=market.firm, type="parent")
    with pytest.raises(DomainError, match="母公司"):
        market.redeem(invoice="2")


def test_the_year_cap_and_the_last_day(market: Market, clock: FrozenClock) -> None:
    market.issue("3"), market.issue("4")
    with pytest.raises(DomainError, match="还可用券 0\\.00 元"):
        market.issue("5")
    clock.set(datetime(YEAR + 1, 11, 18, 9, tzinfo=SHANGHAI))
    assert market.redeem().amount_fen == 2_000_000  # the last day itself
    clock.set(datetime(YEAR + 1, 11, 19, 9, tzinfo=SHANGHAI))
    with pytest.raises(DomainError, match="2027-11-18 到期"):
        market.redeem(invoice="2")
    assert expire_vouchers(system_actor("test", EXPIRE)) == 4
    assert expire_vouchers(system_actor("test", EXPIRE)) == 0
    held = account()
    assert (held.committed, held.in_payment) == (0, 2_000_000)
    with pytest.raises(DomainError, match="已过期"):
        market.redeem(invoice="3")
    with pytest.raises(DomainError):
        cancel_voucher(market.officer, voucher=market.second.ref, ground="重复发放")
    assert list(faults()) == []


@pytest.mark.parametrize(("theirs", "net"), [(1_000_000, 2_000_000), (4_000_000, -1_000_000)])
def test_regions_settle_what_is_left(market: Market, theirs: int, net: int) -> None:
    market.redeem_there()
    here = market.take_theirs(theirs)
    treasury_says(here.payment.ref, "done")
    market.take_theirs(500_000, "not-paid-yet")
    assert (account().refund_due, account().committed) == (theirs, 10_000_000)
    settled = market.settle(receipt="JK2026-1")
    assert (settled.payable_fen, settled.receivable_fen, settled.net_fen) == (
        3_000_000,
        theirs,
        net,
    )
    if net > 0:
        assert settled.state == "paying"
        payment = Payment.objects.get(commitment__origin=f"settlement:{settled.ref}")
        assert (payment.amount_fen, payment.payee_name) == (net, "金山区财政局")
        treasury_says(payment.ref, "done")
        settled.refresh_from_db()
    assert settled.state == "paid"
    held = account()
    assert (held.refund_due, held.refunded) == (0, theirs)
    assert held.paid == 3_000_000 + theirs
    assert list(faults()) == []
    with pytest.raises(DomainError):
        market.settle()


@pytest.mark.one_database
def test_a_partners_voucher_is_bounded_and_its_confirmation_used_once(market: Market) -> None:
    market.take_theirs(4_000_000, confirmation="JSQR-1")
    for written in ("JSQR-1", " jsqr1 ", "ＪＳＱＲ－１"):
        with pytest.raises(DomainError, match="同一确认号只能用一次"):
            market.take_theirs(1, f"again{written}", "JS-0002", written)
    with pytest.raises(DomainError, match=r"还可抵扣 10,000\.00 元"):
        market.take_theirs(1_000_001, "2", " js 0001 ")
    for count in range(3):
        market.take_theirs(5_000_000, f"more{count}", f"JS-1{count}")
    with pytest.raises(DomainError, match=r"本年度还可用券 10,000\.00 元"):
        market.take_theirs(1_000_001, "9", "JS-0009")
    with pytest.raises(DomainError, match="请填写"):
        market.take_theirs(1, "8", "JS-0008", "——")


@pytest.mark.one_database
def test_no_more_is_settled_than_the_partner_confirmed(market: Market) -> None:
    market.redeem_there()
    for number, fen in (("1", 400_000), ("2", 600_000)):
        taken = market.take_theirs(fen, number, number)
        treasury_says(taken.payment.ref, "done")
    period = {"starts_on": date(YEAR, 10, 1), "ends_on": date(YEAR, 12, 31)}
    drawn = draw_settlement(market.officer, scheme=SCHEME, region=THERE, **period)
    said = {"settlement": drawn.ref, "confirmation": "JS〔2026〕1号", "payable_fen": 3_000_000}
    with pytest.raises(DomainError, match=r"对方应付 10,000\.00 元，与对方确认的金额不同"):
        confirm_settlement(market.head, **said, receivable_fen=400_000)
    assert drawn.redemptions.count() == 3
    confirmed = confirm_settlement(
        market.head, **said, receivable_fen=400_000, contested=(taken.ref,)
    )
    assert (confirmed.receivable_fen, confirmed.net_fen) == (400_000, 2_600_000)
    taken.refresh_from_db()
    assert taken.settlement is None


def test_what_the_partner_did_not_confirm_is_not_taken(market: Market) -> None:
    with pytest.raises(DomainError) as refused:
        accept_foreign_voucher(
            market.provider,
            scheme=SCHEME,
            region="999999",
            number="X",
            holder_name="X",
            holder_code="X",
            confirmation="1",
            contract="1",
            invoice="1",
            invoice_fen=2,
            amount_fen=1,
        )
    assert refused.value.code == "voucher_region_unknown"
