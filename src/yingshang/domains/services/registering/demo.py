"""The demonstration's new enterprises: one founded, all bodies done; one that its bank has sent back."""

from typing import Any

from yingshang.cases.actions import act
from yingshang.cases.models import Case
from yingshang.domains.services.bundles.actions import apply_for_bundle, start_bundle
from yingshang.forms.drafts import content_digest, save_draft
from yingshang.forms.models import Draft
from yingshang.forms.signing import invitation, sign_draft
from yingshang.outside.actions import run_round
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.parties.actors import Actor
from yingshang.parties.demo import DIVISION, demo_actor, demo_builder
from yingshang.web.examples import example

START_UP, REGISTRATION = "start-up", "enterprise-registration"
BANK = "bank-account-booking"
_IDENTITIES = {"founder": "11010519491231002X", "partner": "110101199003070003"}
"""Published test values of GB 11643; nobody has these numbers."""


@demo_builder("services.start-up", order=84)
def build() -> None:
    """Let one citizen found an enterprise with all that follows, and another be on the way.

    It comes before what else the demonstration asks of outside bodies, so that only this is answered.
    """
    operator = demo_actor("admin")
    _founded(demo_actor("partner"), "云州清江知行信息技术有限公司", ())
    _finish(operator, "seal-maker", {})
    _founded(demo_actor("founder"), "云州清江秋实食品有限公司", (BANK,), with_="partner")
    _finish(operator, "tax-bureau", {"accept_first": False}, rounds=2)
    _finish(operator, "bank", {"accept_first": False, "refuse": "branch_full"})


def _founded(actor: Actor, name: str, optional: tuple[str, ...], with_: str = "") -> Case:
    """Let a citizen, perhaps with another, apply, and the registrar register."""
    own = next(key for key in _IDENTITIES if demo_actor(key).person_id == actor.person_id)
    people = [key for key in (own, with_) if key]
    draft = _filled(actor, name, optional, people)
    content = content_digest(draft)
    for number, key in enumerate(people):
        _sign(demo_actor(key), draft, f"founders.{number}", content)
    _sign(actor, draft, "head", content)
    whole = apply_for_bundle(actor, draft=draft.ref)
    step = whole.children.get(origin__endswith=REGISTRATION)
    act(
        demo_actor("registrar"),
        case=step.ref,
        action="register",
        data={"opinion": "材料齐全，符合法定形式。"},
    )
    return whole


def _filled(actor: Actor, name: str, optional: tuple[str, ...], people: list[str]) -> Draft:
    draft = start_bundle(actor, bundle=START_UP, optional=optional)
    own = {"name": actor.name, "id_number": _IDENTITIES[people[0]], "phone": "13800000000"}
    rows = [
        {"who": {"name": demo_actor(key).name, "id_number": _IDENTITIES[key]}, "amount": "500000"}
        for key in people
    ]
    answers: dict[str, Any] = {
        "name": name,
        "company_type": "llc" if len(people) > 1 else "llc-single",
        "capital": str(500_000 * len(people)),
        "main_industry": "I6511",
        "scope": "软件开发；信息技术咨询服务；食品销售（仅销售预包装食品）",
        "address": {"division": DIVISION, "detail": "创新大道 6 号 A 座 301 室"},
        "address_promise": "yes",
        "head": own,
        "founders": rows,
        "seal_kinds": ["official", "finance", "invoice"],
        "collect": "post",
        "seal_handler": own,
        "finance_head": {"name": "王芳"},
        "wants_invoices": "yes",
        "invoice_quota": "100000",
    }
    if BANK in optional:
        answers["bank_branch"] = "jiangbin"
    return save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)


def _sign(actor: Actor, draft: Draft, slot: str, content: str) -> None:
    code = invitation(draft, slot)
    sign_draft(actor, draft=draft.ref, slot=slot, content=content, code=code)


def _finish(operator: Actor, body: str, behaviour: dict[str, Any], rounds: int = 1) -> None:
    """Let a body answer at once what it was asked so far, and behave as declared from then on."""
    set_behaviour(operator, body=body, behaviour=behaviour)
    for _round in range(rounds):
        run_round(operator, body=body)
    reset_behaviour(operator, body=body)


def _bank(**more: Any) -> dict[str, Any]:
    waiting = Case.objects.filter(procedure="through-outside-body", state="refused")
    return {"ref": waiting.order_by("pk")[0].ref, **more}


example("portal:application#outside", _bank, visitor="founder")
example("desk:case#outside", _bank, visitor="approver")
