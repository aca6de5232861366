"""The demonstration's forms: one handed in, one half filled, one that a counter files for a firm."""

from typing import Any

from yingshang.documents.actions import upload
from yingshang.forms.drafts import content_digest, evaluate_draft, save_draft, start_draft
from yingshang.forms.models import Draft
from yingshang.forms.signing import invitation, sign_draft
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import submit_draft
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Organ, Subject

FORM = "food-business-licence"
PURPOSE = "食品经营许可"
RECEIVER = "qj-market"
PAGE = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

ANSWERS: dict[str, Any] = {
    "head": {"name": "林晓峰", "phone": "13800000000"},
    "phone": "021-12345678",
    "sort": "catering",
    "items": ["hot", "drink"],
    "same_place": True,
    "area": "120.5",
    "diners": "60",
    "online": False,
    "invested": "38万元",
    "practitioners": [
        {"person": {"name": "方圆"}, "post": "safety", "training": "SP-2026-0117"},
        {"person": {"name": "钱途"}, "post": "kitchen", "certified_on": "2026-03-02"},
    ],
    "by_commitment": False,
}


RESOLUTION: dict[str, Any] = {
    "matter": "address",
    "held_on": "2026-11-02",
    "text": "同意将住所变更为清江区创新路 12 号。",
    "owners": [
        {"who": {"name": "林晓峰"}, "share": "60"},
        {"who": {"name": "周小满"}, "share": "40"},
    ],
}


@demo_builder("forms", order=85)
def build() -> None:
    """Hand one application in, begin another, let the counter file a third; a resolution to sign."""
    handler, clerk = demo_actor("handler"), demo_actor("clerk")
    receiver = {"organ": RECEIVER} if Organ.objects.filter(key=RECEIVER).exists() else {}
    firm = Subject.objects.get(pk=handler.subject_id or 0)
    handed_in = _filled(handler, _start(handler, "", receiver), ANSWERS)
    for asked in evaluate_draft(handed_in).lacking:
        attachment = upload(handler, name=f"{asked}.pdf", content=PAGE)
        choose_material(handler, draft=handed_in.ref, material=asked, files=(attachment.ref,))
    submit_draft(handler, draft=handed_in.ref)
    begun = {key: ANSWERS[key] for key in ("head", "sort", "items", "same_place")}
    _filled(handler, _start(handler, "", receiver), begun)
    _filled(clerk, _start(clerk, firm.ref, receiver), ANSWERS)
    resolution = start_draft(handler, form="shareholder-resolution", purpose="变更登记", context={})
    resolution = _filled(handler, resolution, RESOLUTION)
    sign_draft(
        demo_actor("legal"),
        draft=resolution.ref,
        slot="owners.0",
        content=content_digest(resolution),
        code=invitation(resolution, "owners.0"),
    )


def _start(actor: Actor, subject: str, context: dict[str, Any]) -> Draft:
    return start_draft(actor, form=FORM, subject=subject, purpose=PURPOSE, context=context)


def _filled(actor: Actor, draft: Draft, answers: dict[str, Any]) -> Draft:
    return save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)
