"""The demonstration's vouchers: uses on both sides of three borders, one settlement paid, one to be confirmed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from yingshang.domains.funds.vouchers.actions import (
    accept_foreign_voucher,
    confirm_settlement,
    draw_settlement,
    issue_voucher,
    pay_settlement,
    recognise_provider,
    record_redemption,
    redeem_voucher,
)
from yingshang.domains.funds.vouchers.issuing import get_scheme, months_after
from yingshang.domains.funds.vouchers.models import Voucher, VoucherProvider
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Subject

SCHEME = "innovation-voucher"
WAN = 1_000_000
ELSEWHERE = (
    ("310116", "金山湾区检测技术中心", "91310116MA1J00010A"),
    ("310110", "杨浦创智设计院", "91310110MA1G00020B"),
    ("330482", "平湖科创服务中心", "91330482MA2C00030C"),
)
"""Made-up providers of the partner regions."""


def tell_vouchers(settle: Callable[[Actor, FrozenClock], None]) -> None:
    """Build it all; ``settle`` lets the treasury answer what was sent."""
    officer, operator = demo_actor("funds"), demo_actor("admin")
    holder, lab = demo_actor("legal"), demo_actor("legal2")
    firm = _subject_of(holder)
    present = now().astimezone(SHANGHAI)
    set_behaviour(operator, body="treasury", behaviour={"accept_first": True})
    with frozen(present) as clock:
        clock.set(months_ago(present, 4))
        _recognise(officer, _subject_of(lab))
        held = [_issue(officer, firm, scope, key) for key, scope in _ISSUED]
        clock.set(months_ago(present, 3))
        _use(officer, lab, firm, held)
        settle(operator, clock)
        ends = months_after(present.date().replace(day=1), -1) - timedelta(days=1)
        clock.set(datetime.combine(ends + timedelta(days=9), present.time(), SHANGHAI))
        _settle_first(officer, demo_actor("finance"), ends)
        settle(operator, clock)
        clock.set(present - timedelta(hours=20))
        _use_again(officer, firm, held)
        draw_settlement(
            officer,
            scheme=SCHEME,
            region="310110",
            starts_on=ends + timedelta(days=1),
            ends_on=present.date(),
        )
    reset_behaviour(operator, body="treasury")


def _subject_of(actor: Actor) -> Subject:
    return Subject.objects.get(pk=actor.subject_id or 0)


_ISSUED = (("2026-A", "testing"), ("2026-B", "design"), ("2026-C", "testing"))


def months_ago(moment: datetime, months: int) -> datetime:
    """Return the same time of day so many months before."""
    return datetime.combine(months_after(moment.date(), -months), moment.time(), SHANGHAI)


def _recognise(officer: Actor, lab: Subject) -> None:
    scheme = get_scheme(SCHEME)
    here = (scheme.region, lab.name, lab.code or "")
    for region, name, code in (here, *ELSEWHERE):
        recognise_provider(
            officer,
            scheme=SCHEME,
            name=name,
            code=code,
            region=region,
            scopes=["testing", "design", "computing"],
            bank="云州银行清江支行" if region == scheme.region else "",
            account="330100002222" if region == scheme.region else "",
            ground="清江区双创券服务机构名单（第一批）",
        )


def _issue(officer: Actor, firm: Subject, scope: str, key: str) -> Voucher:
    return issue_voucher(officer, scheme=SCHEME, subject=firm.ref, scope=scope, key=key)


def _use(officer: Actor, lab: Actor, firm: Subject, held: list[Voucher]) -> None:
    redeem_voucher(
        lab,
        scheme=SCHEME,
        number=held[0].number,
        holder_code=firm.code or "",
        contract="QJ-2026-017",
        invoice="26339705000000000017",
        invoice_fen=6 * WAN,
        amount_fen=3 * WAN,
    )
    _record(officer, "310116", firm, held[1], "26310116000000000021", 4)
    accept_foreign_voucher(
        lab,
        scheme=SCHEME,
        region="310116",
        number="JS-2026-0042",
        holder_name="金山新材料有限公司",
        holder_code="91310116MA1J00040D",
        confirmation="JSQR-2026-0042",
        contract="QJ-2026-018",
        invoice="26339705000000000018",
        invoice_fen=3 * WAN,
        amount_fen=150 * WAN // 100,
    )


def _record(
    officer: Actor, region: str, firm: Subject, voucher: Voucher, invoice: str, wan: int
) -> None:
    provider = VoucherProvider.objects.get(scheme=SCHEME, region=region)
    record_redemption(
        officer,
        provider=provider.ref,
        number=voucher.number,
        holder_code=firm.code or "",
        contract=f"HT-{invoice[-4:]}",
        invoice=invoice,
        invoice_fen=2 * wan * WAN,
        amount_fen=wan * WAN,
    )


def _settle_first(officer: Actor, head: Actor, ends: date) -> None:
    drawn = draw_settlement(
        officer,
        scheme=SCHEME,
        region="310116",
        starts_on=months_after(ends.replace(day=1), -2),
        ends_on=ends,
    )
    confirm_settlement(
        head,
        settlement=drawn.ref,
        confirmation="金财结〔2026〕12号",
        payable_fen=drawn.payable_fen,
        receivable_fen=drawn.receivable_fen,
    )
    pay_settlement(
        officer, settlement=drawn.ref, payee="金山区财政局", bank="国库", account="310100001111"
    )


def _use_again(officer: Actor, firm: Subject, held: list[Voucher]) -> None:
    _record(officer, "310110", firm, held[2], "26310110000000000033", 2)
