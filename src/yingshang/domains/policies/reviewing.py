"""The gates before issue: fair competition, legality, consistency, each by a person who did not write it.

A review is a form whose items are content (code lists ``review_<gate>``), a statement, what the platform
itself found, and the digest of what was reviewed; only a review that passed moves the case on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yingshang.cases.models import Case
from yingshang.cases.selectors import get_case_for
from yingshang.domains.policies.drafts import (
    account_of,
    digest_of_draft,
    get_draft_for,
    move_case,
    rule_documents,
)
from yingshang.domains.policies.errors import (
    BreachNotExcepted,
    NotUnderReview,
    OwnReview,
    ReviewIncomplete,
)
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import Gate, Review, TextDraft
from yingshang.domains.policies.permissions import REVIEW
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.declaring import Code
from yingshang.facts.showing import english
from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.rulebook.book import Book, current_book
from yingshang.rules.analysis import Finding, analyse_beside
from yingshang.rules.compiling import Rule, compile_rules
from yingshang.rules.errors import RuleFault
from yingshang.rules.policies import read_policy

NEXT_HOLDER: Final = {Gate.COMPETITION: "legality_organ", Gate.LEGALITY: "consistency_organ"}
BREACHES_MAY_BE_EXCEPTED: Final = frozenset({Gate.COMPETITION})


@dataclass(frozen=True)
class Item:
    """One item of a review's form; groups head the items below them."""

    code: str
    label: str
    label_en: str
    group: str
    group_en: str

    @property
    def shown(self) -> str:
        """The item in the reader's language."""
        return self.label_en if english() else self.label


def items_of(gate: Gate) -> list[Item]:
    """Return the items of a gate's form, in order."""
    found = current_catalogue().codes.get(f"review_{gate.value}")
    if found is None:
        return []
    heads = {code.parent for code in found.codes if code.parent}
    return [
        _item(code, found.by_code.get(code.parent or ""))
        for code in found.codes
        if code.code not in heads
    ]


def _item(code: Code, group: Code | None) -> Item:
    return Item(
        code.code,
        code.label,
        code.label_en or code.label,
        group.label if group else "",
        (group.label_en or group.label) if group else "",
    )


@action("policies.review_text", permission=REVIEW)
def review_text(
    actor: Actor, *, draft: str, gate: Gate, answers: dict[str, dict[str, Any]], statement: str,
    passed: bool, exception: str = "", evidence: dict[str, Any] | None = None,
) -> Review:  # fmt: skip
    """Record a review with its form and move the case on, or back to its drafters.

    ``answers`` has for each item ``breach`` and, for a breach, a ``note``. Raises
    :class:`NotUnderReview`, :class:`OwnReview`, :class:`ReviewIncomplete`, :class:`BreachNotExcepted`.
    """
    gate = Gate(gate)
    found, case = _under_review(actor, draft, gate)
    if account_of(actor) in {*found.authors, *_rule_authors(found)}:
        raise OwnReview
    _demand_complete(gate, answers, statement)
    if passed:
        _demand_allowed(gate, answers, exception)
    assert actor.organ_id is not None
    review = Review.objects.create(
        draft=found, gate=gate, digest=digest_of_draft(found), answers=answers,
        exception=exception, statement=statement.strip(), passed=passed,
        findings=[[one.code, one.message] for one in findings_for(found, gate)],
        organ_id=actor.organ_id, by=actor.ref, by_name=actor.name[:60],
    )  # fmt: skip
    _move(actor, found, case, review, evidence)
    record(
        "policies.text_reviewed",
        actor=actor.ref,
        subject=f"policy_draft:{found.ref}",
        payload={"gate": gate.value, "passed": passed, "digest": review.digest, "review": review.ref},
    )  # fmt: skip
    return review


def _under_review(actor: Actor, ref: str, gate: Gate) -> tuple[TextDraft, Case]:
    draft = get_draft_for(actor, ref)
    case = get_case_for(actor, draft.case)
    if case.state != gate.value or case.holder_id != actor.organ_id:
        raise NotUnderReview
    return draft, case


def _rule_authors(draft: TextDraft) -> set[str]:
    """Return the accounts that ever wrote a draft of its rules, as the ledger has them."""
    saved = Entry.objects.filter(
        subject__in=[f"rule_draft:{ref}" for ref in draft.rules],
        kind__in=("rulebook.draft_started", "rulebook.draft_saved"),
    )
    return {actor.partition("/")[0] for actor in saved.values_list("actor", flat=True)}


def _demand_complete(gate: Gate, answers: Mapping[str, Mapping[str, Any]], statement: str) -> None:
    open_ = [
        item.label
        for item in items_of(gate)
        if item.code not in answers or not _is_answered(answers[item.code])
    ]
    if open_ or not statement.strip():
        raise ReviewIncomplete(params={"items": "、".join(open_) or "审查意见"})


def _is_answered(answer: Mapping[str, Any]) -> bool:
    return not answer.get("breach") or bool(str(answer.get("note", "")).strip())


def _demand_allowed(gate: Gate, answers: Mapping[str, Mapping[str, Any]], exception: str) -> None:
    if not any(answer.get("breach") for answer in answers.values()):
        return
    known = current_catalogue().codes.get("review_exceptions")
    if gate not in BREACHES_MAY_BE_EXCEPTED or known is None or exception not in known.by_code:
        raise BreachNotExcepted(field="exception")


def _move(
    actor: Actor, draft: TextDraft, case: Case, review: Review, evidence: dict[str, Any] | None
) -> None:
    gate = Gate(review.gate)
    data: dict[str, Any] = {"review": review.ref}
    if evidence:
        data["evidence"] = evidence
    if not review.passed:
        move_case(actor, draft, "fail_review", data, reason=review.statement[:1000])
        return
    if gate in NEXT_HOLDER:
        data[NEXT_HOLDER[gate]] = case.data[NEXT_HOLDER[gate]]
    move_case(actor, draft, f"pass_{gate.value}", data)


def findings_for(draft: TextDraft, gate: Gate) -> list[Finding]:
    """Return what the platform can tell a reviewer: from the draft's rules and those in force."""
    return [one for one in analysed(draft) if _concerns(one, gate)]


_CODES: Final = {
    Gate.COMPETITION: frozenset({"fair_competition"}),
    Gate.LEGALITY: frozenset({"unused_fact", "never_satisfiable", "always_true", "unreadable"}),
}


def _concerns(finding: Finding, gate: Gate) -> bool:
    if gate is Gate.CONSISTENCY:
        return len(finding.policies) > 1
    return finding.code in _CODES[gate]


_analysed: dict[tuple[object, ...], list[Finding]] = {}
"""What was last found, by the digest of the draft and the rules of the book beside it."""


def analysed(draft: TextDraft) -> list[Finding]:
    """Return the findings of the static analysis that touch the draft's rules.

    Compared are rules that read some of the same facts; those of texts that it supersedes are left
    out: they end when it takes effect.
    """
    day = today()
    book = current_book(day)
    documents = rule_documents(draft)
    own = [str(one.get("key", "")) for one in documents]
    gone = {
        rule.key
        for key in draft.body.get("supersedes", ())
        if (text := current_library().texts.get(key))
        for rule in text.rules
    }
    kept = [rule for rule in book.rules if rule.id not in gone | set(own)]
    drafted, faults = _compiled(documents, book)
    asked = frozenset().union(*(rule.facts for rule in drafted))
    near = tuple(rule for rule in kept if rule.facts & asked)
    place = (digest_of_draft(draft), *(book.entries[rule.id].version.digest for rule in near), day)
    if place not in _analysed:
        _analysed.clear()
        _analysed[place] = analyse_beside(
            tuple(drafted), near, _effective(draft, day), book.declarations.facts
        )
    return [*_analysed[place], *faults]


def _effective(draft: TextDraft, day: date) -> date:
    given = draft.body.get("valid_from")
    return max(day, date.fromisoformat(given)) if given else day


def _compiled(
    documents: Iterable[Mapping[str, Any]], book: Book
) -> tuple[list[Rule], list[Finding]]:
    """Return the rules that can be read over the catalogue, and why the others cannot."""
    rules: list[Rule] = []
    faults: list[Finding] = []
    for document in documents:
        key = str(document.get("key", ""))
        plain = {name: value for name, value in document.items() if name != "key"}
        try:
            rules += compile_rules([read_policy({"id": key, **plain})], book.declarations)
        except (RuleFault, KeyError) as fault:
            faults.append(Finding("unreadable", "warning", (key,), str(fault)))
    return rules, faults
