"""Writing drafts of rules: starting one, saving it, giving it up."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import get_current
from yingshang.content.yaml import BadYaml, read_documents
from yingshang.kernel.errors import Invalid
from yingshang.kernel.times import now
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.rulebook.errors import DraftEnded, DraftMoved, NoSuchDraft
from yingshang.rulebook.kinds import POLICY
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.permissions import DRAFT, PUBLISH, READ
from yingshang.rulebook.sources import source_of, written

LONGEST_DRAFT = 200_000
"""Characters; the longest policy met in practice has about 8,000."""


@action("rulebook.start_draft", permission=DRAFT)
def start_draft(
    actor: Actor,
    *,
    based_on: str = "",
    document: Mapping[str, Any] | None = None,
    text: str = "",
) -> RuleDraft:
    """Start a draft and return it: of a policy in force (by key), of a document, or of a text.

    A policy in force is taken with the text that it was read from, comments and layout included.
    Raises ``ContentNotLoaded``, ``NotPermitted`` where the actor acts for no organ, ``invalid``.
    """
    version = get_current(POLICY, based_on) if based_on else None
    if not text:
        text = source_of(version) if version else written(dict(document or {}))
    _check_size(text)
    draft = RuleDraft.objects.create(
        key=key_of(text),
        text=text,
        based_on=version,
        organ_id=_organ_of(actor),
        made_by_id=actor.person_id,
        saved_by=actor.ref,
    )
    _tell("rulebook.draft_started", actor, draft)
    return draft


@action("rulebook.save_draft", permission=DRAFT)
def save_draft(actor: Actor, *, draft: str, text: str, expected_version: int) -> RuleDraft:
    """Save a draft's text as it is typed, right or wrong; the same text again writes nothing.

    Raises :class:`NoSuchDraft`, :class:`DraftEnded`, :class:`DraftMoved`, ``invalid``.
    """
    _check_size(text)
    found = _locked(actor, draft)
    if found.version != expected_version:
        raise DraftMoved(params={"version": found.version})
    if found.text == text:
        raise AlreadyDone(found)
    found.text, found.key = text, key_of(text)
    found.version += 1
    found.saved_at, found.saved_by = now(), actor.ref
    found.save(update_fields=["text", "key", "version", "saved_at", "saved_by"])
    _tell("rulebook.draft_saved", actor, found)
    return found


@action("rulebook.give_up_draft", permission=DRAFT)
def give_up_draft(actor: Actor, *, draft: str) -> RuleDraft:
    """End a draft without publishing it; its text stays. Raises :class:`NoSuchDraft`, :class:`DraftEnded`."""
    found = _locked(actor, draft)
    found.given_up_at = now()
    found.save(update_fields=["given_up_at"])
    _tell("rulebook.draft_given_up", actor, found)
    return found


def list_drafts_for(actor: Actor) -> QuerySet[RuleDraft]:
    """Return the drafts of the actor's organ, of every organ to who may publish them.

    Raises ``NotPermitted``.
    """
    actor.require(READ)
    drafts = RuleDraft.objects.select_related("based_on", "made_by", "organ", "published_as")
    own = _organ_of(actor)
    return drafts if actor.may(PUBLISH) else drafts.filter(organ_id=own)


def get_draft_for(actor: Actor, ref: str) -> RuleDraft:
    """Return a draft that the actor may see; raises :class:`NoSuchDraft`."""
    found = list_drafts_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchDraft
    return found


def key_of(text: str) -> str:
    """Return the policy's key that a text says, empty where it says none that could be one."""
    key = _said(text, "key")
    return key if len(key) <= 80 else ""


def title_of(text: str) -> str:
    """Return the title that a text says, empty where it says none."""
    return _said(text, "title")


def _said(text: str, name: str) -> str:
    try:
        documents = read_documents(text)
    except BadYaml:
        return ""
    value = documents[0].value if documents else None
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _locked(actor: Actor, ref: str) -> RuleDraft:
    drafts = RuleDraft.objects.select_for_update().filter(organ_id=_organ_of(actor))
    found = drafts.filter(ref=ref).first()
    if found is None:
        raise NoSuchDraft
    if not found.is_open:
        raise DraftEnded
    return found


def _organ_of(actor: Actor) -> int:
    """Return the organ for which the actor acts: drafts belong to organs. Raises ``NotPermitted``."""
    if actor.organ_id is None:
        raise NotPermitted
    return actor.organ_id


def _check_size(text: str) -> None:
    if not text.strip() or len(text) > LONGEST_DRAFT:
        raise Invalid(f"规则的文字应有 1 至 {LONGEST_DRAFT} 个字符", field="text")


def _tell(event: str, actor: Actor, draft: RuleDraft) -> None:
    record(
        event,
        actor=actor.ref,
        subject=f"rule_draft:{draft.ref}",
        payload={
            "key": draft.key,
            "version": draft.version,
            "text": draft.text,
            "based_on": _named(draft.based_on),
        },
    )


def _named(version: ContentVersion | None) -> list[Any] | None:
    return None if version is None else [version.key, version.number, version.digest]
