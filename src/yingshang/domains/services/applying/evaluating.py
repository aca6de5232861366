"""Rules over an applicant's facts and answers, kept so that they replay bit for bit.

Answers enter a rule as ``param.answer.<field>``, pinned in the kept text beside the condition: the
evaluation then holds everything that it was decided by.
"""

from collections.abc import Mapping
from typing import Any

from yingshang.domains.services.catalogue.reading import Service
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.models import Evaluation
from yingshang.facts.permissions import EVALUATE, READ, READ_SENSITIVE
from yingshang.facts.purposes import SERVICE
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


def organ_actor(organ: Organ, *permissions: str) -> Actor:
    """Return the platform acting for an organ, with just what deciding by rules needs, or these."""
    return Actor(
        ref="system:services",
        organ_id=organ.pk,
        permissions=frozenset(permissions or (READ, READ_SENSITIVE, EVALUATE)),
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
