"""What is wrong in forms and materials, found before anybody fills one; and what need not be asked.

A catch-all material is refused; a form that asks what the platform already knows is told so, unless it
says why (``why_asked``).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.derived_types import NotDerivable
from yingshang.forms.compiling import Place, faults_of
from yingshang.forms.definition import Form, FormField, Material, Question
from yingshang.forms.redundancy import known_material, known_question
from yingshang.kernel.kinds import Remark

_CATCH_ALL = re.compile(
    r"其他|其它|相关材料|有关材料|等材料|other|miscellaneous|etc\b", re.IGNORECASE
)

Known = Mapping[str, Mapping[str, Any]]


def catalogue_in(known: Known) -> Catalogue:
    """Return the catalogue that the declarations of loaded packs make up."""
    return Catalogue(
        types=known.get("fact_type", {}),
        derivations=known.get("derivation", {}),
        sources=known.get("fact_source", {}),
        codes=known.get("code_list", {}),
        owners={},
    )


def lint_material(material: Material, known: Known) -> Iterable[Remark]:
    """Name catch-alls, unknown facts and licences, and what the platform knows anyway."""
    if _CATCH_ALL.search(material.label) or _CATCH_ALL.search(material.label_en):
        yield "catch_all", "材料要写明是什么，不能用“其他材料”兜底", ("label",)
    catalogue = catalogue_in(known)
    for place, key in enumerate(material.proves):
        if key not in catalogue.types and key not in catalogue.derivations:
            yield "unknown_fact", f"数据目录中没有 {key}", ("proves", place)
    kinds = known.get("licence_kind")
    if kinds is not None and material.licence_kind and material.licence_kind not in kinds:
        yield "unknown_licence_kind", f"没有名为 {material.licence_kind} 的证照", ("licence_kind",)
    if (why := known_material(material, catalogue)) and not material.why_asked:
        yield "already_known", f"{why}；改为 source: fact 或 licence，或用 why_asked 写明理由"


def lint_form(form: Form, known: Known) -> Iterable[Remark]:
    """Name keys written twice, unknown names, conditions that cannot be, and needless questions."""
    yield from _twice(form)
    yield from _parts(form, known)
    catalogue = catalogue_in(known)
    parameters = {key: one.parameter for key, one in known.get("parameter", {}).items()}
    try:
        faults = faults_of(form, catalogue, as_of=date(2026, 1, 1), parameters=parameters)
    except NotDerivable:
        return
    for fault, place in faults:
        yield fault.code, str(fault), place
    for place, one in _questions(form):
        yield from _question(one, place, catalogue)


def _twice(form: Form) -> Iterator[Remark]:
    for name in ("sections", "signatures", "checks"):
        keys = [part.key for part in getattr(form, name)]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield "key_twice", f"标识 {key} 写了两次", (name,)
    keys = [one.key for _section, one in form.questions()]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "key_twice", f"字段 {key} 写了两次", ("sections",)
    asked = [one.material for one in form.materials]
    for key in sorted({key for key in asked if asked.count(key) > 1}):
        yield "key_twice", f"材料 {key} 写了两次", ("materials",)


def _parts(form: Form, known: Known) -> Iterator[Remark]:
    materials = known.get("material", {})
    for place, asked in enumerate(form.materials):
        if asked.material not in materials:
            yield "unknown_material", f"没有名为 {asked.material} 的材料", ("materials", place)
    for n, check in enumerate(form.checks):
        if check.field not in form.field_by_key:
            yield "unknown_field", f"表单没有字段 {check.field}", ("checks", n, "field")
    for n, one in enumerate(form.signatures):
        if (
            one.signer
            and form.find(f"{one.group}.{one.signer}" if one.group else one.signer) is None
        ):
            yield "unknown_field", f"表单没有字段 {one.signer}", ("signatures", n, "signer")
    facts = {**known.get("fact_type", {}), **known.get("derivation", {})}
    for n, output in enumerate(form.outputs):
        sort, colon, key = output.partition(":")
        if not colon and output not in facts:
            yield "unknown_fact", f"数据目录中没有 {output}", ("outputs", n)
        elif sort == "material" and key not in materials:
            yield "unknown_material", f"没有名为 {key} 的材料", ("outputs", n)
        elif sort == "licence" and key not in known.get("licence_kind", {key: None}):
            yield "unknown_licence_kind", f"没有名为 {key} 的证照", ("outputs", n)


def _questions(form: Form) -> Iterator[tuple[Place, Question]]:
    for n, section in enumerate(form.sections):
        for m, one in enumerate(section.fields):
            place: Place = ("sections", n, "fields", m)
            yield place, one
            for k, inner in enumerate(one.fields):
                yield (*place, "fields", k), inner


def _question(one: Question, place: Place, catalogue: Catalogue) -> Iterator[Remark]:
    if one.required_when and one.required == "yes":
        yield "condition_idle", "写了 required_when，required 应为 no 或 soft", (*place, "required")
    if (one.type == "file") != bool(one.material):
        yield "material_unfit", "type 为 file 时要用 material 写明哪份材料，其他类型不写", place
    if one.type == "group" and not isinstance(one, FormField):
        yield "group_in_group", "重复组里不能再有重复组", place
    if one.type == "file" and not isinstance(one, FormField):
        yield "file_in_group", "重复组里不能上传材料", place
    if (why := known_question(one, catalogue)) and not one.why_asked:
        yield "already_known", f"{why}；请用 fact 绑定，或用 why_asked 写明理由", place
