"""The register of seals."""

from datetime import date

from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.licences import authority
from yingshang.licences.actions.licences import own_organ
from yingshang.licences.errors import (
    GroundMissing,
    SealInPlace,
    SealStateUnfit,
    ValidityUnfit,
)
from yingshang.licences.models import Seal, SealKind, SealState
from yingshang.licences.permissions import MANAGE_SEALS
from yingshang.licences.sealing import DEMONSTRATION
from yingshang.licences.selectors import get_seal_for
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@action("licences.register_seal", permission=MANAGE_SEALS)
def register_seal(
    actor: Actor,
    *,
    organ: str,
    kind: SealKind,
    custodian: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Seal:
    """Register a seal of the actor's organ (by its key) and make its demonstration certificate.

    Raises ``SealInPlace`` while another of the kind is valid, ``ValidityUnfit``, ``NotTheIssuer``.
    """
    mine = own_organ(actor, organ)
    Organ.objects.select_for_update().get(pk=mine.pk)
    start = valid_from or today()
    if valid_to is not None and valid_to < max(start, today()):
        raise ValidityUnfit(field="valid_to")
    for other in Seal.objects.filter(organ=mine, kind=kind).exclude(state=SealState.REVOKED):
        if other.valid_to is None or other.valid_to >= start:
            raise SealInPlace(params={"name": other.name})
    ref, name = new_ref(), f"{mine.name}{SealKind(kind).label}"
    issued = authority.issue_certificate(ref, name=name, organ=mine.name, until=valid_to)
    seal = Seal.objects.create(
        ref=ref,
        organ=mine,
        kind=kind,
        name=name[:80],
        sealer=DEMONSTRATION,
        certificate=issued.pem,
        fingerprint=issued.fingerprint,
        custodian=custodian,
        valid_from=start,
        valid_to=valid_to,
        registered_at=now(),
    )
    _record(actor, seal, "seal_registered", {"certificate": seal.fingerprint, "kind": str(kind)})
    return seal


@action("licences.suspend_seal", permission=MANAGE_SEALS)
def suspend_seal(actor: Actor, *, seal: str, ground: str) -> Seal:
    """Let nothing be sealed with a seal until it is resumed."""
    return _set(actor, seal, {SealState.ACTIVE}, SealState.SUSPENDED, ground)


@action("licences.resume_seal", permission=MANAGE_SEALS)
def resume_seal(actor: Actor, *, seal: str, ground: str) -> Seal:
    """Let a suspended seal be used again."""
    return _set(actor, seal, {SealState.SUSPENDED}, SealState.ACTIVE, ground)


@action("licences.revoke_seal", permission=MANAGE_SEALS)
def revoke_seal(actor: Actor, *, seal: str, ground: str) -> Seal:
    """Take a seal out of use for good; what it sealed stays as it is."""
    before = {SealState.ACTIVE, SealState.SUSPENDED}
    return _set(actor, seal, before, SealState.REVOKED, ground)


def _set(actor: Actor, ref: str, before: set[SealState], after: SealState, ground: str) -> Seal:
    found = get_seal_for(actor, ref)
    seal = Seal.objects.select_for_update(of=("self",)).select_related("organ").get(pk=found.pk)
    own_organ(actor, seal.organ.key)
    if not ground.strip():
        raise GroundMissing(field="ground")
    if seal.state not in before:
        raise SealStateUnfit(params={"name": seal.name, "state": seal.get_state_display()})
    seal.state, seal.ground = after, ground.strip()[:300]
    seal.save(update_fields=["state", "ground"])
    past = {"active": "resumed"}.get(after, str(after))
    _record(actor, seal, f"seal_{past}", {"ground": seal.ground})
    return seal


def _record(actor: Actor, seal: Seal, kind: str, more: dict[str, str]) -> None:
    record(
        f"licences.{kind}",
        actor=actor.ref,
        subject=f"seal:{seal.ref}",
        payload={"organ": seal.organ.ref, **more},
    )
