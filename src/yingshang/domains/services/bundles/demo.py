"""The demonstration's matters: one being filled, and one that runs with a step returned to the applicant."""

from typing import Any

from yingshang.cases.models import Case
from yingshang.documents.actions import upload
from yingshang.domains.services.applying.actions import send_back
from yingshang.domains.services.bundles.actions import apply_for_bundle, start_bundle
from yingshang.domains.services.models import MatterStep
from yingshang.forms.drafts import save_draft
from yingshang.forms.models import Draft
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import Marked
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.web.examples import example

RESTAURANT = "open-a-restaurant"
FOOD = "food-business-licence"
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_HANDED_IN = (
    "premises-right",
    "kitchen-layout",
    "health-certificates",
    "fire-fitting-out",
    "drainage-drawing",
    "signboard-drawing",
)


@demo_builder("services.bundles", order=86)
def build() -> None:
    """Let one firm begin a matter, and another hand one in."""
    _begun(demo_actor("legal"))
    whole = _applied(demo_actor("legal2"))
    food = whole.children.get(origin__endswith="food-business-licence")
    send_back(
        demo_actor("approver"),
        case=food.ref,
        marks=(Marked(path="area", remark="与租赁合同上的面积不一致，请核对后更正"),),
        data={"correction": "经营面积与租赁合同不一致，请核对后更正"},
    )


def _begun(actor: Actor) -> Draft:
    draft = start_bundle(actor, bundle=RESTAURANT, optional=("signboard",))
    answers: dict[str, Any] = {
        "head": {"name": actor.name},
        "phone": "0570-8601234",
        "sort": "catering",
        "items": ["hot", "cold"],
        "same_place": "yes",
        "area": "320",
        "diners": "120",
        "online": "no",
        "invested": "680000",
        "practitioners": [
            {"person": {"name": "王芳"}, "post": "safety", "training": "SP2026018"},
            {"person": {"name": "李想"}, "post": "kitchen", "certified_on": "2026-03-02"},
        ],
        "by_commitment": "no",
        "place_name": "江滨餐厅",
        "storey": "1",
        "exits": "2",
        "daily_discharge": "6",
        "grease_trap": "yes",
        "sign_content": "江滨餐厅",
        "sign_area": "12",
        "lit": "no",
    }
    return save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)


def _applied(actor: Actor) -> Case:
    draft = _begun(actor)
    for key in _HANDED_IN:
        file = upload(actor, name=f"{key}.pdf", content=_PAGE)
        choose_material(actor, draft=draft.ref, material=key, files=(file.ref,))
    choose_material(
        actor, draft=draft.ref, material="food-safety-system", reason="正在制定，开业前补交"
    )
    return apply_for_bundle(actor, draft=draft.ref)


def _draft() -> dict[str, Any]:
    found = Draft.objects.filter(state="open", context__bundle=RESTAURANT).order_by("pk")
    return {"draft": found[0].ref}


def _matter() -> dict[str, Any]:
    return {"ref": MatterStep.objects.filter(item=FOOD).order_by("pk")[0].parent.ref}


example("portal:fill-bundle", _draft, visitor="legal")
example("portal:one-matter", _matter, visitor="legal2")
