"""Signatures of a draft's content, and the applicant's confirmation of what was filed on its behalf.

A signature binds the digest of what was signed: after any change it is void, and shows so. Another
party signs with its own account, through an invitation that the applicant hands on. A confirmation
code is made of the content's digest too, so that it confirms just what the applicant was shown.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from yingshang.documents.selectors import list_attachments
from yingshang.forms.drafts import (
    content_digest,
    evaluate_draft,
    get_draft_to_change,
    keep_files,
    tell,
)
from yingshang.forms.errors import (
    ConfirmationMissing,
    ContentSigned,
    InvitationUnfit,
    NoSuchSlot,
    SignerUnfit,
)
from yingshang.forms.evaluating import Evaluated, Slot
from yingshang.forms.models import Draft, DraftState, Signature
from yingshang.forms.permissions import FILE_FOR, FILL
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor
from yingshang.parties.identities import identity_digest
from yingshang.parties.models import Person

MOST_TRIES = 5
CODE_LENGTH = 8


def _keyed(*parts: str, length: int) -> str:
    message = "\n".join(("yingshang.forms", *parts)).encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, sha256).hexdigest()[:length]


def invitation(draft: Draft, slot: str) -> str:
    """Return the code of the link by which somebody may see a draft and sign it in one place."""
    return _keyed("invitation", draft.ref, slot, str(draft.started_at.timestamp()), length=32)


def invited_draft(ref: str, slot: str, code: str) -> Draft:
    """Return the open draft that an invitation is for; raises ``InvitationUnfit``."""
    draft = (
        Draft.objects.select_related("form", "subject", "corrects")
        .filter(ref=ref, state=DraftState.OPEN, expires_on__gte=today())
        .first()
    )
    expected = invitation(draft, slot) if draft else ""
    if draft is None or not hmac.compare_digest(expected.encode(), code.encode()):
        raise InvitationUnfit
    return draft


def slot_of(evaluated: Evaluated, path: str) -> Slot:
    """Return a signature that is asked; raises ``NoSuchSlot``."""
    found = next((slot for slot in evaluated.slots if slot.path == path), None)
    if found is None:
        raise NoSuchSlot(field="slot")
    return found


@action("forms.sign_draft", permission=ANYONE_SIGNED_IN)
def sign_draft(actor: Actor, *, draft: str, slot: str, content: str, code: str = "") -> Signature:
    """Sign what the digest ``content`` stands for, oneself: by one's right to the draft or an invitation.

    Raises ``NoSuchDraft``, ``InvitationUnfit``, ``NoSuchSlot``, ``SignerUnfit`` for somebody else's
    place, ``ContentSigned`` where the content has changed since it was shown.
    """
    if code:
        invited_draft(draft, slot, code)
        found = Draft.objects.select_for_update(of=("self",)).select_related("form").get(ref=draft)
    else:
        found = get_draft_to_change(actor, draft)
    wanted = slot_of(evaluate_draft(found), slot)
    if not _is_signer(actor, found, wanted):
        raise SignerUnfit(params={"name": wanted.signer or _applicant(found)})
    if content_digest(found) != content:
        raise ContentSigned
    Signature.objects.filter(draft=found, slot=slot, voided_at=None).update(voided_at=now())
    made = Signature.objects.create(
        draft=found,
        slot=slot,
        name=actor.name[:80],
        signer=actor.ref,
        method="account",
        digest=content,
        signed_at=now(),
    )
    tell(actor, found, "forms.draft_signed", slot=slot, content=content)
    return made


def _is_signer(actor: Actor, draft: Draft, slot: Slot) -> bool:
    """Tell whether the actor is who is to sign: by name, and by identity number where both are known.

    Whoever files on somebody's behalf for an organ signs nothing in that somebody's place.
    """
    if draft.on_behalf_id is not None and actor.organ_id == draft.on_behalf_id:
        return False
    if slot.signer and slot.signer != actor.name:
        return False
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    known = person.id_digest if person is not None else None
    return not (slot.number and known) or known == identity_digest(slot.number)


def _applicant(draft: Draft) -> str:
    return draft.subject.name if draft.subject is not None else gettext("申请人")


def unsigned(draft: Draft, evaluated: Evaluated) -> list[Slot]:
    """Return the signatures that are asked and not there, or void; a signed paper stands for its signer's."""
    content = content_digest(draft)
    on_paper = _paper_signer(draft, content)
    valid = set(
        Signature.objects.filter(draft=draft, voided_at=None, digest=content).values_list(
            "slot", "name"
        )
    )
    return [
        slot
        for slot in evaluated.slots
        if not any(path == slot.path and slot.signer in ("", name) for path, name in valid)
        and not (on_paper and slot.signer in ("", on_paper))
    ]


def _paper_signer(draft: Draft, content: str) -> str:
    """Return who signed on paper what an organ files with this content; nobody where there is no scan."""
    given = draft.confirmation
    fits = given.get("method") == "paper" and given.get("content") == content
    return str(given["name"]) if fits and draft.on_behalf_id is not None else ""


def frozen_signatures(draft: Draft) -> list[dict[str, Any]]:
    """Return the valid signatures as a submission keeps them."""
    valid = Signature.objects.filter(draft=draft, voided_at=None).order_by("slot")
    return [
        {
            "slot": one.slot,
            "name": one.name,
            "signer": one.signer,
            "method": one.method,
            "digest": one.digest,
            "signed_at": one.signed_at.isoformat(),
        }
        for one in valid
    ] + _paper_signatures(draft)


def _paper_signatures(draft: Draft) -> list[dict[str, Any]]:
    content = content_digest(draft)
    name = _paper_signer(draft, content)
    return [
        {
            "slot": slot.path,
            "name": name,
            "signer": "",
            "method": "paper",
            "digest": content,
            "signed_at": draft.confirmation["at"],
        }
        for slot in evaluate_draft(draft).slots
        if name and slot.signer in ("", name)
    ]


def confirmation_code(draft: Draft) -> str:
    """Return the code that the applicant tells the clerk: eight digits over the present content."""
    number = int(_keyed("confirmation", draft.ref, content_digest(draft), length=16), 16)
    return str(number % 10**CODE_LENGTH).zfill(CODE_LENGTH)


@action("forms.confirm_filing", permission=FILE_FOR)
def confirm_filing(
    actor: Actor, *, draft: str, code: str = "", files: tuple[str, ...] = (), name: str = ""
) -> bool:
    """Say that the applicant confirmed what is filed on its behalf: by its code, or on signed paper.

    Returns whether it is confirmed: a wrong code is counted, and after five no code is taken for this
    content any more. Paper needs the scan's attachment and who signed. Raises ``NoSuchDraft``,
    ``ConfirmationMissing``, ``AttachmentMissing``.
    """
    found = get_draft_to_change(actor, draft)
    content = content_digest(found)
    if files:
        if not name.strip():
            raise ConfirmationMissing(field="name")
        keep_files(actor, found, list(files))
        found.confirmation = {
            "method": "paper",
            "content": content,
            "name": name.strip()[:80],
            "files": [
                {"ref": one.ref, "sha256": one.sha256, "name": one.name}
                for one in list_attachments(files).values()
            ],
            "at": now().isoformat(),
        }
    else:
        _try_code(found, content, code)
    found.save(update_fields=["confirmation"])
    confirmed = is_confirmed(found)
    kind = "forms.filing_confirmed" if confirmed else "forms.confirmation_refused"
    tell(actor, found, kind, content=content)
    return confirmed


def _try_code(draft: Draft, content: str, code: str) -> None:
    tried = draft.confirmation
    tries = tried.get("tries", 0) if tried.get("content") == content else 0
    if tries >= MOST_TRIES:
        raise ConfirmationMissing(field="code")
    fits = hmac.compare_digest(confirmation_code(draft).encode(), code.strip().encode())
    draft.confirmation = {"content": content, "tries": tries + 1}
    if fits:
        draft.confirmation |= {"method": "code", "at": now().isoformat()}


@action("forms.confirm_own_filing", permission=FILL)
def confirm_own_filing(actor: Actor, *, draft: str, content: str) -> Draft:
    """Confirm, as the applicant, what an organ is filing on one's behalf.

    Raises ``InvitationUnfit`` for any other draft, ``ContentSigned`` where it changed since shown.
    """
    found = awaited_draft(actor, draft, lock=True)
    if content_digest(found) != content:
        raise ContentSigned
    found.confirmation = {
        "method": "account",
        "content": content,
        "name": actor.name,
        "signer": actor.ref,
        "at": now().isoformat(),
    }
    found.save(update_fields=["confirmation"])
    record(
        "forms.filing_confirmed",
        actor=actor.ref,
        subject=f"draft:{found.ref}",
        payload={"content": content},
    )
    return found


def awaited_draft(actor: Actor, ref: str, *, lock: bool = False) -> Draft:
    """Return a draft that an organ fills on behalf of the actor's subject; raises ``InvitationUnfit``."""
    drafts = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects.all()
    found = drafts.select_related("form", "subject", "on_behalf", "corrects").filter(
        ref=ref, state=DraftState.OPEN, on_behalf__isnull=False, subject=actor.subject_id or 0
    )
    draft = found.filter(expires_on__gte=today()).first()
    if draft is None or not actor.may(FILL):
        raise InvitationUnfit
    return draft


def is_confirmed(draft: Draft) -> bool:
    """Tell whether the applicant confirmed the present content; its own filing needs none."""
    if draft.on_behalf_id is None:
        return True
    given = draft.confirmation
    return bool(given.get("method")) and given.get("content") == content_digest(draft)


def signatures_of(draft: Draft) -> Iterable[Signature]:
    """Return every signature that a draft ever had, the latest first."""
    return Signature.objects.filter(draft=draft).order_by("-signed_at", "-pk")
