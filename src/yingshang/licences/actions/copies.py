"""Copies of a licence for one purpose, made and withdrawn by its holder."""

from datetime import date, timedelta
from typing import Any

from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences.errors import (
    CopyDayUnfit,
    CopyWithdrawn,
    LicenceNotInForce,
    PurposeMissing,
)
from yingshang.licences.models import Licence, LicenceCopy, LicenceState
from yingshang.licences.moving import copy_payload
from yingshang.licences.permissions import HOLD
from yingshang.licences.renditions import request_rendition
from yingshang.licences.repeating import return_if_done
from yingshang.licences.selectors import get_copy_for, get_licence_for
from yingshang.licences.verifying import number_in_force
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor, NotPermitted

LONGEST = timedelta(days=365)


@action("licences.make_copy", permission=HOLD)
def make_copy(
    actor: Actor,
    *,
    licence: str,
    purpose: str,
    expires_on: date,
    recipient: str = "",
    idempotency_key: str = "",
) -> LicenceCopy:
    """Make a copy of one of the actor's own valid licences, for a purpose and until a day.

    The same ``idempotency_key`` again makes no second one. Raises ``LicenceMissing``,
    ``LicenceNotInForce``, ``PurposeMissing``, ``CopyDayUnfit`` beyond a year or the licence's own end, and
    ``RequestKeyReused``.
    """
    own = get_licence_for(actor, licence)
    if own.subject_id != actor.subject_id:
        raise NotPermitted(params={"permission": HOLD})
    locked = Licence.objects.select_for_update(of=("self",)).get(pk=own.pk)
    same: dict[str, Any] = {
        "version__licence": locked,
        "purpose": purpose.strip()[:80],
        "recipient": recipient.strip()[:80],
        "expires_on": expires_on,
    }
    made = LicenceCopy.objects.filter(made_by=actor.ref, request_key=idempotency_key)
    return_if_done(made, idempotency_key, same)
    if locked.state != LicenceState.VALID:
        raise LicenceNotInForce(params={"state": locked.get_state_display()})
    if not purpose.strip():
        raise PurposeMissing(field="purpose")
    last = last_day(locked)
    if not today() <= expires_on <= last:
        raise CopyDayUnfit(field="expires_on", params={"first": today(), "last": last})
    copy = LicenceCopy.objects.create(
        version=locked.versions.get(number=number_in_force(locked)),
        subject=own.subject,
        purpose=purpose.strip()[:80],
        recipient=recipient.strip()[:80],
        expires_on=expires_on,
        made_by=actor.ref,
        made_name=actor.name[:80],
        made_at=now(),
        request_key=idempotency_key,
    )
    request_rendition(actor, copy.holder)
    _record(actor, copy, "copy_made")
    return copy


@action("licences.withdraw_copy", permission=HOLD)
def withdraw_copy(actor: Actor, *, copy: str) -> LicenceCopy:
    """Let a copy be good for nothing from now on; whoever verifies it sees that."""
    found = get_copy_for(actor, copy)
    locked = LicenceCopy.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if locked.withdrawn_at is not None:
        raise CopyWithdrawn
    locked.withdrawn_at = now()
    locked.save(update_fields=["withdrawn_at"])
    _record(actor, locked, "copy_withdrawn")
    return locked


def last_day(licence: Licence) -> date:
    """Return the last day to which a copy of the licence may be good today."""
    year = today() + LONGEST
    return min(year, licence.valid_to) if licence.valid_to else year


def _record(actor: Actor, copy: LicenceCopy, kind: str) -> None:
    record(
        f"licences.{kind}",
        actor=actor.ref,
        subject=f"licence:{copy.version.licence.ref}",
        payload=copy_payload(copy),
    )
