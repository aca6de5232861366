"""Writing a policy text: importing its wording, correcting clauses, settling proposals, making its rule."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Final

import rfc8785
from django.db.models import QuerySet
from pydantic import ValidationError

from yingshang.cases.errors import CaseMissing
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.selectors import get_case_for
from yingshang.cases.working import find_action, lockable, move, open_case
from yingshang.content.packs import explain
from yingshang.content.yaml import BadYaml, read_documents
from yingshang.domains.policies.declaring import Mark, PolicyTextDeclaration
from yingshang.domains.policies.errors import (
    ClauseTaken,
    ConditionNotReadable,
    DraftNotReady,
    KeyTaken,
    NoSuchClause,
    NoSuchProposal,
    NoSuchRuleHere,
    NoSuchTextDraft,
    TextDraftLocked,
    TextDraftMoved,
    WordingEmpty,
)
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import Decision, Proposal, TextDraft
from yingshang.domains.policies.permissions import DRAFT, READ
from yingshang.domains.policies.proposing import current_lexicon, propose
from yingshang.domains.policies.ruling import (
    document_of,
    is_rule,
    remarks_of,
    rule_of,
)
from yingshang.domains.policies.splitting import split_wording
from yingshang.facts.catalogue import current_catalogue
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.rulebook.drafting import start_draft
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.sources import written

PROCEDURE: Final = "policy-making"
WRITABLE: Final = frozenset({"drafting", "revising"})
MASTHEAD: Final = (
    "title", "title_en", "number", "level", "inclusive", "topics", "supersedes", "rests_on",
    "valid_from", "valid_to", "interpretation", "interpretation_en", "immediate", "phone",
)  # fmt: skip
_KEY = re.compile(r"^[a-z0-9][a-z0-9-]{1,79}$")


@action("policies.start_text", permission=DRAFT)
def start_text(
    actor: Actor, *, key: str, title: str = "", wording: str, source_name: str = ""
) -> TextDraft:
    """Import a wording: split it into clauses, propose what they mean, and open the case of its making.

    Raises :class:`KeyTaken`, :class:`WordingEmpty`, ``PolicyNotReadable``, and for an actor of no
    organ ``HolderMissing``.
    """
    _demand_free_key(key)
    found = split_wording(wording)
    if not found.clauses:
        raise WordingEmpty(field="wording")
    proposed = propose(found.clauses, current_lexicon())
    organ = Organ.objects.filter(pk=actor.organ_id or 0).first()
    name = (title or found.title).strip()[:200] or key
    draft = TextDraft(
        ref=new_ref(), key=key, title=name, source=wording, source_name=source_name[:200],
        made_by=actor.ref, saved_by=actor.ref, authors=[account_of(actor)],
        body={
            "title": name, "title_en": "", "number": found.number, "level": "district",
            "valid_from": _iso(found.valid_from), "valid_to": _iso(found.valid_to),
            "clauses": [
                {"label": c.label, "text": c.text, "marks": [str(m) for m in c.marks],
                 "unused": "", "checked": False}
                for c in found.clauses
            ],
        },
    )  # fmt: skip
    case = open_case(
        actor, procedure=PROCEDURE, title=name, holder=organ, origin=f"policies.draft:{draft.ref}"
    )
    assert organ is not None
    draft.organ, draft.case = organ, case.ref
    draft.save(force_insert=True)
    Proposal.objects.bulk_create(
        Proposal(draft=draft, place=place, clause=p.clause, sort=p.sort, words=p.words, content=p.content)
        for place, p in enumerate(proposed, start=1)
    )  # fmt: skip
    tell("policies.text_started", actor, draft)
    return draft


def _demand_free_key(key: str) -> None:
    if not _KEY.match(key):
        raise KeyTaken("标识只用小写字母、数字和短横线", field="key")
    if key in current_library().texts or TextDraft.objects.filter(key=key).exists():
        raise KeyTaken(field="key", params={"key": key})


def account_of(actor: Actor) -> str:
    """Return the account behind an actor, whatever mandate it acts under."""
    return actor.ref.partition("/")[0]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@action("policies.save_masthead", permission=DRAFT)
def save_masthead(
    actor: Actor, *, draft: str, masthead: dict[str, Any], expected_version: int | None = None
) -> TextDraft:
    """Save what stands above the clauses; unknown names are refused.

    Raises :class:`NoSuchTextDraft`, :class:`TextDraftLocked`, :class:`TextDraftMoved`.
    """
    found = lock_writable(actor, draft, expected_version)
    if strange := set(masthead) - set(MASTHEAD):
        raise DraftNotReady(params={"what": "、".join(sorted(strange))})
    found.body = {**found.body, **masthead}
    found.title = str(found.body.get("title") or found.title)[:200]
    return _save(actor, found, "policies.masthead_saved")


@action("policies.save_clause", permission=DRAFT)
def save_clause(
    actor: Actor, *, draft: str, clause: str, text: str, marks: list[Mark], label: str = "",
    unused: str = "", expected_version: int | None = None,
) -> TextDraft:  # fmt: skip
    """Save the words and marks of one clause, which are then checked; ``label`` renames it.

    Raises :class:`NoSuchClause`, :class:`ClauseTaken` and as :func:`save_masthead` does.
    """
    found = lock_writable(actor, draft, expected_version)
    place = _place(found, clause)
    name = label.strip() or clause
    if name != clause and any(one["label"] == name for one in found.clauses):
        raise ClauseTaken(field="label", params={"clause": name})
    if not marks:
        raise DraftNotReady("请至少选择一项标注", field="marks", params={"what": name})
    found.body["clauses"][place] = {
        "label": name, "text": text.strip(), "marks": [str(Mark(m)) for m in marks],
        "unused": unused.strip(), "checked": True,
    }  # fmt: skip
    found.proposals.filter(clause=clause).update(clause=name)
    return _save(actor, found, "policies.clause_saved")


@action("policies.add_clause", permission=DRAFT)
def add_clause(
    actor: Actor, *, draft: str, label: str, text: str, marks: list[Mark], after: str = ""
) -> TextDraft:
    """Put in a clause after another, or first. Raises :class:`ClauseTaken` and as above."""
    found = lock_writable(actor, draft)
    if any(one["label"] == label for one in found.clauses):
        raise ClauseTaken(field="label", params={"clause": label})
    place = _place(found, after) + 1 if after else 0
    found.body["clauses"].insert(
        place,
        {"label": label, "text": text.strip(), "marks": [str(m) for m in marks], "unused": "",
         "checked": True},
    )  # fmt: skip
    return _save(actor, found, "policies.clause_added")


@action("policies.remove_clause", permission=DRAFT)
def remove_clause(actor: Actor, *, draft: str, clause: str) -> TextDraft:
    """Take out a clause. Raises :class:`NoSuchClause` and as above."""
    found = lock_writable(actor, draft)
    del found.body["clauses"][_place(found, clause)]
    return _save(actor, found, "policies.clause_removed")


@action("policies.confirm_marks", permission=DRAFT)
def confirm_marks(actor: Actor, *, draft: str, expected_version: int | None = None) -> TextDraft:
    """Confirm the marks of all clauses as they stand. Raises as :func:`save_masthead` does."""
    found = lock_writable(actor, draft, expected_version)
    if all(one["checked"] for one in found.clauses):
        raise AlreadyDone(found)
    found.body["clauses"] = [{**one, "checked": True} for one in found.clauses]
    return _save(actor, found, "policies.marks_confirmed")


def _place(draft: TextDraft, label: str) -> int:
    for place, one in enumerate(draft.clauses):
        if one["label"] == label:
            return place
    raise NoSuchClause(params={"clause": label})


@action("policies.settle_proposal", permission=DRAFT)
def settle_proposal(
    actor: Actor, *, draft: str, place: int, decision: Decision, why: str = "",
    condition: str = "", base: str = "",
) -> Proposal:  # fmt: skip
    """Confirm, change or reject a proposal.

    A changed condition is ``condition`` in the language of rules; a changed amount has the fact or
    formula that it is a share of as ``base``. Raises :class:`NoSuchProposal`,
    :class:`ConditionNotReadable`, and as :func:`save_masthead` does.
    """
    found = lock_writable(actor, draft)
    one = found.proposals.select_for_update().filter(place=place).first()
    if one is None:
        raise NoSuchProposal
    one.decision, one.why = Decision(decision), why.strip()[:300]
    one.decided = _changed(one, condition.strip(), base.strip())
    one.decided_by_name, one.decided_at = actor.name[:60], now()
    one.save()
    record(
        "policies.proposal_settled",
        actor=actor.ref,
        subject=f"policy_draft:{found.ref}",
        payload={"place": place, "decision": str(one.decision), "decided": one.decided},
    )
    return one


def _changed(one: Proposal, condition: str, base: str) -> dict[str, Any] | None:
    if one.decision != Decision.CHANGED:
        return None
    if condition:
        declarations = current_catalogue().declarations(today(), {})
        if not is_rule(condition, declarations):
            raise ConditionNotReadable(field="condition", params={"text": condition})
        return {**one.content, "text": condition}
    return {**one.content, "base": base} if base else dict(one.content)


@action("policies.write_rule", permission=DRAFT)
def write_rule(
    actor: Actor, *, draft: str, key: str, title: str, title_en: str = "", clauses: list[str] | None = None
) -> RuleDraft:  # fmt: skip
    """Start the draft of a rule from the confirmed proposals (of some ``clauses`` only, where given).

    What cannot be said in facts yet stands in it as a comment. Raises as :func:`save_masthead` does and
    what ``rulebook.start_draft`` raises.
    """
    found = lock_writable(actor, draft)
    proposals = found.proposals.order_by("place")
    if clauses:
        proposals = proposals.filter(clause__in=clauses)
    catalogue = current_catalogue()
    ruled = rule_of(proposals, catalogue, catalogue.declarations(today(), {}))
    document = document_of(
        ruled, key=key, title=title, title_en=title_en, text=found.key,
        issuer=found.organ.name, source=found.title,
        valid_from=_day(found.body.get("valid_from")) or today(),
        valid_to=_day(found.body.get("valid_to")),
    )  # fmt: skip
    text = "".join(f"{line}\n" for line in remarks_of(ruled)) + written(document)
    rule = start_draft(actor, text=text)
    found.rules = [*found.rules, rule.ref]
    _save(actor, found, "policies.rule_written")
    return rule


@action("policies.take_rule", permission=DRAFT)
def take_rule(actor: Actor, *, draft: str, rule: str) -> TextDraft:
    """Publish a draft of a rule that was written in the rule builder together with this text.

    It stands in the place of a draft of the same rule that was here. Raises :class:`NoSuchRuleHere` for a
    rule's draft that is not the organ's or is over.
    """
    found = lock_writable(actor, draft)
    taken = RuleDraft.objects.filter(ref=rule, organ_id=found.organ_id).first()
    if taken is None or not taken.is_open:
        raise NoSuchRuleHere
    if rule in found.rules:
        raise AlreadyDone(found)
    same = RuleDraft.objects.filter(ref__in=found.rules, key=taken.key).exclude(key="")
    replaced = set(same.values_list("ref", flat=True))
    found.rules = [*(ref for ref in found.rules if ref not in replaced), rule]
    return _save(actor, found, "policies.rule_taken")


@action("policies.drop_rule", permission=DRAFT)
def drop_rule(actor: Actor, *, draft: str, rule: str) -> TextDraft:
    """Publish this text without a rule's draft; where it amends a text, that rule ends with it.

    Raises :class:`NoSuchRuleHere` and as :func:`save_masthead` does.
    """
    found = lock_writable(actor, draft)
    if rule not in found.rules:
        raise NoSuchRuleHere
    found.rules = [ref for ref in found.rules if ref != rule]
    return _save(actor, found, "policies.rule_dropped")


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def lock_writable(actor: Actor, ref: str, expected_version: int | None = None) -> TextDraft:
    """Return a draft of the actor's organ that may be written now, locked; raises as actions say."""
    found = (
        TextDraft.objects.select_for_update().filter(ref=ref, organ_id=actor.organ_id or 0).first()
    )
    if found is None:
        raise NoSuchTextDraft
    if expected_version is not None and found.version != expected_version:
        raise TextDraftMoved
    if not is_writable(found):
        raise TextDraftLocked
    return found


def is_writable(draft: TextDraft) -> bool:
    """Tell whether the wording may change in the state of the case."""
    return Case.objects.filter(ref=draft.case, state__in=WRITABLE).exists()


def move_case(
    actor: Actor, draft: TextDraft, key: str, data: Mapping[str, Any], *, reason: str = ""
) -> Case:
    """Do a step of a draft's case that only follows from what was done here."""
    case = lockable().get(ref=draft.case)
    move(actor, case, find_action(procedure_of(case.version), key), data=data, reason=reason)
    return case


def _save(actor: Actor, draft: TextDraft, event: str) -> TextDraft:
    draft.version += 1
    draft.saved_by = actor.ref
    if account_of(actor) not in draft.authors:
        draft.authors = [*draft.authors, account_of(actor)]
    draft.save()
    tell(event, actor, draft)
    return draft


def tell(event: str, actor: Actor, draft: TextDraft) -> None:
    """Record an event of a draft with the digest of what would be reviewed."""
    record(
        event,
        actor=actor.ref,
        subject=f"policy_draft:{draft.ref}",
        payload={"version": draft.version, "digest": digest_of_draft(draft)},
    )


def get_draft_for(actor: Actor, ref: str) -> TextDraft:
    """Return a draft that the actor may see: its organ's, or one whose case it sees.

    Raises :class:`NoSuchTextDraft`, ``NotPermitted``.
    """
    actor.require(READ)
    found = TextDraft.objects.select_related("organ").filter(ref=ref).first()
    if found is None:
        raise NoSuchTextDraft
    if found.organ_id != actor.organ_id:
        try:
            get_case_for(actor, found.case)
        except CaseMissing as error:
            raise NoSuchTextDraft from error
    return found


def list_drafts_for(actor: Actor) -> QuerySet[TextDraft]:
    """Return the drafts of the actor's organ, without what was imported."""
    found = TextDraft.objects.filter(organ_id=actor.organ_id or 0)
    return found.select_related("organ").defer("source")


def in_making(drafts: QuerySet[TextDraft]) -> list[TextDraft]:
    """Return those of the drafts that are not published and whose case runs, in their order."""
    found = list(drafts.filter(published=""))
    cases = Case.objects.filter(closed_at=None, ref__in=[one.case for one in found])
    running = set(cases.values_list("ref", flat=True))
    return [one for one in found if one.case in running]


def declaration_of_draft(draft: TextDraft, **more: Any) -> PolicyTextDeclaration:
    """Return what a draft declares; raises :class:`DraftNotReady` with all that is missing."""
    try:
        return PolicyTextDeclaration.model_validate(body_of(draft, **more))
    except ValidationError as error:
        what = "；".join(explain(one, PolicyTextDeclaration) for one in error.errors())
        raise DraftNotReady(params={"what": what}) from error


def body_of(draft: TextDraft, **more: Any) -> dict[str, Any]:
    """Return a draft's declaration as plain data; days that are not set are those of today."""
    body = {key: value for key, value in {**draft.body, **more}.items() if value not in ("", None)}
    phone = body.pop("phone", "")
    clauses = [
        {k: v for k, v in one.items() if k != "checked" and v != ""} for one in draft.clauses
    ]
    day = today().isoformat()
    return {
        "issued_on": day, "valid_from": day, "title_en": "", "number": "",
        **body,
        "key": draft.key, "issuer": draft.organ.key, "clauses": clauses,
        "contact": {"organ": draft.organ.key, "phone": phone},
    }  # fmt: skip


def rule_documents(draft: TextDraft) -> list[dict[str, Any]]:
    """Return what the drafts of rules say that go with a text; one that is no YAML says its text."""
    texts = {one.ref: one.text for one in RuleDraft.objects.filter(ref__in=draft.rules)}
    return [_document(texts.get(ref, "")) for ref in draft.rules]


def _document(text: str) -> dict[str, Any]:
    try:
        value = read_documents(text)[0].value
    except (BadYaml, IndexError):
        return {"unreadable": text}
    return value if isinstance(value, dict) else {"unreadable": text}


_DATED = frozenset({"valid_from", "valid_to"})
_REVIEWED = ("title", "inclusive", "supersedes", "rests_on")


def digest_of_draft(draft: TextDraft) -> str:
    """Return the SHA-256 of what is reviewed: wording, marks and rules, without days and numbers."""
    plain = {
        "head": {key: draft.body.get(key) for key in _REVIEWED},
        "clauses": [[c["label"], c["text"], c["marks"], c["unused"]] for c in draft.clauses],
        "rules": [_without_days(one) for one in rule_documents(draft)],
    }
    return sha256(rfc8785.dumps(_plain(plain))).hexdigest()


def _without_days(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in _DATED}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
