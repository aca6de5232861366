"""Public notices as packs declare them: what is shown, until when, and who may object."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from yingshang.domains.services.catalogue.declaring import Key, Part, Text
from yingshang.kernel.kinds import Declaration

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Audience = Literal["anyone", "organs"]
Objectors = Literal["nobody", "anyone", "signed_in", "organs"]


class Shown(Part):
    """One line of a notice: ``value`` is a text in the rules language over the application.

    What tells of a person, or of a fact that is not public, needs the law that demands it in
    ``personal``; nothing that is not named here is ever shown.
    """

    label: Text
    label_en: Text
    value: Text
    personal: str = ""


class Ground(Part):
    """A ground on which somebody may object."""

    key: Name
    label: Text
    label_en: Text


class Result(Part):
    """How a notice may end, as the public reads it."""

    key: Name
    label: Text
    label_en: Text
    tone: Literal["good", "bad", "idle"] = "idle"


class PublicNotice(Declaration):
    """A sort of public notice (公示、公告).

    Its period is that of the procedure's ``clock``, so that there is one count of days. ``open_to`` says
    who may read it, ``objectors`` who may object, ``whom`` the same in words. ``on_objection`` names the
    procedure's system action that an objection does where the state allows. ``kept_days`` is how long a
    notice can be read after it ended; 0 keeps it without end. ``one_at_a_time`` refuses a second one
    about the same subject while the first is open. A notice that lists many (批量公示) shows ``columns`` of
    each, and an objection then says whom it is about.
    """

    key: Key
    label: Text
    label_en: Text
    about: str = ""
    about_en: str = ""
    legal: Text
    clock: Name
    title: Text = "subject.name"
    shows: Annotated[tuple[Shown, ...], Field(min_length=1)]
    columns: tuple[Shown, ...] = ()
    open_to: Audience = "anyone"
    objectors: Objectors = "anyone"
    whom: str = ""
    whom_en: str = ""
    grounds: tuple[Ground, ...] = ()
    on_objection: str = ""
    results: Annotated[tuple[Result, ...], Field(min_length=1)]
    kept_days: int = Field(0, ge=0)
    one_at_a_time: bool = False

    @cached_property
    def result_by_key(self) -> Mapping[str, Result]:
        """Results by key."""
        return {one.key: one for one in self.results}

    @cached_property
    def ground_by_key(self) -> Mapping[str, Ground]:
        """Grounds by key."""
        return {one.key: one for one in self.grounds}
