"""The kinds ``form`` and ``material`` as packs declare them; pure data.

What a form shows and asks is worked out in :mod:`yingshang.forms.evaluating`, what is wrong with a
declaration is found in :mod:`yingshang.forms.linting`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yingshang.kernel.kinds import Declaration

FieldType = Literal[
    "text",
    "long_text",
    "number",
    "integer",
    "money",
    "date",
    "choice",
    "choices",
    "yes_no",
    "organ",
    "address",
    "person",
    "file",
    "group",
]
Required = Literal["no", "soft", "yes"]
STRICTNESS: tuple[Required, ...] = ("no", "soft", "yes")
Prefill = Literal["fact", "subject_name", "subject_code", "actor_name", "none"]

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
FormKey = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]

MOST_ROWS = 200
"""Rows that any repeating group may have, whatever it declares."""


class Part(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Option(Part):
    """One answer of a choice that has no code list of its own."""

    key: Annotated[str, Field(min_length=1, max_length=40)]
    label: str
    label_en: str = ""


class Question(Part):
    """What every field has, in a section or in the rows of a group.

    Bound to a ``fact``, its label, type, code list and unit are the catalogue's unless written here.
    ``required: soft`` may be left empty with a stated reason. ``why`` is the legal ground on which it
    is asked; ``least`` and ``most`` bound numbers (money in fen) or, for texts, the characters.
    """

    key: Key
    label: str = ""
    label_en: str = ""
    type: FieldType | None = None
    fact: str = ""
    code_list: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    required: Required = "yes"
    required_when: str = ""
    when: str = ""
    help: str = ""
    help_en: str = ""
    why: str = ""
    why_asked: str = ""
    """Why it is asked although the platform may know it; quiets the lint, shown to the applicant."""
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    not_future: bool = False
    prefill: Prefill = "fact"
    material: str = ""
    asked_for: Mapping[str, str] = {}
    """In a combined form: under which key each of its forms asks this."""


class FormField(Question):
    """A field of a section; a ``group`` has ``fields`` of its own that repeat in rows."""

    fields: tuple[Question, ...] = ()
    least_rows: int = Field(0, ge=0, le=MOST_ROWS)
    most_rows: int = Field(20, ge=1, le=MOST_ROWS)
    row_label: str = ""
    row_label_en: str = ""

    @model_validator(mode="after")
    def _group_has_fields(self) -> "FormField":
        if (self.type == "group") != bool(self.fields):
            raise ValueError("type 为 group 时要写 fields，其他类型不写")
        if self.least_rows > self.most_rows:
            raise ValueError("least_rows 不能大于 most_rows")
        return self

    @cached_property
    def field_by_key(self) -> Mapping[str, Question]:
        """Fields of a row by key."""
        return {one.key: one for one in self.fields}


class Section(Part):
    """Fields that stand together on one page (步骤)."""

    key: Key
    label: str
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    when: str = ""
    fields: tuple[FormField, ...]


class MaterialAsked(Part):
    """A material that goes with the form, perhaps only under a condition.

    ``required: soft`` may be left out with a stated reason; ``yes`` may be handed in later where the
    material itself says so (容缺). ``legal`` is by which text this form asks for it, where the
    material's own is that of another.
    """

    material: str
    required: Required = "yes"
    when: str = ""
    legal: str = ""


class SignatureAsked(Part):
    """Who signs besides handing in: the applicant, a named person, or everybody in a group's rows.

    ``signer`` names a field of type person (or a text with the name), in a group with ``group``.
    ``statement`` is what is declared by signing, such as a letter of commitment (承诺书); it is part of
    what is signed.
    """

    key: Key
    label: str
    label_en: str = ""
    statement: str = ""
    statement_en: str = ""
    signer: str = ""
    group: str = ""
    when: str = ""

    @model_validator(mode="after")
    def _group_has_a_signer(self) -> "SignatureAsked":
        if self.group and not self.signer:
            raise ValueError("写了 group 就要用 signer 写明哪个字段是签名人")
        return self


class Check(Part):
    """Something that must hold between answers, in the rules language, told beside one field."""

    key: Key
    must: str
    field: str
    message: str
    message_en: str = ""


class Form(Declaration):
    """A form (表单): sections of fields, materials, signatures, checks.

    ``subject`` is whose facts it reads; ``outputs`` are what the step yields: fact keys,
    ``material:<key>`` and ``licence:<kind>``, which no other form combined with it asks for.
    """

    key: FormKey
    label: str
    label_en: str
    subject: Literal["enterprise", "person", "project"] = "enterprise"
    legal: str = ""
    help: str = ""
    help_en: str = ""
    layout: Literal["steps", "page"] = "steps"
    sections: tuple[Section, ...]
    materials: tuple[MaterialAsked, ...] = ()
    signatures: tuple[SignatureAsked, ...] = ()
    checks: tuple[Check, ...] = ()
    outputs: tuple[str, ...] = ()
    expires_after_days: int = Field(60, ge=1, le=730)
    combines: tuple[str, ...] = ()
    """The forms of which a combined form was made."""

    def questions(self) -> Iterator[tuple[Section, FormField]]:
        """Yield every field with its section, in order."""
        for section in self.sections:
            for one in section.fields:
                yield section, one

    @cached_property
    def field_by_key(self) -> Mapping[str, FormField]:
        """Fields by key."""
        return {one.key: one for _section, one in self.questions()}

    @cached_property
    def section_by_key(self) -> Mapping[str, Section]:
        """Sections by key."""
        return {one.key: one for one in self.sections}

    def find(self, path: str) -> Question | None:
        """Return the field at ``key``, ``group.inner`` or ``group.3.inner``, or None."""
        head, *rest = path.split(".")
        found = self.field_by_key.get(head)
        if found is None or not rest:
            return found
        return found.field_by_key.get(rest[-1]) if len(rest) <= 2 else None


MaterialSource = Literal["applicant", "fact", "licence", "outside"]
"""From whom it comes: the applicant, what the platform knows, a licence held, an outside body."""

MaterialFormat = Literal["pdf", "png", "jpeg", "docx", "xlsx"]


class Material(Declaration):
    """A material (材料): what it is, on which ground it is asked, what it proves, and how it comes.

    ``proves`` are fact keys; ``licence_kind`` a kind of licence that stands for it. ``deferrable`` may
    be missing at acceptance (容缺) and is handed in within ``deferred_days`` calendar days. Handed in
    once it is offered again for ``reusable_days`` (0: without limit, -1: never).
    """

    key: FormKey
    label: str
    label_en: str
    help: str = ""
    help_en: str = ""
    legal: Annotated[str, Field(min_length=1)]
    source: MaterialSource
    body: str = ""
    proves: tuple[str, ...] = ()
    licence_kind: str = ""
    formats: tuple[MaterialFormat, ...] = ("pdf", "jpeg", "png")
    original: Literal["original", "copy", "electronic"] = "electronic"
    copies: int = Field(1, ge=0, le=20)
    most_files: int = Field(5, ge=1, le=20)
    most_pages: int | None = Field(None, ge=1, le=500)
    sensitive: bool = False
    deferrable: bool = False
    deferred_days: int = Field(0, ge=0, le=365)
    reusable_days: int = Field(0, ge=-1, le=3650)
    why_asked: str = ""

    @model_validator(mode="after")
    def _says_whence(self) -> "Material":
        if self.source == "fact" and not self.proves:
            raise ValueError("source 为 fact 时要用 proves 写明由哪些数据证明")
        if self.source == "licence" and not self.licence_kind:
            raise ValueError("source 为 licence 时要写 licence_kind")
        if self.source == "outside" and not self.body:
            raise ValueError("source 为 outside 时要用 body 写明由谁出具")
        if self.deferrable != bool(self.deferred_days):
            raise ValueError("deferrable 与 deferred_days 要一起写")
        return self
