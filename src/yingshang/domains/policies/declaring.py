"""Policy texts as packs and publications declare them: a masthead and clauses with marks (政策文本)."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration


class Level(StrEnum):
    """Whose level a text comes from."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"


class Mark(StrEnum):
    """What a clause is about; every clause has at least one (标注)."""

    CONDITION = "condition"
    EXCLUSION = "exclusion"
    AMOUNT = "amount"
    MATERIAL = "material"
    REVIEW = "review"
    PROCEDURE = "procedure"
    WINDOW = "window"
    CLAWBACK = "clawback"
    DEFINITION = "definition"
    PURPOSE = "purpose"
    AUTHORITY = "authority"
    VALIDITY = "validity"
    OTHER = "other"


RESTED_ON: Final = frozenset({Mark.CONDITION, Mark.EXCLUSION, Mark.AMOUNT})
"""Marks of clauses on which a rule must rest, or which say why none does."""


class ClauseDeclaration(BaseModel):
    """One clause: its label (第五条第一项), its words, what it is about.

    ``unused`` says why no rule rests on a clause with a condition, an exclusion or an amount.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Annotated[str, Field(min_length=1, max_length=40)]
    text: Annotated[str, Field(min_length=1, max_length=5_000)]
    marks: Annotated[tuple[Mark, ...], Field(min_length=1)]
    unused: str = ""


class ContactDeclaration(BaseModel):
    """Who answers questions about a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organ: str
    phone: str = ""


class TextAttachment(BaseModel):
    """A form or table that belongs to a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    address: str = ""


class EndingDeclaration(BaseModel):
    """Since when a text is abolished, by which text or decision, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    since: date = Field(alias="from")
    by: str = ""
    reason: Annotated[str, Field(min_length=1)]


class PolicyTextDeclaration(Declaration):
    """A policy text (政策文本) in clauses, annotated in full.

    ``issued_on`` is the day of signature, ``published_on`` the day on which it was published with its
    interpretation, ``valid_from`` the day it takes effect (施行日期). ``supersedes`` names the texts
    that it replaces, ``rests_on`` those on whose basis it was made. ``inclusive`` are policies for all
    firms (惠企普惠政策), where at least half of those heard must be small or medium.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    title_en: str
    number: str
    issuer: str
    level: Level
    issued_on: date
    published_on: date | None = None
    valid_from: date
    valid_to: date | None = None
    supersedes: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    inclusive: bool = False
    topics: tuple[str, ...] = ()
    contact: ContactDeclaration | None = None
    attachments: tuple[TextAttachment, ...] = ()
    interpretation: str = ""
    interpretation_en: str = ""
    immediate: str = ""
    """Why it takes effect without time to prepare, where it does."""
    abolished: EndingDeclaration | None = None
    clauses: Annotated[tuple[ClauseDeclaration, ...], Field(min_length=1)]

    def clause(self, label: str) -> ClauseDeclaration | None:
        """Return the clause of this label, or None."""
        return next((one for one in self.clauses if one.label == label), None)

    @property
    def labels(self) -> frozenset[str]:
        """The labels of all clauses."""
        return frozenset(one.label for one in self.clauses)

    @model_validator(mode="after")
    def _is_consistent(self) -> "PolicyTextDeclaration":
        labels = [one.label for one in self.clauses]
        if twice := {label for label in labels if labels.count(label) > 1}:
            raise ValueError(f"条款标号重复：{'、'.join(sorted(twice))}")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to 早于 valid_from")
        if self.published_on is not None and self.published_on < self.issued_on:
            raise ValueError("published_on 早于 issued_on")
        return self


_ARTICLE = re.compile(r"^第[〇零一二三四五六七八九十百千\d]+条")


def article_of(label: str) -> str:
    """Return the article (第五条) in which a clause stands, or the label where it names none."""
    found = _ARTICLE.match(label)
    return found.group(0) if found else label
