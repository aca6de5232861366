"""Who is charged with a measure, by when, and how far it is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.domains.plans.tasking.breakdown import MeasureWork, break_down
from yingshang.domains.plans.tasking.duties import Unit, charge
from yingshang.domains.plans.tasking.progress import Step, progress_of, shares
from yingshang.domains.plans.tasking.schedule import TaskKind, plan_end, schedule
from yingshang.domains.plans.tasking.wording import is_bare_percentage

END = date(2026, 12, 31)


def roles(units):
    return [(duty.organ, duty.role, duty.assumed) for duty in charge(units).duties]


def test_the_first_unit_leads_as_assumed_where_the_document_is_silent():
    units = [Unit("区数据局", ("data",)), Unit("区税务局", ("tax",))]
    assert roles(units) == [("data", "lead", True), ("tax", "cooperate", False)]


def test_a_named_lead_is_no_assumption_and_comes_first():
    units = [Unit("区数据局", ("data",), "cooperate"), Unit("区税务局", ("tax",), "lead")]
    assert roles(units) == [("tax", "lead", False), ("data", "cooperate", False)]


def test_units_that_all_cooperate_have_no_lead():
    charged = charge([Unit("区数据局", ("data",), "cooperate")])
    assert not charged.has_lead


def test_an_unresolved_first_unit_is_not_replaced_by_the_second():
    charged = charge([Unit("各镇街", group=True), Unit("区税务局", ("tax",))])
    assert [unit.name for unit in charged.unresolved] == ["各镇街"]
    assert [(duty.organ, duty.role) for duty in charged.duties] == [("tax", "cooperate")]


def test_members_of_a_leading_group_each_lead():
    units = [Unit("各镇街", ("north", "south"), group=True), Unit("区税务局", ("tax",))]
    assert [r for _, r, _ in roles(units)] == ["lead", "lead", "cooperate"]


def test_an_organ_under_two_names_is_charged_once_as_lead():
    units = [
        Unit("各部门", ("data", "tax"), "cooperate", group=True),
        Unit("区税务局", ("tax",), "lead"),
    ]
    assert roles(units) == [("tax", "lead", False), ("data", "cooperate", False)]


@pytest.mark.parametrize(
    ("due", "words", "kind", "on", "basis"),
    [
        (date(2026, 6, 30), "2026年6月底前", TaskKind.DATED, date(2026, 6, 30), "document"),
        (date(2026, 6, 30), "6月底前完成并持续推进", TaskKind.DATED, date(2026, 6, 30), "document"),
        (None, "持续推进", TaskKind.PERIODIC, END, "assumed"),
        (None, "已完成，持续巩固", TaskKind.PERIODIC, END, "assumed"),
        (None, "已完成，巩固成效", TaskKind.REVIEW, END, "assumed"),
        (None, None, TaskKind.DATED, END, "assumed"),
    ],
)
def test_the_words_decide_how_a_measure_is_followed(due, words, kind, on, basis):
    found = schedule(due, words, ends_on=END)
    assert (found.kind, found.due_on, found.basis) == (kind, on, basis)


def test_a_chosen_day_stands_only_where_the_document_gives_none():
    chosen = date(2026, 9, 30)
    assert schedule(None, None, ends_on=END, chosen=chosen).due_on == chosen
    found = schedule(date(2026, 6, 30), "2026年6月底前", ends_on=END, chosen=chosen)
    assert (found.due_on, found.basis) == (date(2026, 6, 30), "document")


def test_issuing_again_finds_only_what_is_missing():
    measure = MeasureWork("m1", (Unit("甲", ("a",)), Unit("乙", ("b", "c"))), ("做事。",))
    found = break_down(measure, ends_on=END, present={"a", "c"})
    assert [duty.organ for duty in found.missing] == ["b"]
    assert [duty.organ for duty in found.present] == ["a", "c"]


def test_a_measure_without_units_takes_the_clerks_choice_and_says_so_without_it():
    measure = MeasureWork("m1", (), ("做事。",))
    assert break_down(measure, ends_on=END).is_without_units
    found = break_down(measure, ends_on=END, chosen_organs=["a", "b"])
    assert [(d.organ, d.role, d.assumed) for d in found.missing] == [
        ("a", "lead", True),
        ("b", "cooperate", False),
    ]


def test_chosen_organs_do_not_displace_those_of_the_document():
    measure = MeasureWork("m1", (Unit("甲", ("a",)),), ("做事。",))
    assert [d.organ for d in break_down(measure, ends_on=END, chosen_organs=["z"]).missing] == ["a"]


def test_progress_is_the_weighted_share_of_what_is_confirmed():
    steps = [Step(3, confirmed=True), Step(2, reported=True), Step(2)]
    found = progress_of(steps)
    assert (found.percent, found.reported_percent) == (42, 71)


def test_all_but_one_of_many_is_not_yet_a_hundred_percent():
    steps = [Step(1, confirmed=True)] * 299 + [Step(1)]
    assert progress_of(steps).percent == 99


def test_nothing_to_do_is_nothing_done():
    assert progress_of([]).percent == 0


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_shown_weights_add_up_to_a_hundred(weights):
    shown = shares(weights)
    assert sum(shown) == 100
    assert all(abs(s - 100 * w / sum(weights)) < 1 for s, w in zip(shown, weights, strict=True))


@pytest.mark.parametrize(
    ("title", "year", "end"),
    [
        ("清江区2026年营商环境提升行动方案", 2026, 2026),
        ("清江区营商环境建设规划（2026—2030年）", 2026, 2030),
        ("清江区营商环境建设规划（2026年至2028年）", None, 2028),
        ("清江区2026年营商环境提升行动方案", None, 2026),
        ("清江区行动方案", 2025, 2025),
        ("清江区行动方案", None, 2027),
    ],
)
def test_a_plan_ends_with_the_last_year_that_it_names(title, year, end):
    assert plan_end(title, year, date(2027, 3, 1)) == date(end, 12, 31)


def test_a_percentage_alone_is_no_report() -> None:
    for bare in (
        "80%",
        "完成80％",
        "80",
        "总体进度达到80%左右",
        "Progress 50% done",
        "完成率 100%。",
    ):
        assert is_bare_percentage(bare), bare
    for words in ("已完成3件", "2025年完成", "完成一半", "办理时限压缩80%", "走访30家", ""):
        assert not is_bare_percentage(words), words
