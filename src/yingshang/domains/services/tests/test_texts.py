"""What licences and documents say, and by what rules decide, is checked before anybody applies."""

from typing import Any

import pytest

from yingshang.domains.services.applying.filling import asked_parameters, names_of
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.catalogue.linting import lint_item
from yingshang.domains.services.tests.test_catalogue import ITEM, known
from yingshang.facts.catalogue import Catalogue
from yingshang.forms.compiling import compile_form
from yingshang.forms.definition import Form
from yingshang.kernel.times import today
from yingshang.licences.declaring import LicenceKind
from yingshang.rules.policies import read_parameters

FORM = Form.model_validate(
    {
        "key": "f",
        "label": "表",
        "label_en": "Form",
        "sections": [
            {
                "key": "s",
                "label": "节",
                "fields": [
                    {"key": "area", "label": "面积", "type": "number"},
                    {"key": "head", "label": "负责人", "type": "person"},
                    {"key": "promise", "label": "承诺", "type": "yes_no"},
                ],
            }
        ],
    }
)
KIND = LicenceKind.model_validate(
    {
        "key": "k",
        "label": "证",
        "label_en": "Licence",
        "type_code": "ABCD",
        "number": "K{serial:06}",
        "template": "t",
        "legal": ["法"],
        "fields": [{"key": "head", "label": "负责人", "label_en": "Head", "required": True}],
    }
)
GOOD: dict[str, Any] = {
    **ITEM,
    "form": "f",
    "result": "k",
    "result_fields": {"head": "form.head"},
    "instant": {
        "condition": "param.answer.area <= 50.0",
        "asks": ["area"],
        "source": "办法第一条",
    },
}


def found(**changes: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the codes and places of what lint says of the item with these changes."""
    item = ServiceItem.model_validate({**GOOD, **changes})
    declared = {**known(item), "form": {"f": FORM}, "licence_kind": {"k": KIND}, "procedure": {}}
    return [
        (remark[0], remark[2] if len(remark) > 2 else ()) for remark in lint_item(item, declared)
    ]  # type: ignore[misc]


def test_a_fitting_item_has_no_findings() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"result_fields": {"head": "form.nobody"}}, ("result_fields", "head")),
        ({"result_fields": {"head": "form.head + 3"}}, ("result_fields", "head")),
        ({"result_fields": {}}, ("result_fields",)),
        ({"result_fields": {"head": "form.head", "more": "form.head"}}, ("result_fields", "more")),
        ({"document_fields": {"content": "text.nothing"}}, ("document_fields", "content")),
        (
            {"instant": {**GOOD["instant"], "condition": "param.answer.area == true"}},
            ("instant", "condition"),
        ),
        ({"instant": {**GOOD["instant"], "asks": ["nothing"]}}, ("instant", "asks")),
        (
            {"commitment": {"procedure": "p", "chosen_by": "area", "legal": "通知"}},
            ("commitment", "chosen_by"),
        ),
    ],
)
def test_a_text_that_cannot_be_worked_out_is_found(
    changes: dict[str, Any], place: tuple[Any, ...]
) -> None:
    assert place in [at for _code, at in found(**changes)]


def test_an_answer_that_was_not_given_is_unknown_to_a_rule() -> None:
    form = compile_form(FORM, Catalogue({}, {}, {}, {}, {}), as_of=today())
    assert "form.area" in names_of(form).facts
    given = asked_parameters(form, ["area", "promise"], {"form.area": 12}, "材料")
    parameters = read_parameters(given)
    area = parameters["param.answer.area"].value_on(today())
    assert area is not None
    assert area.value == 12.0
    assert parameters["param.answer.promise"].value_on(today()) is None
