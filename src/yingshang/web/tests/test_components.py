"""Components say the same without colour, escape what they are given, and compute what they show."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

import yingshang
from yingshang.kernel.errors import Invalid
from yingshang.web.differences import compare
from yingshang.web.forms import show_refusal
from yingshang.web.parts import Share, heat_step, shares_of


def show(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("colour", "word", "shape"),
    [
        ("green", "正常", "<circle"),
        ("yellow", "临期", "<path"),
        ("red", "逾期", "<path"),
        ("grey", "未计时", "<circle"),
    ],
)
def test_a_light_has_a_word_and_a_shape(colour: str, word: str, shape: str) -> None:
    shown = show(f'{{% light "{colour}" %}}')
    assert word in shown
    assert shape in shown


def test_the_four_lights_differ_in_shape() -> None:
    shapes = {
        show(f'{{% light "{c}" %}}').split("<svg")[1].split("</svg>")[0]
        for c in ("green", "yellow", "red", "grey")
    }
    assert len(shapes) == 4


def test_what_people_wrote_is_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    for text in (
        "{% panel x %}{{ x }}{% endpanel %}",
        "{% page_header x x %}{{ x }}{% endpage_header %}",
        "{% status x %}",
        '{% light "red" x %}',
        "{% difference x x %}",
        "{% data_table x %}{% enddata_table %}",
        "{% stat x x x x %}",
        "{% empty_state x %}{{ x }}{% endempty_state %}",
    ):
        assert "<script>" not in show(text, x=hostile)


def test_a_page_header_without_actions_has_no_empty_box() -> None:
    assert 'class="actions"' not in show('{% page_header "标题" %} {% endpage_header %}')


class Sample(forms.Form):
    name = forms.CharField(label="名称", help_text="写全称")
    choice = forms.ChoiceField(label="选择", choices=[("a", "甲")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="同意")


def test_a_hint_from_content_is_escaped_and_no_template_takes_anything_for_safe() -> None:
    class Declared(forms.Form):
        name = forms.CharField(help_text="<script>alert(1)</script>")

    assert "<script>" not in Declared().as_div()
    unescaped = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
    source = Path(yingshang.__file__).parent
    assert [p.name for p in source.rglob("*.html") if unescaped.search(p.read_text())] == []


def test_hint_and_error_are_tied_to_their_input() -> None:
    shown = Sample({}).as_div()
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert 'id="id_name_helptext"' in shown
    assert 'id="id_name_error"' in shown
    assert '<label for="id_name">名称<span class="must">（必填）</span></label>' in shown
    assert '<legend>选择<span class="must">（必填）</span></legend>' in shown


def test_the_error_summary_leads_to_each_field() -> None:
    shown = show("{% error_summary form %}", form=Sample({}))
    for target in ("#id_name", "#id_choice", "#id_agreed"):
        assert f'href="{target}' in shown
    assert 'role="alert"' in shown
    assert show("{% error_summary form %}", form=Sample()).strip() == ""


def test_a_refused_action_shows_beside_its_field_or_at_the_head() -> None:
    form = Sample({"name": "x", "choice": "a", "agreed": "on"})
    show_refusal(form, Invalid("名称已被使用", field="name"))
    show_refusal(form, Invalid("稍后再试", field="unknown"))
    assert form.errors["name"] == ["名称已被使用"]
    assert form.non_field_errors() == ["稍后再试"]


def test_a_text_is_compared_by_characters_and_whole_figures() -> None:
    pieces = compare("由15个工作日缩短至5个", "由15个工作日缩短至3个，全程网办")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "由15个工作日缩短至"),
        ("out", "5"),
        ("in", "3"),
        ("same", "个"),
        ("in", "，全程网办"),
    ]
    assert "".join(p.text for p in compare("1.5", "15") if p.kind != "out") == "15"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_date_field_holds_its_date_in_the_form_that_browsers_read(language: str) -> None:
    class Dated(forms.Form):
        due_on = forms.DateField(widget=forms.DateInput({"type": "date"}))

    with translation.override(language):
        assert 'value="2026-11-22"' in str(Dated(initial={"due_on": date(2026, 11, 22)}))
        assert Dated({"due_on": "2026-11-22"}).is_valid()


@pytest.mark.parametrize(
    ("value", "most", "step"),
    [(0, 20, 0), (1, 20, 1), (4, 20, 1), (5, 20, 2), (20, 20, 5), (3, 0, 0)],
)
def test_a_heat_cell_shows_its_fifth(value: int, most: int, step: int) -> None:
    assert heat_step(value, most) == step


def test_shares_fill_the_bar_exactly() -> None:
    placed = shares_of([Share("a", 1, "green"), Share("b", 2, "red"), Share("c", 0, "grey")])
    assert [(p.start, p.width) for p in placed] == [
        ("0.00", "33.33"),
        ("33.33", "66.67"),
        ("100.00", "0.00"),
    ]


def test_dates_are_shown_in_shanghai_in_the_readers_language() -> None:
    instant = datetime(2025, 3, 3, 18, 5, tzinfo=UTC)
    assert "2025年3月4日 02:05" in show("{{ t|moment }}", t=instant)
    assert "<time>2025-03-04</time>" in show("{{ t|iso_day }}", t=instant)
    assert "2025年3月4日" in show("{{ d|day }}", d=date(2025, 3, 4))
    with translation.override("en"):
        assert "4 March 2025" in show("{{ d|day }}", d=date(2025, 3, 4))
    assert show("{{ n|day }}{{ n|moment }}{{ n|fen }}", n=None) == "———"


def test_money_is_exact() -> None:
    assert show("{{ n|fen }}", n=123_456_789) == "1,234,567.89 元"
    assert show("{{ n|fen }}", n=10**17 + 1) == "1,000,000,000,000,000.01 元"
    assert show("{{ n|fen_wan }}", n=123_455_000) == "123.46 万元"
    assert show("{{ n|fen }}", n=-5) == "-0.05 元"
    with translation.override("en"):
        assert show("{{ n|fen_wan }}", n=123_455_050) == "CNY 1,234,551"


def test_a_large_number_is_set_in_threes() -> None:
    assert ">43,399<" in show('{% stat "企业" n %}', n=43_399)
    assert ">999<" in show('{% stat "企业" n %}', n=999)
    assert ">—<" in show('{% stat "企业" n %}', n="—")


def test_an_amount_has_its_unit_after_the_label() -> None:
    tag = '{% stat_fen "预算" n %}'
    assert "预算（万元）" in show(tag, n=123_455_000)
    assert ">123.46<" in show(tag, n=123_455_000)
    assert "stat-long" in show(tag, n=12_345_500_000_000)
    with translation.override("en"):
        assert "预算 (CNY)" in show(tag, n=123_455_000)
        assert ">1,234,550<" in show(tag, n=123_455_000)
    assert "（" not in show(tag, n=None)
