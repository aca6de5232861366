"""The demonstration's supervision orders, delegated powers and cards."""

from datetime import timedelta
from typing import Any

from yingshang.cases.actions import act, open_case
from yingshang.cases.cards import escalate, list_cards_for
from yingshang.cases.granting import grant_power, revoke_power
from yingshang.cases.powers import list_powers_for
from yingshang.cases.selectors import list_worklist_for
from yingshang.kernel.times import today
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.web.examples import example

ORGAN = "qj-market"


@demo_builder("cases.supervision", order=60)
def build_supervision() -> None:
    """Let the supervision officer issue two orders, and the bureau answer one of them."""
    supervisor, bureau = demo_actor("supervisor"), demo_actor("bureau")
    first = open_case(
        supervisor,
        procedure="rectification-order",
        title="窗口未落实一次性告知",
        holder=ORGAN,
        data={
            "finding": "暗访的五个窗口中，两个没有一次性告知所需材料。",
            "requirement": "逐个窗口整改，并公开一次性告知单。",
            "due": (today() + timedelta(days=20)).isoformat(),
        },
    )
    act(
        bureau,
        case=first.ref,
        action="answer",
        data={
            "feedback": "两个窗口已更换告知单，其余窗口正在核对。",
            "evidence": "https://example.org/notice",
        },
    )
    act(
        supervisor,
        case=first.ref,
        action="return",
        reason="其余窗口的核对结果也要附上。",
        data={"due": (today() + timedelta(days=6)).isoformat()},
    )
    open_case(
        supervisor,
        procedure="rectification-order",
        title="窗口延时服务未公示",
        holder=ORGAN,
        data={
            "finding": "两个窗口没有公示延时、错时服务的时间。",
            "requirement": "补充公示，并在网上同步更新。",
            "due": (today() + timedelta(days=1)).isoformat(),
        },
    )
    open_case(
        supervisor,
        procedure="rectification-order",
        title="企业诉求逾期未答复",
        holder=ORGAN,
        data={
            "finding": "三件诉求超过承诺时限没有答复。",
            "requirement": "补办答复，并说明原因。",
            "due": (today() + timedelta(days=45)).isoformat(),
        },
    )


@demo_builder("cases.powers", order=61)
def build_powers() -> None:
    """Let the bureau delegate two powers to the service centre, and take one back."""
    head = demo_actor("bureau")
    given: dict[str, Any] = {
        "organ": "qj-service-centre",
        "ground": "《行政许可法》第二十四条；区市场监管局委托书",
        "readiness": "窗口人员 3 名已通过业务考核，配备独立审批席位，抽查复核机制已建立，核验合格。",
    }
    grant_power(
        head,
        scope="food-business-licence",
        valid_from=today() - timedelta(days=60),
        valid_to=today() + timedelta(days=305),
        **given,
    )
    ended = grant_power(
        head, scope="small-catering-record", valid_from=today() - timedelta(days=200), **given
    )
    revoke_power(head, power=ended.ref, reason="备案事项已取消，不再需要授权。")


@demo_builder("cases.cards", order=90)
def build_cards() -> None:
    """Issue the cards that are due on the day on which the demonstration is made."""
    escalate()


def _own_card() -> dict[str, str]:
    bureau = demo_actor("bureau")
    waiting = list_cards_for(bureau).filter(organ_id=bureau.organ_id or 0, explained_at=None)
    return {"ref": waiting[0].ref}


def _own_power() -> dict[str, str]:
    return {"ref": list_powers_for(demo_actor("bureau")).filter(revoked_at=None)[0].ref}


def _returned() -> dict[str, str]:
    orders = list_worklist_for(demo_actor("bureau")).filter(procedure="rectification-order")
    return {"ref": orders.order_by("pk")[0].ref}


example("desk:case", _returned, visitor="bureau")
example("desk:case_act", lambda: {**_returned(), "action": "answer"}, visitor="bureau")
example("desk:case_assign", _returned, visitor="bureau")
example("desk:card_explain", _own_card, visitor="bureau")
example("desk:power_revoke", _own_power, visitor="bureau")
