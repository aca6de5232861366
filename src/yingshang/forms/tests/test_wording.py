"""Conditions of forms in words: what people read in a guide, not what a pack says."""

import pytest
from django.utils.translation import override

from yingshang.forms.tests.trial import field, form_with, material, ready
from yingshang.forms.wording import say_condition

FIELDS = (
    field("same", "yes_no", label="与住所相同", label_en="At the address"),
    field(
        "sort",
        "choice",
        label="业态",
        label_en="Sort",
        options=[
            {"key": "shop", "label": "商店", "label_en": "shop"},
            {"key": "inn", "label": "旅店", "label_en": "inn"},
        ],
    ),
    field("area", "number", label="面积", label_en="Area", unit="平方米"),
    field("staff", "group", label="人员", fields=[field("cook", "yes_no", label="厨师")]),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!form.same", "“与住所相同”为否"),
        ('form.sort != "shop"', "业态不是商店"),
        ("form.area > 50.0 && form.same", "面积高于50 平方米，且“与住所相同”为是"),
        ("form.staff.count > 2", "人员的数目高于2"),
        ("form.staff.cook.exists(c, c)", "厨师"),
        ("enterprise.capital >= 100", "注册资本不低于1.00 元"),
    ],
)
def test_a_condition_is_read_in_the_words_of_the_form(text: str, said: str) -> None:
    form = ready(
        form_with(*FIELDS, materials=[{"material": "lease", "when": text}]), lease=material("lease")
    )
    ((_asked, condition),) = form.asked_materials
    assert condition is not None
    with override("zh-hans"):
        assert said in say_condition(form, condition)
    with override("en"):
        assert "form." not in say_condition(form, condition)
