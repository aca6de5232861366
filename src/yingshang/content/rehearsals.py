"""The kind ``rehearsal``: who does what, what must then be true, and what must be refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from yingshang.content.packs import pack_folders
from yingshang.content.views import VIEWS
from yingshang.kernel.kinds import KINDS, Declaration, Kind, Remark
from yingshang.kernel.times import SHANGHAI
from yingshang.parties.acting import ACTIONS
from yingshang.parties.permissions import PERMISSIONS

_WAIT = re.compile(r"^(\d+) (working days?|days?|hours?)$")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CastOrgan(_Part):
    """An organ that only this rehearsal needs."""

    key: str
    name: str
    type: str = "department"
    division: str = "310000"


class CastSubject(_Part):
    """A subject that only this rehearsal needs; an enterprise has its credit code."""

    key: str
    name: str
    type: str = "enterprise"
    code: str | None = None


class CastMember(_Part):
    """A person with roles, for one organ (by key) or one subject of this rehearsal (by key).

    With neither it is a person who acts for nobody else, until a mandate is given. ``permissions`` are a role of this rehearsal's own, for packs that declare no roles.
    """

    name: str
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    organ: str | None = None
    subject: str | None = None

    @model_validator(mode="after")
    def _for_one_party(self) -> "CastMember":
        if self.organ is not None and self.subject is not None:
            raise ValueError("organ 和 subject 只写一个")
        if self.organ is None and self.subject is None and (self.roles or self.permissions):
            raise ValueError("有 roles 或 permissions 的要写 organ 或 subject")
        return self


class Given(_Part):
    """What holds before the first step; ``at`` is the time in Shanghai at which it begins."""

    packs: tuple[str, ...] = ()
    at: datetime
    organs: tuple[CastOrgan, ...] = ()
    subjects: tuple[CastSubject, ...] = ()
    cast: Mapping[str, CastMember]

    @field_validator("at", mode="after")
    @classmethod
    def _in_shanghai(cls, moment: datetime) -> datetime:
        return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


class Refusal(_Part):
    """The action must be refused with this code, and its sentence must contain ``says``."""

    code: str
    says: str = ""


class Step(_Part):
    """Exactly one of ``do`` (an action), ``expect`` (a view) and ``wait`` (time passes)."""

    note: str = ""
    do: str | None = None
    expect: str | None = None
    wait: str | None = None
    actor: str | None = Field(None, alias="as")
    parameters: Mapping[str, Any] = Field(default_factory=dict, alias="with")
    save: str | None = None
    refused: Refusal | None = None
    equals: Any = Field(None, alias="is")
    has: tuple[Any, ...] = ()
    lacks: tuple[Any, ...] = ()
    count: int | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> "Step":
        if [self.do, self.expect, self.wait].count(None) != 2:
            raise ValueError("每一步写且只写 do、expect、wait 之一")
        if self.wait is None and self.actor is None:
            raise ValueError("请用 as 写明由谁来做或来看")
        if self.wait is not None and not _WAIT.match(self.wait):
            raise ValueError("wait 写成“5 working days”“3 days”或“2 hours”")
        return self

    @property
    def waited(self) -> tuple[int, Literal["working", "day", "hour"]]:
        """Return how long ``wait`` says, and in what."""
        match = _WAIT.match(self.wait or "")
        assert match is not None
        unit = match[2].rstrip("s")
        return int(match[1]), "working" if unit == "working day" else unit  # type: ignore[return-value]


class Rehearsal(Declaration):
    """A short scenario that runs through the real actions."""

    title: str
    title_en: str = ""
    given: Given
    steps: tuple[Step, ...]


def lint_rehearsal(
    rehearsal: Rehearsal, _known: Mapping[str, Mapping[str, Any]]
) -> Iterable[Remark]:
    """Name packs, people, actions and views that there are not, and names used before they are saved."""
    if not rehearsal.steps:
        yield "no_steps", "排演至少要有一步", ("steps",)
    for number, name in enumerate(rehearsal.given.packs):
        if name not in pack_folders():
            yield "unknown_pack", f"没有名为 {name} 的内容包", ("given", "packs", number)
    for key, member in rehearsal.given.cast.items():
        for name in member.permissions:
            if name not in PERMISSIONS:
                place = ("given", "cast", key, "permissions")
                yield "unknown_permission", f"没有名为 {name} 的权限", place
    yield from _lint_steps(rehearsal)


def _lint_steps(rehearsal: Rehearsal) -> Iterator[Remark]:
    for place, step in enumerate(rehearsal.steps):
        at: tuple[str | int, ...] = ("steps", place)
        if step.actor is not None and step.actor not in rehearsal.given.cast:
            yield "unknown_cast", f"given.cast 里没有 {step.actor}", (*at, "as")
        if step.do is not None and step.do not in ACTIONS:
            yield "unknown_action", f"没有名为 {step.do} 的操作", (*at, "do")
        if step.expect is not None and step.expect not in VIEWS:
            yield "unknown_view", f"没有名为 {step.expect} 的视图", (*at, "expect")


KINDS.add("rehearsal", Kind("rehearsal", "rehearsals", Rehearsal, lint_rehearsal))
