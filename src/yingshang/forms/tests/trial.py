"""A small catalogue and a form that uses every part, for tests without a database."""

from datetime import date
from typing import Any

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import CodeListDeclaration, FactTypeDeclaration
from yingshang.forms.compiling import CompiledForm, compile_form
from yingshang.forms.definition import Form, Material

DAY = date(2026, 11, 2)


def fact(key: str, kind: str = "string", **more: Any) -> FactTypeDeclaration:
    """Return a scalar fact type."""
    given = {"label": key, "label_en": key, "source": "registry", **more}
    return FactTypeDeclaration.model_validate({"key": key, "type": kind, **given})


CODES = CodeListDeclaration(
    key="colour", label="颜色", label_en="Colour", codes="red 红色 | Red\nblue 蓝色 | Blue"
)
CATALOGUE = Catalogue(
    types={
        one.key: one
        for one in (
            fact("enterprise.name", label="企业名称"),
            fact("enterprise.capital", "money", label="注册资本"),
            fact("enterprise.staff", "int", label="职工人数", unit="人"),
            fact("enterprise.founded_on", "date", label="成立日期"),
            fact("enterprise.colour", "code", label="颜色", code_list="colour"),
            fact("enterprise.phone", label="电话", source="self"),
        )
    },
    derivations={},
    sources={},
    codes={"colour": CODES},
    owners={},
)


def field(key: str, kind: str | None = "text", **more: Any) -> dict[str, Any]:
    """Return a field's declaration."""
    return {"key": key, "label": key, **({"type": kind} if kind else {}), **more}


def form_with(*fields: dict[str, Any], **more: Any) -> Form:
    """Return a form with one section of these fields."""
    sections = more.pop("sections", [{"key": "main", "label": "主要", "fields": list(fields)}])
    given = {"key": "trial", "label": "试填", "label_en": "Trial", "sections": sections, **more}
    return Form.model_validate(given)


def material(key: str, **more: Any) -> Material:
    """Return a material."""
    given = {"label": key, "label_en": key, "legal": "某法", "source": "applicant", **more}
    return Material.model_validate({"key": key, **given})


def ready(form: Form, **materials: Material) -> CompiledForm:
    """Return a form over the small catalogue."""
    by_key = {one.key: one for one in materials.values()}
    return compile_form(form, CATALOGUE, as_of=DAY, materials=by_key)
