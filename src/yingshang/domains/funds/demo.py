"""The demonstration's funds: two years of budgets, payments month by month, a return, a refusal, money back.

Everything goes through the actions that people use, with the clock set to when it happened.
"""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from yingshang.domains.funds.actions import (
    appropriate,
    approve_budget,
    close_year,
    commit,
    demand_back,
    order_payment,
    record_received,
    transfer_budget,
)
from yingshang.domains.funds.models import Payment, PaymentState
from yingshang.domains.funds.register import list_funds
from yingshang.domains.funds.vouchers.telling import tell_vouchers
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now
from yingshang.outside.actions import run_round
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Subject

SEED = 20261122
TREASURY = "treasury"
WAN = 1_000_000
"""Fen in ten thousand yuan."""
FIRMS = 12
BUDGETS = {
    "innovation": {"rd": 2400, "high-tech": 900, "platforms": 1200, "vouchers": 300},
    "industry": {"transformation": 3000, "scale-up": 800, "green": 600, "listing": 1500, "digital": 900},
    "small-firms": {"rent": 600, "loans": 400, "guarantee": 200},
    "employment": {"stabilisation": 700, "training": 500, "housing": 900},
    "commerce": {"exports": 800, "consumption": 400, "exhibitions": 300},
}  # fmt: skip
"""In ten thousand yuan; other lines get :data:`ELSE`."""
ELSE = 500


@demo_builder("funds", order=92)
def build() -> None:
    """Give every fund its budgets, pay out of them until now, and leave some things to do."""
    present = now().astimezone(SHANGHAI)
    chance = random.Random(SEED)  # noqa: S311 (a story, no secret)
    officer, head, operator = demo_actor("funds"), demo_actor("finance"), demo_actor("admin")
    set_behaviour(operator, body=TREASURY, behaviour={"accept_first": True})
    with frozen(present) as clock:
        _last_year(officer, head, operator, clock, present.year)
        _this_year(officer, head, operator, clock, chance, present)
        clock.set(present)
        _left_to_do(officer, present.year)
    reset_behaviour(operator, body=TREASURY)


@demo_builder("funds.vouchers", order=93)
def build_vouchers() -> None:
    """Issue vouchers, use them here and elsewhere, settle with one region, and draw with another."""
    tell_vouchers(_settle)


def budget_of(fund: str, line: str) -> int:
    """Return a line's budget of the year in ten thousand yuan."""
    return BUDGETS.get(fund, {}).get(line, ELSE)


def _give(officer: Actor, head: Actor, fund: str, line: str, year: int, wan: int) -> None:
    proposed = appropriate(
        officer,
        fund=fund,
        line=line,
        year=year,
        amount_fen=wan * WAN,
        document=f"清财预〔{year}〕1号",
        ground="年初预算",
    )
    approve_budget(head, proposal=proposed.ref, remark="同意")


def _last_year(officer: Actor, head: Actor, operator: Actor, clock: FrozenClock, year: int) -> None:
    """Let the fund for innovation have a year behind it, closed with something left."""
    clock.set(datetime(year - 1, 1, 9, 10, tzinfo=SHANGHAI))
    _give(officer, head, "innovation", "rd", year - 1, 1800)
    _give(officer, head, "commerce", "exports", year - 1, 500)
    clock.set(datetime(year - 1, 9, 15, 10, tzinfo=SHANGHAI))
    for place, firm in enumerate(_firms()):
        origin = f"demo-grant:{year - 1}-{place}"
        _pay(officer, head, firm, "innovation", "rd", year - 1, 130 * WAN, origin)
    _settle(operator, clock)
    clock.set(datetime(year, 1, 5, 10, tzinfo=SHANGHAI))
    close_year(officer, fund="innovation", year=year - 1, ground="年终结账，结余按规定结转")


def _this_year(
    officer: Actor,
    head: Actor,
    operator: Actor,
    clock: FrozenClock,
    chance: random.Random,
    present: datetime,
) -> None:
    clock.set(datetime(present.year, 1, 12, 10, tzinfo=SHANGHAI))
    for fund in list_funds():
        for line in fund.budget_lines:
            wan = budget_of(fund.key, line.key)
            _give(officer, head, fund.key, line.key, present.year, wan)
    firms = _firms()
    for month in range(2, present.month + 1):
        begins = datetime(present.year, month, 6, 10, tzinfo=SHANGHAI)
        if begins + timedelta(days=2) > present:
            break
        clock.set(begins)
        _pay_month(officer, head, firms, chance, present.year, month)
        _settle(operator, clock)
    clock.set(present - timedelta(hours=30))
    _returned(officer, head, operator, clock, firms[0], present.year)
    _recover(officer, present.year)


def _firms() -> list[Subject]:
    return list(Subject.objects.filter(type="enterprise").order_by("pk")[:FIRMS])


def _pay_month(
    officer: Actor,
    head: Actor,
    firms: list[Subject],
    chance: random.Random,
    year: int,
    month: int,
) -> None:
    for fund in list_funds():
        for line in fund.budget_lines:
            if line.key == "vouchers" or chance.random() < 0.7:
                continue
            most = budget_of(fund.key, line.key) * WAN // 14
            amount = chance.randrange(most // 4, most) // 100 * 100
            firm = chance.choice(firms)
            _pay(
                officer,
                head,
                firm,
                fund.key,
                line.key,
                year,
                amount,
                f"demo-grant:{year}{month:02d}-{fund.key}-{line.key}",
            )


def _pay(
    officer: Actor, head: Actor, firm: Subject, fund: str, line: str, year: int, fen: int, origin: str,
    bank: str = "",
) -> Payment:  # fmt: skip
    """Let the head reserve and the officer order, since nobody does both."""
    held = commit(
        head, fund=fund, line=line, year=year, amount_fen=fen, origin=origin, subject=firm.ref
    )
    return order_payment(
        officer,
        commitment=held.ref,
        payee=firm.name,
        code=firm.code or "",
        bank=bank or "云州银行清江支行",
        account=f"3301{firm.pk:012d}",
        amount_fen=fen,
        key="1",
    )


def _settle(operator: Actor, clock: FrozenClock, rounds: int = 3) -> None:
    """Let the treasury take what was sent, accept it, and say that it is paid."""
    for _ in range(rounds):
        run_round(operator, body=TREASURY)
        clock.set(clock.moment + timedelta(minutes=3))


def _returned(
    officer: Actor, head: Actor, operator: Actor, clock: FrozenClock, firm: Subject, year: int
) -> None:
    """Have one payment sent back by the bank, one refused, and one still under way."""
    for bank, behaviour, line in (
        ("云州银行", {"return_reason": "account_closed", "return_after_seconds": 600}, "rd"),
        ("清江农商银行", {"refuse": "account_invalid"}, "high-tech"),
    ):
        set_behaviour(operator, body=TREASURY, behaviour={"accept_first": True, **behaviour})
        origin = f"demo-grant:{year}-{line}"
        _pay(officer, head, firm, "innovation", line, year, 18 * WAN, origin, bank)
        _settle(operator, clock)
    clock.set(clock.moment + timedelta(minutes=15))
    _settle(operator, clock, rounds=1)
    set_behaviour(operator, body=TREASURY, behaviour={"accept_first": True, "late_seconds": 86400})
    _pay(officer, head, firm, "industry", "digital", year, 25 * WAN, f"demo-grant:{year}-digital")
    _settle(operator, clock, rounds=1)


def _recover(officer: Actor, year: int) -> None:
    """Demand two grants back; a part of the first has come."""
    paid: Iterable[Payment] = Payment.objects.filter(
        state=PaymentState.PAID, account__fund="industry", account__year=year
    ).order_by("pk")[:2]
    for place, payment in enumerate(paid):
        due = demand_back(
            officer,
            payment=payment.ref,
            amount_fen=payment.amount_fen // 2,
            ground="企业在承诺期内迁出本区，按办法第十二条追回",
            key="demo",
        )
        if place == 0:
            record_received(
                officer, due=due.ref, amount_fen=due.amount_fen // 3, document=f"JK{year}0001"
            )


def _left_to_do(officer: Actor, year: int) -> None:
    """Leave a budget and a transfer to be approved."""
    appropriate(
        officer,
        fund="small-firms",
        line="loans",
        year=year,
        amount_fen=150 * WAN,
        document=f"清财预〔{year}〕36号",
        ground="首贷贴息追加",
    )
    transfer_budget(
        officer,
        fund="innovation",
        from_line="platforms",
        line="rd",
        year=year,
        amount_fen=200 * WAN,
        document=f"清财预〔{year}〕37号",
        ground="研发平台进度慢，调剂到研发投入补助",
    )
