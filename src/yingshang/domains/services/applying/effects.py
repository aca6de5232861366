"""What the actions on a service's case do besides moving it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect, effect_lint
from yingshang.cases.log import procedure_of
from yingshang.cases.procedure import GivenLimit
from yingshang.cases.wording import limit_text
from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.services.applying.deferring import demand_complete
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import SUBMISSION, service_of_case, submission_of
from yingshang.domains.services.catalogue.presenting import term_text
from yingshang.domains.services.catalogue.reading import Service
from yingshang.domains.services.errors import LicenceUnfit, SubmissionUnfit
from yingshang.domains.services.registering.names import claim_name
from yingshang.facts.actions.recording import Given, record_values
from yingshang.facts.permissions import RECORD, RECORD_ANY
from yingshang.forms.book import compiled
from yingshang.forms.errors import NothingMarked
from yingshang.forms.models import Submission
from yingshang.forms.selectors import marks_of
from yingshang.kernel.times import SHANGHAI, today
from yingshang.licences.decisions import issue_decision
from yingshang.licences.declaring import DocumentTemplate
from yingshang.licences.issuing import issue
from yingshang.licences.models import Licence, LicenceEventKind
from yingshang.licences.moving import append_event


@effect("services.demand_marks")
def demand_marks(moment: Moment) -> None:
    """Demand that what is wrong was marked, since only that can be corrected; raises ``NothingMarked``."""
    if not marks_of(submission_of(moment.case.data)):
        raise NothingMarked


@effect("services.check_correction")
def check_correction(moment: Moment) -> None:
    """Demand that what is handed in corrects what the case had before, by the same applicant."""
    given = submission_of(moment.case.data)
    events = moment.case.events.filter(seq__lt=moment.event.seq).order_by("-seq")
    before = next((one.fields[SUBMISSION] for one in events if SUBMISSION in one.fields), "")
    corrects = given.corrects
    if corrects is None or corrects.name != before or given.subject_id != moment.case.subject_id:
        raise SubmissionUnfit
    claim_name(moment.actor, service_of_case(moment.case).item, given, moment.case)


@effect("services.issue_licence")
def issue_licence(moment: Moment) -> None:
    """Issue the licence of the case's service, its values worked out as the item says.

    Raises :class:`LicenceUnfit` where the service has none, :class:`SubmissionUnfit`, what
    ``demand_complete`` raises, and what issuing raises.
    """
    demand_complete(moment)
    service = service_of_case(moment.case)
    if service.item.result is None or moment.case.subject is None:
        raise LicenceUnfit
    issue(
        moment.actor,
        kind=service.item.result,
        subject=moment.case.subject,
        issuer=service.organ,
        fields=work_out(
            submission_of(moment.case.data), service.item.result_fields, moment.case.subject
        ),
        origin=f"case:{moment.case.ref}",
        ground=service.item.name,
    )


@effect("services.issue_document")
def issue_document(moment: Moment) -> None:
    """Make an official document about the case from ``with: {template: …}``, numbered and sealed.

    Its fields are filled by what is known of the case (:func:`known_of`). ``then`` names the system action
    that is done once it is served. Raises what making a document raises.
    """
    service, submission = service_of_case(moment.case), submission_of(moment.case.data)
    key = str(moment.parameters["template"])
    template = declaration_of(get_current("document_template", key))
    assert isinstance(template, DocumentTemplate)
    with override(settings.LANGUAGE_CODE):
        known = known_of(moment, service, submission)
    known |= work_out(submission, service.item.document_fields, moment.case.subject)
    names = {field.key for field in template.fields}
    issue_decision(
        moment.actor,
        organ=service.organ,
        template=key,
        fields={name: value for name, value in known.items() if name in names and value},
        subject=moment.case.subject,
        addressee=known["name"],
        origin=f"case:{moment.case.ref}",
    )


@effect_lint("services.issue_document")
def lint_document(
    parameters: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str]]:
    """Find a template that there is not, and what should follow its service and cannot."""
    key = str(parameters.get("template", ""))
    if key not in known.get("document_template", {}):
        yield "unknown_template", f"没有名为 {key} 的文书模板"
    then = str(parameters.get("then", ""))
    if then and not any(
        action.system
        for procedure in known.get("procedure", {}).values()
        if (action := procedure.action_by_key.get(then)) is not None
    ):
        yield "unknown_action", f"送达后要做的 {then} 不是任何流程的系统操作"


def known_of(moment: Moment, service: Service, submission: Submission) -> dict[str, Any]:
    """Return what documents may say of a case, by field, in the platform's own language."""
    case, event = moment.case, moment.event
    subject, data = case.subject, case.data
    licence = Licence.objects.filter(origin=f"case:{case.ref}").order_by("-pk").first()
    grounds = "、".join(f"{basis.title}{basis.article}" for basis in service.item.legal_basis)
    return {
        "name": subject.name if subject else _named(submission),
        "code": subject.code if subject and subject.code else "",
        "matter": service.item.name,
        "case_no": case.ref,
        "applied_on": case.opened_at.astimezone(SHANGHAI).date().isoformat(),
        "statutory_limit": term_text(service.item.statutory_limit),
        "promised_limit": term_text(service.elements.promised_limit),
        "due_on": case.due_on.isoformat() if case.due_on else "",
        "materials": material_names(submission),
        "missing": lines_of(data.get("correction", "")),
        "how": gettext("登录平台，在“我的办件”中补正"),
        "step": _choice_label(moment, "review_sort"),
        "from_on": today().isoformat(),
        "needed": data.get("notice", ""),
        "reason": event.reason or data.get("notice", ""),
        "reasons": lines_of(event.reason),
        "days": _extended(moment),
        "approver": event.actor_name,
        "content": service.item.name,
        "licence_name": service.item.result_name if licence else "",
        "licence_number": licence.number if licence else "",
        "ground": grounds,
        "review_organ": service.elements.remedies.review_organ,
        "court": service.elements.remedies.court,
        "procedure": procedure_of(case.version).label,
        "findings": data.get("findings", ""),
        "order": lines_of(data.get("order", "")),
    }


def _named(submission: Submission) -> str:
    answers = submission.body["answers"]
    name = answers.get("name")
    return name if isinstance(name, str) and name else submission.submitted_name


def lines_of(text: Any) -> list[str]:
    """Return the lines of a text, each one point."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def material_names(submission: Submission) -> list[str]:
    """Return the materials that were handed in, by name."""
    materials = compiled(submission.form).materials
    found = []
    for key, chosen in submission.body["materials"].items():
        name = materials[key].label if key in materials else key
        if chosen["way"] == "later":
            name += gettext("（容缺，%(days)s 日内补交）") % {"days": chosen["days"]}
        found.append(name)
    return found


def _choice_label(moment: Moment, key: str) -> str:
    field = moment.procedure.field_by_key.get(key)
    value = moment.case.data.get(key)
    if field is None:
        return ""
    return next((choice.label for choice in field.choices if choice.key == value), "")


def _extended(moment: Moment) -> str:
    action = moment.procedure.action_by_key.get(moment.event.action)
    if action is None or action.extends is None:
        return ""
    clock = moment.procedure.clock_by_key[action.extends.clock]
    given = moment.case.data.get(clock.limit.given) if isinstance(clock.limit, GivenLimit) else None
    kind = given["kind"] if given else getattr(clock.limit, "kind", "working")
    return limit_text({"n": action.extends.n, "kind": kind})


@effect("services.end_licence")
def end_licence(moment: Moment) -> None:
    """Suspend, resume, revoke or cancel the licence that the case issued: ``with: {event: revoke}``.

    Raises :class:`LicenceUnfit` where it issued none, and what the licence's own life allows.
    """
    issued = Licence.objects.filter(origin=f"case:{moment.case.ref}").order_by("-pk").first()
    if issued is None:
        raise LicenceUnfit
    append_event(
        moment.actor,
        issued,
        LicenceEventKind(str(moment.parameters["event"])),
        on=today(),
        ground=moment.event.reason or service_of_case(moment.case).item.name,
    )


BREACHES, CHECKS = "enterprise.commitment_breaches", "commitment-checks"
"""The record of broken commitments, and the source that keeps it."""


@effect("services.record_breach")
def record_breach(moment: Moment) -> None:
    """Put a broken commitment into the applicant's record, from which rules read it.

    What was decided by rules that read the record is found and reviewed by the facts' own way.
    """
    case = moment.case
    if case.subject is None:
        return
    service = service_of_case(case)
    record_values(
        replace(organ_actor(service.organ), permissions=frozenset({RECORD, RECORD_ANY})),
        source=CHECKS,
        values=(
            Given(
                subject=case.subject.ref,
                key=BREACHES,
                item=case.ref,
                content={
                    "case": case.ref,
                    "item": service.item.name,
                    "false_statement": case.data.get("breach") == "false_statement",
                    "found_on": today().isoformat(),
                },
                evidence=f"case:{case.ref}",
            ),
        ),
        reason=moment.event.reason,
    )
