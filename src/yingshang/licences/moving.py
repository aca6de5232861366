"""What happens to a licence after it was made: one event at a time, dated, with its ground."""

from datetime import date

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences.errors import EventDayUnfit, GroundMissing, LicenceStateUnfit
from yingshang.licences.lifecycle import STEPS
from yingshang.licences.listeners import tell_licence
from yingshang.licences.models import (
    Licence,
    LicenceCopy,
    LicenceEvent,
    LicenceEventKind,
    LicenceState,
    LicenceVersion,
)
from yingshang.parties.actors import Actor

PAST = {
    LicenceEventKind.ISSUE: "issued",
    LicenceEventKind.CHANGE: "changed",
    LicenceEventKind.RENEW: "renewed",
    LicenceEventKind.SUSPEND: "suspended",
    LicenceEventKind.RESUME: "resumed",
    LicenceEventKind.REVOKE: "revoked",
    LicenceEventKind.CANCEL: "cancelled",
    LicenceEventKind.EXPIRE: "expired",
}


def move(
    actor: Actor,
    licence: Licence,
    kind: LicenceEventKind,
    *,
    ground: str = "",
    on: date | None = None,
) -> Licence:
    """Suspend, resume, revoke, cancel or expire a locked licence, inside the caller's transaction.

    Raises ``LicenceStateUnfit``, ``GroundMissing``, ``EventDayUnfit``.
    """
    check_possible(licence, kind, on=on, ground=ground)
    append_event(actor, licence, kind, on=on, ground=ground)
    return licence


def check_possible(
    licence: Licence, kind: LicenceEventKind, *, on: date | None, ground: str
) -> None:
    """Refuse what the licence's state, the day or a missing ground do not allow."""
    step = STEPS[kind]
    if LicenceState(licence.state) not in step.before:
        state = LicenceState(licence.state)
        raise LicenceStateUnfit(params={"state": state.label, "event": kind.label})
    if step.needs_ground and not ground.strip():
        raise GroundMissing(field="ground")
    if on is not None:
        first = licence.events.order_by("-seq").values_list("on", flat=True)[0]
        if not first <= on <= today():
            raise EventDayUnfit(field="on", params={"first": first, "last": today()})


def append_event(
    actor: Actor,
    licence: Licence,
    kind: LicenceEventKind,
    *,
    on: date | None = None,
    ground: str = "",
) -> LicenceEvent:
    """Store the event, commit to it in the ledger, let the state follow, and tell who listens."""
    day, ground = on or today(), ground.strip()[:500]
    if kind in STEPS:
        licence.state = STEPS[kind].after
    licence.changed_at = now()
    licence.save(update_fields=["state", "changed_at"])
    seq = licence.events.count() + 1
    entry = record(
        f"licences.{PAST[kind]}",
        actor=actor.ref,
        subject=f"licence:{licence.ref}",
        payload=event_payload(licence, licence.present, seq=seq, kind=kind, on=day, ground=ground),
    )
    event = LicenceEvent.objects.create(
        licence=licence,
        seq=seq,
        kind=kind,
        on=day,
        ground=ground,
        version=licence.version,
        recorded_at=now(),
        actor=actor.ref,
        actor_name=actor.name[:80],
        entry=entry.ref,
    )
    tell_licence(actor, licence, event)
    return event


def event_payload(
    licence: Licence, version: LicenceVersion, *, seq: int, kind: str, on: date, ground: str
) -> dict[str, str | int]:
    """Return what the ledger commits to for one event, after which ``version`` is in force."""
    return {
        "licence": licence.ref,
        "seq": seq,
        "event": str(kind),
        "on": on.isoformat(),
        "ground": ground,
        "identifier": version.identifier,
        "record": version.digest,
    }


def copy_payload(copy: LicenceCopy) -> dict[str, str]:
    """Return what the ledger commits to for a copy, when it is made and when it is withdrawn."""
    return {
        "copy": copy.ref,
        "identifier": copy.version.identifier,
        "purpose": copy.purpose,
        "recipient": copy.recipient,
        "expires_on": copy.expires_on.isoformat(),
    }
