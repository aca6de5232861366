"""What the actions of claims' procedures do besides moving their cases."""

from collections.abc import Iterator, Mapping
from typing import Any

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.domains.claims import documents, paying, settling
from yingshang.domains.claims.acting import organ_actor
from yingshang.domains.claims.errors import AccountUnfit, ClaimMissing, SubmissionUnfit
from yingshang.domains.claims.models import Claim, PayeeAccount
from yingshang.domains.claims.notifying import about_of, tell_step
from yingshang.domains.matching.public import note_claimed
from yingshang.domains.services.public import end_notices
from yingshang.facts.actions.evaluations import rest_decision
from yingshang.forms.errors import NothingMarked
from yingshang.forms.models import Submission
from yingshang.forms.selectors import marks_of
from yingshang.messages.actions import mark_acted


def claim_of(moment: Moment) -> Claim:
    """Return the claim whose case an effect runs in; raises :class:`ClaimMissing`."""
    found = Claim.objects.select_related(
        "item", "rule", "subject", "organ", "account", "listed", "evaluation"
    )
    claim = found.filter(case=moment.case.pk).first()
    if claim is None:
        raise ClaimMissing
    claim.case = moment.case
    return claim


@effect("claims.settle_amount")
def settle_amount(moment: Moment) -> None:
    """Evaluate again, refuse what is excluded, reserve the money; raises what settling raises."""
    settling.settle(moment.actor, claim_of(moment))


@effect("claims.give_up")
def give_up(moment: Moment) -> None:
    """End a claim for which nothing is reserved; the same as ``claims.release``."""
    release(moment)


@effect("claims.release")
def release(moment: Moment) -> None:
    """End a claim: what is reserved goes back to the fund, and the period is free again.

    A refusal rests on what the rule said, so that a later correction of facts opens a review.
    """
    claim, platform = claim_of(moment), organ_actor(moment.case.holder)
    settling.give_up(platform, claim)
    kept = claim.evaluation
    if moment.event.to_state == "refused" and kept is not None and not kept.decision:
        rest_decision(platform, evaluation=kept.ref, decision=f"{settling.DECISION}:{claim.ref}")


@effect("claims.use_account")
def use_account(moment: Moment) -> None:
    """Pay into the account that the enterprise named; raises :class:`AccountUnfit` for another's."""
    claim = claim_of(moment)
    ref = str(moment.case.data.get("account", ""))
    account = PayeeAccount.objects.filter(ref=ref, subject=claim.subject_id).first()
    if account is None:
        raise AccountUnfit(field="account", params={"why": ref})
    claim.account = account
    claim.save(update_fields=["account"])
    mark_acted(about_of(claim), claim.subject)
    note_claimed(claim.subject, claim.policy)


@effect("claims.supplement")
def supplement(moment: Moment) -> None:
    """Grant what the decision gave too little; raises what supplementing raises."""
    settling.supplement(moment.actor, claim_of(moment))


@effect("claims.order_payments")
def order_payments(moment: Moment) -> None:
    """Order what is due into the claim's account."""
    paying.order_due(moment.actor, claim_of(moment))


@effect("claims.accept_instalment")
def accept_instalment(moment: Moment) -> None:
    """Make the next instalment due and order it; raises ``NothingToAccept``."""
    claim = claim_of(moment)
    paying.accept_next(claim)
    paying.order_due(moment.actor, claim)


@effect("claims.drop_instalments")
def drop_instalments(moment: Moment) -> None:
    """Pay no more of what waits for acceptance; raises ``NothingToAccept``."""
    paying.drop_held(organ_actor(moment.case.holder), claim_of(moment))


@effect("claims.issue_document")
def issue_document(moment: Moment) -> None:
    """Make the document ``with: {template: …}`` about a claim; its reasons are the lines of the reason."""
    claim = claim_of(moment)
    reasons = [one.strip() for one in moment.event.reason.splitlines() if one.strip()]
    documents.issue(
        moment.actor, claim, moment.case, str(moment.parameters["template"]), {"reasons": reasons}
    )


@effect_lint("claims.issue_document")
def lint_document(
    parameters: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Find a template that there is not."""
    key = str(parameters.get("template", ""))
    if key not in known.get("document_template", {}):
        yield "unknown_template", f"没有名为 {key} 的文书模板"


@effect("claims.end_own_notice")
def end_own_notice(moment: Moment) -> None:
    """End the notice that the claim itself published, if any; a list's goes on for the others."""
    result = str(moment.parameters["result"])
    end_notices(moment.actor, moment.case, result, at=moment.event.occurred_at)


@effect("claims.tell")
def tell(moment: Moment) -> None:
    """Tell the enterprise by a message what the action's notice says."""
    tell_step(claim_of(moment), moment)


@effect("claims.demand_marks")
def demand_marks(moment: Moment) -> None:
    """Demand that what is wrong was marked; raises ``NothingMarked``."""
    if not marks_of(submission_of(moment.case.data)):
        raise NothingMarked


@effect("claims.check_correction")
def check_correction(moment: Moment) -> None:
    """Demand that what is handed in corrects what the claim had before; raises :class:`SubmissionUnfit`."""
    given = submission_of(moment.case.data)
    events = moment.case.events.filter(seq__lt=moment.event.seq).order_by("-seq")
    before = next((one.fields["submission"] for one in events if "submission" in one.fields), "")
    corrects = given.corrects
    if corrects is None or corrects.name != before or given.subject_id != moment.case.subject_id:
        raise SubmissionUnfit


def submission_of(data: Mapping[str, Any]) -> Submission:
    """Return the submission to which a case's data point; raises :class:`SubmissionUnfit`."""
    ref, _at, digest = str(data.get("submission", "")).partition("@")
    found = Submission.objects.select_related("form", "subject").filter(ref=ref, digest=digest)
    submission = found.first()
    if submission is None:
        raise SubmissionUnfit
    return submission
