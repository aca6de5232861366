"""What is wrong in a form or material is named before anybody fills it; needless questions are told."""

from typing import Any

import pytest
from pydantic import ValidationError

from yingshang.forms.definition import Form, Material
from yingshang.forms.linting import lint_form, lint_material
from yingshang.forms.needless import needless_of
from yingshang.forms.tests.trial import CATALOGUE, field, form_with, material

pytestmark = pytest.mark.one_database

KNOWN: dict[str, Any] = {
    "fact_type": CATALOGUE.types,
    "code_list": CATALOGUE.codes,
    "material": {"lease": material("lease")},
    "licence_kind": {"permit": None},
}


def codes(form: Form) -> list[str]:
    return [remark[0] for remark in lint_form(form, KNOWN)]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (form_with(field("a"), field("a")), "key_twice"),
        (form_with(field("a", when="form.b"), field("b", "yes_no")), "rule_undeclared"),
        (form_with(field("a", when="enterprise.nothing")), "rule_undeclared"),
        (form_with(field("a", "integer"), field("b", when="form.a")), "rule_type"),
        (form_with(field("a", when="form.")), "rule_syntax"),
        (form_with(field("a", "choice")), "field_unfit"),
        (form_with({"key": "a", "fact": "enterprise.nothing"}), "field_unfit"),
        (form_with(field("a", "file")), "material_unfit"),
        (form_with(field("a", required_when="1 > 0")), "condition_idle"),
        (form_with(field("a"), materials=[{"material": "x"}]), "unknown_material"),
        (form_with(field("a"), outputs=["enterprise.nothing"]), "unknown_fact"),
        (form_with(field("a"), outputs=["licence:nothing"]), "unknown_licence_kind"),
        (form_with(field("a", label="注册资本")), "already_known"),
        (form_with(field("a", label="企业名称", when="1 > 0")), "already_known"),
        (form_with({"key": "a", "fact": "enterprise.name", "prefill": "none"}), "already_known"),
        (
            form_with(field("g", "group", fields=[field("r", when="form.g.count > 1")])),
            "rule_undeclared",
        ),
    ],
)
def test_what_is_wrong_in_a_form_is_named(form: Form, code: str) -> None:
    assert codes(form) == [code]


def test_a_sound_form_has_no_remarks_and_a_reason_quiets_the_detector() -> None:
    sound = form_with(
        {"key": "name", "fact": "enterprise.name"},
        field("capital", label="注册资本", why_asked="变更后的数额，登记前没有来源"),
        field("phone", label="电话"),
        materials=[{"material": "lease"}],
        outputs=["licence:permit", "enterprise.staff"],
    )
    assert codes(sound) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"label": "其他材料"}, "catch_all"),
        ({"label": "身份证等材料"}, "catch_all"),
        ({"label_en": "Other documents"}, "catch_all"),
        ({"proves": ["enterprise.nothing"]}, "unknown_fact"),
        ({"proves": ["enterprise.name", "enterprise.capital"]}, "already_known"),
        ({"licence_kind": "permit"}, "already_known"),
        ({"licence_kind": "nothing", "source": "licence"}, "unknown_licence_kind"),
    ],
)
def test_what_is_wrong_in_a_material_is_named(given: dict[str, Any], code: str) -> None:
    found = [remark[0] for remark in lint_material(material("m", **given), KNOWN)]
    assert code in found


def test_what_only_the_subject_says_may_be_asked() -> None:
    assert list(lint_material(material("m", proves=["enterprise.phone"]), KNOWN)) == []


@pytest.mark.parametrize(
    "given",
    [
        {"source": "fact"},
        {"source": "licence"},
        {"source": "outside"},
        {"deferrable": True},
        {"legal": ""},
    ],
)
def test_a_material_says_whence_it_comes(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        material("m", **given)


def test_the_report_names_known_excused_and_repeated_questions() -> None:
    first = form_with(
        field("a", label="注册资本"),
        field("n", label="楼层"),
        key="first",
        materials=[{"material": "lease"}],
    )
    second = form_with(
        field("x", label="职工人数", why_asked="当日人数"), field("y", label="楼层"), key="second",
        materials=[{"material": "lease"}],
    )  # fmt: skip
    materials: dict[str, Material] = {"lease": material("lease", label="租赁合同")}
    found = needless_of([first, second], materials, CATALOGUE)
    assert [(one.sort, one.forms) for one in found] == [
        ("known", ("first",)),
        ("excused", ("second",)),
        ("same_question", ("first", "second")),
        ("same_material", ("first", "second")),
    ]
