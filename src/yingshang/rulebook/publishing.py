"""Publishing a draft: its document becomes the version in force."""

import re
from dataclasses import replace
from datetime import date

from yingshang.content.actions import publish_declaration, read_declaration
from yingshang.content.errors import DeclarationHasFaults
from yingshang.content.models import ContentVersion
from yingshang.content.permissions import PUBLISH as PUBLISH_CONTENT
from yingshang.content.yaml import BadYaml, read_documents
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.errors import DraftEnded, DraftHasFaults, NoSuchDraft, OwnDraft
from yingshang.rulebook.kinds import POLICY
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.permissions import PUBLISH


@action("rulebook.publish_draft", permission=PUBLISH)
def publish_draft(actor: Actor, draft: str, valid_from: date) -> ContentVersion:
    """Put a draft's document in force from a day on (see ``publish_declaration``) and end the draft.

    The account that saved it last does not publish it. Raises :class:`NoSuchDraft`,
    :class:`DraftEnded`, :class:`OwnDraft`, :class:`DraftHasFaults`, and what guards raise: a rule of a
    policy text comes in force with its text.
    """
    found = _open_to(actor, draft)
    return _end_as(actor, found, _publish(actor, read_draft(found.text), valid_from))


def end_published(actor: Actor, draft: str, version: ContentVersion) -> ContentVersion:
    """End a draft that was published with its text as ``version``, inside the caller's transaction.

    Raises :class:`NoSuchDraft`, :class:`DraftEnded`, :class:`OwnDraft` as :func:`publish_draft` does.
    """
    return _end_as(actor, _open_to(actor, draft), version)


def _open_to(actor: Actor, draft: str) -> RuleDraft:
    found = RuleDraft.objects.select_for_update().filter(ref=draft).first()
    if found is None:
        raise NoSuchDraft
    if not found.is_open:
        raise DraftEnded
    if found.saved_by.partition("/")[0] == actor.ref.partition("/")[0]:
        raise OwnDraft
    return found


def _end_as(actor: Actor, found: RuleDraft, version: ContentVersion) -> ContentVersion:
    found.published_as = version
    found.save(update_fields=["published_as"])
    record(
        "rulebook.draft_published",
        actor=actor.ref,
        subject=f"rule_draft:{found.ref}",
        payload={"key": version.key, "number": version.number, "digest": version.digest},
    )
    return version


def fit_days(actor: Actor, draft: str, *, since: date, until: date | None) -> None:
    """Let a draft hold only while the text holds on which it rests, inside the caller's transaction.

    Days inside stay; whoever wrote the draft stays who wrote it. Raises :class:`NoSuchDraft`,
    :class:`DraftEnded`, :class:`DraftHasFaults`.
    """
    found = RuleDraft.objects.select_for_update().filter(ref=draft).first()
    if found is None:
        raise NoSuchDraft
    if not found.is_open:
        raise DraftEnded
    written = _days_of(found.text)
    first = max(written[0] or since, since)
    last = min((day for day in (written[1], until) if day is not None), default=None)
    fitted = _with_days(found.text, first, last)
    if fitted == found.text:
        return
    found.text = fitted
    found.save(update_fields=["text"])
    record(
        "rulebook.draft_dated",
        actor=actor.ref,
        subject=f"rule_draft:{found.ref}",
        payload={"from": first.isoformat(), "to": last and last.isoformat()},
    )


def _days_of(text: str) -> tuple[date | None, date | None]:
    try:
        value = read_documents(text)[0].value
        days = [value.get("valid_from"), value.get("valid_to")]
        first, last = (date.fromisoformat(str(day)) if day else None for day in days)
    except (BadYaml, IndexError, AttributeError, ValueError) as error:
        raise DraftHasFaults(params={"faults": str(error)}) from error
    return first, last


def _with_days(text: str, first: date, last: date | None) -> str:
    """Return a document's text with other days, everything else byte for byte."""
    line = f'valid_from: "{first}"'
    if last is not None:
        line += f'\nvalid_to: "{last}"'
    without = re.sub(r"(?m)^valid_to:.*\n?", "", text)
    if not re.search(r"(?m)^valid_from:", without):
        return f"{without.rstrip()}\n{line}\n"
    return re.sub(r"(?m)^valid_from:.*$", line, without, count=1)


def _publish(actor: Actor, document: PolicyDeclaration, valid_from: date) -> ContentVersion:
    """Publish under the permission for rules, which covers this one kind of content."""
    allowed = replace(actor, permissions=actor.permissions | {PUBLISH_CONTENT})
    body = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return publish_declaration(allowed, kind=POLICY, declaration=body, valid_from=valid_from)


def read_draft(text: str) -> PolicyDeclaration:
    """Return the policy that a draft's text declares; raises :class:`DraftHasFaults` with all faults."""
    try:
        documents = read_documents(text)
    except BadYaml as error:
        raise DraftHasFaults(params={"faults": str(error)}) from error
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise DraftHasFaults(params={"faults": "应当恰好是一份政策"})
    try:
        found = read_declaration(POLICY, documents[0].value)
    except DeclarationHasFaults as error:
        raise DraftHasFaults(params=error.params) from error
    assert isinstance(found, PolicyDeclaration)
    return found
