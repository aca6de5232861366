"""From a reviewed draft to the library: what is checked before review, at issue and at publication.

Publication puts the text and its rules in force together, and ends what the text supersedes, all in the
transaction of the case.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from yingshang.cases.effects import Moment, effect
from yingshang.content.actions import canonical_body, publish_together
from yingshang.content.permissions import PUBLISH as PUBLISH_CONTENT
from yingshang.domains.policies.annotating import annotation
from yingshang.domains.policies.clock import has_time_to_prepare
from yingshang.domains.policies.declaring import EndingDeclaration, PolicyTextDeclaration
from yingshang.domains.policies.drafts import (
    body_of,
    declaration_of_draft,
    digest_of_draft,
    rule_documents,
)
from yingshang.domains.policies.errors import (
    DraftNotReady,
    NoSuchTextDraft,
    ReviewMissing,
    TooLittleTime,
)
from yingshang.domains.policies.hearing import heard_in, unanswered
from yingshang.domains.policies.kinds import POLICY_TEXT
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.models import Gate, TextDraft
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.kinds import POLICY
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.publishing import end_published, fit_days

Declared = tuple[str, dict[str, Any]]


def still_missing(draft: TextDraft) -> list[str]:
    """Return in words what a draft that is not published lacks; also where it is no text yet."""
    if draft.published:
        return []
    try:
        return list(missing_before_review(draft))
    except DraftNotReady as error:
        return [str(error)]


def missing_before_review(draft: TextDraft) -> Iterator[str]:
    """Yield what is still missing before a draft may be reviewed, in words."""
    if unchecked := sum(1 for clause in draft.clauses if not clause["checked"]):
        yield f"{unchecked} 条条款的标注没有核对"
    if waiting := draft.proposals.filter(decision="open").count():
        yield f"{waiting} 条提取建议没有处理"
    yield from _missing_annotation(draft)
    yield from _misplaced_rules(draft)
    yield from _missing_hearing(draft)


def _missing_annotation(draft: TextDraft) -> Iterator[str]:
    declared = declaration_of_draft(draft)
    rules, faults = [], []
    for document in rule_documents(draft):
        try:
            rules.append(PolicyDeclaration.model_validate(document))
        except ValueError:
            faults.append(str(document.get("key", "")))
    if faults:
        yield f"规则草稿 {'、'.join(faults)} 还读不懂"
    found = annotation(declared.clauses, [rule for rule in rules if rule.text == draft.key])
    for clause in found.unused:
        yield f"{clause.label}没有规则依据，也没有写明理由"
    for one in found.unrested:
        yield f"规则“{one.title}”的“{one.what}”没有依据的条款"


def _misplaced_rules(draft: TextDraft) -> Iterator[str]:
    """Yield which rules the text cannot publish: of other texts, of none, or whose drafts are over."""
    library = current_library()
    ours = {draft.key, *draft.body.get("supersedes", ())}
    over = RuleDraft.objects.filter(ref__in=draft.rules)
    for one in over.exclude(published_as=None, given_up_at=None):
        yield f"规则草稿 {one.key} 已经发布或作废"
    for document in rule_documents(draft):
        key = str(document.get("key", ""))
        if document.get("text") != draft.key:
            yield f"规则草稿 {key} 没有写明依据本文本"
        elif (text := library.of_policy(key)) is not None and text.key not in ours:
            yield f"规则 {key} 属于《{text.declaration.title}》，要随那份文本修订"


def _missing_hearing(draft: TextDraft) -> Iterator[str]:
    hearing = draft.hearings.order_by("-pk").first()
    if hearing is None or hearing.closed_at is None:
        yield "还没有听取企业意见，或听取意见没有结束"
        return
    if waiting := unanswered(hearing):
        yield f"{waiting} 条意见没有答复采纳情况"
    heard = heard_in(hearing)
    if not heard.heard:
        yield "没有一家企业提出意见"
    elif draft.body.get("inclusive") and not heard.is_enough:
        yield f"听取的 {heard.heard} 家企业中，已知的中小企业只有 {heard.small} 家，不足一半"


@effect("policies.check_ready")
def check_ready(moment: Moment) -> None:
    """Raise :class:`DraftNotReady` unless the draft is annotated in full, heard about and answered."""
    if what := list(missing_before_review(draft_of(moment))):
        raise DraftNotReady(params={"what": "；".join(what)})


@effect("policies.issue_text")
def issue_text(moment: Moment) -> None:
    """Take number and days into the draft; raises :class:`ReviewMissing`, :class:`TooLittleTime`."""
    draft, fields = draft_of(moment), moment.event.fields
    demand_reviews(draft)
    start = date.fromisoformat(fields["valid_from"])
    if not has_time_to_prepare(today(), start, fields.get("immediate") or ""):
        raise TooLittleTime(field="valid_from")
    draft.body = {
        **draft.body,
        "number": fields["number"],
        "issued_on": today().isoformat(),
        **{key: fields[key] for key in ("valid_from", "valid_to", "immediate") if fields.get(key)},
    }
    declaration_of_draft(draft)
    draft.save(update_fields=["body"])


@effect("policies.publish_text")
def publish_text(moment: Moment) -> None:
    """Put the text and its rules in the library, and end what it supersedes.

    What stands in the place of something in force waits for the day on which the text takes effect.
    Raises :class:`ReviewMissing`, :class:`TooLittleTime`, ``declaration_has_faults``, ``own_rule_draft``.
    """
    draft, fields = draft_of(moment), moment.event.fields
    demand_reviews(draft)
    given = ("interpretation", "interpretation_en", "valid_from", "immediate")
    draft.body = {**draft.body, **{key: fields[key] for key in given if fields.get(key)}}
    start = date.fromisoformat(draft.body["valid_from"])
    if not has_time_to_prepare(today(), start, draft.body.get("immediate") or ""):
        raise TooLittleTime(field="valid_from")
    actor = publisher(moment.actor)
    ends = draft.body.get("valid_to")
    for rule in draft.rules:
        fit_days(actor, rule, since=start, until=date.fromisoformat(ends) if ends else None)
    text = (POLICY_TEXT, body_of(draft, published_on=today().isoformat()))
    rules = [(POLICY, one) for one in rule_documents(draft)]
    ended = list(_ended(draft, start, kept={one["key"] for _kind, one in rules}))
    versions = publish_together(actor, declarations=[text, *rules], valid_from=start)
    for rule, version in zip(draft.rules, versions[1:], strict=True):
        end_published(actor, rule, version)
    if ended:
        publish_together(actor, declarations=ended, valid_from=today())
    draft.published = draft.key
    draft.save(update_fields=["body", "published"])


def publisher(actor: Actor) -> Actor:
    """Return the actor with the right to publish content, which issuing a policy carries."""
    return replace(actor, permissions=actor.permissions | {PUBLISH_CONTENT})


def _ended(draft: TextDraft, start: date, *, kept: Collection[str]) -> Iterator[Declared]:
    """Yield the rules that end: of superseded texts, and those that an amendment no longer has."""
    library = current_library()
    for key in (draft.key, *draft.body.get("supersedes", ())):
        text = library.texts.get(key)
        if text is not None:
            yield from rules_ended((one for one in text.rules if one.key not in kept), start)


def rules_ended(rules: Iterable[PolicyDeclaration], start: date) -> Iterator[Declared]:
    """Yield rules such that they hold until the day before ``start``; those over by then stay."""
    last = start - timedelta(days=1)
    for rule in rules:
        if rule.valid_to is None or rule.valid_to > last:
            yield (
                POLICY,
                canonical_body(rule.model_copy(update={"valid_to": max(last, rule.valid_from)})),
            )


def text_abolished(text: Text, *, start: date, by: str, reason: str) -> list[Declared]:
    """Return a text that is abolished from a day on, and its rules that end with it."""
    ending = EndingDeclaration.model_validate({"from": start, "by": by, "reason": reason})
    declared: PolicyTextDeclaration = text.declaration.model_copy(update={"abolished": ending})
    return [(POLICY_TEXT, canonical_body(declared)), *rules_ended(text.rules, start)]


def demand_reviews(draft: TextDraft) -> None:
    """Raise :class:`ReviewMissing` unless the draft, as it stands, passed every gate last."""
    digest = digest_of_draft(draft)
    for gate in Gate:
        last = draft.reviews.filter(gate=gate).order_by("-pk").first()
        if last is None or not last.passed or last.digest != digest:
            raise ReviewMissing(params={"gate": gate.label})


def draft_of(moment: Moment) -> TextDraft:
    """Return the draft of a case, locked; raises :class:`NoSuchTextDraft`."""
    found = (
        TextDraft.objects.select_for_update(of=("self",))
        .select_related("organ")
        .filter(case=moment.case.ref)
        .first()
    )
    if found is None:
        raise NoSuchTextDraft
    return found
