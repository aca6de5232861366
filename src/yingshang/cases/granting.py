"""Delegating a power, and taking it back."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yingshang.cases.data import find_organ
from yingshang.cases.errors import BadPower, KeyReused, PowerUnknown, ReasonRequired
from yingshang.cases.models import Power
from yingshang.cases.permissions import GRANT_POWERS
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Person


@action("cases.grant_power", permission=GRANT_POWERS)
def grant_power(
    actor: Actor,
    *,
    scope: str,
    ground: str,
    readiness: str,
    organ: str = "",
    person: str = "",
    procedure: str = "",
    action: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    idempotency_key: str = "",
) -> Power:
    """Delegate a power of the actor's organ to an organ, a person (by reference), or a person of an organ.

    ``readiness`` says how it was checked that the one who takes over is able to: enough people, who
    know the rules, with the means. Raises :class:`BadPower` for what does not fit together. The same
    ``idempotency_key`` again does nothing and returns the power; for another one it raises ``KeyReused``.
    """
    power = Power(
        scope=_said(scope, "scope", 160),
        procedure=procedure,
        action=action,
        grantor_id=_own_organ(actor),
        organ=_find_organ(organ),
        person=_find_person(person),
        ground=_said(ground, "ground", 300),
        readiness=_said(readiness, "readiness", 300),
        valid_from=valid_from or today(),
        valid_to=valid_to,
        granted_by=actor.ref,
        granted_by_name=actor.name,
        granted_at=now(),
        request_key=idempotency_key,
    )
    _return_if_granted(actor, power)
    _refuse_unfit(power)
    try:
        with transaction.atomic():
            power.save()
    except IntegrityError as error:
        raise KeyReused from error
    record(
        "cases.power_granted", actor=actor.ref, subject=f"power:{power.ref}", payload=_told(power)
    )
    return power


def _return_if_granted(actor: Actor, asked: Power) -> None:
    key = asked.request_key
    asked_for = Power.objects.filter(granted_by=actor.ref, request_key=key)
    found = asked_for.exclude(request_key="").first()  # which is what the index holds
    if found is None:
        return
    if _told(asked) | {"power": found.ref} != _told(found):
        raise KeyReused
    raise AlreadyDone(found)


def _said(text: str, field: str, longest: int) -> str:
    said = text.strip()
    if not said or len(said) > longest:
        why = _("请填写，最多 %(n)s 个字") % {"n": longest}
        raise BadPower(field=field, params={"why": why})
    return said


def _own_organ(actor: Actor) -> int:
    if actor.organ_id is None:
        raise BadPower(params={"why": _("授权由机关授出")})
    return actor.organ_id


def _find_organ(name: str) -> Organ | None:
    found = find_organ(name) if name else None
    if name and found is None:
        raise BadPower(field="organ", params={"why": _("没有这个机构，或机构已撤销")})
    return found


def _find_person(ref: str) -> Person | None:
    found = Person.objects.filter(ref=ref).first() if ref else None
    if ref and found is None:
        raise BadPower(field="person", params={"why": _("没有这个人员")})
    return found


def _refuse_unfit(power: Power) -> None:
    if power.organ is None and power.person is None:
        raise BadPower(field="organ", params={"why": _("请写明授给哪个机构或哪位人员")})
    if power.action and not power.procedure:
        raise BadPower(field="procedure", params={"why": _("限定操作时要写明流程")})
    if power.valid_to is not None and power.valid_from and power.valid_to < power.valid_from:
        raise BadPower(field="valid_to", params={"why": _("截止日期早于生效日期")})


def _told(power: Power) -> dict[str, str | None]:
    return {
        "power": power.ref,
        "scope": power.scope,
        "procedure": power.procedure,
        "action": power.action,
        "grantor": power.grantor.ref,
        "organ": power.organ.ref if power.organ else None,
        "person": power.person.ref if power.person else None,
        "ground": power.ground,
        "readiness": power.readiness,
        "from": power.valid_from.isoformat() if power.valid_from else None,
        "to": power.valid_to.isoformat() if power.valid_to else None,
    }


@action("cases.revoke_power", permission=GRANT_POWERS)
def revoke_power(actor: Actor, *, power: str, reason: str) -> Power:
    """Take back a power that the actor's organ granted; decisions made under it stand.

    Raises :class:`PowerUnknown` for a power of another organ, :class:`ReasonRequired`. A power that
    was taken back stays as it is.
    """
    found = Power.objects.select_for_update(of=("self",)).filter(ref=power).first()
    if found is None or found.grantor_id != actor.organ_id:
        raise PowerUnknown
    if found.revoked_at is not None:
        raise AlreadyDone(found)
    if not reason.strip():
        raise ReasonRequired(field="reason")
    found.revoked_at, found.revoked_by = now(), actor.name
    found.revoke_reason = reason.strip()[:300]
    found.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    payload = {"power": found.ref, "reason": found.revoke_reason}
    record("cases.power_revoked", actor=actor.ref, subject=f"power:{found.ref}", payload=payload)
    return found
