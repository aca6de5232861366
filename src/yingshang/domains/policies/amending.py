"""Amending a text of the library (修订): a draft of the same key with its clauses and rules, in a case of its own.

The case is that of a new text with all its gates. What it publishes waits for the day on which it takes
effect and then stands in the place of the old wording and the old rules; until then those hold.
"""

from typing import Any

from yingshang.cases.working import open_case
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_waiting
from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.drafts import PROCEDURE, account_of, in_making, tell
from yingshang.domains.policies.errors import AmendmentOpen, NotTheIssuer, TextAbolished
from yingshang.domains.policies.kinds import POLICY_TEXT
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.models import TextDraft
from yingshang.domains.policies.naming import organ_names
from yingshang.domains.policies.permissions import DRAFT
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import today
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.rulebook.drafting import start_draft

_KEPT = (
    "title", "title_en", "number", "inclusive", "supersedes", "rests_on", "topics", "attachments",
)  # fmt: skip


@action("policies.amend_text", permission=DRAFT)
def amend_text(actor: Actor, *, text: str) -> TextDraft:
    """Open the case of an amendment of the organ's own text; its rules that are not over are drafted anew.

    Raises ``NoSuchText``, :class:`NotTheIssuer`, :class:`TextAbolished`, :class:`AmendmentOpen`, and
    ``NotPermitted`` to who may not draft rules where the text has some.
    """
    found = current_library().get(text)
    organ = _issuer(actor, found)
    _demand_open(found)
    draft = TextDraft(
        ref=new_ref(), key=found.key, title=found.declaration.title, organ=organ,
        source="\n".join(one.text for one in found.declaration.clauses),
        made_by=actor.ref, saved_by=actor.ref, authors=[account_of(actor)], body=_body(found.declaration),
    )  # fmt: skip
    case = open_case(
        actor, procedure=PROCEDURE, title=draft.title, holder=organ,
        origin=f"policies.draft:{draft.ref}",
    )  # fmt: skip
    draft.case = case.ref
    draft.rules = [
        start_draft(actor, based_on=rule.key).ref
        for rule in found.rules
        if rule.valid_to is None or rule.valid_to >= today()
    ]
    draft.save(force_insert=True)
    tell("policies.amendment_started", actor, draft)
    return draft


def _issuer(actor: Actor, text: Text) -> Organ:
    organ = Organ.objects.filter(pk=actor.organ_id or 0).first()
    if organ is None or organ.key != text.declaration.issuer:
        issuer = text.declaration.issuer
        raise NotTheIssuer(params={"organ": organ_names([issuer])[issuer]})
    return organ


def _demand_open(text: Text) -> None:
    ContentVersion.objects.select_for_update().get(pk=text.version.pk)
    if text.state_on(today()) == "abolished":
        raise TextAbolished
    if amendment_of(text.key) is not None or coming(text.key) is not None:
        raise AmendmentOpen


def _body(one: PolicyTextDeclaration) -> dict[str, Any]:
    plain = one.model_dump(mode="json")
    ends = plain["valid_to"] or ""
    clauses = [
        {**{key: clause[key] for key in ("label", "text", "marks", "unused")}, "checked": True}
        for clause in plain["clauses"]
    ]
    return {
        **{key: plain[key] for key in _KEPT},
        "level": plain["level"], "valid_from": "", "valid_to": ends, "clauses": clauses,
        "phone": one.contact.phone if one.contact else "",
    }  # fmt: skip


def amendment_of(key: str) -> TextDraft | None:
    """Return the draft by which a text of the library is being amended, or None."""
    return next(iter(in_making(TextDraft.objects.filter(key=key).order_by("-pk"))), None)


def coming(key: str) -> PolicyTextDeclaration | None:
    """Return the amended text that is published and waits for its day, or None."""
    version = list_waiting(POLICY_TEXT).filter(key=key).first()
    if version is None:
        return None
    found = declaration_of(version)
    assert isinstance(found, PolicyTextDeclaration)
    return found


def changes_between(
    old: PolicyTextDeclaration, new: PolicyTextDeclaration
) -> list[tuple[str, str, str]]:
    """Return ``(label, old words, new words)`` of the clauses that differ; empty words where there is none."""
    before = {one.label: one.text for one in old.clauses}
    after = {one.label: one.text for one in new.clauses}
    labels = [*after, *(label for label in before if label not in after)]
    return [
        (label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label) != after.get(label)
    ]
