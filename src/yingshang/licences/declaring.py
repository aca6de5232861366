"""What packs declare: kinds of licences, and the templates by which documents are set."""

import re
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration
from yingshang.licences.numbering import Pattern

FieldType = Literal["text", "date", "money", "number", "list"]


class DocumentField(BaseModel):
    """One value that a document shows; ``money`` is whole fen, ``list`` several texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    label_en: str
    type: FieldType = "text"
    required: bool = False


class Validity(BaseModel):
    """How long a licence is valid unless the issue says otherwise; nothing means without end."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    years: int = Field(default=0, ge=0, le=50)
    legal: str = ""


class LicenceKind(Declaration):
    """A kind of licence (证照类型): its number, its fields, its term, the law behind it.

    ``type_code`` is its code in the catalogue of licence types (GB/T 36902-2018), the ``<type>`` of the
    identifier; ``serial`` says whether numbers are counted without a gap or drawn. ``scope`` says
    within what a number is counted.
    """

    label: str
    label_en: str
    type_code: str = Field(pattern=r"^[0-9A-Z]{4,21}$")
    number: str
    serial: Literal["counted", "drawn"] = "counted"
    scope: Literal["year", "ever"] = "ever"
    holders: tuple[str, ...] = ("enterprise", "self_employed")
    fields: tuple[DocumentField, ...] = ()
    term: Validity = Validity()
    template: str
    legal: tuple[str, ...] = Field(min_length=1)

    @property
    def pattern(self) -> Pattern:
        """Return how the number is written."""
        return Pattern(self.number)


class DocumentWord(Declaration):
    """The word by which an organ's documents are known (机关代字); ``key`` is the organ's."""

    word: str = Field(min_length=1, max_length=10)


class SealPlace(BaseModel):
    """Where the centre of the seal stands on the last page, in millimetres from left and bottom."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    x: float = 145
    y: float = 52


class DocumentTemplate(Declaration):
    """How a licence or a decision is set, in typst; decisions also say how they are numbered.

    ``source`` sees the values as ``data`` (see :mod:`yingshang.licences.papers`) and what the package
    offers in ``paper.typ``. ``series`` names
    the count of numbers within an organ and year. ``renderer`` and ``seal_kind`` choose the adapter and
    the seal.
    """

    label: str
    label_en: str
    sort: Literal["licence", "decision"]
    source: str
    fields: tuple[DocumentField, ...] = ()
    number: str = ""
    series: str = "decision"
    renderer: str = "typst-pdf"
    seal_kind: Literal["official", "approval", "licence"] = "official"
    seal_at: SealPlace = SealPlace()
    legal: tuple[str, ...] = ()
    served: bool = True

    @model_validator(mode="after")
    def _decisions_are_numbered(self) -> "DocumentTemplate":
        if self.sort == "decision" and not self.number:
            raise ValueError("文书模板要写明 number（文号规则）")
        return self

    @property
    def pattern(self) -> Pattern:
        """Return how the number is written."""
        return Pattern(self.number)

    @property
    def used_fields(self) -> set[str]:
        """Return the names of fields that the source takes, as value, text or list."""
        return set(re.findall(r"data\.(?:fields|shown|lists)\.([a-z][a-z0-9_]*)", self.source))


EXPECTED = {
    "text": _("文字"),
    "date": _("日期（年-月-日）"),
    "money": _("金额（整数，单位为分）"),
    "number": _("数字"),
    "list": _("若干条文字"),
}


def fits(kind: FieldType, value: Any) -> bool:
    """Tell whether a plain value is of a field's type."""
    match kind:
        case "text":
            return isinstance(value, str)
        case "date":
            return isinstance(value, date) or (isinstance(value, str) and _is_day(value))
        case "money":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "list":
            return isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
