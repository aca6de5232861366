"""From a reviewed draft to the library: what is checked before review, at issue and at publication.

Publication puts the text and its rules in force together, and ends what the text supersedes, all in the
transaction of the case.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from yingshang.cases.effects import Moment, effect
from yingshang.content.actions import publish_together
from yingshang.content.permissions import PUBLISH as PUBLISH_CONTENT
from yingshang.content.selectors import list_waiting
from yingshang.domains.policies.annotating import annotation
from yingshang.domains.policies.clock import has_time_to_prepare
from yingshang.domains.policies.drafts import (
    body_of,
    declaration_of_draft,
    digest_of_draft,
    rule_documents,
)
from yingshang.domains.policies.ending import Declared, end_what_waits, rules_ended
from yingshang.domains.policies.errors import (
    DraftNotReady,
    NoSuchTextDraft,
    ReviewMissing,
    TextAbolished,
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
        elif (text := library.of_policy(key) or _coming_with(key)) and text.key not in ours:
            yield f"规则 {key} 属于《{text.declaration.title}》，要随那份文本修订"


def _coming_with(policy: str) -> Text | None:
    """Return the text whose amendment brings a rule that is not in force yet, if one waits."""
    version = list_waiting(POLICY).filter(key=policy).first()
    return None if version is None else current_library().texts.get(version.body.get("text", ""))


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
    """Take number and days into the draft.

    Raises :class:`ReviewMissing`, :class:`TooLittleTime`, :class:`TextAbolished`.
    """
    draft, fields = draft_of(moment), moment.event.fields
    demand_reviews(draft)
    start = date.fromisoformat(fields["valid_from"])
    _amended(draft, start)
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

    What stands in the place of something in force waits for the day on which the text takes effect, and
    an amendment ends when the amended text was to end. Raises :class:`ReviewMissing`,
    :class:`TooLittleTime`, :class:`TextAbolished`, ``declaration_has_faults``, ``own_rule_draft``.
    """
    draft, fields = draft_of(moment), moment.event.fields
    demand_reviews(draft)
    given = ("interpretation", "interpretation_en", "valid_from", "immediate")
    draft.body = {**draft.body, **{key: fields[key] for key in given if fields.get(key)}}
    start = date.fromisoformat(draft.body["valid_from"])
    if not has_time_to_prepare(today(), start, draft.body.get("immediate") or ""):
        raise TooLittleTime(field="valid_from")
    actor, amended = publisher(moment.actor), _amended(draft, start)
    for rule in draft.rules:
        fit_days(actor, rule, since=start, until=_last_day(draft, amended))
    ending = amended.declaration.abolished if amended is not None else None
    more = {"abolished": ending.model_dump(mode="json", by_alias=True) if ending else None}
    text = (POLICY_TEXT, body_of(draft, published_on=today().isoformat(), **more))
    rules = [(POLICY, one) for one in rule_documents(draft)]
    ended = list(_ended(draft, start, kept={one["key"] for _kind, one in rules}))
    versions = publish_together(actor, declarations=[text, *rules], valid_from=start)
    for rule, version in zip(draft.rules, versions[1:], strict=True):
        end_published(actor, rule, version)
    if ended:
        publish_together(actor, declarations=ended, valid_from=today())
    for key in draft.body.get("supersedes", ()):
        end_what_waits(actor, key, start)
    draft.published = draft.key
    draft.save(update_fields=["body", "published"])


def _amended(draft: TextDraft, start: date) -> Text | None:
    """Return the text that a draft amends, if any; raises :class:`TextAbolished` if it is over by then."""
    text = current_library().texts.get(draft.key)
    if text is not None and text.ends_early is not None and text.ends_early <= start:
        raise TextAbolished
    return text


def _last_day(draft: TextDraft, amended: Text | None) -> date | None:
    """Return the last day on which the rules of a draft may hold."""
    ends = draft.body.get("valid_to")
    days = [date.fromisoformat(ends)] if ends else []
    if amended is not None and amended.ends_early is not None:
        days.append(amended.ends_early - timedelta(days=1))
    return min(days, default=None)


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
