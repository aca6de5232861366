"""秒批: a decision without a person, where the rules say yes; every doubt goes to a person.

What was decided by is kept as a recorded evaluation that the case names, so that the decision can be
replayed later, and found again when a fact that it used is corrected.
"""

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.working import lock, move
from yingshang.domains.services.applying.deferring import outstanding
from yingshang.domains.services.applying.evaluating import evaluate, organ_actor
from yingshang.domains.services.applying.filling import answers_as_parameters
from yingshang.domains.services.applying.names import EVALUATION
from yingshang.domains.services.catalogue.reading import Service
from yingshang.facts.models import Evaluation
from yingshang.forms.models import Submission

INSTANT = "-instant"
"""How the rules that decide are called after the item's key."""
DECIDE = "decide_at_once"
"""What the procedures of services call the decision by rules; a system action."""


def decide_at_once(case: Case, service: Service, submission: Submission) -> Evaluation | None:
    """Let the service's rule decide a case that was just opened, inside the transaction.

    Return the evaluation; None where the service has no such rule or its procedure no such action, or
    where materials are still to follow. Only a yes moves the case.
    """
    instant = service.item.instant
    action = procedure_of(case.version).action_by_key.get(DECIDE)
    doubtful = submission.subject is None or bool(outstanding(submission))
    if instant is None or action is None or doubtful:
        return None
    assert submission.subject is not None
    made = evaluate(
        service,
        submission.subject,
        rule=f"{service.item.key}{INSTANT}",
        title=service.item.name,
        condition=instant.condition,
        source=instant.source,
        answers=answers_as_parameters(submission, instant.asks),
        decision=f"case:{case.ref}",
    )
    if made.outcome["result"] == "yes":
        locked = lock(case.pk)
        move(organ_actor(service.organ), locked, action, data={EVALUATION: made.ref})
    return made
