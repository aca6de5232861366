"""Texts in the making as programs begin and follow them; the case itself is under ``cases``."""

from datetime import date, datetime
from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.cases.models import Case
from yingshang.domains.policies.amending import amend_text
from yingshang.domains.policies.api.texts import POLICIES
from yingshang.domains.policies.drafts import (
    drop_rule,
    get_draft_for,
    is_writable,
    list_drafts_for,
    start_text,
    take_rule,
)
from yingshang.domains.policies.extracting.reading import MOST_CHARACTERS
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import Review, TextDraft
from yingshang.domains.policies.permissions import READ
from yingshang.domains.policies.publishing import still_missing
from yingshang.parties.actors import Actor
from yingshang.rulebook.models import RuleDraft
from yingshang.web.access import OfficialNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write


class PolicyDraftLine(Answer):
    """A text in the making; ``published`` is its key in the library once it is there."""

    ref: str
    key: str
    title: str
    organ: str
    case: str
    version: int
    published: str


class DraftClauseRead(Answer):
    """A clause with its marks; ``checked`` once a person confirmed them."""

    label: str
    text: str
    marks: list[str]
    checked: bool


class DraftRuleRead(Answer):
    """A draft of a rule that is published with the text."""

    ref: str
    key: str


class ReviewRead(Answer):
    """A review: its gate, whether it passed, by which organ, and of which digest."""

    gate: str
    passed: bool
    organ: str
    at: datetime
    statement: str
    digest: str


class PolicyDraftRead(PolicyDraftLine):
    """A text in the making with where its case stands, what is still missing, its clauses and reviews.

    ``due_on`` is the day by which the present step is to be done; ``amends`` where the library has the text
    and this will take its place.
    """

    state: str
    due_on: date | None
    amends: bool
    writable: bool
    missing: list[str]
    clauses: list[DraftClauseRead]
    rules: list[DraftRuleRead]
    hearings: list[str]
    reviews: list[ReviewRead]


def _members(one: TextDraft) -> dict[str, object]:
    names = PolicyDraftLine.model_fields.keys() - {"organ"}
    return {**{name: getattr(one, name) for name in names}, "organ": one.organ.key}


def _line(one: TextDraft) -> PolicyDraftLine:
    return PolicyDraftLine.model_validate(_members(one))


def draft_read(_actor: Actor, one: TextDraft) -> PolicyDraftRead:
    """Return a text in the making as programs follow it."""
    case = Case.objects.get(ref=one.case)
    more = {
        "state": case.state,
        "due_on": case.due_on,
        "amends": not one.published and one.key in current_library().texts,
        "writable": is_writable(one),
        "missing": still_missing(one),
        "clauses": [
            DraftClauseRead(**{name: c[name] for name in DraftClauseRead.model_fields})
            for c in one.clauses
        ],
        "rules": [
            DraftRuleRead(ref=rule.ref, key=rule.key)
            for rule in RuleDraft.objects.filter(ref__in=one.rules).order_by("pk")
        ],
        "hearings": list(one.hearings.order_by("pk").values_list("ref", flat=True)),
        "reviews": [_review(r) for r in one.reviews.select_related("organ").order_by("pk")],
    }
    return PolicyDraftRead.model_validate({**_members(one), **more})


def _review(one: Review) -> ReviewRead:
    return ReviewRead(
        gate=one.gate,
        passed=one.passed,
        organ=one.organ.key,
        at=one.at,
        statement=one.statement,
        digest=one.digest,
    )


@read(
    "policy-drafts",
    name="policies.drafts",
    access=OfficialNeeds(READ),
    tag=POLICIES,
    summary=_("本单位起草的政策"),
)
def drafts(actor: Actor, query: Paged) -> Listed[PolicyDraftLine]:
    """List the organ's texts in the making and those that came of them, the latest first."""
    return listed(list_drafts_for(actor), ("-pk",), query, _line)


@read(
    "policy-drafts/<str:draft>",
    name="policies.draft",
    access=OfficialNeeds(READ),
    tag=POLICIES,
    summary=_("一份政策草案：办到哪一步、还缺什么"),
)
def one_draft(actor: Actor, draft: str) -> PolicyDraftRead:
    """Show a text in the making to its organ and to those who see its case."""
    return draft_read(actor, get_draft_for(actor, draft))


write(
    "POST",
    "policy-drafts",
    start_text,
    tag=POLICIES,
    summary=_("导入政策文本"),
    show=draft_read,
    status=201,
    bounds={"wording": Annotated[str, Field(max_length=MOST_CHARACTERS)]},
)
write(
    "POST",
    "policies/<str:text>/amendments",
    amend_text,
    tag=POLICIES,
    summary=_("修订政策文本"),
    show=draft_read,
    status=201,
)
write(
    "PUT",
    "policy-drafts/<str:draft>/rules/<str:rule>",
    take_rule,
    tag=POLICIES,
    summary=_("并入规则草稿"),
    show=draft_read,
)
write(
    "DELETE",
    "policy-drafts/<str:draft>/rules/<str:rule>",
    drop_rule,
    tag=POLICIES,
    summary=_("移出规则草稿"),
)
