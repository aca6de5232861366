"""Changing a rule's text in place: only what is meant changes, in whatever layout it stands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from yingshang.content.yaml import BadYaml
from yingshang.rulebook.sources import split_documents
from yingshang.rulebook.writing.changes import (
    change_within,
    group_up,
    insert_item,
    remove_item,
    remove_key,
    rename_key,
    set_key,
    set_text,
    swap_items,
    wrap,
)
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import read_source, value_of
from yingshang.rulebook.writing.rows import (
    Row,
    edits_between,
    find_row,
    parse_condition,
    write_row,
)

pytestmark = pytest.mark.one_database

TREE = """\
# 说明
key: grant   # 标识
title: '补助'
condition:
  all:   # 全部
    # 收入
    - {id: a, text: enterprise.revenue >= 500, clause: 第三条}  # 五百分
    - text: "enterprise.size in [\\"small\\", \\"micro\\"]"
      clause: 第四条
    - not:
        text: enterprise.abnormal

    - any: [enterprise.high_tech, enterprise.tech_sme]
results:
  amount: {base: enterprise.rd, rate: "0.08", rounding: half-up, cap: 100}
"""
FOLDED = """\
key: x
condition: >-
  enterprise.a >= 10 &&
  enterprise.b < 99   &&
  enterprise.a <= 10
title: t
"""


def test_one_value_changes_only_its_own_characters() -> None:
    source = read_source(TREE)
    text = source.get(("condition", "all", 0, "text"))
    (edit,) = edits_between(text, find_row(text), find_row(text.replace("500", "600")))
    assert edit[2] == "600"
    changed = change_within(source, ("condition", "all", 0, "text"), *edit)
    assert changed.text == TREE.replace("500,", "600,")


def test_a_value_in_a_folded_text_is_found_at_its_own_place() -> None:
    source = read_source(FOLDED)
    text = source.get(("condition",))
    last = text.rindex("10")
    changed = change_within(source, ("condition",), last, last + 2, "12")
    assert changed.text == FOLDED.replace("<= 10", "<= 12")


def test_items_come_go_and_move_with_their_comments_in_place() -> None:
    source = read_source(TREE)
    path = ("condition", "all")
    added = insert_item(source, path, 4, {"text": 'enterprise.c in ["a"]', "clause": "第五条"})
    line = "    - {text: 'enterprise.c in [\"a\"]', clause: 第五条}\n"
    assert added.text == TREE.replace("results:", line + "results:")
    assert remove_item(added, path, 4).text == TREE
    gone = remove_item(source, path, 1)
    assert gone.text == re.sub(r"    - text: .*\n      clause: 第四条\n", "", TREE)
    moved = swap_items(source, path, 0)
    assert moved.get(path)[1]["id"] == "a"
    assert "# 五百分" in moved.text
    assert sorted(moved.text) == sorted(TREE)
    flow = (*path, 3, "any")
    assert "[enterprise.tech_sme, enterprise.high_tech]" in swap_items(source, flow, 0).text
    assert "any: [enterprise.tech_sme]" in remove_item(source, flow, 0).text


def test_keys_and_groups() -> None:
    source = read_source(TREE)
    named = set_key(source, ("condition", "all", 2, "not"), "clause", "第六条")
    assert named.text == TREE.replace(
        "text: enterprise.abnormal\n", "text: enterprise.abnormal\n        clause: 第六条\n"
    )
    assert remove_key(named, ("condition", "all", 2, "not"), "clause").text == TREE
    assert rename_key(source, ("condition",), "all", "any").text == TREE.replace("all:", "any:")
    wrapped = wrap(source, ("condition", "all", 1), "any")
    assert wrapped.get(("condition", "all", 1, "any", 0)) == source.get(("condition", "all", 1))
    parted = group_up(read_source(FOLDED), ("condition",), "all", ["enterprise.a >= 10", "true"])
    assert parted.text == (
        "key: x\ncondition:\n  all:\n    - enterprise.a >= 10\n    - 'true'\ntitle: t\n".replace(
            "'true'", '"true"'
        )
    )


def test_what_would_lose_a_comment_is_refused() -> None:
    source = read_source("key: x\ncondition:\n  all:\n    - a.b # eins\n    - c.d\n")
    with pytest.raises(CannotEdit):
        group_up(source, ("condition",), "any", ["a.b"])


def test_line_ends_stay_as_they_are() -> None:
    source = read_source(TREE.replace("\n", "\r\n"))
    changed = set_key(source, (), "summary", "新的", after="title")
    assert changed.text == TREE.replace("'补助'\n", "'补助'\nsummary: 新的\n").replace("\n", "\r\n")


ROWS = st.builds(
    lambda fact, pair: Row(fact, pair[0], pair[1]),
    st.sampled_from(["enterprise.a", "enterprise.long_name", "person.x"]),
    st.one_of(
        st.tuples(st.sampled_from(["yes", "no", "known", "not known"]), st.just(())),
        st.tuples(
            st.sampled_from([">=", ">", "<=", "<", "==", "!=", "years>=", "days<"]),
            st.tuples(st.integers(0, 10**12)),
        ),
        st.tuples(
            st.sampled_from(["in", "not in"]),
            st.lists(st.text("ab\"'\\: #,{}[]中", min_size=1), min_size=1, max_size=3).map(tuple),
        ),
        st.tuples(
            st.sampled_from(["starts", "not starts", "contains", "=="]),
            st.tuples(st.text("ab\"' #:，中", min_size=1, max_size=5)),
        ),
    ),
)


def pieces(row: Row) -> tuple[Any, ...]:
    return row.fact, row.sign, row.values, row.parameter


@given(ROWS)
@settings(max_examples=60)
def test_a_row_reads_back_as_it_was_written(row: Row) -> None:
    found = find_row(write_row(row.fact, row.sign, row.values))
    assert found is not None
    assert pieces(found) == pieces(row)


LEAVES = ROWS.map(lambda row: write_row(row.fact, row.sign, row.values))
TREES = st.recursive(
    LEAVES | LEAVES.map(lambda text: {"text": text, "clause": "第一条", "label": "甲: 乙"}),
    lambda below: st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(below, min_size=1, max_size=3), min_size=1,
        max_size=1,
    ),
    max_leaves=6,
)  # fmt: skip
LAYOUTS: Any = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, None, "'", '"']),
        "width": st.sampled_from([20, 60, 4000]),
        "indent": st.integers(2, 5),
        "allow_unicode": st.booleans(),
    }
)


def laid_out(condition: Any, layout: Any) -> str:
    """Write a declaration in a layout; in narrow lines PyYAML writes some texts so that it reads others."""
    declared = {"key": "x", "condition": condition, "title": "尾"}
    text: str = yaml.safe_dump(declared, **layout)
    assume(yaml.safe_load(text) == declared)
    return text


def leaf_paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict) and "text" in value:
        yield (*path, "text")
    else:
        ((kind, parts),) = value.items()
        for place, part in enumerate(parts):
            yield from leaf_paths(part, (*path, kind, place))


@given(TREES, LAYOUTS, st.data())
@settings(max_examples=80, deadline=None)
def test_a_change_of_one_value_changes_only_that_span(tree: Any, layout: Any, data: Any) -> None:
    text = "# 头\n" + laid_out(tree, layout)
    source = read_source(text)
    path = data.draw(st.sampled_from(list(leaf_paths(tree, ("condition",)))))
    old = source.get(path)
    row = find_row(old)
    assert row is not None
    if not row.values or not isinstance(row.values[0], int):
        return
    wanted = Row(row.fact, row.sign, (row.values[0] + 1,))
    (edit,) = edits_between(old, row, wanted)
    changed = change_within(source, path, *edit)
    node = source.node(path)
    assert changed.text.startswith(text[: node.start])
    assert changed.text.endswith(text[node.end :])
    before, after = str(row.values[0]), str(row.values[0] + 1)
    at = next(
        i for i in range(node.start, node.end)
        if text[:i] + after + text[i + len(before) :] == changed.text
    )  # fmt: skip
    assert text[at : at + len(before)] == before


@given(TREES, LAYOUTS, st.data())
@settings(max_examples=60, deadline=None)
def test_an_item_put_in_and_taken_out_leaves_the_same_text(
    tree: Any, layout: Any, data: Any
) -> None:
    text = laid_out({"all": [tree]}, layout)
    source = read_source(text)
    place = data.draw(st.integers(0, 1))
    added = insert_item(source, ("condition", "all"), place, {"text": "a.b > 1", "clause": "甲"})
    assert remove_item(added, ("condition", "all"), place).text == text


@given(TREES, LAYOUTS, st.text("ab: #'\"{}[],中\\-!&*", min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_text_may_be_given_to_a_value(tree: Any, layout: Any, new: str) -> None:
    text = laid_out(tree, layout)
    changed = set_text(read_source(text), ("title",), new)
    assert value_of(changed.text) == {"key": "x", "condition": tree, "title": new}
    named = set_key(changed, (), "source", new, after="key")
    assert named.get(("source",)) == new


def shipped() -> Iterator[str]:
    root = Path(__file__).parents[4]
    for path in sorted(root.glob("content/*/policies/**/*.yaml")):
        yield from split_documents(path.read_bytes().decode())


def test_every_shipped_rule_is_taken_apart_and_put_together_again() -> None:
    count = 0
    for text in shipped():
        source = read_source(text)
        assert source.text == text
        for path in _texts(source.value["condition"], ("condition",)):
            written = source.get(path)
            parsed = parse_condition(written)
            for row in _rows(parsed):
                assert edits_between(written, row, row) == []
                said = written[slice(*row.span)]
                again = find_row(said)
                assert again is not None
                assert pieces(again) == pieces(row)
                count += 1
    assert count >= 10


def _texts(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        yield path
    for key, part in value.items() if isinstance(value, dict) else ():
        if key == "text":
            yield (*path, key)
        elif key in ("all", "any") or (key == "not" and isinstance(part, list)):
            for place, one in enumerate(part):
                yield from _texts(one, (*path, key, place))
        elif key == "not":
            yield from _texts(part, (*path, key))


def _rows(parsed: Any) -> Iterator[Row]:
    if parsed.row is not None:
        yield parsed.row
    for part in parsed.parts:
        yield from _rows(part)


def test_what_is_no_document_is_refused() -> None:
    for text in ("", "- a\n", "a: 1\n---\nb: 2\n", "a: [\n"):
        with pytest.raises(BadYaml):
            read_source(text)
