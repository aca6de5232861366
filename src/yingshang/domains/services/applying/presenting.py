"""What applicants see of their cases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from yingshang.cases.history import ASSIGNED
from yingshang.cases.labels import english
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.presenting import Happening, Row, row_of
from yingshang.domains.services.applying.deferring import lapsed_of
from yingshang.domains.services.applying.names import SUBMISSION, submission_of
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.catalogue.reading import list_services
from yingshang.facts.models import Evaluation
from yingshang.forms.asking import Asked
from yingshang.forms.book import compiled, pinned_form
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.drafts import MATERIAL_PATH
from yingshang.forms.known import Provenance
from yingshang.forms.models import Draft, Submission
from yingshang.forms.presenting import known_text, label_of, pick, say_answer
from yingshang.forms.reviewing import said_of


@dataclass(frozen=True)
class ApplicationLine:
    """One application in the list."""

    row: Row
    title: str
    organ: str


def application_line(case: Case) -> ApplicationLine:
    """Return what the list shows of an application."""
    return ApplicationLine(row_of(case), case.title, str(case.holder))


@dataclass(frozen=True)
class Told:
    """One step as the applicant reads it, with the notice that the procedure gives of it."""

    happening: Happening
    notice: str


def told_to_applicant(case: Case, history: Iterable[Happening]) -> list[Told]:
    """Return the steps that concern the applicant: the organ's own deliberation is left out."""
    actions = procedure_of(case.version).action_by_key
    found = []
    for one in history:
        if one.event.action == ASSIGNED:
            continue
        declared = actions.get(one.event.action)
        notice = "" if declared is None else (declared.notice_en if english() else declared.notice)
        moved = one.event.from_state != one.event.to_state
        if declared is None or moved or notice:
            opened = gettext("提交申请") if one.event.seq == 1 else one.label
            found.append(Told(replace(one, label=opened), notice))
    return found


@dataclass(frozen=True)
class AnswerShown:
    """One answer as officials read it: where it stands, its words, whence it came."""

    path: str
    label: str
    text: str
    source: str
    changed: bool


@dataclass(frozen=True)
class SectionShown:
    """The answers of one section."""

    label: str
    answers: tuple[AnswerShown, ...]


def answers_shown(submission: Submission) -> list[SectionShown]:
    """Return the answers of a submission by section, those of a group's rows numbered."""
    form = compiled(submission.form)
    found = []
    for section in form.sections:
        shown = tuple(
            answer for field in section.fields for answer in _answers(submission, form, field.asked)
        )
        if shown:
            found.append(SectionShown(pick(section.declared), shown))
    return found


def _answers(submission: Submission, form: CompiledForm, asked: Asked) -> Iterator[AnswerShown]:
    value = submission.body["answers"].get(asked.key)
    empty = submission.body["left_empty"].get(asked.key)
    if value is None:
        if empty:
            text = gettext("未填：%(why)s") % {"why": empty}
            yield AnswerShown(asked.key, label_of(asked), text, "", changed=False)
        return
    if not asked.rows:
        yield _shown(submission, form, asked, asked.key, value, label_of(asked))
        return
    for number, row in enumerate(value):
        for inner in asked.rows:
            if row.get(inner.key) is not None:
                label = f"{label_of(asked)} {number + 1}：{label_of(inner)}"
                path = f"{asked.key}.{number}.{inner.key}"
                yield _shown(submission, form, inner, path, row[inner.key], label)


def _shown(
    submission: Submission, form: CompiledForm, asked: Asked, path: str, value: Any, label: str
) -> AnswerShown:
    kept = submission.body["provenance"].get(path)
    whence = Provenance(**kept) if kept else Provenance("given")
    known = whence.state in ("prefilled", "changed")
    source = known_text(form.catalogue, whence)[0] if known else ""
    text = say_answer(form.catalogue, asked, value)
    return AnswerShown(path, label, text, source, changed=whence.state == "changed")


def evaluations_of(case: Case) -> list[Evaluation]:
    """Return the recorded evaluations on which the case was decided, or could not be."""
    found = Evaluation.objects.filter(decision=f"case:{case.ref}", is_latest=True)
    return list(found.select_related("rule").order_by("pk"))


@dataclass(frozen=True)
class MaterialShown:
    """One material as it was handed in: in which way, with which files."""

    path: str
    label: str
    said: str
    files: tuple[Mapping[str, Any], ...]
    lapsed: bool


def materials_shown(submission: Submission) -> list[MaterialShown]:
    """Return the materials of a submission, with those whose licence is not in force any more."""
    lapsed = lapsed_of(submission)
    declared = compiled(submission.form).materials
    return [
        MaterialShown(
            MATERIAL_PATH + key,
            pick(declared[key]) if key in declared else key,
            said_of(chosen),
            tuple(chosen.get("files", ())),
            key in lapsed,
        )
        for key, chosen in submission.body["materials"].items()
    ]


@dataclass(frozen=True)
class SignatureShown:
    """One signature under a submission: by whom and when, and what was declared by it."""

    label: str
    name: str
    at: datetime
    statement: str


def signatures_shown(submission: Submission) -> list[SignatureShown]:
    """Return the signatures of a submission, or of the whole that it is part of."""
    whole = str(submission.body.get("part_of", ""))
    signed = submission_of({SUBMISSION: whole}) if whole else submission
    declared = {one.key: one for one, _when in compiled(signed.form).signatures}
    return [
        SignatureShown(
            pick(asked) if asked else one["slot"],
            one["name"],
            datetime.fromisoformat(one["signed_at"]),
            pick(asked, "statement") if asked else "",
        )
        for one in submission.body["signatures"]
        for asked in [declared.get(str(one["slot"]).split(".")[0])]
    ]


def draft_names(drafts: Sequence[Draft]) -> list[str]:
    """Return what each draft applies for: the service, or the form's name once the service has ended."""
    keys = {str(one.context.get("service", "")) for one in drafts}
    by_key = {one.key: one for one in list_services(keys=keys)} if drafts else {}
    return [
        local(found.item, "name")
        if (found := by_key.get(str(one.context.get("service", "")))) is not None
        else pick(pinned_form(one.form))
        for one in drafts
    ]
