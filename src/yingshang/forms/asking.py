"""A field as it is really asked: what its fact type says, unless the form says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import Code, CodeListDeclaration, Typing
from yingshang.forms.definition import FieldType, FormField, Question
from yingshang.rules.errors import RuleFault
from yingshang.rules.types import BOOL, DATE, DOUBLE, INT, STRING, Type, list_of

OF_FACT: Mapping[str, FieldType] = {
    "bool": "yes_no",
    "int": "integer",
    "decimal": "number",
    "money": "money",
    "string": "text",
    "code": "choice",
    "date": "date",
    "list(code)": "choices",
}
"""How a fact's type is asked."""

RULE_TYPES: Mapping[str, Type] = {
    "text": STRING,
    "long_text": STRING,
    "number": DOUBLE,
    "integer": INT,
    "money": INT,
    "date": DATE,
    "choice": STRING,
    "choices": list_of(STRING),
    "yes_no": BOOL,
    "organ": STRING,
    "address": STRING,
    "person": STRING,
}
"""What a field is in the rules language; a person is its name, an address its text."""

FEW = 12
"""Up to so many choices stand as buttons; more are a list, and beyond :data:`MANY` a search."""
MANY = 60


class FieldUnfit(RuleFault):
    """A field that cannot be asked as it is declared."""

    code = "field_unfit"


@dataclass(frozen=True)
class Asked:
    """One field with everything that reading, showing and checking an answer needs.

    ``choices`` are the codes that may be chosen; ``typing`` is the fact's, where it is bound to one.
    """

    declared: Question
    type: FieldType
    label: str
    label_en: str
    unit: str
    choices: CodeListDeclaration | None
    typing: Typing | None
    group: str = ""
    rows: "tuple[Asked, ...]" = ()

    @property
    def key(self) -> str:
        """The field's key."""
        return self.declared.key

    @property
    def name(self) -> str:
        """The name under which conditions read it."""
        return f"row.{self.key}" if self.group else f"form.{self.key}"

    @property
    def rule_type(self) -> Type | None:
        """The type that conditions see; files and groups have none of their own."""
        return RULE_TYPES.get(self.type)

    @property
    def fact(self) -> str:
        """The fact that it is bound to, or nothing."""
        return self.declared.fact

    @property
    def is_searched(self) -> bool:
        """Tell whether there are too many choices for a list."""
        return self.choices is not None and len(self.choices.codes) > MANY

    @cached_property
    def row_by_key(self) -> "Mapping[str, Asked]":
        """Fields of a group's rows by key."""
        return {one.key: one for one in self.rows}

    def path(self, row: int | None = None) -> str:
        """Return where its answer stands: ``key``, or ``group.<row>.key``."""
        return self.key if row is None else f"{self.group}.{row}.{self.key}"


def resolve(field: Question, catalogue: Catalogue, group: str = "") -> Asked:
    """Return a field as it is asked; raises :class:`FieldUnfit` saying what to write."""
    typing = _typing(field, catalogue)
    kind = field.type or (OF_FACT.get(typing.type) if typing else None)
    if kind is None:
        raise FieldUnfit(f"字段 {field.key}：请写 type，或用 fact 绑定一个可以填写的数据项")
    label = field.label or catalogue.label_of(field.fact)
    if not label:
        raise FieldUnfit(f"字段 {field.key} 没有 label")
    rows: tuple[Asked, ...] = ()
    if isinstance(field, FormField) and field.fields:
        rows = tuple(resolve(one, catalogue, field.key) for one in field.fields)
    return Asked(
        declared=field,
        type=kind,
        label=label,
        label_en=field.label_en or catalogue.label_of(field.fact, english=True) or label,
        unit=field.unit or (typing.unit if typing and kind != "money" else ""),
        choices=_choices(field, typing, kind, catalogue),
        typing=typing,
        group=group,
        rows=rows,
    )


def _typing(field: Question, catalogue: Catalogue) -> Typing | None:
    if not field.fact:
        return None
    typing = catalogue.columns.get(field.fact)
    if typing is None:
        raise FieldUnfit(f"字段 {field.key}：数据目录中没有单值数据项 {field.fact}")
    return typing


def _choices(
    field: Question, typing: Typing | None, kind: str, catalogue: Catalogue
) -> CodeListDeclaration | None:
    if field.options:
        codes = tuple(
            Code(code=one.key, label=one.label, label_en=one.label_en) for one in field.options
        )
        return CodeListDeclaration(key=field.key, label=field.label, label_en="", codes=codes)
    named = field.code_list or (typing.code_list if typing else "")
    if kind in ("choice", "choices") or (kind == "address" and named):
        found = catalogue.codes.get(named)
        if found is None:
            raise FieldUnfit(f"字段 {field.key}：请写 options，或写目录中有的 code_list")
        return found
    return None
