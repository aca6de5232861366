"""The material space (材料库): what was handed in once is offered again, and used with consent only.

Choosing one's own material for a filing is consent to this use: it is given to the organ that receives
the filing, for its purpose, and logged. Officials use nothing without a consent that covers their
organ, the purpose and the day. Consents are withdrawn at any time; what was used before stays used.
"""

import io
import struct
import zlib
from datetime import date, timedelta
from typing import Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSException

from yingshang.documents.actions import attach
from yingshang.documents.models import Attachment
from yingshang.documents.selectors import get_attachment_for, read_content
from yingshang.forms.access import consented, may_use
from yingshang.forms.book import material_named
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.definition import Material
from yingshang.forms.drafts import evaluate_draft, get_draft_to_change, store, tell
from yingshang.forms.errors import (
    ConsentMissing,
    ConsentUnfit,
    MaterialFormatRefused,
    NoSuchConsent,
    NoSuchItem,
    NoSuchMaterial,
    NotDeferrable,
    NotYourField,
    TooManyFiles,
    TooManyPages,
)
from yingshang.forms.materials import find_offer
from yingshang.forms.models import Consent, Draft, ItemUse, MaterialItem, Submission
from yingshang.forms.permissions import MANAGE_SPACE
from yingshang.forms.selectors import get_item_for
from yingshang.kernel.canonical import digest
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchOrgan
from yingshang.parties.models import Organ

_UNREADABLE = (
    PSException,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the reader of PDF raises on damaged files."""

LONGEST_CONSENT = timedelta(days=3 * 366)
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@action("forms.choose_material", permission=ANYONE_SIGNED_IN)
def choose_material(
    actor: Actor,
    *,
    draft: str,
    material: str,
    files: tuple[str, ...] = (),
    item: str = "",
    provider: str = "",
    held: str = "",
    later: bool = False,
    reason: str = "",
) -> Draft:
    """Say what stands for a material: uploaded files, a kept item, something held, later, or a reason.

    Given nothing, takes back what stood for it. Raises ``NoSuchDraft``, ``NoSuchMaterial`` for what the
    form does not ask, ``MaterialFormatRefused``, ``TooManyFiles``, ``TooManyPages``,
    ``AttachmentMissing``, ``NoSuchItem``, ``ConsentMissing``, ``NotDeferrable``, ``NotYourField``.
    """
    found = get_draft_to_change(actor, draft)
    asked = {one.material: one for one in evaluate_draft(found).materials}
    if material not in asked:
        raise NoSuchMaterial(field="material", params={"key": material[:80]})
    declared = material_named(material)
    _demand_open(found, declared)
    choice: dict[str, Any] | None = None
    if files:
        choice = _files(actor, found, declared, files)
    elif item:
        choice = _kept(actor, found, declared, item)
    elif held:
        choice = _held(found, declared, provider, held)
    elif later:
        if not declared.deferrable:
            raise NotDeferrable(field="material", params={"material": declared.label})
        choice = {"way": "later", "days": declared.deferred_days}
    elif reason.strip():
        if asked[material].required == "yes":
            raise NotDeferrable(field="material", params={"material": declared.label})
        choice = {"way": "without", "reason": reason.strip()[:300]}
    if found.materials.get(material) == choice:
        raise AlreadyDone(found)
    chosen = {**found.materials, material: choice}
    found.materials = {key: one for key, one in chosen.items() if one is not None}
    store(found, [f"material:{material}"])
    way = choice["way"] if choice else None
    tell(actor, found, "forms.material_chosen", material=material, way=way)
    return found


def _demand_open(draft: Draft, material: Material) -> None:
    """In a correction only a marked material may change, and one that was not handed in before."""
    if draft.corrects is None or f"material:{material.key}" in draft.open_paths:
        return
    if material.key in draft.corrects.body["materials"]:
        raise NotYourField(field="material", params={"label": material.label})


def _files(actor: Actor, draft: Draft, material: Material, refs: tuple[str, ...]) -> dict[str, Any]:
    refs = tuple(dict.fromkeys(refs))
    if len(refs) > material.most_files:
        params = {"material": material.label, "most": material.most_files}
        raise TooManyFiles(field="files", params=params)
    given = [get_attachment_for(actor, ref) for ref in refs]
    for one in given:
        _demand_fits(material, one)
    attach(actor, refs, f"draft:{draft.ref}")
    return {"way": "files", "files": [_file(one) for one in given]}


def _demand_fits(material: Material, attachment: Attachment) -> None:
    if attachment.media_type not in {MEDIA_TYPES[one] for one in material.formats}:
        formats = "、".join(one.upper() for one in material.formats)
        params = {"material": material.label, "formats": formats}
        raise MaterialFormatRefused(field="files", params=params)
    counted = material.most_pages is not None and attachment.media_type == MEDIA_TYPES["pdf"]
    if counted and pages_of(read_content(attachment)) > (material.most_pages or 0):
        params = {"material": material.label, "most": str(material.most_pages)}
        raise TooManyPages(field="files", params=params)


def pages_of(content: bytes) -> int:
    """Return how many pages a PDF says it has; one whose page tree cannot be read has none."""
    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)))
        pages = resolve1(document.catalog.get("Pages"))
        count = resolve1(pages.get("Count")) if isinstance(pages, dict) else 0
    except _UNREADABLE:
        return 0
    return count if isinstance(count, int) else 0


def _file(attachment: Attachment) -> dict[str, Any]:
    return {
        "ref": attachment.ref,
        "name": attachment.name,
        "sha256": attachment.sha256,
        "size": attachment.size,
        "media_type": attachment.media_type,
    }


def _kept(actor: Actor, draft: Draft, material: Material, ref: str) -> dict[str, Any]:
    item = MaterialItem.objects.filter(
        ref=ref, material=material.key, subject=draft.subject_id or 0, removed_at=None
    ).first()
    if item is None or (item.valid_to is not None and item.valid_to < today()):
        raise NoSuchItem(field="item")
    if actor.subject_id != item.subject_id and may_use(actor, item, draft.purpose) is None:
        raise ConsentMissing(field="item")
    return {
        "way": "kept",
        "item": item.ref,
        "files": item.files,
        "handed_in_at": item.handed_in_at.isoformat(),
        "origin": item.origin,
    }


def _held(draft: Draft, material: Material, provider: str, ref: str) -> dict[str, Any]:
    offer = find_offer(draft.subject, material.key, provider, ref)
    if offer is None:
        raise NoSuchItem(field="held")
    return {
        "way": "held",
        "provider": provider,
        "ref": offer.ref,
        "label": offer.label,
        "digest": offer.digest,
        "issued_on": offer.issued_on.isoformat() if offer.issued_on else None,
        "valid_to": offer.valid_to.isoformat() if offer.valid_to else None,
    }


def keep_materials(actor: Actor, submission: Submission, form: CompiledForm) -> None:
    """Put what was uploaded into the subject's space, in the caller's transaction."""
    if submission.subject is None:
        return
    for key, one in submission.body["materials"].items():
        declared = form.materials.get(key)
        if one["way"] != "files" or declared is None or declared.reusable_days < 0:
            continue
        until = today() + timedelta(days=declared.reusable_days) if declared.reusable_days else None
        item, _new = MaterialItem.objects.get_or_create(
            subject=submission.subject,
            material=key,
            digest=digest([file["sha256"] for file in one["files"]]).hex(),
            removed_at=None,
            defaults={
                "files": one["files"],
                "origin": f"submission:{submission.ref}",
                "purpose": submission.purpose,
                "handed_in_at": submission.submitted_at,
                "valid_to": until,
            },
        )
        attach(actor, [file["ref"] for file in item.files], f"material:{item.ref}")


def use_kept(actor: Actor, draft: Draft, submission: Submission) -> None:
    """Log the kept items that a submission uses, each under a consent, in the caller's transaction."""
    organ = Organ.objects.filter(key=str(draft.context.get("organ", ""))).first()
    for one in draft.materials.values():
        if one["way"] != "kept" or one["item"] is None:
            continue
        item = MaterialItem.objects.select_for_update().get(ref=one["item"])
        if item.removed_at is not None:
            raise NoSuchItem(field="item")
        if actor.subject_id == item.subject_id:
            consent = consented(organ.pk if organ else None, item, draft.purpose)
            consent = consent or _consent(actor, item, organ, draft.purpose, draft.expires_on)
        else:
            consent = may_use(actor, item, draft.purpose)
        if consent is None:
            raise ConsentMissing(field="item")
        ItemUse.objects.create(
            item=item,
            consent=consent,
            organ_id=actor.organ_id or (organ.pk if organ else None),
            purpose=draft.purpose,
            about=f"submission:{submission.ref}",
            used_by=actor.ref,
            used_at=now(),
        )


def _consent(
    actor: Actor, item: MaterialItem, organ: Organ | None, purpose: str, until: date
) -> Consent:
    return Consent.objects.create(
        item=item,
        organ=organ,
        purpose=purpose,
        expires_on=until,
        given_by=actor.ref,
        given_at=now(),
    )


@action("forms.give_consent", permission=MANAGE_SPACE)
def give_consent(
    actor: Actor, *, item: str, organ: str = "", purpose: str, expires_on: date
) -> Consent:
    """Let an organ (by key; any, where none is named) use an item for a purpose until a day.

    Raises ``NoSuchItem``, ``NoSuchOrgan``, ``ConsentUnfit``.
    """
    found = get_item_for(actor, item)
    allowed = today() <= expires_on <= today() + LONGEST_CONSENT
    if not allowed or not purpose.strip() or len(purpose) > 120:
        raise ConsentUnfit(field="expires_on" if not allowed else "purpose")
    receiver = Organ.objects.filter(key=organ).first() if organ else None
    if organ and receiver is None:
        raise NoSuchOrgan(field="organ")
    made = _consent(actor, found, receiver, purpose.strip(), expires_on)
    _tell(actor, found, "forms.consent_given", consent=made.ref, organ=organ, until=expires_on)
    return made


@action("forms.withdraw_consent", permission=MANAGE_SPACE)
def withdraw_consent(actor: Actor, *, consent: str) -> Consent:
    """Withdraw a consent about one's own material. Raises ``NoSuchConsent``."""
    found = (
        Consent.objects.select_for_update(of=("self",))
        .select_related("item")
        .filter(ref=consent, item__subject=actor.subject_id or 0, withdrawn_at=None)
        .first()
    )
    if found is None:
        raise NoSuchConsent(field="consent")
    found.withdrawn_at = now()
    found.save(update_fields=["withdrawn_at"])
    _tell(actor, found.item, "forms.consent_withdrawn", consent=found.ref)
    return found


@action("forms.remove_item", permission=MANAGE_SPACE)
def remove_item(actor: Actor, *, item: str) -> None:
    """Take an item out of one's space; submissions keep what they were handed in with."""
    found = get_item_for(actor, item)
    found.removed_at = now()
    found.save(update_fields=["removed_at"])
    _tell(actor, found, "forms.item_removed")


def _tell(actor: Actor, item: MaterialItem, kind: str, **payload: Any) -> None:
    record(kind, actor=actor.ref, subject=f"material:{item.ref}", payload=payload)
