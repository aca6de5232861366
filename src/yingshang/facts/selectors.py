"""Reads about facts that an actor may make; profiles themselves are read by an action, which logs."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from yingshang.facts.access import get_subject_to_read, organ_key_of, sources_decided_by
from yingshang.facts.actions.reading import ReadProfile, read_profile
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.errors import (
    NoSuchEvaluation,
    NoSuchIssue,
    NoSuchLoad,
    NoSuchUpload,
)
from yingshang.facts.models import (
    OPEN,
    Evaluation,
    FactClaim,
    FactLoad,
    FactUpload,
    FactValue,
    QualityIssue,
    Reading,
)
from yingshang.facts.permissions import (
    READ,
    READ_CATALOGUE,
    READ_OWN,
    READ_READERS,
    RECORD,
    RECORD_ANY,
)
from yingshang.facts.profiles import Profile, known_then
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.models import Subject, SubjectRelation, valid_on


def profile(
    actor: Actor,
    subject: str,
    *,
    purpose: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    ground: str = "",
) -> Profile:
    """Return a subject's profile with everything that the actor may see; the reading is logged.

    Sensitive facts are included where a ground is given. Raises what
    :func:`yingshang.facts.actions.reading.read_profile` raises.
    """
    read = read_profile(
        actor,
        subject=subject,
        purpose=purpose,
        as_of=as_of,
        known_at=known_at,
        ground=ground,
        sensitive=bool(ground.strip()),
    )
    return read.profile.narrowed(read.keys)


def catalogue_for(actor: Actor) -> Catalogue:
    """Return the catalogue in force; raises ``NotPermitted``."""
    actor.require(READ_CATALOGUE)
    return current_catalogue()


def list_readings_of(actor: Actor, subject: Subject) -> QuerySet[Reading]:
    """Return who read a subject's facts, runs over many included, the latest first.

    The subject itself does not see what is deferred by law. Raises ``NotPermitted``, ``NoSuchParty``.
    """
    get_subject_to_read(actor, subject.ref, permission=READ_READERS)
    about = Q(subject=subject) | Q(
        Q(division="") | Q(division=subject.division),
        subject__isnull=True,
        subject_type=subject.type,
    )
    found = Reading.objects.filter(about).select_related("organ").order_by("-read_at", "-pk")
    if actor.subject_id is None:
        return found
    return found.filter(Q(deferred_until__isnull=True) | Q(deferred_until__lt=today()))


def list_claims_for(actor: Actor) -> QuerySet[FactClaim]:
    """Return the claims that concern the actor: its own subject's, or those it made or must decide."""
    claims = FactClaim.objects.select_related("subject", "organ", "against")
    claims = claims.order_by("-claimed_at", "-pk")
    if actor.subject_id is not None:
        return claims.filter(subject=actor.subject_id) if actor.may(READ_OWN) else claims.none()
    if actor.may(RECORD_ANY):
        return claims
    if actor.organ_id is None:
        return claims.none()
    catalogue = current_catalogue()
    sources = sources_decided_by(actor, catalogue)
    keys = [one.key for one in catalogue if one.source in sources]
    return claims.filter(Q(organ=actor.organ_id) | Q(key__in=keys))


def list_relations_in(read: ReadProfile) -> QuerySet[SubjectRelation]:
    """Return how the subject that was read stands to others on that day, as known then, by type."""
    found = SubjectRelation.objects.filter(
        known_then(read.profile.known_at), valid_on(read.profile.as_of), source=read.subject
    )
    return found.select_related("target").order_by("type", "valid_from", "pk")


def list_claims_in(read: ReadProfile) -> QuerySet[FactClaim]:
    """Return the claims about facts that a reader was shown, made by then, the latest first."""
    claims = read.subject.fact_claims.filter(
        key__in=sorted(read.keys), claimed_at__lte=read.profile.known_at
    )
    return claims.select_related("organ", "against").order_by("-claimed_at", "-pk")


def list_evaluations_of(actor: Actor, subject: Subject) -> QuerySet[Evaluation]:
    """Return what was evaluated for a subject, the latest first; raises ``NotPermitted``."""
    get_subject_to_read(actor, subject.ref)
    found = Evaluation.objects.filter(subject=subject).select_related("rule", "cause", "revises")
    return found.order_by("-evaluated_at", "-pk")


def get_evaluation_for(actor: Actor, ref: str) -> Evaluation:
    """Return an evaluation of a subject whose facts the actor may read; raises ``NoSuchEvaluation``."""
    found = Evaluation.objects.select_related("rule", "cause", "revises", "subject")
    evaluation = found.filter(ref=ref).first()
    own = actor.subject_id is not None
    if evaluation is None or (own and evaluation.subject_id != actor.subject_id):
        raise NoSuchEvaluation
    actor.require(READ_OWN if own else READ)
    return evaluation


def get_load_for(actor: Actor, ref: str) -> FactLoad:
    """Return an act of the actor's own organ, or any for who records any; raises ``NoSuchLoad``.

    What values it brought is not shown by it; they are read like any others.
    """
    actor.require(READ_CATALOGUE)
    found = FactLoad.objects.select_related("organ").filter(ref=ref).exclude(closed_at=OPEN).first()
    if found is None or not (actor.may(RECORD_ANY) or found.organ_id == (actor.organ_id or 0)):
        raise NoSuchLoad
    return found


def list_repeats_of(load: FactLoad) -> QuerySet[Evaluation]:
    """Return the evaluations that an act let be repeated, those that came out otherwise first."""
    repeats = load.reevaluations.select_related("subject", "rule")
    return repeats.order_by("-changed", "-pk")


def list_issues_for(actor: Actor) -> QuerySet[QualityIssue]:
    """Return the open issues, the latest first: all of them, for whoever may see the catalogue."""
    actor.require(READ_CATALOGUE)
    issues = QualityIssue.objects.filter(resolved_at=None)
    return issues.select_related("subject", "load").order_by("-found_at", "-pk")


def list_own_issues_for(actor: Actor) -> QuerySet[QualityIssue]:
    """Return the open issues of the sources that the actor's organ owns, the latest first."""
    sources = current_catalogue().sources_of(organ_key_of(actor))
    return list_issues_for(actor).filter(source__in=sources)


def get_issue_to_settle(actor: Actor, ref: str, *, lock: bool = False) -> QualityIssue:
    """Return an open issue of a source that the actor answers for; raises ``NoSuchIssue``, ``NotPermitted``.

    ``lock`` holds it till the end of the transaction.
    """
    issues = QualityIssue.objects.select_for_update() if lock else QualityIssue.objects.all()
    found = issues.filter(ref=ref, resolved_at=None).first()
    if found is None:
        raise NoSuchIssue(field="issue")
    if found.source not in sources_answered_for(actor):
        raise NotPermitted
    return found


def sources_answered_for(actor: Actor) -> set[str]:
    """Return the sources whose data the actor looks after: those of its organ, or all of them."""
    catalogue = current_catalogue()
    if actor.may(RECORD_ANY):
        return set(catalogue.sources)
    return set(catalogue.sources_of(organ_key_of(actor))) if actor.may(RECORD) else set()


def list_changed_subjects(*, since: datetime, until: datetime) -> list[int]:
    """Return the subjects (row ids) of which something was recorded or ended after ``since``, till ``until``.

    A table of profiles as known at ``since`` becomes the one as known at ``until``, as of the same day,
    when only theirs are folded anew; theirs, and of those related to them.
    """
    at_once = Q(closed_at=None, recorded_at__gt=since, recorded_at__lte=until)
    in_parts = Q(closed_at__gt=since, closed_at__lte=until)
    loads = FactLoad.objects.filter(at_once | in_parts).values("pk")
    touched = Q(load__in=loads) | Q(superseded_by__in=loads)
    rows = FactValue.objects.filter(touched).order_by().values_list("subject", flat=True)
    changed = set(rows.distinct())
    relations = SubjectRelation.objects.filter(
        Q(recorded_at__gt=since, recorded_at__lte=until)
        | Q(superseded_at__gt=since, superseded_at__lte=until)
        | Q(source__in=changed)
        | Q(target__in=changed)
    )
    for pair in relations.values_list("source", "target"):
        changed.update(pair)
    return sorted(changed)


def list_uploads_for(actor: Actor) -> QuerySet[FactUpload]:
    """Return the files handed in by the actor's organ, or all for who records any, the latest first."""
    actor.require(RECORD)
    found = FactUpload.objects.select_related("organ", "load").order_by("-uploaded_at", "-pk")
    return found if actor.may(RECORD_ANY) else found.filter(organ=actor.organ_id or 0)


def get_upload_for(actor: Actor, ref: str) -> FactUpload:
    """Return one of these files; raises ``NoSuchUpload``, ``NotPermitted``."""
    found = list_uploads_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchUpload
    return found


def sources_spoken_for(actor: Actor) -> list[str]:
    """Return the keys of the sources that the actor answers for."""
    actor.require(RECORD)
    catalogue = current_catalogue()
    if actor.may(RECORD_ANY):
        return sorted(catalogue.sources)
    return sorted(catalogue.sources_of(organ_key_of(actor)))
