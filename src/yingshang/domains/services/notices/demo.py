"""The demonstration's notices: one that runs and was objected to, and one that was withdrawn."""

from typing import Any

from yingshang.cases.actions import act
from yingshang.cases.models import Case
from yingshang.domains.services.applying.actions import apply, start_application
from yingshang.domains.services.models import PublicNotice
from yingshang.domains.services.notices.objecting import lodge_objection
from yingshang.domains.services.notices.reading import receipt_code
from yingshang.forms.drafts import content_digest, save_draft
from yingshang.forms.signing import sign_draft
from yingshang.parties.actors import ANONYMOUS, Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.web.examples import example

CLOSING = "qj-enterprise-simple-deregistration"


@demo_builder("services.notices", order=87)
def build() -> None:
    """Let two firms ask to be de-registered, and a creditor object to one of them."""
    withdrawn = _announced(demo_actor("legal"))
    act(demo_actor("legal"), case=withdrawn.ref, action="withdraw", reason="股东决定继续经营。")
    objected = _announced(demo_actor("legal2"))
    lodge_objection(
        ANONYMOUS,
        notice=objected.public_notices.get().ref,
        ground="debt",
        text="该公司尚欠我店 2026 年 8 月至 10 月包装材料款 31,600 元，有对账单。",
        name="清江江滨包装材料店",
        contact="0570-8601357",
    )


def _announced(actor: Actor) -> Case:
    draft = start_application(actor, service=CLOSING)
    answers: dict[str, Any] = {
        "phone": "0570-8601234",
        "because": "resolved",
        "debts": "cleared",
        "wages_settled": "yes",
        "free_of_burden": "yes",
        "has_branches": "no",
        "needs_approval": "no",
        "owners": [{"who": {"name": actor.name}, "share": "100"}],
    }
    draft = save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)
    sign_draft(actor, draft=draft.ref, slot="owners.0", content=content_digest(draft))
    case = apply(actor, draft=draft.ref)
    if case.state == "submitted":
        opinion = "经与税务、人社、法院核对，没有发现不适用简易注销的情形。"
        act(demo_actor("approver"), case=case.ref, action="publish", data={"opinion": opinion})
    return case


def _open() -> PublicNotice:
    return PublicNotice.objects.filter(ended_at=None, objections__isnull=False).order_by("pk")[0]


def _receipt() -> dict[str, str]:
    made = _open().objections.order_by("pk")[0]
    return {"ref": made.ref, "code": receipt_code(made.ref)}


example("portal:notice", lambda: {"ref": _open().ref})
example("portal:object", lambda: {"ref": _open().ref})
example("portal:objection", _receipt)
