"""Several forms as one: asked once, shown when any asks, and split again into what each asked."""

import pytest

from yingshang.content.packs import read_packs
from yingshang.forms.burden import saving
from yingshang.forms.combining import answers_of, combine, renamed
from yingshang.forms.compiling import compile_form
from yingshang.forms.evaluating import evaluate
from yingshang.forms.linting import catalogue_in
from yingshang.forms.tests.trial import DAY, field, form_with, ready

pytestmark = pytest.mark.one_database

FIRST = form_with(
    {"key": "name", "fact": "enterprise.name"},
    field("kind", "choice", options=[{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}]),
    field("area", "number", label="面积", required="soft", least=5, when='form.kind == "a"'),
    field("note"),
    key="first",
    materials=[{"material": "lease", "required": "soft", "when": 'form.kind == "a"'}],
    outputs=["enterprise.staff", "material:permit"],
)
SECOND = form_with(
    {"key": "who", "fact": "enterprise.name", "required": "no"},
    {"key": "people", "fact": "enterprise.staff"},
    field("area", "number", label="面积", least=8),
    field(
        "note", "long_text", when='form.area > 9.0 && form.who != "form.note" && form.people > 1'
    ),
    key="second",
    materials=[{"material": "lease"}, {"material": "permit"}],
)


def test_the_same_fact_and_the_same_question_are_asked_once() -> None:
    both = combine([FIRST, SECOND])
    assert list(both.field_by_key) == ["name", "kind", "area", "note", "second_note"]
    area = both.field_by_key["area"]
    assert (area.required, area.least, area.when) == ("yes", 8, "")
    assert both.field_by_key["name"].required == "yes"


def test_what_one_step_yields_no_other_asks() -> None:
    both = combine([FIRST, SECOND])
    assert "enterprise.staff" not in {one.fact for _section, one in both.questions()}
    assert [(one.material, one.required, one.when) for one in both.materials] == [
        ("lease", "yes", "")
    ]


def test_conditions_follow_their_fields_and_leave_texts_alone() -> None:
    when = combine([FIRST, SECOND]).field_by_key["second_note"].when
    assert when == 'form.area > 9.0 && form.name != "form.note" && enterprise.staff > 1'
    assert renamed("form.a && form.ab", {"form.a": "form.x"}) == "form.x && form.ab"


def test_each_form_gets_its_own_answers_back() -> None:
    both = combine([FIRST, SECOND])
    clean = evaluate(
        ready(both),
        {"name": "甲公司", "kind": "b", "area": "12", "note": "一", "second_note": "二"},
        {"enterprise.staff": 3},
    ).clean
    assert answers_of(both, "first", clean) == {
        "name": "甲公司",
        "kind": "b",
        "area": 12,
        "note": "一",
    }
    assert answers_of(both, "second", clean) == {"who": "甲公司", "area": 12, "note": "二"}


def test_opening_a_restaurant_with_one_form_costs_less() -> None:
    known: dict[str, dict[str, object]] = {}
    for pack in read_packs(["government-services"]):
        for one in pack.declared:
            known.setdefault(one.kind.name, {})[one.value.key] = one.value
    catalogue, materials = catalogue_in(known), known["material"]

    def compiled(form: object) -> object:
        return compile_form(form, catalogue, as_of=DAY, materials=materials)

    forms = [known["form"][key] for key in ("food-business-licence", "fire-safety-check")]
    one = combine(forms)
    facts = ["enterprise.name", "enterprise.status", "enterprise.address", "enterprise.industry"]
    found = saving([compiled(form) for form in forms], compiled(one), facts, ["premises-right"])
    assert (found.before.fields, found.before.uploads) == (31, 8)
    assert (found.after.fields, found.after.asked, found.after.uploads) == (25, 22, 4)
