"""Lawful erasure: the content goes, the event and the reason stay, and the log still verifies.

The tombstone is itself an event, of kind :data:`ERASED` about the subject ``entry:<ref>``; its
payload holds the ground. A missing payload without it is a finding of ``yingshang ledger verify``.
"""

from django.db import transaction

from yingshang.ledger.errors import AlreadyErased, GroundNeeded, NotErasable
from yingshang.ledger.models import Entry, Payload
from yingshang.ledger.receipts import get_entry
from yingshang.ledger.recording import EntryRef, record

ERASED = "ledger.payload_erased"


def erase(entry: EntryRef | str, *, ground: str, actor: str) -> EntryRef:
    """Remove the payload and salt of an event on a legal ground; return the tombstone's reference.

    Authorise before: the ledger knows actors only as opaque references. Raises
    :class:`GroundNeeded`, :class:`NotErasable` for a tombstone, :class:`AlreadyErased`.
    """
    if not ground.strip():
        raise GroundNeeded()
    with transaction.atomic():
        row = get_entry(entry.ref if isinstance(entry, EntryRef) else entry)
        if row.kind == ERASED:
            raise NotErasable()
        deleted, _ = Payload.objects.filter(entry=row).delete()
        if not deleted:
            raise AlreadyErased(params={"ref": row.ref})
        return record(
            ERASED,
            actor=actor,
            subject=subject_of(row.ref),
            payload={"entry": row.ref, "ground": ground.strip()},
        )


def subject_of(ref: str) -> str:
    """Return how an event about the event ``ref`` names its subject."""
    return f"entry:{ref}"


def find_tombstone(ref: str) -> Entry | None:
    """Return the event that records the erasure of ``ref``, or None."""
    return Entry.objects.filter(kind=ERASED, subject=subject_of(ref)).order_by("id").first()
