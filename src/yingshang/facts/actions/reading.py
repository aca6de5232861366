"""Reading facts is an act: for whom, of what, for which purpose, on which ground."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from yingshang.facts.access import get_subject_to_read
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.errors import DeferralUnfit, KnownInFuture, PurposeMissing
from yingshang.facts.models import FactValue, Reading
from yingshang.facts.permissions import DEFER_READING, READ, READ_SENSITIVE
from yingshang.facts.profiles import Profile, load_population
from yingshang.facts.purposes import OWN, PURPOSES
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class ReadProfile:
    """A profile as one actor may see it: the keys shown, and those kept back as sensitive."""

    subject: Subject
    profile: Profile
    keys: frozenset[str]
    withheld: frozenset[str]
    reading: Reading | None


@action("facts.read_profile", permission=ANYONE_SIGNED_IN)
def read_profile(
    actor: Actor,
    *,
    subject: str,
    purpose: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
    ground: str = "",
    sensitive: bool = False,
    keys: tuple[str, ...] = (),
    defer_until: date | None = None,
    deferral_ground: str = "",
) -> ReadProfile:
    """Return what is known of a subject, as of a day and as known at an instant, and log the reading.

    A subject reads its own facts without a log. Others name a registered purpose; sensitive facts are
    shown only when asked for, with the permission and a ground. An investigation may defer that the
    subject sees the reading. Raises ``NotPermitted``, ``NoSuchParty``, ``PurposeMissing``,
    ``KnownInFuture``, ``DeferralUnfit``.
    """
    about = get_subject_to_read(actor, subject)
    profile = _profile(about, as_of, known_at)
    own = actor.subject_id is not None
    shown, withheld = _parted(actor, profile, keys, all_of_it=own or sensitive)
    if own:
        raise AlreadyDone(ReadProfile(about, profile, shown, withheld, None))
    reads_sensitive = any(profile.catalogue.sensitivity_of(key) == "sensitive" for key in shown)
    _demand_purpose(actor, purpose, ground, sensitive=sensitive or reads_sensitive)
    _demand_deferral(actor, purpose, defer_until, deferral_ground)
    reading = Reading(
        subject=about,
        subject_type=about.type,
        keys=sorted(keys),
        sensitive=reads_sensitive,
        purpose=purpose,
        ground=ground.strip()[:300],
        as_of=profile.as_of,
        deferred_until=defer_until,
        deferral_ground=deferral_ground.strip()[:300],
    )
    _log(actor, reading, f"subject:{about.ref}")
    return ReadProfile(about, profile, shown, withheld, reading)


def _profile(subject: Subject, as_of: date | None, known_at: datetime | None) -> Profile:
    moment = now()
    if known_at is not None and known_at > moment:
        raise KnownInFuture(field="known_at")
    population = load_population(
        current_catalogue(), [subject.pk], as_of=as_of or today(), known_at=known_at or moment
    )
    return population.profile(subject.pk)


def _parted(
    actor: Actor, profile: Profile, keys: Iterable[str], *, all_of_it: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """Return which keys are shown and which are kept back."""
    catalogue = profile.catalogue
    wanted = frozenset(keys) or keys_about(catalogue, profile.namespace)
    if all_of_it:
        return wanted, frozenset()
    withheld = frozenset(k for k in wanted if catalogue.sensitivity_of(k) == "sensitive")
    return wanted - withheld, withheld


def keys_about(catalogue: Catalogue, namespace: str) -> frozenset[str]:
    """Return every fact type and derivation about a sort of subject."""
    everything = (*catalogue.types, *catalogue.derivations)
    return frozenset(key for key in everything if key.partition(".")[0] == namespace)


def _demand_purpose(actor: Actor, purpose: str, ground: str, *, sensitive: bool) -> None:
    if purpose not in PURPOSES or purpose == OWN:
        raise PurposeMissing(field="purpose")
    if sensitive:
        actor.require(READ_SENSITIVE)
        if not ground.strip():
            raise PurposeMissing(field="ground")


def _demand_deferral(actor: Actor, purpose: str, until: date | None, ground: str) -> None:
    if until is None:
        return
    actor.require(DEFER_READING)
    if not ground.strip() or until < today() or not PURPOSES.get(purpose).may_be_deferred:
        raise DeferralUnfit(field="defer_until")


@action("facts.read_history", permission=ANYONE_SIGNED_IN)
def read_history(
    actor: Actor, *, subject: str, key: str, purpose: str, ground: str = ""
) -> QuerySet[FactValue]:
    """Return every value that was ever held of a fact, the latest recorded first, and log the reading.

    Raises as :func:`read_profile` does, and ``NoSuchFact``.
    """
    about = get_subject_to_read(actor, subject)
    catalogue = current_catalogue()
    catalogue.type(key)
    rows = FactValue.objects.ever_held().filter(subject=about, key=key)
    found = rows.select_related("load__organ", "superseded_by").order_by("-recorded_at", "-pk")
    if actor.subject_id is not None:
        raise AlreadyDone(found)
    log_reading(actor, about, (key,), purpose=purpose, ground=ground)
    return found


def log_reading(
    actor: Actor,
    subject: Subject,
    keys: Iterable[str],
    *,
    purpose: str,
    ground: str,
    as_of: date | None = None,
) -> Reading:
    """Log that somebody else reads these facts of a subject, in the caller's transaction.

    Raises ``PurposeMissing`` and, for sensitive ones without the permission, ``NotPermitted``.
    """
    catalogue, read = current_catalogue(), sorted(keys)
    sensitive = any(catalogue.sensitivity_of(key) == "sensitive" for key in read)
    _demand_purpose(actor, purpose, ground, sensitive=sensitive)
    reading = Reading(
        subject=subject,
        subject_type=subject.type,
        keys=read,
        sensitive=sensitive,
        purpose=purpose,
        ground=ground.strip()[:300],
        as_of=as_of or today(),
    )
    return _log(actor, reading, f"subject:{subject.ref}")


@action("facts.log_run", permission=READ)
def log_run(
    actor: Actor,
    *,
    subject_type: str,
    subjects: int,
    keys: tuple[str, ...],
    purpose: str,
    ground: str = "",
    division: str = "",
    as_of: date | None = None,
) -> Reading:
    """Log one run over many subjects as one reading, which each of them sees. Raises ``PurposeMissing``."""
    catalogue = current_catalogue()
    sensitive = any(catalogue.sensitivity_of(key) == "sensitive" for key in keys)
    _demand_purpose(actor, purpose, ground, sensitive=sensitive)
    reading = Reading(
        subject_type=subject_type,
        division=division,
        subjects=subjects,
        keys=sorted(keys),
        sensitive=sensitive,
        purpose=purpose,
        ground=ground.strip()[:300],
        as_of=as_of or today(),
    )
    return _log(actor, reading, f"subjects:{subject_type}")


def _log(actor: Actor, reading: Reading, about: str) -> Reading:
    reading.actor, reading.actor_name = actor.ref, actor.name[:80]
    reading.organ_id, reading.read_at = actor.organ_id, now()
    reading.save(force_insert=True)
    record(
        "facts.read",
        actor=actor.ref,
        subject=about,
        payload={"reading": reading.ref, "purpose": reading.purpose, "subjects": reading.subjects},
    )
    return reading
