"""Lists too long for one request: done in parts by the worker, once each, whoever dies or works besides."""

import threading
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection

from tests.test_claim_histories import official
from tests.test_claim_lists import ITEM, Stage, do, stage  # noqa: F401 - a fixture
from yingshang.cases.models import Case
from yingshang.domains.claims.actions import confirm_offer
from yingshang.domains.claims.claimed import claims_under
from yingshang.domains.claims.lists import parts, progress
from yingshang.domains.claims.lists.actions import open_list
from yingshang.domains.claims.lists.parts import work_lists, work_part
from yingshang.domains.claims.lists.progress import progress_of
from yingshang.domains.claims.models import Claim, ClaimList
from yingshang.domains.claims.permissions import LIST
from yingshang.domains.funds.actions import appropriate, approve_budget
from yingshang.domains.funds.errors import FundExhausted
from yingshang.domains.funds.models import Payment
from yingshang.domains.funds.permissions import APPROVE_BUDGET, PROPOSE_BUDGET, READ_ALL
from yingshang.domains.funds.proving import faults
from yingshang.domains.funds.public import available, commit
from yingshang.domains.services.models import PublicNotice
from yingshang.facts.actions.recording import Given, record_values
from yingshang.kernel.isolating import SomeFailed
from yingshang.messages.models import Message
from yingshang.parties.actors import system_actor
from yingshang.parties.models import Subject

FIRMS, EACH = 5, 4_000_000
WORKER = system_actor(parts.JOB, LIST)


@pytest.fixture
def firms(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[Subject]:  # noqa: F811
    """Return five firms that the grant gives 40,000 yuan each; more than two are done two at a time."""
    monkeypatch.setattr(progress, "AT_ONCE", 2)
    monkeypatch.setattr(parts, "PART", 2)
    monkeypatch.setattr(parts, "PAUSE", 0)
    made = [
        Subject.objects.create(type="enterprise", name=f"清江{n}号公司", code=f"91440300{n:010d}")
        for n in range(FIRMS)
    ]
    told = [
        ("registration", "status", "active", ""),
        ("tax", "revenue", 1_000_000_000, "2025"),
        ("science", "high_tech", True, ""),
        ("disclosure", "seriously_dishonest", False, ""),
        ("statistics", "rd_spend", 50_000_000, "2025"),
    ]
    for source, key, content, item in told:
        values = tuple(Given(subject=one.ref, key=f"enterprise.{key}", content=content, item=item) for one in made)  # fmt: skip
        record_values(stage.data, source=source, values=values)
    return made


def opened(stage: Stage, firms: list[Subject]) -> ClaimList:  # noqa: F811
    """Open a list for the firms."""
    return open_list(stage.officer, item=ITEM, also=tuple(one.ref for one in firms))


def far(listed: ClaimList) -> tuple[str, str]:
    """Return the state of a list and how far its step is."""
    found = ClaimList.objects.select_related("case").get(pk=listed.pk)
    made = progress_of(found)
    return found.case.state, f"{made.done}/{made.total}" if made is not None else ""


def states() -> Counter[str]:
    """Return how many claims stand in which state."""
    return Counter(Claim.objects.values_list("case__state", flat=True))


def confirmed(stage: Stage, firms: list[Subject]) -> ClaimList:  # noqa: F811
    """Offer the grant to all, and let all confirm."""
    listed = opened(stage, firms)
    work_lists()
    for firm in firms:
        actor = replace(stage.firms[0][1], subject_id=firm.pk)
        claim = Claim.objects.get(subject=firm)
        confirm_offer(actor, claim=claim.ref, bank="支行", number="622200001111")
    do(stage, listed.case, "end_confirming")
    return listed


@pytest.mark.django_db
def test_a_worker_that_dies_goes_on_where_it_stopped(
    stage: Stage,  # noqa: F811
    firms: list[Subject],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listed = opened(stage, firms)
    assert far(listed) == ("offering", "0/5")
    assert not Claim.objects.exists()
    work_part(WORKER, listed=listed.ref)
    assert far(listed) == ("offering", "2/5")

    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(parts, "record_offered", die)
        with pytest.raises(SystemExit):
            work_part(WORKER, listed=listed.ref)
    assert far(listed) == ("offering", "2/5")
    work_lists()
    work_lists()
    assert far(listed) == ("confirming", "")
    assert Counter(Claim.objects.values_list("subject", flat=True)) == dict.fromkeys((one.pk for one in firms), 1)  # fmt: skip
    told = Message.objects.filter(sort="claims-offer").values_list("subject", flat=True)
    assert sorted(told) == sorted(one.pk for one in firms)


@pytest.mark.django_db
@pytest.mark.one_database
def test_what_nobody_answers_lapses_in_parts(stage: Stage, firms: list[Subject]) -> None:  # noqa: F811
    listed = opened(stage, firms)
    work_lists()
    stage.wait(15)
    assert far(listed)[0] in ("lapsing", "ready")
    work_lists()
    assert (far(listed)[0], states()) == ("ready", {"lapsed": 5})


@pytest.mark.django_db
def test_money_is_reserved_for_all_before_anybody_is_decided(
    stage: Stage,  # noqa: F811
    firms: list[Subject],
) -> None:
    listed = confirmed(stage, firms)
    more = official("qj-finance", READ_ALL, PROPOSE_BUDGET)
    approver = official("qj-finance", READ_ALL, APPROVE_BUDGET)
    cut = appropriate(
        more, fund="innovation", line="rd", year=2026, amount_fen=EACH - 1, document="9号"
    )
    other = listed_elsewhere(stage, FIRMS * EACH - 1)
    with pytest.raises(FundExhausted):
        do(stage, listed.case, "announce")
    assert (far(listed)[0], states()) == ("ready", {"confirmed": 5})
    assert available("innovation", "rd", 2026) == 20_000_000 - other
    approve_budget(approver, proposal=cut.ref)

    do(stage, listed.case, "announce")
    left = available("innovation", "rd", 2026)
    assert far(listed) == ("announcing", "0/5")
    work_part(WORKER, listed=listed.ref)
    assert (far(listed), available("innovation", "rd", 2026)) == (("announcing", "2/5"), left)
    assert not PublicNotice.objects.exists()
    dishonest = Given(subject=firms[4].ref, key="enterprise.seriously_dishonest", content=True)
    record_values(stage.data, source="disclosure", values=(dishonest,), reason="更正")
    work_lists()
    assert (far(listed)[0], states()) == ("in_notice", {"in_notice": 4, "refused": 1})
    assert available("innovation", "rd", 2026) == left + EACH
    assert len(PublicNotice.objects.get().listed) == 4

    stage.wait(8)
    assert far(listed) == ("deciding", "0/4")
    work_lists()
    assert (far(listed)[0], states()) == ("decided", {"granted": 4, "refused": 1})
    assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [EACH] * 4
    assert not ClaimList.objects.get(pk=listed.pk).is_open
    assert list(faults()) == []


def listed_elsewhere(stage: Stage, leave: int) -> int:  # noqa: F811
    """Reserve for something else all that the fund holds above so many fen; return how much."""
    fen = available("innovation", "rd", 2026) - leave
    commit(
        stage.officer, fund="innovation", line="rd", year=2026, amount_fen=fen, origin="other:1",
        subject=None, key="1",
    )  # fmt: skip
    return fen


@pytest.mark.django_db
@pytest.mark.one_database
def test_one_claim_that_cannot_be_done_holds_up_the_end_but_no_other(
    stage: Stage,  # noqa: F811
    firms: list[Subject],
) -> None:
    listed = confirmed(stage, firms)
    do(stage, listed.case, "announce")
    work_lists()
    Claim.objects.filter(subject=firms[0]).update(account=None)
    stage.wait(8)
    with pytest.raises(SomeFailed, match="1"):
        work_lists()
    assert (far(listed), states()) == (("deciding", "4/5"), {"granted": 4, "in_notice": 1})


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_long_list_is_abandoned_in_parts(stage: Stage, firms: list[Subject]) -> None:  # noqa: F811
    listed = confirmed(stage, firms)
    do(stage, listed.case, "abandon", "政策调整")
    work_lists()
    assert (far(listed)[0], states()) == ("abandoned", {"refused": 5})
    reasons = Case.objects.filter(claim__listed=listed, events__reason="政策调整").count()
    assert reasons == FIRMS
    assert {one.ground for one in claims_under(ITEM, None).values()} == {"政策调整"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_nothing_twice(stage: Stage, firms: list[Subject]) -> None:  # noqa: F811
    listed = opened(stage, firms)
    ready, failed = threading.Barrier(2), []

    def work() -> None:
        ready.wait()
        try:
            work_lists()
        except Exception as error:  # noqa: BLE001 - shown below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not failed
    assert far(listed) == ("confirming", "")
    assert Claim.objects.count() == FIRMS
    assert Message.objects.filter(sort="claims-offer").count() == FIRMS
    assert listed.case.events.filter(action="offered_all").count() == 1
