"""Claim items (兑现事项) and fields of expertise (专家领域) as packs declare them; pure data."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.forms.definition import FormField
from yingshang.kernel.kinds import Declaration

Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Text = Annotated[str, Field(min_length=1)]
Way = Literal["automatic", "form", "scored"]
"""免申即享、一表申报、评审."""
WHOLE = Decimal(1)


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Window(Part):
    """The days, both included, on which a claim can be made."""

    since: date = Field(alias="from")
    until: date = Field(alias="to")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Window":
        if self.until < self.since:
            raise ValueError("window 的 to 早于 from")
        return self


class RankedBy(Part):
    """One key of a ranking: a text in the rules language over the facts that the rule reads."""

    text: Text
    order: Literal["ascending", "descending"] = "descending"
    label: Text
    label_en: str = ""


class RankingDeclared(Part):
    """How those entitled are ranked where not all can have it (额度内择优).

    ``quota`` counts enterprises, ``budget`` is in fen. ``ties`` says what becomes of those who are equal at the
    cut-off: all in, all out, or drawn by lot (lists of those granted without application alone).
    """

    by: Annotated[tuple[RankedBy, ...], Field(min_length=1)]
    quota: int | None = Field(None, ge=1)
    budget: int | None = Field(None, ge=1)
    ties: Literal["include", "exclude", "draw"] = "include"


class Criterion(Part):
    """What experts score, from 0 to ``most`` points."""

    key: Name
    label: Text
    label_en: Text
    about: str = ""
    about_en: str = ""
    most: int = Field(ge=1, le=100)


class Scoring(Part):
    """Review by ``experts`` drawn from a ``field``; with ``drop_extremes`` the highest and the lowest do not count.

    ``pass`` is the mean of whole scores from which on a claim can be granted; ``observers`` are drawn besides
    and replace who recuses themselves.
    """

    field: Key
    experts: int = Field(ge=1, le=15)
    drop_extremes: bool = False
    passing: int = Field(0, ge=0, alias="pass")
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_passed(self) -> "Scoring":
        if self.passing > self.most:
            raise ValueError(f"pass 高于各项满分之和 {self.most}")
        if self.drop_extremes and self.experts < 3:
            raise ValueError("去掉最高分和最低分时至少要有 3 位专家")
        return self

    @property
    def most(self) -> int:
        """The most points that one expert can give."""
        return sum(one.most for one in self.criteria)


class NoticeUse(Part):
    """The public notice (kind ``public_notice``) that makes intended grants known."""

    key: Key


class Instalment(Part):
    """A share of the amount and when it is paid: once ``decided``, or once ``accepted`` (验收)."""

    share: Annotated[Decimal, Field(gt=0, le=1)]
    when: Literal["decided", "accepted"] = "decided"
    label: str = ""
    label_en: str = ""


class ClawbackGround(Part):
    """A ground on which what was paid is demanded back, with the clause that says so."""

    key: Name
    label: Text
    label_en: Text
    clause: Text


class ClaimItem(Declaration):
    """A claim item (兑现事项): what a rule gives, who decides on it, and out of which fund it is paid.

    ``amount`` names the rule's result in fen. ``evidence`` are fields of ``asks`` (an invoice's or a
    project's number) or materials of which the same may stand in one claim only. ``excludes`` are items that are not granted for the same
    year, ``excludes_ever`` never together; both hold in both directions. ``limit_days`` are the working
    days for deciding, ``confirm_days`` those for confirming an offer (免申即享).
    """

    key: Key
    label: Text
    label_en: Text
    about: str = ""
    about_en: str = ""
    policy: Key
    amount: Name = "amount"
    organ: Key
    fund: Key
    budget_line: Name
    way: Way
    window: Window | None = None
    materials: tuple[Key, ...] = ()
    asks: tuple[FormField, ...] = ()
    evidence: tuple[Name, ...] = ()
    excludes: tuple[Key, ...] = ()
    excludes_ever: tuple[Key, ...] = ()
    ranking: RankingDeclared | None = None
    scoring: Scoring | None = None
    notice: NoticeUse | None = None
    instalments: tuple[Instalment, ...] = (Instalment(share=WHOLE),)
    clawback: tuple[ClawbackGround, ...] = ()
    per: Literal["year", "once", "open"] = "year"
    limit_days: int = Field(20, ge=1, le=120)
    confirm_days: int = Field(10, ge=1, le=60)

    @model_validator(mode="after")
    def _fits_its_way(self) -> "ClaimItem":
        if (self.way == "scored") != (self.scoring is not None):
            raise ValueError("way 为 scored 时要写 scoring，其他方式不写")
        if self.way == "automatic" and (self.materials or self.asks):
            raise ValueError(
                "免申即享（automatic）不再要求材料和填报；请改用 form，或者删去 materials、asks"
            )
        if sum(one.share for one in self.instalments) != WHOLE:
            raise ValueError("instalments 的 share 相加应为 1")
        return self

    @cached_property
    def ground_by_key(self) -> Mapping[str, ClawbackGround]:
        """Grounds of demanding back, by key."""
        return {one.key: one for one in self.clawback}

    def is_open_on(self, day: date) -> bool:
        """Tell whether a claim can be made on a day."""
        return self.window is None or self.window.since <= day <= self.window.until


class ExpertField(Declaration):
    """A field of expertise (专家领域): experts are entered in the register under it.

    ``legal`` is the text by which experts are chosen; ``term_years`` how long an entry holds.
    """

    key: Key
    label: Text
    label_en: Text
    about: str = ""
    about_en: str = ""
    legal: str = ""
    term_years: int = Field(3, ge=1, le=10)
