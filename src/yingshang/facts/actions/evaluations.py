"""Evaluating rules for a subject on record, and saying which decision rests on one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from yingshang.facts.access import get_subject_to_read
from yingshang.facts.actions.reading import log_reading
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import DecisionRested, NoSuchEvaluation
from yingshang.facts.evaluating import Replayed, compile_body, keep, keys_of, replay
from yingshang.facts.models import Evaluation
from yingshang.facts.permissions import EVALUATE
from yingshang.kernel.canonical import to_json
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
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
    ground: str = "",
) -> Evaluation:
    """Evaluate a policy (as it stands in files: ``id``, ``title``, ``condition``, …) for a subject and keep it.

    The rule's text, the day, the instant of knowledge and every value used are pinned; ``decision``
    (``<sort>:<ref>``) names what was decided on it. It is a reading of every fact that the rule reads
    and logged as one: sensitive ones need the permission and a ground. Raises ``RuleUnfit``,
    ``NoSuchParty``, ``NotPermitted``, ``PurposeMissing``.
    """
    about = get_subject_to_read(actor, subject)
    body, day = _body(policy, parameters), as_of or today()
    if actor.subject_id is None:
        keys = keys_of(compile_body(body, current_catalogue(), day))
        log_reading(actor, about, keys, purpose=purpose, ground=ground, as_of=day)
    made = keep(
        actor,
        about,
        body,
        as_of=day,
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
    """Say that an issued decision (``<sort>:<ref>``) rests on an evaluation that one's own organ made.

    Raises ``NoSuchEvaluation`` for any other, ``NotPermitted``, and ``DecisionRested`` where another
    decision does; the same again changes nothing.
    """
    found = _readable(actor, evaluation, lock=True)
    if found.organ_id != actor.organ_id or actor.subject_id is not None:
        raise NoSuchEvaluation(field="evaluation")
    if found.decision == decision:
        raise AlreadyDone(found)
    if found.decision:
        raise DecisionRested(field="decision")
    found.decision = decision
    found.save(update_fields=["decision"])
    _record(actor, found, "facts.decision_rested", decision=decision)
    return found


@action("facts.read_evaluation", permission=ANYONE_SIGNED_IN)
def read_evaluation(actor: Actor, *, evaluation: str, purpose: str, ground: str = "") -> Evaluation:
    """Return what a rule said of a subject, and log it as a reading of the facts that the rule reads.

    A subject reads what was said of itself without a log. Raises ``NoSuchEvaluation``,
    ``NoSuchParty``, ``NotPermitted``, ``PurposeMissing``.
    """
    found = _readable(actor, evaluation)
    if actor.subject_id is not None:
        raise AlreadyDone(found)
    log_reading(
        actor, found.subject, found.rule.keys, purpose=purpose, ground=ground, as_of=found.as_of
    )
    return found


@action("facts.replay_evaluation", permission=ANYONE_SIGNED_IN)
def replay_evaluation(actor: Actor, *, evaluation: str, purpose: str, ground: str = "") -> Replayed:
    """Do a kept evaluation again as it was done, and say whether it comes out the same (重新验算).

    Logged as a reading of the facts that the rule reads, but for a subject's own. Raises
    ``NoSuchEvaluation``, ``NoSuchParty``, ``NotPermitted``, ``PurposeMissing``.
    """
    found = _readable(actor, evaluation)
    done = replay(found)
    if actor.subject_id is None:
        log_reading(
            actor, found.subject, found.rule.keys, purpose=purpose, ground=ground, as_of=found.as_of
        )
    _record(actor, found, "facts.evaluation_replayed", same=done.same)
    return done


def _readable(actor: Actor, ref: str, *, lock: bool = False) -> Evaluation:
    rows = Evaluation.objects.select_for_update(of=("self",)) if lock else Evaluation.objects.all()
    found = rows.select_related("subject", "rule").filter(ref=ref).first()
    if found is None:
        raise NoSuchEvaluation(field="evaluation")
    get_subject_to_read(actor, found.subject.ref)
    return found


def _record(actor: Actor, evaluation: Evaluation, kind: str, **payload: Any) -> None:
    record(
        kind,
        actor=actor.ref,
        subject=f"subject:{evaluation.subject.ref}",
        payload={"evaluation": evaluation.ref, **payload},
    )
