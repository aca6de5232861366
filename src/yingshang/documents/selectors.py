"""Reads of attachments, access-checked."""

from collections.abc import Iterable
from hashlib import sha256

from django.core.files.storage import default_storage

from yingshang.documents.errors import AttachmentMissing, ContentGone
from yingshang.documents.guards import may_read_holder
from yingshang.documents.models import Attachment
from yingshang.parties.actors import Actor


def get_attachment_for(actor: Actor, ref: str) -> Attachment:
    """Return an attachment that the actor may read; raises :class:`AttachmentMissing` for any other.

    One that belongs to something may be read by whoever may read that; one that does not yet, by who
    handed it in.
    """
    found = Attachment.objects.filter(ref=ref).prefetch_related("holdings").first()
    if found is None:
        raise AttachmentMissing
    if not _may_read(actor, found):
        raise AttachmentMissing
    return found


def _may_read(actor: Actor, attachment: Attachment) -> bool:
    holders = [holding.holder for holding in attachment.holdings.all()]
    if not holders:
        return not actor.is_anonymous and attachment.uploaded_by == actor.ref
    return any(may_read_holder(actor, holder) for holder in holders)


def list_attachments(refs: Iterable[str]) -> dict[str, Attachment]:
    """Return attachments by reference, for a page that has checked what they belong to."""
    return {found.ref: found for found in Attachment.objects.filter(ref__in=set(refs))}


def read_content(attachment: Attachment) -> bytes:
    """Return what was handed in; raises :class:`ContentGone` unless its digest is still the same."""
    try:
        with default_storage.open(attachment.place) as file:
            content: bytes = file.read()
    except OSError as error:
        raise ContentGone from error
    if sha256(content).hexdigest() != attachment.sha256:
        raise ContentGone
    return content
