"""The demonstration's claims: paid ones, one that came back, a list to confirm, a round being scored.

Everything goes through the actions that people use, with the clock set to when it happened.
"""

from dataclasses import replace
from datetime import datetime

from yingshang.cases.actions import act
from yingshang.documents.actions import upload
from yingshang.domains.claims.errors import NobodyEntitled
from yingshang.domains.claims.joint.actions import hand_in_filing, start_filing
from yingshang.domains.claims.lists.actions import open_list
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.recovering import propose_recovery
from yingshang.domains.claims.reviews.actions import (
    AnnouncedSource,
    commit_panel,
    draw_panel,
    open_round,
)
from yingshang.domains.claims.reviews.experts import enter_expert
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.permissions import RECORD
from yingshang.forms.drafts import save_draft
from yingshang.forms.space import choose_material
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now
from yingshang.kernel.workdays import add_workdays
from yingshang.ledger.sequencing import sequence_now
from yingshang.outside.actions import run_round
from yingshang.outside.simulators.actions import set_behaviour
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Subject

PDF = b"%PDF-1.4\n%demonstration\n"
BANK = "云州银行清江支行"


PEOPLE = ("handler", "legal2", "claims", "claims2", "admin")
_cast: dict[str, Actor] = {}
"""Who acts, under the mandates of today: some were given after what they did here."""


@demo_builder("claims", order=93)
def build() -> None:
    """Let two firms claim, a round be drawn, and a list be opened that waits for them."""
    present = now().astimezone(SHANGHAI)
    _cast.update((name, demo_actor(name)) for name in PEOPLE)
    with frozen(present) as clock:
        _at(clock, present, 20)
        _experts(_cast["claims"])
        _review(clock, present)
    _file("handler", "digital-upgrade", "26332000000000000018", BANK)
    _file("legal2", "digital-upgrade", "26332000000000000029", f"退票{BANK}")
    _grant(_cast["claims2"])
    _pay(_cast["admin"])
    _demand_back(_cast["claims2"])
    _file("handler", "young-manufacturer", "QJ-ZL-018", BANK)
    _list(_cast["claims"])
    start_filing(_cast["handler"], items=("steady-growth",))


def _at(clock: FrozenClock, present: datetime, days: int, hour: int = 10) -> None:
    """Set the clock to a working day so many before the present one."""
    day = add_workdays(present.date(), -days).date
    clock.set(datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI))


def _experts(officer: Actor) -> None:
    employers = {"expert": "云州大学", "expert2": "云州工业研究院", "expert3": "清江职业技术学院"}
    for account, employer in employers.items():
        enter_expert(officer, account=account, field="innovation", employer=employer, title="教授")


ANSWERS = {
    "digital-upgrade": ("upgrade_invoice_number", {"upgrade_content": "新建车间制造执行系统"}),
    "research-platform": ("platform_name", {}),
    "young-manufacturer": ("rent_contract", {}),
}
MATERIALS = {"digital-upgrade": "upgrade-invoice", "research-platform": "platform-plan"}


def _file(username: str, item: str, evidence: str, bank: str) -> None:
    """Let a firm claim an item on the derived form, with one number and its material."""
    actor, (field, more) = _cast[username], ANSWERS[item]
    draft = start_filing(actor, items=(item,))
    if item in MATERIALS:
        file = upload(actor, name="材料.pdf", content=PDF + evidence.encode())
        draft = choose_material(actor, draft=draft.ref, material=MATERIALS[item], files=(file.ref,))
    answers = {field: evidence, "payee_bank": bank, "payee_number": "6222000011112222", **more}
    save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)
    hand_in_filing(actor, draft=draft.ref)


def _claims(item: str, state: str) -> list[Claim]:
    found = Claim.objects.filter(item_key=item, case__state=state).select_related("case")
    return list(found.order_by("pk"))


def _grant(officer: Actor) -> None:
    for claim in _claims("digital-upgrade", "submitted"):
        act(officer, case=claim.case.ref, action="accept")
        opinion = {"opinion": "材料齐全，发票经查验属实。"}
        act(officer, case=claim.case.ref, action="grant", data=opinion)


def _pay(operator: Actor) -> None:
    """Let the simulated treasury answer at once, so that something is paid when the demonstration begins."""
    set_behaviour(operator, body="treasury", behaviour={"late_seconds": 0})
    for _round in range(2):
        run_round(operator, body="treasury")
    set_behaviour(operator, body="treasury", behaviour={"late_seconds": 120})


def _demand_back(officer: Actor) -> None:
    """Ask a firm to state its side before a part of what was paid is demanded back."""
    for claim in _claims("digital-upgrade", "paid")[:1]:
        propose_recovery(
            officer,
            claim=claim.ref,
            ground="false_facts",
            facts="两张发票中有一张已作废。",
            amount_fen=1_000_000,
        )


def _review(clock: FrozenClock, present: datetime) -> None:
    """Gather two claims in a round and draw its experts, who score now."""
    officer = _cast["claims"]
    _at(clock, present, 16)
    _file("handler", "research-platform", "精密传动研发平台", BANK)
    _file("legal2", "research-platform", "食品检测研发平台", BANK)
    _at(clock, present, 14)
    for claim in _claims("research-platform", "submitted"):
        act(officer, case=claim.case.ref, action="accept")
    listed = open_round(officer, item="research-platform")
    _at(clock, present, 12)
    appears = add_workdays(present.date(), -8).date
    source = AnnouncedSource(name="当日双色球开奖号码", on=appears)
    commit_panel(officer, listed=listed.ref, sources=(source,))
    sequence_now()  # as the worker does within a minute
    _at(clock, present, 7)
    draw_panel(officer, listed=listed.ref, numbers=((4, 9, 15, 21, 27, 33, 8),))


def _recognise(officer: Actor, firm: Actor) -> None:
    """Let the science bureau say of a firm that it is a high-tech one, as its register does."""
    subject = Subject.objects.get(pk=firm.subject_id or 0)
    record_values(
        replace(officer, permissions=frozenset({RECORD})),
        source="science",
        values=(Given(subject=subject.ref, key="enterprise.high_tech", content=True),),
    )


def _list(officer: Actor) -> None:
    """Offer what the platform finds the demonstration's firms entitled to; nothing where it finds none."""
    firms = Subject.objects.filter(type="enterprise").order_by("pk")[:5]
    refs = tuple(firms.values_list("ref", flat=True))
    _recognise(officer, _cast["legal2"])
    try:
        open_list(officer, item="rd-investment", also=refs)
    except NobodyEntitled:
        return
