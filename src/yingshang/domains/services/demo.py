"""The demonstration's applications: one being filled, one sent back, one accepted, one granted, two by commitment."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from yingshang.cases.actions import act
from yingshang.cases.granting import grant_power
from yingshang.cases.models import Case
from yingshang.documents.actions import upload
from yingshang.domains.counters.public import IdentityCheck
from yingshang.domains.services.applying.actions import apply, send_back, start_application
from yingshang.domains.services.applying.presenting import evaluations_of
from yingshang.domains.services.bundles import demo as bundles
from yingshang.domains.services.delivering.choosing import AtCounter, Wish
from yingshang.domains.services.models import DeliveryMeans
from yingshang.domains.services.notices import demo as notices
from yingshang.domains.services.registering import demo as registering
from yingshang.domains.services.tasks import state_own_record
from yingshang.forms.drafts import content_digest, save_draft
from yingshang.forms.models import Draft
from yingshang.forms.signing import confirm_filing, sign_draft
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import Marked
from yingshang.kernel.times import today
from yingshang.licences.models import Decision
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Subject
from yingshang.web.examples import example

FOOD, SIGN = "qj-food-business-licence", "qj-signboard"
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@demo_builder("services.applications", order=85)
def build() -> None:
    """Let two firms apply, and the approving organ take some of the applications further."""
    state_own_record()
    first, second, officer = demo_actor("legal"), demo_actor("legal2"), demo_actor("approver")
    _begun(first, place="yes", area="")
    returned = _applied(first, area="186")
    send_back(
        officer,
        case=returned.ref,
        marks=(
            Marked(path="area", remark="与租赁合同上的面积不一致，请核对后更正"),
            Marked(path="material:health-certificates", remark="第 2 页看不清，请重新上传"),
        ),
        data={
            "correction": "1. 经营面积与租赁合同不一致，请核对后更正\n2. 健康证明第 2 页看不清，请重新上传"
        },
    )
    accepted = _applied(second, area="92", wish=Wish(means=DeliveryMeans.ELECTRONIC))
    act(officer, case=accepted.ref, action="accept")
    granted = _applied(first, area="64", wish=Wish(means=DeliveryMeans.COUNTER, hall="qj-centre"))
    act(officer, case=granted.ref, action="accept")
    act(officer, case=granted.ref, action="grant", data={"opinion": "经审查，符合法定条件。"})
    for area in ("48", "36"):
        promised = _applied(second, area=area, promise=True)
        act(officer, case=promised.ref, action="grant")
    _applied(second, area="120")
    _at_the_window(first)
    firm = Subject.objects.get(pk=first.subject_id or 0)
    start_application(
        demo_actor("clerk"),
        service=FOOD,
        subject=firm.ref,
        at_counter=AtCounter(
            name="陈思远", identity=IdentityCheck.ID_CARD, identity_tail="618X", is_agent=True
        ),
    )


def _at_the_window(firm: Actor) -> Case:
    """Let the clerk file for a sign, which the approving organ lets the window decide on the spot."""
    head = replace(
        demo_actor("bureau"), organ_id=demo_actor("approver").organ_id, name="审批局负责人"
    )
    grant_power(
        head,
        scope="signboard",
        organ="qj-service-centre",
        procedure="permit",
        action="grant_at_window",
        ground="清江区2026《窗口授权事项清单》第 3 项",
        readiness="两名窗口人员通过业务考核，审批局每月抽查",
        valid_to=today() + timedelta(days=200),
    )
    clerk, subject = demo_actor("clerk"), Subject.objects.get(pk=firm.subject_id or 0)
    draft = start_application(
        clerk,
        service=SIGN,
        subject=subject.ref,
        wish=Wish(means=DeliveryMeans.COUNTER, hall="qj-centre"),
        at_counter=AtCounter(
            name="陈思远", identity=IdentityCheck.ID_CARD, identity_tail="618X", is_agent=True
        ),
    )
    answers = {
        "head": {"name": firm.name},
        "phone": "0570-8601234",
        "sign_content": "江滨小厨",
        "sign_area": "8",
        "lit": "no",
    }
    save_draft(clerk, draft=draft.ref, answers=answers, expected_version=draft.version)
    file = upload(clerk, name="租赁合同和效果图.pdf", content=_PAGE)
    for key in ("business-registration", "premises-right", "signboard-drawing"):
        choose_material(clerk, draft=draft.ref, material=key, files=(file.ref,))
    confirm_filing(clerk, draft=draft.ref, files=(file.ref,), name="陈思远")
    return apply(clerk, draft=draft.ref)


def _begun(
    actor: Actor, *, place: str, area: str, promise: bool = False, wish: Wish | None = None
) -> Draft:
    draft = start_application(actor, service=FOOD, wish=wish)
    answers: dict[str, Any] = {
        "head": {"name": actor.name},
        "phone": "0570-8601234",
        "sort": "canteen",
        "items": ["hot", "cold"],
        "same_place": place,
        "area": area,
        "online": "no",
        "invested": "120000",
        "practitioners": [
            {"person": {"name": "王芳"}, "post": "safety", "training": "SP2026018"},
            {"person": {"name": "李想"}, "post": "kitchen", "certified_on": "2026-03-02"},
        ],
        "by_commitment": "yes" if promise else "no",
    }
    return save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)


def _applied(actor: Actor, *, area: str, promise: bool = False, wish: Wish | None = None) -> Case:
    draft = _begun(actor, place="yes", area=area, promise=promise, wish=wish)
    for key in ("health-certificates", "kitchen-layout"):
        file = upload(actor, name=f"{key}.pdf", content=_PAGE)
        choose_material(actor, draft=draft.ref, material=key, files=(file.ref,))
    choose_material(
        actor, draft=draft.ref, material="food-safety-system", reason="正在制定，开业前补交"
    )
    if promise:
        draft.refresh_from_db()
        sign_draft(actor, draft=draft.ref, slot="commitment", content=content_digest(draft))
    return apply(actor, draft=draft.ref)


def _application(state: str, **data: Any) -> dict[str, Any]:
    found = Case.objects.filter(procedure="permit", state=state).order_by("pk")
    return {"ref": found[0].ref, **data}


def _paper() -> dict[str, Any]:
    case = Case.objects.filter(delivery__means="electronic", state="accepted").order_by("pk")[0]
    paper = Decision.objects.filter(origin=f"case:{case.ref}").order_by("pk")[0]
    return {"ref": case.ref, "sort": "decision", "paper": paper.ref}


def _evaluated() -> dict[str, Any]:
    """Return a case on which rules were applied, and what they said."""
    cases = Case.objects.filter(procedure="permit").order_by("pk")
    found = next(one for case in cases for one in evaluations_of(case))
    return {"ref": found.decision.removeprefix("case:"), "evaluation": found.ref}


def _draft() -> dict[str, Any]:
    return {
        "draft": Draft.objects.filter(state="open", on_behalf=None, context__service=FOOD)
        .order_by("pk")[0]
        .ref
    }


example("portal:apply", lambda: {"key": FOOD}, visitor="legal")
example("portal:fill-application", _draft, visitor="legal")
example("portal:application", lambda: _application("correcting"), visitor="legal")
example("portal:choose-delivery", lambda: _application("granted"), visitor="legal")
example("portal:application-paper", lambda: _paper(), visitor="legal2")
example("portal:application-paper-file", lambda: _paper(), visitor="legal2")
example(
    "portal:application-act",
    lambda: _application("correcting", action="withdraw"),
    visitor="legal",
)
example(
    "desk:fill-for",
    lambda: {
        "draft": Draft.objects.filter(state="open", on_behalf__isnull=False, context__service=FOOD)
        .order_by("pk")[0]
        .ref
    },
    visitor="clerk",
)
example(
    "desk:check-together",
    lambda: {
        "ref": Case.objects.filter(procedure="permit-by-commitment", state="to_be_checked")
        .order_by("pk")[0]
        .ref
    },
    visitor="approver",
)
example("desk:replay-evaluation", _evaluated, visitor="approver")
example("desk:send-back", lambda: _application("submitted"), visitor="approver")

__all__ = ["build", "bundles", "notices", "registering"]
