"""Corrections of a draft: what each does, what it keeps, what it refuses."""

import pytest

from yingshang.domains.plans.drafting.checks import check
from yingshang.domains.plans.drafting.operations import apply, fold
from yingshang.domains.plans.drafting.sentences import (
    from_lines,
    relocate,
    sentence_spans,
    to_lines,
)
from yingshang.domains.plans.drafting.state import DraftState, draft_measure
from yingshang.domains.plans.errors import OperationInvalid

TEXT = "企业开办时限由5天压缩至1天。年内新增服务10项。"


def measure(ident: str, number: int, text: str = TEXT, **more):
    figure = {
        "indicator": "新增服务",
        "comparator": ">=",
        "value": 10,
        "unit": "项",
        "span": [19, 22],
    }
    value = {"number": number, "chapter": "政务", "text": text, "raw": f"{number}.{text}", **more}
    return draft_measure(ident, {"targets": [figure] if text == TEXT else [], **value})


@pytest.fixture
def state() -> DraftState:
    return {
        "title": "某方案",
        "issuer": None,
        "document_number": None,
        "issued_on": None,
        "year": 2025,
        "measures": [
            measure(
                "m1", 1, units=[{"name": "甲局", "group": False, "role": None}], unsure=["due"]
            ),
            measure("m2", 2, "第二条内容。", title="第二条", chapter="法治"),
            measure("m3", 3, "第三条内容。"),
        ],
        "noise": [],
        "links": {"m2": "former"},
        "resolutions": {},
    }


def do(state: DraftState, operation: str, /, **parameters) -> DraftState:
    return apply(state, operation, parameters, fresh_id="a1")


def ids(state: DraftState) -> list[str]:
    return [m["id"] for m in state["measures"]]


def test_an_operation_leaves_the_state_before_it_alone(state) -> None:
    before = repr(state)
    do(state, "correct_measure", id="m1", title="新标题")
    assert repr(state) == before


def test_correcting_sets_fields_and_settles_their_doubts(state) -> None:
    after = do(state, "correct_measure", id="m1", due="2025-06-30", due_text="6月底前")
    assert after["measures"][0]["due"] == "2025-06-30"
    assert after["measures"][0]["unsure"] == []
    assert do(state, "correct_measure", id="m1", title="x")["measures"][0]["unsure"] == ["due"]


def test_a_corrected_text_keeps_its_figures_where_their_words_are(state) -> None:
    lines = "将企业开办时限由5天压缩至1天。\n年内新增服务10项。\n另加一项。"
    corrected = do(state, "correct_measure", id="m1", lines=lines)["measures"][0]
    start, end = corrected["targets"][0]["span"]
    assert corrected["text"][start:end] == TEXT[19:22]
    assert len(corrected["sentences"]) == 3
    gone = do(state, "correct_measure", id="m1", lines="全部重写。")["measures"][0]
    assert gone["targets"][0]["span"] == [0, 0]


def test_splitting_gives_each_part_its_figures(state) -> None:
    after = do(state, "split_measure", id="m1", after=1)
    first, second = after["measures"][:2]
    assert ids(after) == ["m1", "a1", "m2", "m3"]
    assert first["text"] + second["text"] == TEXT
    assert first["targets"] == []
    start, end = second["targets"][0]["span"]
    assert second["text"][start:end] == TEXT[19:22]
    assert second["number"] is None
    assert second["units"] == first["units"]


def test_merging_appends_text_title_and_units(state) -> None:
    after = do(state, "merge_measures", id="m1")
    merged = after["measures"][0]
    assert ids(after) == ["m1", "m3"]
    assert merged["text"] == TEXT + "第二条。第二条内容。"
    assert "".join(merged["text"][a:b] for a, b in merged["sentences"]) == merged["text"]
    assert "m2" not in after["links"]


def test_splitting_and_merging_are_each_others_way_back(state) -> None:
    again = do(do(state, "split_measure", id="m1", after=1), "merge_measures", id="m1")
    assert again["measures"][0]["text"] == TEXT
    assert again["measures"][0]["targets"][0]["span"] == [19, 22]


def test_moving_may_take_over_the_headings_of_the_new_place(state) -> None:
    assert ids(do(state, "move_measure", id="m3", after="")) == ["m3", "m1", "m2"]
    moved = do(state, "move_measure", id="m1", after="m2", headings=True)
    assert ids(moved) == ["m2", "m1", "m3"]
    assert moved["measures"][1]["chapter"] == "法治"
    kept = do(state, "move_measure", id="m1", after="m2")
    assert kept["measures"][1]["chapter"] == "政务"


def test_adding_removing_and_renumbering(state) -> None:
    added = do(state, "add_measure", after="m1", lines="补充内容。", units=[{"name": "乙局"}])
    assert ids(added) == ["m1", "a1", "m2", "m3"]
    assert added["measures"][1]["chapter"] == "政务"
    assert added["measures"][1]["units"][0]["name"] == "乙局"
    removed = do(added, "remove_measure", id="m2")
    assert [m["number"] for m in do(removed, "renumber")["measures"]] == [1, 2, 3]


def test_figures_are_confirmed_changed_rejected_and_added(state) -> None:
    decided = do(state, "decide_target", id="m1", target="m1t1", status="confirmed", value="12.5")[
        "measures"
    ][0]["targets"][0]
    assert (decided["status"], decided["value"], decided["indicator"]) == (
        "confirmed",
        12.5,
        "新增服务",
    )
    added = do(
        state, "add_target", id="m1", indicator="时限", comparator="<=", value=1, words="1天"
    )["measures"][0]["targets"][1]
    assert TEXT[slice(*added["span"])] == "1天"
    assert added["status"] == "confirmed"


def test_units_are_resolved_by_name(state) -> None:
    after = do(state, "resolve_unit", name="甲局", organs=["a", "b", "a"], remember="1")
    assert after["resolutions"]["甲局"] == {"organs": ["a", "b"], "group": True, "remember": True}


def test_a_former_measure_is_continued_once(state) -> None:
    after = do(state, "link_measure", id="m1", former="former")
    assert after["links"] == {"m1": "former"}
    assert do(state, "link_measure", id="m1", former="")["links"]["m1"] is None


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("unheard_of", {}),
        ("correct_measure", {"id": "m9", "title": "x"}),
        ("correct_measure", {"id": "m1", "lines": " \n "}),
        ("correct_measure", {"id": "m1", "due": "六月底"}),
        ("correct_measure", {"id": "m1", "number": "第一"}),
        ("correct_measure", {"id": "m1", "number": 0}),
        ("correct_measure", {"id": "m1", "units": "甲局"}),
        ("correct_measure", {"id": "m1", "units": [{"name": "甲", "role": "boss"}]}),
        ("correct_document", {"issued_on": "2025"}),
        ("correct_document", {"year": 25}),
        ("split_measure", {"id": "m1", "after": 2}),
        ("split_measure", {"id": "m2", "after": 1}),
        ("split_measure", {"id": "m1"}),
        ("merge_measures", {"id": "m3"}),
        ("add_measure", {"after": "m1", "lines": ""}),
        ("move_measure", {"id": "m1", "after": "m1"}),
        ("move_measure", {"id": "m1", "after": "m9"}),
        ("decide_target", {"id": "m1", "target": "m1t9"}),
        ("decide_target", {"id": "m1", "target": "m1t1", "value": "many"}),
        ("decide_target", {"id": "m1", "target": "m1t1", "value": "nan"}),
        ("decide_target", {"id": "m1", "target": "m1t1", "comparator": ">"}),
        ("decide_target", {"id": "m1", "target": "m1t1", "status": "maybe"}),
        ("decide_target", {"id": "m1", "target": "m1t1", "indicator": " "}),
        ("add_target", {"id": "m1", "indicator": "x", "value": 1, "words": "没有的话"}),
        ("resolve_unit", {"name": "丙局", "organs": ["a"]}),
        ("resolve_unit", {"name": "甲局", "organs": []}),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(state, name, parameters) -> None:
    with pytest.raises(OperationInvalid) as refused:
        apply(state, name, parameters, fresh_id="a1")
    assert len(str(refused.value)) > 6
    assert "%(" not in str(refused.value)


def test_the_fold_of_all_operations_is_the_state(state) -> None:
    steps = [
        ("a1", "split_measure", {"id": "m1", "after": 1}),
        ("a2", "add_measure", {"after": "a1", "lines": "再加。"}),
        ("a3", "renumber", {}),
    ]
    by_hand = state
    for fresh, name, parameters in steps:
        by_hand = apply(by_hand, name, parameters, fresh_id=fresh)
    assert fold(state, steps) == by_hand


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("甲。乙！丙", ["甲。", "乙！", "丙"]),
        ("推出“一站式。”服务。再来。", ["推出“一站式。”", "服务。", "再来。"]),
        ("增加2.0版（含试点。）内容。", ["增加2.0版（含试点。）", "内容。"]),
        ("甲。 乙。  ", ["甲。", " 乙。  "]),
        ("", []),
        ("没有句号", ["没有句号"]),
    ],
)
def test_sentences_cover_the_text(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_spans(text)] == parts
    assert from_lines(to_lines(text, sentence_spans(text)))[0].strip() == text.strip()


def test_a_repeated_word_is_found_again_by_what_stands_before_it() -> None:
    old, new = "甲不少于10项，乙不少于10项。", "先看：甲不少于10项，乙不少于10项。"
    start, end = relocate([13, 16], old, new)
    assert (new[start:end], start) == (old[13:16], 16)


def test_checks_tell_errors_from_remarks(state) -> None:
    assert {r.code for r in check(state, division="990101")} == {"unsure"}
    state["measures"][1]["number"] = 1
    state["measures"][2]["text"] = " "
    state["title"] = None
    remarks = check(state, division="", unresolved=["某局"])
    assert {r.code for r in remarks if r.blocking} == {
        "title_missing",
        "division_missing",
        "number_repeated",
        "text_missing",
    }
    assert "unit_unresolved" in {r.code for r in remarks if not r.blocking}
    assert all("%(" not in str(r) for r in remarks)
