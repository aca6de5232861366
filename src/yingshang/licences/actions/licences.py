"""Issuing licences, and what happens to them afterwards."""

from datetime import date, timedelta
from typing import Any

from yingshang.kernel.times import today
from yingshang.licences import issuing
from yingshang.licences.errors import (
    HolderUnknown,
    IssuerUnknown,
    LicenceMissing,
    NotTheIssuer,
)
from yingshang.licences.models import Licence, LicenceEventKind
from yingshang.licences.moving import move
from yingshang.licences.permissions import EXPIRE, ISSUE, MANAGE
from yingshang.licences.selectors import get_licence_for
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Subject


@action("licences.issue", permission=ISSUE)
def issue(
    actor: Actor,
    *,
    kind: str,
    subject: str,
    issuer: str,
    fields: dict[str, Any],
    valid_from: date | None = None,
    valid_to: date | None = None,
    origin: str = "",
    ground: str = "",
) -> Licence:
    """Issue a licence of the actor's organ (``issuer`` by its key) to a subject (by its reference).

    Raises ``IssuerUnknown``, ``NotTheIssuer``, ``HolderUnknown`` and what
    :func:`yingshang.licences.issuing.issue` raises.
    """
    return issuing.issue(
        actor,
        kind=kind,
        subject=find_subject(subject),
        issuer=own_organ(actor, issuer),
        fields=fields,
        valid_from=valid_from,
        valid_to=valid_to,
        origin=origin,
        ground=ground,
    )


@action("licences.change", permission=ISSUE)
def change(
    actor: Actor, *, licence: str, fields: dict[str, Any], ground: str, on: date | None = None
) -> Licence:
    """Give a licence of the actor's organ new values, as its next version."""
    return issuing.change(actor, _lock_own(actor, licence), fields=fields, ground=ground, on=on)


@action("licences.renew", permission=ISSUE)
def renew(
    actor: Actor,
    *,
    licence: str,
    ground: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    on: date | None = None,
) -> Licence:
    """Renew a licence of the actor's organ for another term, as its next version."""
    return issuing.renew(
        actor,
        _lock_own(actor, licence),
        ground=ground,
        valid_from=valid_from,
        valid_to=valid_to,
        on=on,
    )


@action("licences.suspend", permission=MANAGE)
def suspend(actor: Actor, *, licence: str, ground: str, on: date | None = None) -> Licence:
    """Suspend a licence of the actor's organ from a day on."""
    return move(actor, _lock_own(actor, licence), LicenceEventKind.SUSPEND, ground=ground, on=on)


@action("licences.resume", permission=MANAGE)
def resume(actor: Actor, *, licence: str, ground: str, on: date | None = None) -> Licence:
    """Let a suspended licence be valid again."""
    return move(actor, _lock_own(actor, licence), LicenceEventKind.RESUME, ground=ground, on=on)


@action("licences.revoke", permission=MANAGE)
def revoke(actor: Actor, *, licence: str, ground: str, on: date | None = None) -> Licence:
    """Revoke a licence of the actor's organ for good."""
    return move(actor, _lock_own(actor, licence), LicenceEventKind.REVOKE, ground=ground, on=on)


@action("licences.cancel", permission=MANAGE)
def cancel(actor: Actor, *, licence: str, ground: str, on: date | None = None) -> Licence:
    """Strike a licence of the actor's organ off the register."""
    return move(actor, _lock_own(actor, licence), LicenceEventKind.CANCEL, ground=ground, on=on)


@action("licences.expire", permission=EXPIRE)
def expire(actor: Actor, *, licence: str) -> Licence:
    """Let a licence whose validity is over be expired, from the day after its last; else do nothing."""
    locked = Licence.objects.select_for_update().filter(ref=licence).first()
    if locked is None:
        raise LicenceMissing
    in_force = locked.state in ("valid", "suspended")
    if not in_force or locked.valid_to is None or locked.valid_to >= today():
        raise AlreadyDone(locked)
    last = locked.events.order_by("-seq").values_list("on", flat=True)[0]
    day = max(locked.valid_to + timedelta(days=1), last)
    return move(actor, locked, LicenceEventKind.EXPIRE, on=day)


def own_organ(actor: Actor, key: str) -> Organ:
    """Return the organ of this key for which the actor acts; raises ``IssuerUnknown``, ``NotTheIssuer``."""
    organ = Organ.objects.filter(key=key).first()
    if organ is None:
        raise IssuerUnknown(field="issuer")
    if actor.organ_id != organ.pk:
        raise NotTheIssuer(params={"issuer": organ.name})
    return organ


def find_subject(ref: str) -> Subject:
    """Return a subject by its reference; raises ``HolderUnknown``."""
    subject = Subject.objects.filter(ref=ref).first()
    if subject is None:
        raise HolderUnknown(field="subject")
    return subject


def _lock_own(actor: Actor, ref: str) -> Licence:
    """Lock a licence that the actor may see and its organ issued."""
    seen = get_licence_for(actor, ref)
    if actor.organ_id != seen.issuer_id:
        raise NotTheIssuer(params={"issuer": seen.issuer.name})
    rows = Licence.objects.select_for_update(of=("self",)).select_related("issuer", "subject")
    return rows.get(pk=seen.pk)
