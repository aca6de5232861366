"""What the demonstration asked of outside bodies, and how they behaved."""

from typing import Any

from django.db import transaction

from yingshang.outside.actions import ask, reconcile, run_round, send_again
from yingshang.outside.asking import ask as ask_for
from yingshang.outside.models import Request
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Subject

QUICK = {"accept_first": False}


@demo_builder("outside", order=85)
def build() -> None:
    """Ask for what a new firm needs; one body contradicts itself, one acts twice, one is still at it."""
    officer, operator = demo_actor("approver"), demo_actor("admin")
    firm = Subject.objects.filter(type="enterprise").order_by("pk")[0]
    who = {"holder_name": firm.name, "holder_code": firm.code}
    _tell(operator, "tax-bureau", QUICK)
    _ask(officer, firm, "tax-bureau", "confirm_taxpayer", who)
    quota = {"holder_code": firm.code, "asked_quota": 10_000_000}
    _ask(officer, firm, "tax-bureau", "set_invoice_quota", quota)
    _finish(operator, "tax-bureau")
    _tell(operator, "social-insurance", {**QUICK, "contradict": True, "repeat": 1})
    _ask(officer, firm, "social-insurance", "register_employer", who)
    _finish(operator, "social-insurance")
    _tell(operator, "housing-fund", {**QUICK, "lose_answer": True, "tolerates_duplicates": False})
    fund = _ask(officer, firm, "housing-fund", "open_employer_account", who)
    run_round(operator, body="housing-fund")
    send_again(officer, request=fund.ref, ground="对方称没有收到")
    _finish(operator, "housing-fund")
    seals = {**who, "seals": ["公章", "财务专用章"], "handler_phone": "13800000000"}
    _ask(officer, firm, "seal-maker", "make_seals", seals)
    _reserve_account(firm, who)


def _ask(actor: Actor, firm: Subject, body: str, message: str, payload: dict[str, Any]) -> Request:
    about = f"subject:{firm.ref}"
    return ask(actor, body=body, message=message, payload=payload, about=about)


def _tell(operator: Actor, body: str, behaviour: dict[str, Any]) -> None:
    set_behaviour(operator, body=body, behaviour=behaviour)


def _finish(operator: Actor, body: str) -> None:
    run_round(operator, body=body)
    reconcile(operator, body=body)
    reset_behaviour(operator, body=body)


def _reserve_account(firm: Subject, who: dict[str, Any]) -> None:
    """Let the platform itself ask the bank, for no organ in particular."""
    payload = {**who, "branch": "清江支行", "legal_person": "林晓峰"}
    with transaction.atomic():
        ask_for(
            system_actor("demo"),
            body="bank",
            message="reserve_account",
            payload=payload,
            about=f"subject:{firm.ref}",
        )
