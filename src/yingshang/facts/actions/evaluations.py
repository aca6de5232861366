"""Evaluating rules for a subject on record, and saying which decision rests on one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingshang.facts.access import get_subject_to_read
from yingshang.facts.errors import NoSuchEvaluation
from yingshang.facts.evaluating import keep
from yingshang.facts.models import Evaluation
from yingshang.facts.permissions import EVALUATE
from yingshang.kernel.canonical import to_json
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("facts.record_evaluation", permission=EVALUATE)
def record_evaluation(
    actor: Actor,
    *,
    subject: str,
    policy: dict[str, Any],
    purpose: str,
    parameters: dict[str, Any] | None = None,
    as_of: date | None = None,
    decision: str = "",
) -> Evaluation:
    """Evaluate a policy (as it stands in files: ``id``, ``title``, ``condition``, …) for a subject and keep it.

    The rule's text, the day, the instant of knowledge and every value used are pinned; ``decision``
    (``<sort>:<ref>``) names what was decided on it. Raises ``RuleUnfit``, ``NoSuchParty``.
    """
    about = get_subject_to_read(actor, subject)
    made = keep(
        actor,
        about,
        _body(policy, parameters),
        as_of=as_of or today(),
        known_at=now(),
        purpose=purpose,
        decision=decision,
    )
    _record(actor, made, "facts.evaluated", result=made.outcome["result"], rule=made.rule.digest)
    return made


def _body(policy: Mapping[str, Any], parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    body: dict[str, Any] = to_json({"policy": policy})
    return body | ({"parameters": to_json(parameters)} if parameters else {})


@action("facts.rest_decision", permission=EVALUATE)
def rest_decision(actor: Actor, *, evaluation: str, decision: str) -> Evaluation:
    """Say that an issued decision (``<sort>:<ref>``) rests on an evaluation. Raises ``NoSuchEvaluation``."""
    found = Evaluation.objects.select_for_update(of=("self",)).filter(ref=evaluation).first()
    if found is None:
        raise NoSuchEvaluation(field="evaluation")
    found.decision = decision
    found.save(update_fields=["decision"])
    _record(actor, found, "facts.decision_rested", decision=decision)
    return found


def _record(actor: Actor, evaluation: Evaluation, kind: str, **payload: Any) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"subject:{evaluation.subject.ref}",
        payload={"evaluation": evaluation.ref, **payload},
    )
