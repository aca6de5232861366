"""Taking a file, and attaching it to something."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from yingshang.documents.admission import admit
from yingshang.documents.models import Attachment, Holding
from yingshang.documents.permissions import SWEEP
from yingshang.documents.selectors import get_attachment_for
from yingshang.documents.sniffing import fitting_name
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor

UNATTACHED_FOR = timedelta(hours=24)
"""What was uploaded but attached to nothing is thrown away after this."""


@action("documents.upload", permission=ANYONE_SIGNED_IN)
def upload(actor: Actor, *, name: str, content: bytes) -> Attachment:
    """Take one file of at most 10 MB and keep it by its digest; it belongs to nothing yet.

    Raises what :func:`~yingshang.documents.admission.admit` raises; then nothing is kept.
    """
    admitted = admit(name, content)
    attachment = Attachment(
        ref=new_ref(),
        name=fitting_name(name, admitted.type),
        media_type=admitted.type.media_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        scanned=admitted.scanned,
        uploaded_by=actor.ref,
        uploaded_at=now(),
    )
    if not default_storage.exists(attachment.place):
        default_storage.save(attachment.place, ContentFile(content))
    attachment.save(force_insert=True)
    record(
        "documents.uploaded",
        actor=actor.ref,
        subject=f"attachment:{attachment.ref}",
        payload={
            "sha256": attachment.sha256,
            "size": attachment.size,
            "media_type": attachment.media_type,
            "scanned": attachment.scanned,
        },
    )
    return attachment


def attach(actor: Actor, refs: Iterable[str], holder: str) -> None:
    """Attach files to ``<sort>:<ref>`` inside the caller's transaction; the caller records it.

    Only what the actor handed in or may read anyway can be attached; raises
    :class:`AttachmentMissing`.
    """
    for ref in dict.fromkeys(refs):
        attachment = get_attachment_for(actor, ref)
        Holding.objects.get_or_create(attachment=attachment, holder=holder)


def detach(holders: Iterable[str]) -> None:
    """Let go of what belongs to holders that are no more, inside the caller's transaction.

    What then belongs to nothing is swept away.
    """
    Holding.objects.filter(holder__in=list(holders)).delete()


@action("documents.sweep", permission=SWEEP)
def sweep(actor: Actor) -> int:
    """Throw away what was attached to nothing for a day; return how many files were removed."""
    stale = Attachment.objects.filter(holdings=None, uploaded_at__lt=now() - UNATTACHED_FOR)
    removed = list(stale.select_for_update(of=("self",)))
    if not removed:
        raise AlreadyDone(0)
    for attachment in removed:
        attachment.delete()
        if not Attachment.objects.filter(sha256=attachment.sha256).exists():
            default_storage.delete(attachment.place)
    record(
        "documents.swept",
        actor=actor.ref,
        subject="documents:unattached",
        payload={"attachments": [attachment.ref for attachment in removed]},
    )
    return len(removed)
