"""The demonstration's supervision: one order that was answered and sent back, one that is fresh."""

from datetime import timedelta

from yingshang.cases.actions import act, open_case
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
        title="企业诉求逾期未答复",
        holder=ORGAN,
        data={
            "finding": "三件诉求超过承诺时限没有答复。",
            "requirement": "补办答复，并说明原因。",
            "due": (today() + timedelta(days=45)).isoformat(),
        },
    )


def _returned() -> dict[str, str]:
    orders = list_worklist_for(demo_actor("bureau")).filter(procedure="rectification-order")
    return {"ref": orders.order_by("pk")[0].ref}


example("desk:case", _returned, visitor="bureau")
example("desk:case_act", lambda: {**_returned(), "action": "answer"}, visitor="bureau")
