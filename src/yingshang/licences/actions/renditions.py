"""Storing a sealed file, which is also the use of a seal."""

from django.utils.translation import gettext as _

from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.licences.errors import NoUsableSeal
from yingshang.licences.models import Rendition, RenditionState, SealUse
from yingshang.licences.permissions import MANAGE_SEALS, RENDER
from yingshang.licences.renditions import Made, put_away
from yingshang.licences.seals import usable_seal
from yingshang.licences.selectors import get_rendition_for
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor


@action("licences.store_rendition", permission=RENDER)
def store_rendition(actor: Actor, *, rendition: int, made: Made) -> Rendition:
    """Keep a sealed file as the rendition and write the use of the seal; a second file is thrown away.

    The seal is checked again under its lock: raises ``NoUsableSeal`` if it was suspended meanwhile.
    """
    row = Rendition.objects.select_for_update().get(pk=rendition)
    if row.state == RenditionState.DONE:
        raise AlreadyDone(row)
    seal = usable_seal(made.paper.organ, made.paper.template.seal_kind, lock=True)
    if seal.pk != made.seal.pk:
        params = {"organ": seal.organ.name, "kind": seal.get_kind_display(), "why": _("已更换")}
        raise NoUsableSeal(params=params)
    put_away(made)
    row.state, row.seal, row.sha256 = RenditionState.DONE, seal, made.sha256
    row.size, row.made_at, row.error, row.claimed_at = len(made.content), now(), "", None
    row.save()
    entry = record(
        "licences.sealed",
        actor=actor.ref,
        subject=f"seal:{seal.ref}",
        payload={
            "document": row.document,
            "sha256": row.sha256,
            "certificate": seal.fingerprint,
            "requested_by": row.requested_by,
        },
    )
    SealUse.objects.create(
        seal=seal,
        document=row.document,
        title=made.paper.title[:200],
        sha256=row.sha256,
        actor=row.requested_by,
        actor_name=row.requested_name,
        used_at=row.made_at,
        entry=entry.ref,
    )
    return row


@action("licences.retry_rendition", permission=MANAGE_SEALS)
def retry_rendition(actor: Actor, *, rendition: str) -> Rendition:
    """Let a file that was given up be made again, once what stopped it is put right."""
    from yingshang.licences.tasks import make_rendition

    row = get_rendition_for(actor, rendition)
    if row.state != RenditionState.FAILED:
        raise AlreadyDone(row)
    row.state, row.attempts, row.next_try_at = RenditionState.WAITING, 0, now()
    row.save(update_fields=["state", "attempts", "next_try_at"])
    record(
        "licences.rendition_retried",
        actor=actor.ref,
        subject=f"rendition:{row.ref}",
        payload={"document": row.document},
    )
    make_rendition.enqueue(row.pk)
    return row
