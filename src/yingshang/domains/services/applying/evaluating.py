"""Rules over an applicant's facts and answers, kept so that they replay bit for bit.

Answers enter a rule as ``param.answer.<field>``, pinned in the kept text beside the condition: the
evaluation then holds everything that it was decided by.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yingshang.domains.services.catalogue.reading import Service
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import Evaluation
from yingshang.facts.permissions import EVALUATE, READ, READ_SENSITIVE
from yingshang.facts.purposes import SERVICE
from yingshang.forms.asking import RULE_TYPES, resolve
from yingshang.forms.book import compiled
from yingshang.forms.models import Submission
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject

_ALWAYS, _NEVER = "1970-01-01", "9999-12-31"
_EMPTY: Mapping[str, Any] = {"bool": False, "int": 0, "double": 0.0, "date": "1970-01-01"}


def organ_actor(organ: Organ) -> Actor:
    """Return the platform acting for an organ, with just what deciding by rules needs."""
    return Actor(
        ref="system:services",
        organ_id=organ.pk,
        permissions=frozenset({READ, READ_SENSITIVE, EVALUATE}),
        name="",
        party_name=organ.name,
    )


def evaluate(
    service: Service,
    subject: Subject,
    *,
    rule: str,
    title: str,
    condition: Any,
    source: str,
    answers: Mapping[str, Any] | None = None,
    decision: str = "",
) -> Evaluation:
    """Evaluate a condition for a subject and keep it; raises ``RuleUnfit``."""
    return record_evaluation(
        organ_actor(service.organ),
        subject=subject.ref,
        policy={"id": rule, "title": title, "condition": condition, "source": source},
        parameters=dict(answers or {}) or None,
        purpose=SERVICE,
        decision=decision,
        ground=service.item.name,
    )


def answers_as_parameters(submission: Submission, fields: Iterable[str]) -> dict[str, Any]:
    """Return the answers of a submission that a rule asks for; one without value is unknown there."""
    form = compiled(submission.form)
    answers = submission.body["answers"]
    found = {}
    for key in fields:
        asked = form.find(key)
        if asked is not None and asked.rule_type is not None:
            found[f"param.answer.{key}"] = _parameter(
                str(asked.rule_type), answers.get(key), submission.name, asked.label
            )
    return found


def declared_answers(form: Any, fields: Iterable[str]) -> dict[str, Any]:
    """Return the same without answers, by a form's declaration, so that a rule can be checked."""
    catalogue = current_catalogue()
    found = {}
    for key in fields:
        field = form.field_by_key.get(key)
        kind = RULE_TYPES.get(resolve(field, catalogue).type) if field is not None else None
        if kind is not None:
            found[f"param.answer.{key}"] = _parameter(str(kind), None, form.key, key)
    return found


def _parameter(kind: str, value: Any, legal: str, label: str) -> dict[str, Any]:
    if isinstance(value, dict):
        value = value.get("name") or value.get("text")
    known = value is not None
    return {
        "type": kind,
        "label": label,
        "values": [
            {
                "from": _ALWAYS if known else _NEVER,
                "value": _plain(kind, value) if known else _nothing(kind),
                "legal": legal,
            }
        ],
    }


def _plain(kind: str, value: Any) -> Any:
    if kind == "double" and not isinstance(value, bool):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _nothing(kind: str) -> Any:
    return [] if kind.startswith("list") else _EMPTY.get(kind, "")
