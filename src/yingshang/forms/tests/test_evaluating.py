"""What a form shows, asks and finds wrong; above all that nothing hidden ever gets out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yingshang.forms.evaluating import evaluate
from yingshang.forms.tests.trial import field, form_with, material, ready

pytestmark = pytest.mark.one_database


def test_a_hidden_value_is_as_if_it_had_not_been_given() -> None:
    form = ready(
        form_with(
            field("online", "yes_no"),
            field("site", when="form.online"),
            field("why", when='form.site == "x"'),
        )
    )
    shown = evaluate(form, {"online": "yes", "site": "x", "why": "y"}, {})
    assert shown.clean == {"online": True, "site": "x", "why": "y"}
    hidden = evaluate(form, {"online": "no", "site": "x", "why": "y"}, {})
    assert hidden.clean == {"online": False}
    assert hidden.visible == {"online"}
    assert hidden.ignored == ("site", "why")


def test_what_cannot_be_decided_hides_for_answers_and_shows_for_facts() -> None:
    form = ready(
        form_with(
            field("a", "integer", required="no"),
            field("by_answer", when="form.a > 3"),
            field("by_fact", when="enterprise.staff > 3"),
        )
    )
    assert evaluate(form, {}, {}).visible == {"a", "by_fact"}
    assert evaluate(form, {"a": 4}, {"enterprise.staff": 2}).visible == {"a", "by_answer"}


def test_required_soft_required_and_required_under_a_condition() -> None:
    form = ready(
        form_with(
            field("must"),
            field("soft", required="soft"),
            field("free", required="no"),
            field("large", "integer", required="no"),
            field("reason", required="no", required_when="form.large > 10"),
        )
    )
    assert evaluate(form, {"must": " "}, {}).missing == ("must", "soft")
    given = {"must": "x", "soft": {"left_empty": "尚未办理"}, "large": "11"}
    found = evaluate(form, given, {})
    assert found.missing == ("reason",)
    assert found.left_empty == {"soft": "尚未办理"}
    assert "soft" not in found.clean
    assert evaluate(form, {"must": {"left_empty": "不想填"}}, {}).missing == ("must", "soft")


@pytest.mark.parametrize(
    ("kind", "raw", "clean"),
    [
        ("money", "1,234.56", 123456),
        ("money", "12万元", 12_000_000),
        ("money", 500, 500),
        ("integer", "１２", 12),
        ("number", "1,200.5", 1200.5),
        ("date", "2026年1月3日", "2026-01-03"),
        ("date", "2026/1/3", "2026-01-03"),
        ("yes_no", "no", False),
        ("text", "  甲  乙 ", "甲 乙"),
        ("person", {"name": "张三", "id_number": "11010519491231002x"}, {"name": "张三", "id_number": "11010519491231002X"}),
        ("address", {"detail": "某路1号"}, {"detail": "某路1号"}),
    ],
)  # fmt: skip
def test_answers_are_read_as_people_write_them(kind: str, raw: Any, clean: Any) -> None:
    found = evaluate(ready(form_with(field("x", kind))), {"x": raw}, {})
    assert (found.errors, found.clean) == ({}, {"x": clean})


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("money", "1,23.4"),
        ("money", "0.001"),
        ("money", 1.5),
        ("integer", "1.5"),
        ("integer", True),
        ("number", "NaN"),
        ("number", "9" * 40),
        ("date", "2026-02-30"),
        ("date", "2026"),
        ("yes_no", "maybe"),
        ("text", "a\x00b"),
        ("text", "x" * 201),
        ("text", ["a"]),
        ("person", {"name": "张三", "id_number": "110105194912310021"}),
        ("person", {"name": "张三", "phone": "12"}),
        ("person", {"name": "张三", "x": "1"}),
        ("choice", "green"),
        ("choices", ["red", "green"]),
        ("choices", {"red": 1}),
    ],
)
def test_what_cannot_be_read_is_told_and_does_not_count(kind: str, raw: Any) -> None:
    more = {"code_list": "colour"} if kind.startswith("choice") else {}
    found = evaluate(ready(form_with(field("x", kind, **more))), {"x": raw}, {})
    assert found.clean == {}
    assert list(found.errors) == ["x"]
    assert found.errors["x"].strip()


def test_rows_have_bounds_conditions_and_a_count() -> None:
    group = field(
        "people",
        "group",
        least_rows=2,
        most_rows=3,
        fields=[field("name"), field("cook", "yes_no"), field("paper", when="row.cook")],
    )
    form = ready(
        form_with(
            group,
            field("chief", when="form.people.count > 1"),
            field("any_cook", required="no", when="form.people.cook.exists(c, c)"),
        )
    )
    one = evaluate(form, {"people": [{"name": "甲", "cook": "no", "paper": "秘密"}, {}]}, {})
    assert one.clean == {"people": [{"name": "甲", "cook": False}]}
    assert one.missing == ("people",)
    assert {"chief", "any_cook", "people.0.paper"}.isdisjoint(one.visible)
    rows = [{"name": n, "cook": "yes", "paper": "1"} for n in "甲乙丙丁"]
    assert {"chief", "any_cook"} <= evaluate(form, {"people": rows[:2]}, {}).visible
    many = evaluate(form, {"people": rows}, {})
    assert "people" in many.errors
    assert "people" not in many.clean


@pytest.mark.parametrize("raw", [None, "x", 3, {"a": 1}, [[], 3, "x", None], [{}] * 100_000])
def test_a_group_takes_anything_without_harm(raw: Any) -> None:
    group = field("people", "group", most_rows=3, fields=[field("name")])
    found = evaluate(ready(form_with(group)), {"people": raw}, {})
    assert "people" not in found.clean
    assert found.missing == ("people",) or "people" in found.errors


def test_a_check_between_answers_is_told_beside_its_field() -> None:
    form = ready(
        form_with(
            field("from", "date"),
            field("to", "date"),
            checks=[{"key": "order", "must": "form.from <= form.to", "field": "to", "message": "结束早于开始"}],
        )
    )  # fmt: skip
    wrong = evaluate(form, {"from": "2026-02-01", "to": "2026-01-01"}, {})
    assert wrong.errors == {"to": "结束早于开始"}
    assert evaluate(form, {"from": "2026-02-01"}, {}).errors == {}


def test_materials_follow_conditions_and_the_strictest_counts() -> None:
    form = ready(
        form_with(
            field("big", "yes_no"),
            field("plan", "file", material="layout", when="form.big"),
            materials=[
                {"material": "layout", "required": "no"},
                {"material": "lease", "when": "form.big"},
            ],
        ),
        layout=material("layout"),
        lease=material("lease"),
    )
    small = evaluate(form, {"big": "no"}, {})
    assert [one.material for one in small.materials] == ["layout"]
    assert small.is_complete
    big = evaluate(form, {"big": "yes"}, {}, handed_in=["lease"])
    assert big.lacking == ("layout",)


def test_signatures_are_asked_of_everybody_in_a_group() -> None:
    form = ready(
        form_with(
            field("owners", "group", fields=[field("who", "person")]),
            signatures=[{"key": "all", "label": "股东签名", "group": "owners", "signer": "who"}],
        )
    )
    found = evaluate(form, {"owners": [{"who": {"name": "甲"}}, {"who": {"name": "乙"}}]}, {})
    assert [(slot.path, slot.signer) for slot in found.slots] == [("all.0", "甲"), ("all.1", "乙")]


KEYS = [f"f{n}" for n in range(6)]
RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.text(max_size=5),
    st.sampled_from(["yes", "no", "3", "2026-01-01"]),
    st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["yes", "no", "1", ""]))),
    st.dictionaries(st.sampled_from(["left_empty", "name", "x"]), st.text(max_size=3)),
)


@st.composite
def random_forms(draw: st.DrawFn) -> Any:
    """Draw a form in which anything may depend on anything before it."""
    fields: list[dict[str, Any]] = []
    before: list[str] = ["enterprise.staff > 2"]
    for key in KEYS:
        kind = draw(st.sampled_from(["yes_no", "integer", "text", "group"]))
        more: dict[str, Any] = {"required": draw(st.sampled_from(["no", "soft", "yes"]))}
        if draw(st.booleans()):
            more["when"] = draw(st.sampled_from(before))
            if draw(st.booleans()):
                more["when"] = f"!({more['when']}) || {draw(st.sampled_from(before))}"
        if kind == "group":
            more["fields"] = [field("a", "yes_no"), field("b", "integer", when="row.a")]
            before.append(f"form.{key}.count > 0")
        else:
            of_kind = {"yes_no": "", "integer": " > 1", "text": ' == "x"'}[kind]
            before.append(f"form.{key}{of_kind}")
        fields.append(field(key, kind, **more))
    half = len(fields) // 2
    sections = [
        {"key": "one", "label": "一", "fields": fields[:half]},
        {"key": "two", "label": "二", "fields": fields[half:], "when": draw(st.sampled_from(["", *before[:half]]))},
    ]  # fmt: skip
    return ready(form_with(sections=sections))


@settings(max_examples=150)
@given(
    form=random_forms(),
    answers=st.dictionaries(st.sampled_from([*KEYS, "stranger"]), RAW),
    facts=st.sampled_from([{}, {"enterprise.staff": 1}, {"enterprise.staff": 9}]),
)
def test_values_of_hidden_fields_never_get_out(form: Any, answers: Any, facts: Any) -> None:
    found = evaluate(form, answers, facts)
    for key, value in found.clean.items():
        assert key in found.visible
        if isinstance(value, list):
            assert all("b" not in row or row.get("a") is True for row in value)
    assert set(found.missing) | set(found.errors) | set(found.left_empty) <= found.visible
    hidden = {key: raw for key, raw in answers.items() if key not in found.visible}
    kept = {key: raw for key, raw in answers.items() if key not in hidden}
    again = evaluate(form, kept, facts)
    assert (again.clean, again.visible, again.missing) == (
        found.clean,
        found.visible,
        found.missing,
    )
    settled = evaluate(form, found.clean, facts)
    assert settled.clean == found.clean, "what counts is read again as itself"
