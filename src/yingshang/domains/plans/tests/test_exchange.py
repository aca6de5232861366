"""Exports: safe in a spreadsheet, and the same plan when they come back."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from yingshang.domains.plans.actions.imports import (
    confirm_import,
    differences_for,
    edit_draft,
    start_import,
)
from yingshang.domains.plans.errors import AlreadyImported, ExportNotReadable, NothingChanged
from yingshang.domains.plans.exchange import EXPORTS, export_plan, is_export, read_export
from yingshang.domains.plans.exchange.cells import guard, join, split, unguard
from yingshang.domains.plans.models import ImportDraft, PlanDocument
from yingshang.domains.plans.stored import state_of
from yingshang.domains.plans.tests.cast import OFFICE, import_plan, make_organs

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> PlanDocument:
    """A plan with every awkward thing in it."""
    make_organs()
    draft = import_plan(confirm=False)
    for operation, parameters in [
        (
            "correct_measure",
            {
                "id": "m1",
                "title": "=1+1",
                "due": "2025-06-30",
                "due_text": "6月底前",
                "starred": True,
            },
        ),
        (
            "correct_measure",
            {"id": "m2", "lines": '@sum 第一分项。\n- 第二分项，含"引号"，和｜竖线\\。'},
        ),
        (
            "correct_measure",
            {
                "id": "m3",
                "units": [
                    {"name": "甲｜乙局", "role": "lead"},
                    {"name": "各街道、园区", "group": True, "role": "cooperate"},
                ],
            },
        ),
        (
            "add_target",
            {
                "id": "m2",
                "indicator": "-2｜指标",
                "comparator": "~=",
                "value": "12.5",
                "unit": "%",
                "deadline": "2025-12-31",
                "baseline": "3",
                "words": "第一分项",
            },
        ),
        ("add_target", {"id": "m1", "indicator": "时限", "comparator": "<=", "value": 1}),
        ("decide_target", {"id": "m1", "target": "a5", "status": "rejected"}),
        ("correct_measure", {"id": "m5", "number": None}),
    ]:
        edit_draft(OFFICE, draft=draft, operation=operation, parameters=parameters)
    return PlanDocument.objects.get(ref=confirm_import(OFFICE, draft=draft).document)


@pytest.mark.parametrize("ending", EXPORTS)
def test_an_export_that_comes_back_changes_nothing(plan: PlanDocument, ending: str) -> None:
    content = export_plan(state_of(plan.current), plan.ref, ending)
    draft = start_import(OFFICE, filename=f"export.{ending}", content=content)
    assert ImportDraft.objects.get(ref=draft).document == plan
    assert [d.fields for d in differences_for(ImportDraft.objects.get(ref=draft))] == [()] * 5
    with pytest.raises(NothingChanged):
        confirm_import(OFFICE, draft=draft)
    assert plan.versions.count() == 1


@pytest.mark.parametrize("ending", EXPORTS)
def test_a_change_made_in_the_export_is_the_only_one(plan: PlanDocument, ending: str) -> None:
    state = state_of(plan.current)
    state["measures"][4]["text"] = "实现信用修复两个工作日办结。"
    state["measures"][4]["sentences"] = [[0, 14]]
    content = export_plan(state, plan.ref, ending)
    draft = start_import(OFFICE, filename=f"export.{ending}", content=content)
    result = confirm_import(OFFICE, draft=draft)
    assert result.changes == {"kept": 4, "changed": 1, "new": 0, "dropped": 0}
    assert (result.document, result.version) == (plan.ref, 2)


def test_no_cell_begins_like_a_formula(plan: PlanDocument) -> None:
    state = state_of(plan.current)
    rows = csv.reader(io.StringIO(export_plan(state, plan.ref, "csv").decode("utf-8-sig")))
    book = load_workbook(io.BytesIO(export_plan(state, plan.ref, "xlsx")))
    cells = [cell for row in rows for cell in row]
    cells += [c.value or "" for s in book for row in s.iter_rows() for c in row]
    assert any("=1+1" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert all(c.data_type != "f" for s in book for row in s.iter_rows() for c in row)


@pytest.mark.parametrize("text", ["=1", "'=1", "''@x", "'a", "-", "\tx", "普通", "", "a=1"])
def test_guarding_has_a_way_back(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("fields", [["a"], ["a｜b", "c\\"], ["", "x"], ["\\｜", "y"]])
def test_joined_fields_come_apart_again(fields: list[str]) -> None:
    assert split(join(fields)) == fields


def test_other_files_are_no_exports() -> None:
    for content in (b"", b"{}", b"PK\x03\x04broken", "1.第一条".encode(), b'{"format": "other"}'):
        assert is_export(content) is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"format": "yingshang.plan/1"}', "JSON"),
        (b'{"format": "yingshang.plan/1", "measures": []}', "JSON"),
        (b'{"format": "yingshang.plan/1", "measures": [{"text": ""}]}', "JSON"),
        ("营商方案导出,1\n".encode(), "表头"),
        ("营商方案导出,1\n\n内容,序号\n做事。,一\n".encode(), "4"),
        ("营商方案导出,1\n\n内容,目标值\n做事。,指标｜大概｜3\n".encode(), "4"),
        ("营商方案导出,1\n\n内容,完成时限\n,\n做事。,明天\n".encode(), "5"),
    ],
)
def test_a_damaged_export_is_refused_with_its_place(content: bytes, problem: str) -> None:
    make_organs()
    with pytest.raises(ExportNotReadable, match=problem):
        start_import(OFFICE, filename="x", content=content, division="990101")


def test_a_sheet_saved_in_the_chinese_code_page_is_read(plan: PlanDocument) -> None:
    text = export_plan(state_of(plan.current), plan.ref, "csv").decode("utf-8-sig")
    content = text.encode("gb18030")
    state, document = read_export(content, is_export(content))
    assert document == plan.ref
    assert [m["text"] for m in state["measures"]] == [
        m["text"] for m in state_of(plan.current)["measures"]
    ]


def test_the_same_export_twice_is_known(plan: PlanDocument) -> None:
    state = state_of(plan.current)
    state["title"] = "改了名称"
    content = export_plan(state, plan.ref, "json")
    assert json.loads(content)["title"] == "改了名称"
    confirm_import(OFFICE, draft=start_import(OFFICE, filename="a.json", content=content))
    with pytest.raises(AlreadyImported):
        start_import(OFFICE, filename="b.json", content=content)
