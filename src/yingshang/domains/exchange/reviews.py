"""A decision that rests on a corrected fact is reviewed by a person of the organ that took it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.models import Case
from yingshang.cases.selectors import list_cases_for
from yingshang.cases.working import open_case
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.listeners import (
    CHANGED,
    DECISIONS,
    DecisionInfo,
    DecisionSort,
    describe_decision,
)
from yingshang.facts.models import Evaluation
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, relation_label

PROCEDURE = "decision-review"
RESULTS = {"yes": _("符合"), "no": _("不符合"), "unknown": _("尚不能确定")}


def describe_case(ref: str) -> DecisionInfo | None:
    """Return what a case decided is called and who holds it."""
    case = Case.objects.filter(ref=ref).first()
    if case is None:
        return None
    return DecisionInfo(case.title, case.holder_id, reverse("desk:case", args=[ref]))


DECISIONS.add("case", DecisionSort("case", describe_case))


@CHANGED.named("exchange.open_review")
def open_review(actor: Actor, after: Evaluation) -> None:
    """Open a review where an issued decision rests on an evaluation that now comes out otherwise.

    It goes to the organ of the decision, else to the one that evaluated; one review at a time for one
    decision.
    """
    if not after.decision or _is_open(after.decision):
        return
    info = describe_decision(after.decision)
    organ = (info.organ_id if info else None) or after.organ_id
    holder = Organ.objects.filter(pk=organ or 0).first()
    if holder is None:
        return
    before, cause = after.revises, after.cause
    assert before is not None
    assert cause is not None
    title = info.title if info else after.decision
    open_case(
        actor,
        procedure=PROCEDURE,
        title=f"{after.subject.name}：{title}",
        holder=holder,
        subject=after.subject,
        origin=f"decision:{after.decision}"[:160],
        data={
            "decision": after.decision,
            "evaluation": after.ref,
            "rule": after.rule.title,
            "before": _said(before),
            "after": _said(after),
            "cause": _cause(after),
        },
    )


def _is_open(decision: str) -> bool:
    open_cases = Case.objects.filter(procedure=PROCEDURE, closed_at=None)
    return open_cases.filter(origin=f"decision:{decision}"[:160]).exists()


def _said(evaluation: Evaluation) -> str:
    """Return a result in the platform's own language, for the case's data."""
    extra = evaluation.outcome.get("results")
    with override(settings.LANGUAGE_CODE):
        return result_text(evaluation) + (f"（{extra}）" if extra else "")


def result_text(evaluation: Evaluation) -> str:
    """Return what an evaluation came to in the reader's language."""
    result = str(evaluation.outcome["result"])
    return str(RESULTS.get(result, result))


def _cause(after: Evaluation) -> str:
    """Say which facts were changed by which act, without their values, and why."""
    cause = after.cause
    assert cause is not None
    catalogue = current_catalogue()
    keys = {*cause.values.values_list("key", flat=True), *cause.ended.values_list("key", flat=True)}
    why = f"：{cause.reason}" if cause.reason else ""
    with override(settings.LANGUAGE_CODE):
        relation = [relation_label(cause.relation)] if cause.relation else []
        named = sorted([*relation, *(catalogue.label_of(key) for key in keys)])
        labels = "、".join(named[:10])
        return f"{labels}（{cause.get_sort_display()}{why}）"


@effect("exchange.change_decision")
def change_decision(moment: Moment) -> None:
    """Record on which ground a person changed the decision, and let the domain that took it change it."""
    reference = str(moment.case.data["decision"])
    ground = str(moment.event.fields["ground"])
    sort, _, ref = reference.partition(":")
    declared = DECISIONS.find(sort)
    if declared is not None and declared.change is not None:
        declared.change(moment.actor, ref, ground, moment.event.reason)
    record(
        "exchange.decision_changed",
        actor=moment.actor.ref,
        subject=f"case:{moment.case.ref}",
        payload={"decision": reference, "ground": ground, "reason": moment.event.reason},
    )


def reviews_for(actor: Actor, evaluation: Evaluation) -> list[Case]:
    """Return the reviews of an evaluation's decision that the actor may see, the latest first."""
    if not evaluation.decision:
        return []
    found = list_cases_for(actor).filter(
        procedure=PROCEDURE, origin=f"decision:{evaluation.decision}"[:160]
    )
    return list(found.select_related("version").order_by("-pk"))
