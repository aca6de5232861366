"""The pages of suspension, extension, conditions, cards and powers: what they show and refuse."""

from datetime import datetime

import pytest

from yingshang.cases.actions import act
from yingshang.cases.cards import escalate
from yingshang.cases.forms import action_form
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Card, Case, Power
from yingshang.cases.tests.conftest import Town
from yingshang.cases.tests.test_desk import browser, hidden, text_of
from yingshang.cases.working import find_action
from yingshang.kernel.times import SHANGHAI, frozen, today
from yingshang.parties.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(licensing: Town) -> Case:
    """Return an accepted application that was heard for a while and extended."""
    made = licensing.open(procedure="licence", data={"item": "food", "area": 40})
    other = licensing.actor("b", "cases.read", "cases.handle", name="丁")
    for actor, action, data in (
        (licensing.clerk, "accept", {}),
        (licensing.clerk, "ask_extension", {}),
        (other, "extend", {"notice": "需要现场核查，延长十个工作日。"}),
    ):
        made = act(actor, case=made.ref, action=action, data=data)
    return made


def ask_for_a_hearing(licensing: Town, case: Case) -> Actor:
    """Let a colleague of the clerk's ask for a hearing, and return that colleague."""
    colleague = licensing.actor("b", "cases.read", "cases.handle", name="丁")
    act(colleague, case=case.ref, action="ask_hearing")
    return colleague


def test_the_case_page_shows_both_limits_and_why_something_is_not_possible(
    licensing: Town, case: Case
) -> None:
    shown = text_of(browser(licensing.clerk).get(f"/desk/cases/{case.ref}/"))
    for said in (
        "承诺办结 承诺",
        "法定办结 法定",
        "已延长 10 个工作日",
        "依据： 行政许可法第四十二条",
        "已书面告知申请人",
        "暂不能“准予许可”：不符合条件：面积不低于60",
        "“批准延期”在一个办件中最多办理 1 次",
        "“勘验”需要更高的身份核验等级",
    ):
        assert said in shown


def test_a_suspension_is_announced_and_shown_with_its_ground(licensing: Town, case: Case) -> None:
    clerk = browser(licensing.clerk)
    ask_for_a_hearing(licensing, case)
    address = f"/desk/cases/{case.ref}/do/hold_hearing/"
    form = text_of(clerk.get(address))
    assert "“法定办结”停止计算，恢复后继续。" in form
    assert "“告知书”是给申请人的书面告知" in form
    sent = hidden(clerk, address)
    assert clerk.post(address, sent).status_code == 422
    answer = clerk.post(address, {**sent, "notice": "听证"}, follow=True)
    assert "停止计算" in text_of(answer)
    assert "举行听证，行政许可法第四十五条" in text_of(answer)


def test_a_double_click_does_nothing_twice(licensing: Town, case: Case) -> None:
    clerk = browser(licensing.clerk)
    address = f"/desk/cases/{case.ref}/do/ask_extension/"
    sent = hidden(clerk, address)
    for _ in range(2):
        assert clerk.post(address, sent).status_code == 302
    assert case.events.filter(action="ask_extension").count() == 2


def test_who_was_slower_reads_what_happened_and_where_to_look(licensing: Town, case: Case) -> None:
    clerk = browser(licensing.clerk)
    other = ask_for_a_hearing(licensing, case)
    address = f"/desk/cases/{case.ref}/do/hold_hearing/"
    sent = hidden(clerk, address)
    act(other, case=case.ref, action="refuse")
    answer = clerk.post(address, {**sent, "notice": "听证"})
    assert answer.status_code == 422
    assert "丁 不予许可" in text_of(answer)
    assert "现在的状态是“不予”" in text_of(answer)
    assert f'href="/desk/cases/{case.ref}/"' in answer.content.decode()


def test_a_card_is_shown_explained_and_listed(licensing: Town) -> None:
    with frozen(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)):
        case = licensing.open()
    escalate()
    card = Card.objects.get()
    clerk = browser(licensing.clerk)
    assert "红牌" in text_of(clerk.get("/desk/worklist/"))
    assert "尚未说明" not in text_of(clerk.get(f"/desk/cases/{case.ref}/"))
    assert "本单位未说明情况的黄牌红牌" in text_of(clerk.get("/desk/"))
    address = f"/desk/cards/{card.ref}/explain/"
    assert clerk.post(address, {"explanation": " "}).status_code == 422
    assert clerk.post(address, {"explanation": "材料待核实。"}).status_code == 302
    assert "材料待核实。" in text_of(clerk.get(f"/desk/cases/{case.ref}/"))
    assert "材料待核实。" in text_of(clerk.get("/desk/cards/?explained=yes"))
    assert "没有黄牌红牌" in text_of(clerk.get("/desk/cards/?colour=yellow"))
    assert "本单位未说明情况的黄牌红牌" not in text_of(clerk.get("/desk/"))
    stranger = browser(licensing.stranger)
    assert stranger.get(address).status_code == 404
    supervisor = licensing.actor("c", "cases.read", "cases.supervise", "cases.handle", name="督")
    assert "材料待核实。" in text_of(browser(supervisor).get("/desk/cards/"))
    assert "最近的红牌" in text_of(browser(supervisor).get("/desk/"))
    assert browser(supervisor).post(address, {"explanation": "x"}).status_code == 422


def test_a_power_is_delegated_shown_on_the_case_and_revoked(licensing: Town, case: Case) -> None:
    head = licensing.actor("b", "cases.read", "cases.grant_powers", name="长")
    chief, address = browser(head), "/desk/powers/grant/"
    given = {
        **hidden(chief, address),
        "scope": "food",
        "organ": licensing.organs["b"].ref,
        "ground": "授权决定",
        "readiness": "已核验",
        "valid_from": today().isoformat(),
    }
    assert chief.post(address, {**given, "readiness": ""}).status_code == 422
    assert chief.post(address, {**given, "organ": ""}).status_code == 422
    for _ in range(2):
        assert chief.post(address, given).status_code == 302
    power = Power.objects.get()
    clerk = browser(licensing.clerk)
    assert "可按授权当场决定" in text_of(clerk.get(f"/desk/cases/{case.ref}/"))
    assert "已核验" in text_of(clerk.get("/desk/powers/"))
    revoking = f"/desk/powers/{power.ref}/revoke/"
    assert clerk.get(revoking).status_code == 403
    assert chief.post(revoking, {"reason": ""}).status_code == 422
    assert chief.post(revoking, {"reason": "人员调离"}).status_code == 302
    assert "撤回 人员调离" in text_of(chief.get("/desk/powers/"))
    assert "可按授权当场决定" not in text_of(clerk.get(f"/desk/cases/{case.ref}/"))
    other = licensing.actor("c", "cases.read", "cases.grant_powers", name="外")
    assert browser(other).get(revoking).status_code == 404


def test_only_officials_are_asked_whether_something_happened_earlier(
    licensing: Town, case: Case
) -> None:
    procedure = procedure_of(case.version)
    hearing = find_action(procedure, "hold_hearing")
    asked = action_form(licensing.clerk, procedure, hearing, case).late_fields
    assert asked
    assert not action_form(licensing.clerk, procedure, hearing, case, late=False).late_fields
