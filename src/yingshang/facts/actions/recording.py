"""What a source says: values recorded, corrected, withdrawn, and how far they are complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from yingshang.facts.access import (
    answers_for,
    demand_fits,
    demand_no_guess,
    not_authoritative,
    require_source,
)
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.claiming import differs_from_authority, find_same_claim, make_claim
from yingshang.facts.contents import Checked, check_content, check_item, first_day
from yingshang.facts.declaring import Absence, FactTypeDeclaration
from yingshang.facts.errors import (
    GradeNotAccepted,
    ItemUnfit,
    NoSuchValue,
    NothingRecordedYet,
    ReasonMissing,
    ValueMoved,
    ValueUnfit,
)
from yingshang.facts.evaluating import affected_by_completeness, reevaluate, repeat
from yingshang.facts.models import (
    Evaluation,
    FactClaim,
    FactLoad,
    FactValue,
    LoadSort,
    QualityIssue,
    SourceCompleteness,
)
from yingshang.facts.periods import Span
from yingshang.facts.permissions import CLAIM_OWN, RECORD
from yingshang.facts.weaving import (
    NewValue,
    Woven,
    close,
    demand_quiet,
    end,
    lock_subjects,
    weave,
)
from yingshang.kernel.times import now, today
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty, ValidityReversed
from yingshang.parties.models import Subject, valid_on
from yingshang.rules.declarations import GRADES

AUTHORITATIVE = GRADES[-1]
OWN_SOURCE = "self"
"""The source under which a subject declares its own facts."""


class Given(BaseModel):
    """One value as a caller gives it; the subject by reference.

    Without ``valid_from`` it is true from its period's end, its record's day, or today.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    subject: str
    key: str
    item: str = ""
    content: Any
    valid_from: date | None = None
    valid_to: date | None = None
    grade: Literal["declared", "committed", "verified", "authoritative", ""] = ""
    evidence: str = ""


@dataclass(frozen=True)
class Recorded:
    """What came of recording: the load, claims made of what another source holds otherwise, and
    evaluations that come out otherwise now."""

    load: FactLoad
    claims: tuple[FactClaim, ...] = ()
    changed: tuple[Evaluation, ...] = ()


@action("facts.record_values", permission=RECORD)
def record_values(
    actor: Actor, *, source: str, values: tuple[Given, ...], reason: str = ""
) -> Recorded:
    """Record what a source says of one or many subjects, in one load.

    The authoritative source's word counts; another's word that differs from it becomes a claim for
    the owner to decide (once, however often it is said), and stands in, with a lesser grade, where the authority is silent and the
    fact accepts that grade. Raises ``NothingRecordedYet``, ``NoSuchSource``, ``NotAuthoritative`` for
    a source of another organ, ``NoSuchFact``, ``NoSuchParty``, ``OtherSubject``, ``ItemUnfit``,
    ``ValueUnfit``, ``GradeNotAccepted``, ``ValidityReversed``, and ``NotPermitted`` for a sensitive fact of
    another source that the actor may not read; nothing is recorded then.
    """
    catalogue = current_catalogue()
    catalogue.source(source)
    if not values:
        raise NothingRecordedYet(field="values")
    if not answers_for(actor, catalogue, source):
        raise not_authoritative(catalogue, catalogue.type(values[0].key))
    return _record(actor, catalogue, source, values, reason)


@action("facts.declare_value", permission=CLAIM_OWN)
def declare_value(
    actor: Actor,
    *,
    key: str,
    content: Any,
    item: str = "",
    valid_from: date | None = None,
    committed: bool = False,
) -> Recorded:
    """Record what a subject says of itself, where the fact accepts its own word (自行申报、承诺).

    Where the authority says otherwise it becomes a claim. Raises what :func:`record_values` raises.
    """
    subject = Subject.objects.filter(pk=actor.subject_id or 0).first()
    if subject is None:
        raise NoSuchParty(field="subject")
    catalogue = current_catalogue()
    is_own = catalogue.type(key).source == OWN_SOURCE
    given = Given(
        subject=subject.ref,
        key=key,
        item=item,
        content=content,
        valid_from=valid_from,
        grade="" if is_own else "committed" if committed else "declared",
    )
    return _record(actor, catalogue, OWN_SOURCE, (given,), "")


def _record(
    actor: Actor, catalogue: Catalogue, source: str, values: Sequence[Given], reason: str
) -> Recorded:
    load = new_load(actor, source, LoadSort.ENTRY, reason)
    subjects = _subjects(values)
    lock_subjects(subject.pk for subject in subjects.values())
    stored: list[tuple[NewValue, Checked]] = []
    claims: list[FactClaim] = []
    for one in values:
        checked = _checked(catalogue, source, one, subjects[one.subject])
        new = _new_value(catalogue, source, one, subjects[one.subject], checked)
        declared = catalogue.types[one.key]
        demand_no_guess(actor, source, [declared])
        if source != declared.source and differs_from_authority(declared, new):
            said = find_same_claim(declared, new, source)
            claims.append(said or make_claim(actor, catalogue, new, source=source, why=reason))
        else:
            _demand_accepted(declared, new)
            stored.append((new, checked))
    woven = weave(load, [new for new, _ in stored])
    note_issues(load, [(new, checked) for new, checked in stored], woven)
    about = f"subject:{values[0].subject}" if len(subjects) == 1 else ""
    close(load, [new.leaf() for new, _ in stored], about=about, claims=[c.ref for c in claims])
    return Recorded(load, tuple(claims), tuple(reevaluate(actor, load)))


def new_load(actor: Actor, source: str, sort: str, reason: str = "", **more: Any) -> FactLoad:
    """Open a load of the actor's under which rows can be recorded; the caller closes it."""
    load = load_by(actor, source, sort, reason, **more)
    load.save(force_insert=True)
    return load


def load_by(actor: Actor, source: str, sort: str, reason: str = "", **more: Any) -> FactLoad:
    """Return a load of the actor's that is not stored yet."""
    return FactLoad(
        sort=sort,
        source=source,
        actor=actor.ref,
        actor_name=actor.name[:80],
        organ_id=actor.organ_id,
        recorded_at=now(),
        reason=reason.strip()[:500],
        **more,
    )


def _subjects(values: Sequence[Given]) -> dict[str, Subject]:
    refs = {value.subject for value in values}
    found = {subject.ref: subject for subject in Subject.objects.filter(ref__in=refs)}
    if missing := refs - found.keys():
        raise NoSuchParty(field="subject", params={"subject": min(missing)})
    return found


def _checked(catalogue: Catalogue, source: str, one: Given, subject: Subject) -> Checked:
    declared = catalogue.type(one.key)
    demand_fits(declared, subject)
    try:
        check_item(declared, one.item)
    except ValueError as error:
        params = {"label": declared.label, "why": str(error)}
        raise ItemUnfit(field="item", params=params) from error
    checked = check_content(declared, one.content, catalogue)
    if (fatal := checked.fatal) is not None:
        params = {"label": declared.label, "why": fatal.detail}
        raise ValueUnfit(field="content", params=params)
    return checked


def _new_value(
    catalogue: Catalogue, source: str, one: Given, subject: Subject, checked: Checked
) -> NewValue:
    declared = catalogue.types[one.key]
    start = one.valid_from or first_day(declared, one.item, checked.content)
    if Span(start, one.valid_to).is_empty:
        raise ValidityReversed(field="valid_to")
    grade = one.grade or (AUTHORITATIVE if source == declared.source else "verified")
    return NewValue(
        subject.pk,
        one.key,
        one.item,
        checked.content,
        start,
        one.valid_to,
        grade,
        one.evidence[:160],
    )


def _demand_accepted(declared: FactTypeDeclaration, new: NewValue) -> None:
    if new.grade not in declared.grades:
        raise GradeNotAccepted(field="grade", params={"label": declared.label})


def note_issues(
    load: FactLoad, checked: Sequence[tuple[NewValue, Checked]], woven: Woven
) -> list[QualityIssue]:
    """Store what is wrong with the values of a load, for the owner of its source."""
    rows = {(r.subject_id, r.key, r.item, r.grade, r.valid_from): r for r in woven.made}
    issues = [
        QualityIssue(
            source=load.source,
            key=new.key,
            sort=problem.sort,
            detail=problem.detail[:300],
            subject_id=new.subject_id,
            value=rows.get((*new.place, new.valid_from)),
            load=load,
            found_at=load.recorded_at,
        )
        for new, found in checked
        for problem in found.problems
    ]
    load.issues += len(issues)
    return QualityIssue.objects.bulk_create(issues, batch_size=500)


@action("facts.correct_value", permission=RECORD)
def correct_value(
    actor: Actor,
    *,
    subject: str,
    key: str,
    content: Any,
    reason: str,
    item: str = "",
    on: date | None = None,
    evidence: str = "",
    held: int | None = None,
) -> Recorded:
    """Replace a wrong value for all the days on which it stood (更正), and evaluate again what used it.

    The value is the authoritative one that holds on the day ``on`` (today). ``held`` is the row that
    whoever corrects has seen (0: none). Raises ``ReasonMissing``, ``NoSuchValue``, ``NotAuthoritative``,
    ``ValueUnfit``, ``ValueMoved`` where another holds by now, and what finding the fact raises.
    """
    catalogue, declared = current_catalogue(), current_catalogue().type(key)
    require_source(actor, catalogue, declared)
    row = _lock_value(subject, declared, item, on, reason, held)
    checked = check_content(declared, content, catalogue)
    if (fatal := checked.fatal) is not None:
        params = {"label": declared.label, "why": fatal.detail}
        raise ValueUnfit(field="content", params=params)
    if row.content == checked.content:
        raise AlreadyDone(Recorded(row.load))
    new = _corrected(declared, row, checked.content, evidence)
    return replace(actor, row, new, checked, LoadSort.CORRECTION, reason)


def _corrected(
    declared: FactTypeDeclaration, row: FactValue, content: Any, evidence: str
) -> NewValue:
    """Return the value in its new words; a record whose day was wrong begins on the right one."""
    start = row.valid_from
    if declared.shape == "records" and row.content.get(declared.dated) != content[declared.dated]:
        start = first_day(declared, row.item, content)
    return NewValue(
        row.subject_id, row.key, row.item, content, start, row.valid_to, row.grade, evidence[:160]
    )


def replace(
    actor: Actor,
    row: FactValue | None,
    new: NewValue,
    checked: Checked,
    sort: str,
    reason: str,
) -> Recorded:
    """Put a value in another's place under a load of its own, and evaluate again what used it."""
    source = current_catalogue().type(new.key).source
    load = new_load(actor, source, sort, reason)
    if row is not None:
        end(load, [row])
    woven = weave(load, [new])
    note_issues(load, [(new, checked)], woven)
    about = f"subject:{Subject.objects.values_list('ref', flat=True).get(pk=new.subject_id)}"
    close(load, [new.leaf()], about=about, key=new.key, reason=reason.strip())
    return Recorded(load, (), tuple(reevaluate(actor, load)))


@action("facts.withdraw_value", permission=RECORD)
def withdraw_value(
    actor: Actor,
    *,
    subject: str,
    key: str,
    reason: str,
    item: str = "",
    on: date | None = None,
    held: int | None = None,
) -> Recorded:
    """Take back a value that should not be on record (撤回), and evaluate again what used it.

    Raises as :func:`correct_value` does.
    """
    catalogue, declared = current_catalogue(), current_catalogue().type(key)
    require_source(actor, catalogue, declared)
    row = _lock_value(subject, declared, item, on, reason, held)
    return take_back(actor, row, LoadSort.WITHDRAWAL, reason)


def take_back(actor: Actor, row: FactValue, sort: str, reason: str) -> Recorded:
    """End a value without another in its place, and evaluate again what used it."""
    load = new_load(actor, row.source, sort, reason)
    end(load, [row])
    leaf = [row.subject_id, row.key, row.item, row.grade, None, row.valid_from, row.valid_to]
    about = f"subject:{row.subject.ref}"
    close(load, [leaf], about=about, key=row.key, reason=reason.strip())
    return Recorded(load, (), tuple(reevaluate(actor, load)))


def _lock_value(
    subject: str,
    declared: FactTypeDeclaration,
    item: str,
    on: date | None,
    reason: str,
    held: int | None,
) -> FactValue:
    if not reason.strip():
        raise ReasonMissing(field="reason")
    found = Subject.objects.filter(ref=subject).first()
    if found is None:
        raise NoSuchParty(field="subject")
    lock_subjects([found.pk])
    row = find_value(found.pk, declared, item, on or today())
    if row is None:
        raise NoSuchValue(field="key")
    if held is not None and held != row.pk:
        raise ValueMoved
    return row


def find_value(
    subject_id: int, declared: FactTypeDeclaration, item: str, on: date
) -> FactValue | None:
    """Return the authoritative value that holds on a day as known now, or None."""
    rows = FactValue.objects.present().filter(
        valid_on(on),
        subject_id=subject_id,
        key=declared.key,
        item=item,
        source=declared.source,
    )
    return rows.select_related("subject").order_by("-recorded_at", "-pk").first()


@action("facts.state_completeness", permission=RECORD)
def state_completeness(
    actor: Actor, *, source: str, complete_to: date, keys: tuple[str, ...] = ()
) -> FactLoad:
    """Say that a source has told all there is up to a day, of some fact types or of all that ask for it.

    From then on no value means what the fact type says; evaluations that this changes are repeated.
    Raises ``NoSuchSource``, ``NoSuchFact``,
    ``NotAuthoritative``, and ``ValidityReversed`` for a day to come.
    """
    catalogue = current_catalogue()
    catalogue.source(source)
    if complete_to > today():
        raise ValidityReversed(field="complete_to")
    wanted = keys or tuple(
        one.key for one in catalogue if one.source == source and isinstance(one.absence, Absence)
    )
    if not wanted:
        raise NothingRecordedYet(field="keys")
    for key in wanted:
        if catalogue.type(key).source != source or not answers_for(actor, catalogue, source):
            raise not_authoritative(catalogue, catalogue.type(key))
    load = new_load(actor, source, LoadSort.ENTRY)
    demand_quiet(load)
    SourceCompleteness.objects.bulk_create(
        SourceCompleteness(
            source=source,
            key=key,
            complete_to=complete_to,
            recorded_at=load.recorded_at,
            load=load,
        )
        for key in wanted
    )
    close(load, [[key, complete_to] for key in wanted], complete_to=complete_to)
    repeat(actor, load, affected_by_completeness(load))
    return load
