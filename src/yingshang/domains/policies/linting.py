"""What is wrong in policy texts, and in the rules that rest on them, before they are loaded (JD 19)."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from yingshang.domains.policies.declaring import RESTED_ON, PolicyTextDeclaration
from yingshang.domains.policies.resting import rested_on, unrested
from yingshang.kernel.kinds import Remark
from yingshang.rulebook.declaring import PolicyDeclaration

Known = Mapping[str, Mapping[str, Any]]


def lint_text(text: PolicyTextDeclaration, known: Known) -> Iterable[Remark]:
    """Name issuers, topics and texts that nothing declares, and clauses on which no rule rests."""
    organs, texts = known.get("organ", {}), known.get("policy_text", {})
    named = [("issuer", text.issuer)] + ([("contact", text.contact.organ)] if text.contact else [])
    for field, organ in named:
        if organ not in organs:
            yield "unknown_organ", _unlike("单位", organ, organs), (field,)
    for field in ("supersedes", "rests_on"):
        for key in getattr(text, field):
            if key not in texts:
                yield "unknown_text", _unlike("政策文本", key, texts), (field,)
    yield from _lint_topics(text, known)
    yield from _lint_unused(text, known)


def _lint_topics(text: PolicyTextDeclaration, known: Known) -> Iterator[Remark]:
    topics = known.get("code_list", {}).get("policy_topics")
    for topic in text.topics:
        if topics is None or topic not in topics.by_code:
            codes = {} if topics is None else topics.by_code
            yield "unknown_topic", _unlike("政策主题", topic, codes), ("topics",)


def _lint_unused(text: PolicyTextDeclaration, known: Known) -> Iterator[Remark]:
    rules = [one for one in known.get("policy", {}).values() if one.text == text.key]
    used = {label for rule in rules for label in rested_on(rule)}
    for place, clause in enumerate(text.clauses):
        if RESTED_ON.intersection(clause.marks) and clause.label not in used and not clause.unused:
            yield (
                "clause_without_rule",
                f"没有规则依据{clause.label}；确实不需要的，请写 unused: 理由",
                ("clauses", place),
            )


def lint_clauses(policy: PolicyDeclaration, known: Known) -> Iterable[Remark]:
    """Name what of a rule rests on no clause of its text, and a rule that reaches beyond its text."""
    if not policy.text:
        return
    texts = known.get("policy_text", {})
    text: PolicyTextDeclaration | None = texts.get(policy.text)
    if text is None:
        yield "unknown_text", _unlike("政策文本", policy.text, texts), ("text",)
        return
    for what, clause, place in unrested(policy, text.labels):
        said = f"{text.title}里没有{clause}" if clause else "没有写明依据的条款"
        yield "no_clause", f"{what}：{said}", (place,)
    if policy.valid_from < text.valid_from:
        yield "outside_text", f"规则早于文本的施行日期 {text.valid_from}", ("valid_from",)
    ends = policy.valid_to
    if text.valid_to is not None and (ends is None or ends > text.valid_to):
        yield "outside_text", f"规则晚于文本的失效日期 {text.valid_to}", ("valid_to",)


def _unlike(what: str, key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, list(known), n=3)
    return f"没有标识为 {key} 的{what}" + (f"；是否为 {'、'.join(near)}？" if near else "")
