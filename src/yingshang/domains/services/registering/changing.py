"""What a registration changes: facts in the register, the licence, who represents the enterprise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yingshang.cases.effects import Moment, effect
from yingshang.cases.models import Case
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import ground_in, service_of_case, submission_of
from yingshang.domains.services.catalogue.declaring import RecordsStated, ServiceItem, Stated
from yingshang.domains.services.errors import LicenceUnfit
from yingshang.domains.services.registering.demanding import demand_registrable, representative_of
from yingshang.domains.services.registering.founding import name_representative_of
from yingshang.facts.actions.recording import Given, find_value, record_values
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.permissions import RECORD, RECORD_ANY
from yingshang.facts.showing import say
from yingshang.forms.book import compiled
from yingshang.forms.models import Submission
from yingshang.forms.presenting import say_answer
from yingshang.kernel.times import today
from yingshang.licences.issuing import change
from yingshang.licences.models import Licence, LicenceState
from yingshang.parties.actions.subjects import rename_subject
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.parties.permissions import REGISTER_SUBJECTS

NAME = "enterprise.name"


@effect("services.state_facts")
def state_facts(moment: Moment) -> None:
    """Put on record what the register says by this decision; a changed name renames the enterprise.

    What stands there already is not said again. Raises :class:`LicenceUnfit` for an application about
    nobody, and what recording raises.
    """
    case, service = moment.case, service_of_case(moment.case)
    stated, subject = service.item.states, _subject_of(case)
    if stated is None:
        return
    new = list(_new_values(stated, submission_of(case.data), subject))
    values = [one.value for one in new]
    values += [*_records(case, stated, submission_of(case.data), subject)]
    values += [*_changes(case, stated, new, subject)]
    actor = organ_actor(service.organ, REGISTER_SUBJECTS)
    for one in new:
        if one.value.key == NAME and one.value.content != subject.name:
            rename_subject(actor, subject=subject.ref, name=str(one.value.content))
            subject.refresh_from_db()
    if values:
        record_values(
            replace(actor, permissions=frozenset({RECORD, RECORD_ANY})),
            source=stated.source,
            values=tuple(values),
            reason=service.item.name,
        )


def _subject_of(case: Case) -> Subject:
    if case.subject is None:
        raise LicenceUnfit
    return case.subject


@dataclass(frozen=True)
class _Stated:
    """One value that is stated, and what stood there before."""

    value: Given
    before: Any


def _new_values(stated: Stated, submission: Submission, subject: Subject) -> Iterator[_Stated]:
    catalogue = current_catalogue()
    for key, content in work_out(submission, stated.values, subject).items():
        held = find_value(subject.pk, catalogue.type(key), "", today())
        before = held.content if held is not None else None
        if before != content:
            given = Given(subject=subject.ref, key=key, content=content, valid_from=today())
            yield _Stated(given, before)


def _records(
    case: Case, stated: Stated, submission: Submission, subject: Subject
) -> Iterator[Given]:
    for key, one in stated.records.items():
        for number, content in enumerate(_rows(one, submission), start=1):
            yield Given(
                subject=subject.ref,
                key=key,
                item=f"{case.ref}-{number}",
                content=content,
                evidence=f"case:{case.ref}",
            )


def _rows(one: RecordsStated, submission: Submission) -> Iterator[dict[str, Any]]:
    form = compiled(submission.form)
    group = form.find(one.group)
    for row in submission.body["answers"].get(one.group) or ():
        content = {
            field: say_answer(form.catalogue, inner, row[inner.key])
            for field, asked in one.content.items()
            for inner in (group.rows if group is not None else ())
            if inner.key == asked and row.get(asked) is not None
        }
        yield {**content, one.dated: today().isoformat()} if one.dated else content


def _changes(case: Case, stated: Stated, new: list[_Stated], subject: Subject) -> Iterator[Given]:
    catalogue = current_catalogue()
    for number, one in enumerate(new if stated.changes else (), start=1):
        said = {
            "item": catalogue.label_of(one.value.key),
            "before": _text(catalogue, one.value.key, one.before),
            "after": _text(catalogue, one.value.key, one.value.content),
            "changed_on": today().isoformat(),
        }
        yield Given(
            subject=subject.ref,
            key=stated.changes,
            item=f"{case.ref}-{number}",
            content={key: text for key, text in said.items() if text},
            evidence=f"case:{case.ref}",
        )


def _text(catalogue: Catalogue, key: str, content: Any) -> str:
    return "" if content is None else say(catalogue, catalogue.type(key), content)


@effect("services.change_licence")
def change_licence(moment: Moment) -> None:
    """Change the licence that the case's service leads to, for the applicant: a new version, no second licence.

    Raises :class:`LicenceUnfit` where there is none in force, ``NothingChanged``, and what changing raises.
    """
    case, service = moment.case, service_of_case(moment.case)
    held = Licence.objects.select_for_update(of=("self",)).filter(
        subject=_subject_of(case), kind=service.item.result or "", state=LicenceState.VALID
    )
    licence = held.order_by("-pk").first()
    if licence is None:
        raise LicenceUnfit
    licence.subject.refresh_from_db()
    change(
        moment.actor,
        licence,
        fields=_changed_fields(service.item, submission_of(case.data), licence),
        ground=ground_in(case, service.item.name),
    )


def _changed_fields(
    item: ServiceItem, submission: Submission, licence: Licence
) -> Mapping[str, Any]:
    fields = work_out(submission, item.result_fields, licence.subject)
    before = licence.present.record["fields"]
    for key, more in work_out(submission, item.result_adds, licence.subject).items():
        held = list(before.get(key) or ())
        fields[key] = [*held, *(one for one in more if one not in held)]
    return fields


@effect("services.name_representative")
def name_representative(moment: Moment) -> None:
    """Let the new legal representative, who has signed, act for the enterprise; the former no longer does.

    Does nothing where the application names none. Raises what
    :func:`~yingshang.domains.services.registering.demanding.demand_registrable` raises.
    """
    service, submission = service_of_case(moment.case), submission_of(moment.case.data)
    if representative_of(service.item, submission) is None:
        return
    demand_registrable(service.item, submission)
    actor: Actor = organ_actor(service.organ, REGISTER_SUBJECTS)
    name_representative_of(actor, service.item, submission, _subject_of(moment.case))
