"""What is wrong in a catalogue of facts, found before it is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import Any

from yingshang.facts.declaring import (
    OTHERS,
    CodeAdditionDeclaration,
    CodeListDeclaration,
    Count,
    DerivationDeclaration,
    FactTypeDeclaration,
    Latest,
    NoneWithin,
    Related,
    SourceOwnerDeclaration,
    Total,
    Typing,
)
from yingshang.facts.derived_types import NotDerivable, type_of
from yingshang.kernel.kinds import Remark

Known = Mapping[str, Mapping[str, Any]]


def lint_code_list(codes: CodeListDeclaration, _known: Known) -> Iterable[Remark]:
    """Name codes that stand twice, parents that are no codes, and circles."""
    seen: set[str] = set()
    for place, code in enumerate(codes.codes):
        if code.code in seen:
            yield "code_twice", f"代码 {code.code} 写了两次", ("codes", place, "code")
        seen.add(code.code)
        if code.parent and code.parent not in codes.by_code:
            yield (
                "unknown_parent",
                f"上级代码 {code.parent} 不在本表中",
                ("codes", place, "parent"),
            )
        elif any(above.code == code.code for above in codes.ancestors(code.code)):
            yield "codes_in_circle", f"代码 {code.code} 的上级成环", ("codes", place, "parent")


def lint_code_addition(addition: CodeAdditionDeclaration, known: Known) -> Iterable[Remark]:
    """Name a list that there is not, codes that it has already, and parents that are no codes."""
    lists = known.get("code_list", {})
    found = lists.get(addition.code_list)
    if found is None:
        yield "unknown_code_list", _unlike("代码表", addition.code_list, lists), ("code_list",)
        return
    added = {code.code for code in addition.codes}
    for place, code in enumerate(addition.codes):
        if code.code in found.by_code:
            message = f"代码 {code.code} 已在《{found.label}》中"
            yield "code_twice", message, ("codes", place, "code")
        if code.parent and code.parent not in found.by_code and code.parent not in added:
            message = f"上级代码 {code.parent} 不在《{found.label}》中"
            yield "unknown_parent", message, ("codes", place, "parent")


def lint_source_owner(owner: SourceOwnerDeclaration, known: Known) -> Iterable[Remark]:
    """Name a source and an organ that there are not."""
    if owner.key not in (OTHERS, *known.get("fact_source", {})):
        yield "unknown_source", _unlike("来源", owner.key, known.get("fact_source", {})), ("key",)
    if owner.organ not in known.get("organ", {}):
        yield "unknown_organ", f"没有标识为 {owner.organ} 的机构", ("organ",)


def lint_fact_type(declared: FactTypeDeclaration, known: Known) -> Iterable[Remark]:
    """Name an unknown source or code list, an absence of another type, and a key used twice."""
    if declared.source not in known.get("fact_source", {}):
        message = _unlike("来源", declared.source, known.get("fact_source", {}))
        yield "unknown_source", message, ("source",)
    yield from _lists(declared, known, ())
    for place, field in enumerate(declared.fields):
        yield from _lists(field, known, ("fields", place))
    if declared.key in known.get("derivation", {}):
        yield "key_twice", f"{declared.key} 既是数据项又是派生项，只能有一个来源", ("key",)
    yield from _absence(declared)


def _lists(typing: Typing, known: Known, at: tuple[str | int, ...]) -> Iterator[Remark]:
    lists = known.get("code_list", {})
    if typing.code_list and typing.code_list not in lists:
        yield (
            "unknown_code_list",
            _unlike("代码表", typing.code_list, lists),
            (*at, "code_list"),
        )


def _absence(declared: FactTypeDeclaration) -> Iterator[Remark]:
    if declared.absence == "unknown":
        return
    value = declared.absence.value
    if declared.shape != "scalar":
        if value is not None:
            yield "absence_with_value", "序列和记录缺失时只能视为没有，不写 value", ("absence",)
        return
    fits = {"bool": bool, "int": int, "money": int, "decimal": (int, float)}.get(declared.type, str)
    is_number = declared.type in ("int", "money", "decimal")
    if not isinstance(value, fits) or (is_number and isinstance(value, bool)):  # type: ignore[arg-type]
        message = f"缺失时的值应为 {declared.type}，现在是 {value!r}"
        yield "absence_of_other_type", message, ("absence", "value")


def lint_derivation(declared: DerivationDeclaration, known: Known) -> Iterable[Remark]:
    """Name unknown keys and fields, an operator that does not fit, another subject, and circles."""
    types, derived = known.get("fact_type", {}), known.get("derivation", {})
    unknown = [key for key in declared.inputs if key not in types and key not in derived]
    for key in unknown:
        yield "unknown_fact", _unlike("数据项", key, {**types, **derived}), ("from",)
    if unknown:
        return
    if _is_in_circle(declared.key, derived):
        yield "derivations_in_circle", f"派生项 {declared.key} 绕回到自身", ("from",)
        return
    yield from _other_subjects(declared)
    yield from _fields(declared, types)
    try:
        type_of(declared, types, derived)
    except NotDerivable as error:
        yield "not_derivable", str(error), ("how",)


def _is_in_circle(key: str, derived: Mapping[str, DerivationDeclaration]) -> bool:
    try:
        graph = {one.key: one.inputs for one in derived.values()}
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return key in error.args[1]
    return False


def _other_subjects(declared: DerivationDeclaration) -> Iterator[Remark]:
    own = declared.key.partition(".")[0]
    if isinstance(declared.how, Related):
        return
    for key in declared.inputs:
        if key.partition(".")[0] != own:
            yield "other_subject", f"{key} 属于另一类主体，请用 op: related", ("from",)


def _fields(
    declared: DerivationDeclaration, types: Mapping[str, FactTypeDeclaration]
) -> Iterator[Remark]:
    how, source = declared.how, types.get(declared.of)
    if source is None or source.shape != "records":
        return
    named = [how.field] if isinstance(how, Latest | Total) and how.field else []
    if isinstance(how, Latest | Total | Count | NoneWithin):
        named += [where.field for where in how.where]
    for name in named:
        if name not in source.field_by_key:
            yield "unknown_field", _unlike("字段", name, source.field_by_key), ("how",)


def _unlike(sort: str, name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"没有名为 {name} 的{sort}" + (f"，是不是 {near[0]}？" if near else "")
