"""Drafts of rules as programs write and check them."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.content.models import ContentVersion
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.rulebook.checks import Checking, check_draft
from yingshang.rulebook.drafting import (
    LONGEST_DRAFT,
    get_draft_for,
    give_up_draft,
    list_drafts_for,
    save_draft,
    start_draft,
)
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.permissions import READ
from yingshang.rulebook.publishing import publish_draft
from yingshang.rulebook.selectors import book_for
from yingshang.rulebook.showing import Reader
from yingshang.web.access import OfficialNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

RULES = _("规则草稿")
DraftText = Annotated[str, Field(max_length=LONGEST_DRAFT)]


class RuleDraftLine(Answer):
    """A draft in a list; ``based_on`` is the number of the version that it changes, null for a new rule."""

    ref: str
    key: str
    version: int
    saved_at: datetime
    based_on: int | None
    published_as: int | None
    is_open: bool


class RuleFaultRead(Answer):
    """Something wrong in a draft; line and column from 1 where they are known, else 0."""

    message: str
    line: int
    column: int


class RuleFindingRead(Answer):
    """Something doubtful in a draft, or between it and other policies."""

    code: str
    message: str
    policies: list[str]


class RuleDraftRead(RuleDraftLine):
    """A draft with its text and what the check says; ``sentence`` is empty while it is no rule."""

    versioned_by: ClassVar[str] = "version"

    text: str
    sentence: str
    faults: list[RuleFaultRead]
    findings: list[RuleFindingRead]


class RuleVersionRead(Answer):
    """A published version of a rule."""

    key: str
    number: int
    digest: str
    valid_from: date
    is_current: bool


def _line(draft: RuleDraft) -> RuleDraftLine:
    return RuleDraftLine(
        ref=draft.ref,
        key=draft.key,
        version=draft.version,
        saved_at=draft.saved_at,
        based_on=draft.based_on.number if draft.based_on else None,
        published_as=draft.published_as.number if draft.published_as else None,
        is_open=draft.is_open,
    )


def rule_draft_of(actor: Actor, draft: RuleDraft) -> RuleDraftRead:
    """Return a draft with its check as of today."""
    book = book_for(actor, today())
    found = check_draft(draft.text, book, draft.organ_id)
    said = Reader(book).written(found.entry).aloud if found.entry is not None else ""
    return RuleDraftRead(
        **_line(draft).model_dump(),
        text=draft.text,
        sentence=said,
        faults=[
            RuleFaultRead(message=one.message, line=one.line, column=one.column)
            for one in (*found.faults, *found.remarks)
        ],
        findings=_findings(found),
    )


def _findings(found: Checking) -> list[RuleFindingRead]:
    own = [RuleFindingRead(code=d.code, message=d.message, policies=[]) for d in found.doubts]
    others = [
        RuleFindingRead(code=f.code, message=f.message, policies=list(f.policies))
        for f in found.findings
    ]
    return own + others


def version_of(_actor: Actor, version: ContentVersion) -> RuleVersionRead:
    """Return a published version."""
    return RuleVersionRead(
        key=version.key,
        number=version.number,
        digest=version.digest,
        valid_from=version.valid_from,
        is_current=version.is_current,
    )


@read(
    "rule-drafts",
    name="rulebook.drafts",
    access=OfficialNeeds(READ),
    tag=RULES,
    summary=_("规则草稿"),
)
def drafts(actor: Actor, query: Paged) -> Listed[RuleDraftLine]:
    """List the drafts of the actor's organ, the latest first."""
    return listed(list_drafts_for(actor), ("-pk",), query, _line)


@read(
    "rule-drafts/<str:draft>",
    name="rulebook.draft",
    access=OfficialNeeds(READ),
    tag=RULES,
    summary=_("一份规则草稿及其检查"),
)
def one_draft(actor: Actor, draft: str) -> RuleDraftRead:
    """Show a draft with its text, what it says, and what the check finds."""
    return rule_draft_of(actor, get_draft_for(actor, draft))


write(
    "POST",
    "rule-drafts",
    start_draft,
    tag=RULES,
    summary=_("起草规则"),
    show=rule_draft_of,
    status=201,
    hidden=("document",),
    bounds={"text": DraftText},
)
write(
    "PUT",
    "rule-drafts/<str:draft>",
    save_draft,
    tag=RULES,
    summary=_("保存规则草稿"),
    show=rule_draft_of,
    bounds={"text": DraftText},
    version="expected_version",
)
write("DELETE", "rule-drafts/<str:draft>", give_up_draft, tag=RULES, summary=_("作废规则草稿"))
write(
    "POST",
    "rule-drafts/<str:draft>/publication",
    publish_draft,
    tag=RULES,
    summary=_("发布规则"),
    show=version_of,
    status=201,
)
