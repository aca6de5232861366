"""Declarations of facts: code lists, sources, fact types and derivations, as packs write them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from yingshang.kernel.kinds import Declaration
from yingshang.rules.declarations import GRADES
from yingshang.rules.types import DOUBLE, Type, list_of, parse_type

Shape = Literal["scalar", "series", "records"]
Sensitivity = Literal["public", "internal", "sensitive"]
Refresh = Literal["realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "event"]
PeriodKind = Literal["year", "quarter", "month"]
SubjectSort = Literal["enterprise", "person", "project"]


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Code(Part):
    """One value of a code list; ``parent`` is the code above it."""

    code: str = Field(min_length=1, max_length=40)
    label: str
    label_en: str = ""
    parent: str = ""


def read_codes(text: str) -> list[dict[str, str]]:
    """Read codes written one a line as ``CODE LABEL | ENGLISH LABEL``, indented below their parent.

    Raises ``ValueError`` for a line without a label.
    """
    codes: list[dict[str, str]] = []
    above: list[tuple[int, str]] = []
    for line in filter(str.strip, text.splitlines()):
        depth = len(line) - len(line.lstrip())
        code, _, labels = line.strip().partition(" ")
        label, _, label_en = labels.partition(" | ")
        if not label.strip():
            raise ValueError(f"“{line.strip()}”应写成“代码 名称”或“代码 名称 | English”")
        while above and above[-1][0] >= depth:
            above.pop()
        parent = above[-1][1] if above else ""
        codes.append(
            {"code": code, "label": label.strip(), "label_en": label_en.strip(), "parent": parent}
        )
        above.append((depth, code))
    return codes


class CodeListDeclaration(Declaration):
    """A code list (代码表) of any length; ``source`` names the standard and its year.

    A long list is better written as one text, see :func:`read_codes`.
    """

    label: str
    label_en: str
    source: str = ""
    codes: tuple[Code, ...]

    @field_validator("codes", mode="before")
    @classmethod
    def _may_be_text(cls, value: Any) -> Any:
        return read_codes(value) if isinstance(value, str) else value

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """Codes by their own code."""
        return {code.code: code for code in self.codes}

    def ancestors(self, code: str) -> Iterator[Code]:
        """Yield what stands above a code, the nearest first."""
        seen = {code}
        while (found := self.by_code.get(code)) and found.parent and found.parent not in seen:
            seen.add(found.parent)
            code = found.parent
            if code in self.by_code:
                yield self.by_code[code]


class CodeAdditionDeclaration(Declaration):
    """Codes that another pack adds to a list: a district's streets, zones and local grades."""

    code_list: str
    codes: tuple[Code, ...]

    @field_validator("codes", mode="before")
    @classmethod
    def _may_be_text(cls, value: Any) -> Any:
        return read_codes(value) if isinstance(value, str) else value


class FactSourceDeclaration(Declaration):
    """Where values come from; ``owner`` is an organ's key, or empty until a district says so.

    ``duty`` names the sort of body that answers for it, whatever it is called here.
    """

    label: str
    label_en: str
    duty: str
    duty_en: str
    owner: str = ""
    refresh: Refresh = "daily"
    legal: str = ""


class SourceOwnerDeclaration(Declaration):
    """A district's answer to who owns a source; the key is the source's.

    Under the key ``others`` stands who looks after data in general: it decides disputes about values
    whose source no organ owns, but does not speak for such a source.
    """

    organ: str


OTHERS = "others"


class Absence(Part):
    """What no value means once the source is complete: ``value``, or no records where that is empty.

    The source must be complete up to a day at most ``within_days`` before the day asked about.
    """

    value: bool | int | float | str | None = None
    within_days: int = Field(0, ge=0, le=3660)


class QualityRules(Part):
    """What a value should be like; a breach is an issue to the source's owner."""

    least: float | None = Field(None, alias="min")
    most: float | None = Field(None, alias="max")
    pattern: str = ""
    max_length: int | None = None
    not_future: bool = False
    expected: bool = False
    max_age_days: int | None = None


class Typing(Part):
    """A type with its unit and code list, as fact types and the fields of records have them.

    ``money`` is whole fen, ``decimal`` a fraction, ``code`` a text of the code list.
    """

    type: str = "string"
    unit: str = ""
    code_list: str = ""

    @property
    def rule_type(self) -> Type:
        """Return the type that rules see."""
        return rule_type(self.type)

    @field_validator("type")
    @classmethod
    def _is_type(cls, value: str) -> str:
        rule_type(value)
        return value

    @model_validator(mode="after")
    def _codes_have_a_list(self) -> "Typing":
        if (self.type in ("code", "list(code)")) != bool(self.code_list):
            raise ValueError("type 为 code 时要写 code_list，其他类型不写")
        return self


TYPES = ("bool", "int", "decimal", "money", "string", "code", "date")


def rule_type(text: str) -> Type:
    """Return the rules' type of a declared one; raises ``ValueError`` for another word."""
    inner = text.removeprefix("list(").removesuffix(")") if text.startswith("list(") else text
    if inner not in TYPES:
        raise ValueError(f"类型只能写 {'、'.join(TYPES)} 或 list(…)，现在是 {text!r}")
    found = DOUBLE if inner == "decimal" else parse_type(inner)
    assert found is not None
    return list_of(found) if inner != text else found


class RecordField(Typing):
    """A field of the records of one type."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    label_en: str
    required: bool = False


FactKey = Annotated[
    str,
    Field(pattern=r"^(enterprise|person|project)(\.[a-z][a-z0-9_]*)+$", max_length=80),
]


class FactTypeDeclaration(Typing, Declaration):
    """What can be known about a sort of subject (数据项): its type, its one source, what absence means.

    ``accepts`` are the lesser grades that may stand in while the source says nothing. Records have
    ``fields``, of which ``dated`` names the day on which one happened.
    """

    key: FactKey
    label: str
    label_en: str
    subject: SubjectSort = "enterprise"
    shape: Shape = "scalar"
    period: PeriodKind | None = None
    fields: tuple[RecordField, ...] = ()
    dated: str = ""
    source: str
    absence: Literal["unknown"] | Absence = "unknown"
    accepts: tuple[Literal["declared", "committed", "verified"], ...] = ()
    sensitivity: Sensitivity = "internal"
    legal: str = ""
    refresh: Refresh | None = None
    immutable: bool = False
    group: str = ""
    group_en: str = ""
    quality: QualityRules = QualityRules()
    help: str = ""
    help_en: str = ""

    @cached_property
    def field_by_key(self) -> Mapping[str, RecordField]:
        """Fields of a record by key."""
        return {field.key: field for field in self.fields}

    @property
    def may_be_declared(self) -> bool:
        """Tell whether a subject may say it of itself: it is its own source, or its word stands in."""
        return self.source == "self" or bool({"declared", "committed"} & set(self.accepts))

    @property
    def grades(self) -> tuple[str, ...]:
        """Return the grades that a value may have, the weakest first."""
        return tuple(g for g in GRADES if g == GRADES[-1] or g in self.accepts)

    @model_validator(mode="after")
    def _fits_its_shape(self) -> "FactTypeDeclaration":
        if self.key.partition(".")[0] != self.subject:
            raise ValueError(f"key 应以 {self.subject}. 开头")
        if (self.shape == "series") != (self.period is not None):
            raise ValueError("shape 为 series 时要写 period，其他不写")
        if (self.shape == "records") != bool(self.fields):
            raise ValueError("shape 为 records 时要写 fields，其他不写")
        if self.dated and getattr(self.field_by_key.get(self.dated), "type", "") != "date":
            raise ValueError(f"dated 应是 fields 里的一个日期字段，没有 {self.dated}")
        if self.shape == "records" and not self.dated:
            raise ValueError("shape 为 records 时要用 dated 写明哪个字段是发生日期")
        return self


class Where(Part):
    """Only records whose field has one of these values."""

    field: str
    among: tuple[str | int | bool, ...] = Field(alias="in")


class Latest(Part):
    """The value of the latest period, or a field of the latest record."""

    op: Literal["latest"]
    field: str = ""
    where: tuple[Where, ...] = ()


class PeriodBack(Part):
    """The value of the period that many before the one in which the day lies (1 = the last whole one)."""

    op: Literal["period"]
    back: int = Field(1, ge=0, le=100)


class Grew(Part):
    """Whether each of the last ``periods`` whole periods is above the one before it."""

    op: Literal["grew"]
    periods: int = Field(2, ge=1, le=20)


class Growth(Part):
    """The last whole period over the one before it, less one."""

    op: Literal["growth"]


class Total(Part):
    """Sum or average over the last whole periods, or over the records of the last months."""

    op: Literal["sum", "average"]
    periods: int | None = Field(None, ge=1, le=100)
    months: int | None = Field(None, ge=1, le=1200)
    field: str = ""
    where: tuple[Where, ...] = ()


class Count(Part):
    """How many records there are, of the last months or of all."""

    op: Literal["count"]
    months: int | None = Field(None, ge=1, le=1200)
    where: tuple[Where, ...] = ()


class NoneWithin(Part):
    """Whether there is no such record in the last months."""

    op: Literal["none"]
    months: int | None = Field(None, ge=1, le=1200)
    where: tuple[Where, ...] = ()


class Ratio(Part):
    """``from`` divided by ``over``: two scalars, or two series in their last whole period."""

    op: Literal["ratio"]
    over: FactKey


class Related(Part):
    """Something about the subjects that stand in a dated relation to this one.

    ``from`` is a fact of theirs. ``none`` is true when it is true (or has records) for none of them,
    ``value`` is its value for the only one, ``count`` counts them and needs no ``from``.
    """

    op: Literal["related"]
    relation: str
    direction: Literal["out", "in"] = "out"
    take: Literal["none", "value", "count"]


How = Annotated[
    Latest | PeriodBack | Grew | Growth | Total | Count | NoneWithin | Ratio | Related,
    Field(discriminator="op"),
]


class DerivationDeclaration(Declaration):
    """A scalar that follows from other facts (派生项): which operator over which fact, as of a day.

    It has the grade of the weakest value that it rests on, and is as sensitive as ``from``.
    """

    key: FactKey
    label: str
    label_en: str
    of: str = Field("", alias="from")
    how: How
    unit: str = ""
    legal: str = ""
    group: str = ""
    group_en: str = ""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the keys that it reads."""
        over = (self.how.over,) if isinstance(self.how, Ratio) else ()
        return tuple(key for key in (self.of, *over) if key)

    @model_validator(mode="after")
    def _has_a_source(self) -> "DerivationDeclaration":
        counted = isinstance(self.how, Related) and self.how.take == "count"
        if bool(self.of) == counted:
            raise ValueError("from 写明取自哪个数据项；只有 related 的 count 不写")
        return self


def body_of(part: Any) -> dict[str, Any]:
    """Return an operator's parameters as plain JSON, for showing it."""
    found: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found
