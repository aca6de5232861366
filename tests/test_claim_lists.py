"""Granted without application, from the nightly run to the money; lots; being left out and objecting."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.kept import kept
from tests.test_claim_histories import NOVEMBER, firm_of, official
from yingshang.cases.actions import act
from yingshang.cases.expiry import expire_due
from yingshang.cases.models import Case
from yingshang.content.actions import canonical_body, digest_of, load_packs
from yingshang.content.models import ContentVersion
from yingshang.content.permissions import LOAD
from yingshang.domains.checkups.public import CLAIM_OFFERS, check_up
from yingshang.domains.claims.actions import confirm_offer, object_decision
from yingshang.domains.claims.api.lists import entries, one_list
from yingshang.domains.claims.claimed import claims_under
from yingshang.domains.claims.errors import (
    AccountNeeded,
    DecisionNotTaken,
    LotUnfit,
    NothingToAdd,
)
from yingshang.domains.claims.items.declaring import ClaimItem
from yingshang.domains.claims.lists.actions import open_list
from yingshang.domains.claims.lists.drawing import commit_lot, draw_lot, find_result
from yingshang.domains.claims.lists.objecting import object_list
from yingshang.domains.claims.models import Claim, ClaimList
from yingshang.domains.claims.permissions import DECIDE, LIST
from yingshang.domains.claims.reviews.actions import AnnouncedSource
from yingshang.domains.funds.actions import appropriate, approve_budget
from yingshang.domains.funds.models import Payment
from yingshang.domains.funds.permissions import APPROVE_BUDGET, PROPOSE_BUDGET, READ_ALL
from yingshang.domains.funds.public import available
from yingshang.domains.funds.tests.conftest import treasury_says
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.public import entitled_subjects
from yingshang.domains.matching.running import run_matching
from yingshang.domains.services.models import PublicNotice
from yingshang.draws.drawing import draw_record
from yingshang.draws.records import picks_of
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.permissions import READ, READ_OWN, READ_SENSITIVE, RECORD, RECORD_ANY
from yingshang.facts.snapshots import write_snapshot
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now, today
from yingshang.ledger.sequencing import sequence_now
from yingshang.messages.models import Message
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Subject
from yingshang.web.operations import Paged

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ITEM = "rd-investment"
SOURCE = (AnnouncedSource(name="双色球第2026128期", on=date(2026, 11, 5)),)
NUMBERS = ((3, 9, 14, 22, 27, 31, 8),)


@dataclass
class Stage:
    """Two firms entitled to the grant for research spending, and who decides on it."""

    clock: FrozenClock
    data: Actor
    officer: Actor
    firms: list[tuple[Subject, Actor]]

    def spent(self, firm: int, fen: int, reason: str = "") -> None:
        """Record what a firm spent on research last year."""
        subject = self.firms[firm][0]
        value = Given(subject=subject.ref, key="enterprise.rd_spend", content=fen, item="2025")
        record_values(self.data, source="statistics", values=(value,), reason=reason)

    def claim(self, firm: int) -> Claim:
        """Return the latest claim of a firm."""
        found = Claim.objects.filter(subject=self.firms[firm][0]).select_related("case__version")
        return found.order_by("-pk")[0]

    def wait(self, days: int) -> None:
        """Let days pass, and what follows of itself happen."""
        self.clock.set(now() + timedelta(days=days))
        expire_due()

    def confirm(self, firm: int) -> None:
        """Let a firm confirm its offer into its account."""
        actor = self.firms[firm][1]
        confirm_offer(actor, claim=self.claim(firm).ref, bank="支行", number="622200001111")


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Begin in November with what is on record of the firms, and a budget."""
    with frozen(NOVEMBER) as clock:
        actor = system_actor("test", LOAD)
        kept("counters", lambda: load_packs(actor, names=("demo-district",)) and None)
        firms = [firm_of("清江甲机械有限公司", "914403001922038216"), firm_of("清江乙机械有限公司", "91350100M000100Y43")]  # fmt: skip
        data = official("qj-data", RECORD, RECORD_ANY)
        told: list[tuple[str, str, Any, str]] = [
            ("registration", "status", "active", ""),
            ("tax", "revenue", 1_000_000_000, "2025"),
            ("science", "high_tech", True, ""),
            ("disclosure", "seriously_dishonest", False, ""),
        ]
        for source, key, content, item in told:
            values = tuple(
                Given(subject=one.ref, key=f"enterprise.{key}", content=content, item=item)
                for one, _actor in firms
            )
            record_values(data, source=source, values=values)
        keeper = official("qj-finance", READ_ALL, PROPOSE_BUDGET)
        made = appropriate(
            keeper, fund="innovation", line="rd", year=2026, amount_fen=20_000_000, document="8号"
        )
        approve_budget(official("qj-finance", READ_ALL, APPROVE_BUDGET), proposal=made.ref)
        yield Stage(clock, data, official("qj-science", LIST, DECIDE), firms)


def do(stage: Stage, case: Case, action: str, reason: str = "") -> None:
    """Let the organ act on a case."""
    act(stage.officer, case=case.ref, action=action, reason=reason)


def ranked(**ranking: Any) -> None:
    """Put a version of the item in force with another ranking."""
    before = ContentVersion.objects.get(kind="claim_item", key=ITEM, is_current=True)
    by = [{"text": "enterprise.rd_last_year", "label": "上年研发费用"}]
    item = ClaimItem.model_validate({**before.body, "ranking": {"by": by, **ranking}})
    body = canonical_body(item)
    ContentVersion.objects.filter(pk=before.pk).update(is_current=False)
    ContentVersion.objects.create(
        kind="claim_item", key=ITEM, number=before.number + 1, pack=before.pack, body=body,
        digest=digest_of(body), valid_from=today(), loaded_at=now(),
    )  # fmt: skip


def offers(stage: Stage, firm: int) -> list[tuple[str, str, str]]:
    """Return what the check-up offers a firm for the item: label, state and hint."""
    subject, actor = stage.firms[firm]
    reader = replace(actor, permissions=actor.permissions | {READ_OWN})
    report = check_up(reader, subject, today())
    found = next(one for one in report.entitled if one.policy == ITEM)
    made = CLAIM_OFFERS.get("claims")(actor, subject, [found])
    return [(str(one.label), one.state, str(one.hint)) for one in made.values()]


def test_from_the_nightly_run_to_the_money(stage: Stage, tmp_path: Path) -> None:
    stage.spent(0, 100_000_000)
    stage.spent(1, 90_000_000)
    snapshot = tmp_path / "enterprises.parquet"
    write_snapshot(snapshot, as_of=today(), known_at=now())
    nightly = system_actor("matching", RUN, READ, READ_SENSITIVE)
    run_matching(nightly, snapshot=snapshot, as_of=today())
    firm, other = (subject for subject, _actor in stage.firms)
    found = {ref: fen for ref, fen, _since in entitled_subjects(ITEM)}
    assert found == {firm.ref: 8_000_000, other.ref: 7_200_000}
    assert offers(stage, 0) == [("不用申请", "pending", "由政府按数据列入名单，发消息请您确认")]

    listed = open_list(stage.officer, item=ITEM)
    assert offers(stage, 0) == [("确认领取", "confirm", "2026年11月16日前")]
    assert Message.objects.filter(subject=firm, sort="claims-offer").exists()
    stage.confirm(0)
    stage.wait(15)
    assert (stage.claim(0).case.state, stage.claim(1).case.state) == ("confirmed", "lapsed")
    assert claims_under(ITEM, frozenset({firm.pk, other.pk}))[other.pk].ground == "逾期未确认"
    do(stage, listed.case, "announce")
    notice = PublicNotice.objects.get()
    assert notice.ended_at is None
    assert (available("innovation", "rd", 2026), Payment.objects.count()) == (12_000_000, 0)
    stage.wait(8)
    claim = stage.claim(0)
    assert (claim.case.state, claim.paid_fen) == ("granted", 0)
    ordered = Payment.objects.get()
    assert (ordered.payee_name, ordered.amount_fen) == (firm.name, 8_000_000)
    treasury_says(ordered.ref, "done")
    assert (stage.claim(0).case.state, stage.claim(0).paid_fen) == ("paid", 8_000_000)


def test_an_amount_that_was_too_low_is_contested_and_the_rest_paid(stage: Stage) -> None:
    ranked(quota=5)
    stage.spent(0, 50_000_000)
    listed = open_list(stage.officer, item=ITEM, also=(stage.firms[0][0].ref,))
    stage.confirm(0)
    do(stage, listed.case, "end_confirming")
    do(stage, listed.case, "announce")
    stage.wait(8)
    actor = stage.firms[0][1]
    treasury_says(Payment.objects.get().ref, "done")
    review = object_decision(actor, claim=stage.claim(0).ref, why="研发费用应为100万元")
    with pytest.raises(DecisionNotTaken):
        object_decision(actor, claim=stage.claim(0).ref, why="同上")
    with pytest.raises(NothingToAdd):
        do(stage, review, "reopen", "同意")
    stage.spent(0, 100_000_000, reason="统计核查更正")
    do(stage, review, "reopen", "数据已更正")
    claim = stage.claim(0)
    assert (claim.case.state, claim.decided_fen, claim.paid_fen) == (
        "granted",
        8_000_000,
        4_000_000,
    )
    more = Payment.objects.get(state="ordered")
    assert more.amount_fen == 4_000_000
    treasury_says(more.ref, "done")
    assert (stage.claim(0).case.state, stage.claim(0).paid_fen) == ("paid", 8_000_000)
    assert available("innovation", "rd", 2026) == 12_000_000


def drawn(stage: Stage) -> ClaimList:
    """Open a list with one place and two equals, and draw."""
    ranked(quota=1, ties="draw")
    stage.spent(0, 100_000_000)
    stage.spent(1, 100_000_000)
    refs = tuple(subject.ref for subject, _actor in stage.firms)
    listed = open_list(stage.officer, item=ITEM, also=refs)
    assert Case.objects.get(pk=listed.case_id).state == "drawing"
    assert not Claim.objects.exists()
    with pytest.raises(LotUnfit):
        draw_lot(stage.officer, listed=listed.ref, numbers=NUMBERS)
    commit_lot(stage.officer, listed=listed.ref, sources=SOURCE)
    with pytest.raises(LotUnfit):
        commit_lot(stage.officer, listed=listed.ref, sources=SOURCE)
    sequence_now()
    stage.clock.set(NOVEMBER.replace(day=6, tzinfo=SHANGHAI))
    draw_lot(stage.officer, listed=listed.ref, numbers=NUMBERS)
    return ClaimList.objects.select_related("case").get(pk=listed.pk)


def test_an_abandoned_list_leaves_nobody_waiting_for_it(stage: Stage) -> None:
    ranked(quota=1, ties="draw")
    stage.spent(0, 100_000_000)
    stage.spent(1, 100_000_000)
    refs = tuple(subject.ref for subject, _actor in stage.firms)
    listed = open_list(stage.officer, item=ITEM, also=refs)
    assert offers(stage, 0) == [("不用申请", "pending", "与末位并列，待抽签")]
    do(stage, listed.case, "abandon", "名额另定")
    assert offers(stage, 0) == [("不用申请", "pending", "由政府按数据列入名单，发消息请您确认")]
    with pytest.raises(DecisionNotTaken):
        object_list(stage.firms[0][1], listed=listed.ref, why="名额")
    ranked(quota=2)
    open_list(stage.officer, item=ITEM, also=refs)
    assert stage.claim(0).case.state == "offered"


def test_equals_at_the_cut_off_are_drawn_by_a_lot_that_can_be_drawn_again(stage: Stage) -> None:
    listed = drawn(stage)
    assert listed.case.state == "confirming"
    result = find_result(listed)
    assert result is not None
    record = draw_record(result)
    again = picks_of(record["strata"], NUMBERS, [], record["method"])[""]
    assert sorted(again) == sorted(subject.ref for subject, _actor in stage.firms)
    reasons = {one.subject.ref: one.reason for one in listed.entries.select_related("subject")}
    assert [reasons[ref] for ref in again] == ["drawn", "not_drawn"]
    assert Claim.objects.get().subject.ref == again[0]
    assert one_list(stage.officer, listed.ref).draw == record["draw"]
    told_by_program = entries(stage.officer, listed.ref, Paged()).items
    assert {one.reason: bool(one.claim) for one in told_by_program} == {
        "drawn": True,
        "not_drawn": False,
    }
    told = Message.objects.get(subject__ref=again[1])
    assert "抽签未中" in told.text


def test_who_was_left_out_objects_and_is_put_on_the_list(stage: Stage) -> None:
    listed = drawn(stage)
    subject = listed.entries.get(reason="not_drawn").subject
    actor = next(one for firm, one in stage.firms if firm == subject)
    with pytest.raises(AccountNeeded):
        object_list(actor, listed=listed.ref, why="名额未用完")
    account = {"bank": "支行", "number": "622200003333"}
    review = object_list(actor, listed=listed.ref, why="名额未用完", **account)
    with pytest.raises(DecisionNotTaken):
        object_list(actor, listed=listed.ref, why="名额未用完")
    do(stage, review, "reopen", "名额有误")
    claim = Claim.objects.select_related("case").get(subject=subject)
    assert (claim.case.state, claim.listed) == ("offered", listed)
    entry = listed.entries.get(subject=subject)
    assert (entry.is_chosen, entry.reason) == (True, "objected")
    assert Message.objects.filter(subject=subject, key__startswith=f"case:{review.ref}").exists()
