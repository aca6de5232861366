"""Files of facts: what people and spreadsheets write, told cell by cell, recorded once."""

from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yingshang.cli.facts_loading import Wanted, load_path
from yingshang.facts.actions.loading import load_file
from yingshang.facts.actions.recording import declare_value
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import GradeNotAccepted, NotAuthoritative
from yingshang.facts.loading import register_subjects_of
from yingshang.facts.loading_columns import ColumnsUnfit, ColumnUnknown
from yingshang.facts.loading_files import FileUnreadable
from yingshang.facts.models import FactLoad, FactValue, QualityIssue
from yingshang.facts.staging import no_progress
from yingshang.facts.staging import stage as stage_file
from yingshang.facts.views import issues_view
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted
from yingshang.parties.models import Subject

CODE = "914403001922038216"
OTHER = "91350100M000100Y43"


@pytest.fixture
def tax(stage):
    return stage.official("tax", "facts.record")


@pytest.fixture
def load(stage, tmp_path):
    """Load rows given as a list, as CSV in UTF-8 unless a path is given."""

    def do(rows, *, source="tax", actor=None, grade="authoritative", file=None, **more):
        if file is None:
            file = tmp_path / "facts.csv"
            file.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
        folder = tmp_path / f"stage-{FactLoad.objects.count()}"
        folder.mkdir(exist_ok=True)
        stage.tick()
        staged = stage_file(file, folder, current_catalogue(), grade=grade, **more)
        owner = {"tax": "tax", "registry": "market"}[source]
        actor = actor or stage.official(owner, "facts.record")
        return load_file(actor, staged=staged, source=source)

    return do


def held():
    rows = FactValue.objects.filter(superseded_at=None).order_by("key", "item")
    return [(row.key, row.item, row.content) for row in rows]


def told(loaded):
    return [(c["row"], c["column"], c["what"], c["kept"]) for c in loaded.as_json()["cells"]]


def test_columns_are_named_by_key_or_label_with_period_and_unit(stage, load):
    loaded = load(
        [
            ["统一社会信用代码", "从业人数", "营业收入（2025，万元）", "enterprise.revenue:2024"],
            [CODE, "１２", '"1,234.5678"', "99"],
        ],
    )
    assert (loaded.new, loaded.staged.problem_count) == (3, 0)
    assert held() == [
        ("enterprise.revenue", "2024", 99),
        ("enterprise.revenue", "2025", 1_234_567_800),
        ("enterprise.staff", "", 12),
    ]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("从业人員", "是不是“从业人数”"),
        ("营业收入", "请写明期间"),
        ("营业收入（2025）", "请在列名中写明单位"),
        ("营业收入（2025，美元）", "不认识“美元”"),
        ("行政处罚", "请按字段分列"),
        ("行政处罚/金额", "字段有"),
        ("enterprise.revenue_last", "派生项"),
        ("enterprise.staff#grade", "只能写“编号”"),
        ("", "没有列名"),
    ],
)
def test_a_column_that_is_no_fact_is_refused_by_name_and_nothing_is_written(
    stage, load, header, why
):
    with pytest.raises(ColumnUnknown, match=why) as refused:
        load([["subject", header, "enterprise.staff"], [CODE, "1", "2"]])
    if header:
        assert header in str(refused.value)
    assert not FactValue.objects.exists()


def test_every_cell_that_cannot_be_read_is_told_with_its_place_and_what_to_write(stage, load):
    result = load(
        [
            ["subject", "enterprise.staff", "valid_from"],
            [CODE, "十二", ""],
            [CODE, '"1,23"', ""],
            [CODE, "12.5", ""],
            [CODE, "7", "2026年2月30日"],
            ["9.14403E+17", "7", ""],
            [OTHER, "7", ""],
            ["914403001922038217", "7", ""],
            ["", "7", ""],
            [CODE, "8", ""],
        ]
    )
    assert [(row, column) for row, column, _what, _kept in told(result)] == [
        (2, "enterprise.staff"),
        (3, "enterprise.staff"),
        (4, "enterprise.staff"),
        (5, "valid_from"),
        (6, "subject"),
        (7, "subject"),
        (8, "subject"),
        (9, "subject"),
    ]
    cells = result.as_json()["cells"]
    assert "Excel" in cells[4]["what"]
    assert "文本" in cells[4]["advice"]
    assert "没有登记" in cells[5]["what"]
    assert "校验码" in cells[6]["what"]
    assert not any(cell["kept"] for cell in cells)
    assert held() == [("enterprise.staff", "", 8)]
    assert QualityIssue.objects.filter(load=result.load).count() == 8


def test_a_row_with_more_cells_than_columns_is_not_guessed_at(stage, load):
    loaded = load([["subject", "行业代码"], [CODE, "C13", "C"], [CODE, "C", ""]], source="registry")
    assert told(loaded)[0][0] == 2
    assert held() == [("enterprise.trade", "", "C")]


def test_a_value_outside_its_code_list_is_stored_with_an_issue(stage, load):
    loaded = load(
        [["subject", "行业代码"], [CODE, "Z99"]],
        source="registry",
    )
    assert held() == [("enterprise.trade", "", "Z99")]
    issue = QualityIssue.objects.get()
    assert issue.sort == "unknown_code"
    assert issue.value.content == "Z99"
    assert issue.cell == "第2行 行业代码"
    assert loaded.staged.refused == 0


def test_a_code_may_be_written_by_its_label_or_without_its_letter(stage, load):
    load([["subject", "行业代码"], [CODE, " 农副食品加工业 "]], source="registry")
    assert held() == [("enterprise.trade", "", "C13")]
    load([["subject", "行业代码"], [CODE, "13"]], source="registry")
    assert held() == [("enterprise.trade", "", "C13")]


def test_the_same_file_twice_changes_nothing(stage, load):
    rows = [["subject", "enterprise.staff"], [CODE, "12"], [CODE, "x"]]
    first = load(rows)
    before = list(FactValue.objects.values())
    events = Entry.objects.count()
    again = load(rows)
    assert first.load is not None
    assert again.load is None
    assert (again.new, again.unchanged) == (0, 1)
    assert list(FactValue.objects.values()) == before
    assert (Entry.objects.count(), FactLoad.objects.count()) == (events, 1)


def test_a_changed_value_ends_the_one_before_and_the_rest_stays(stage, load):
    load([["subject", "enterprise.staff", "enterprise.revenue:2025"], [CODE, "12", "5"]])
    loaded = load([["subject", "enterprise.staff", "enterprise.revenue:2025"], [CODE, "15", "5"]])
    assert (loaded.new, loaded.changed, loaded.unchanged) == (0, 1, 1)
    assert held() == [("enterprise.revenue", "2025", 5), ("enterprise.staff", "", 15)]
    ended = FactValue.objects.get(superseded_by=loaded.load)
    assert ended.content == 12


def test_one_event_commits_to_every_value(stage, load):
    loaded = load([["subject", "enterprise.staff"], [CODE, "12"]])
    entry = Entry.objects.get(kind="facts.values_recorded")
    assert entry.ref == loaded.load.entry
    assert loaded.load.rows == 1
    by_hand = stage.say("tax", "enterprise.staff", 12)
    assert by_hand.load.digest == loaded.load.digest


def test_records_are_told_apart_by_their_own_column_or_by_what_they_say(stage, load):
    header = ["subject", "行政处罚/日期", "行政处罚/罚款（元）", "行政处罚#编号"]
    load(
        [header, [CODE, "2026/3/5", "200.5", "A1"], [CODE, "2026/3/5", "200.5", ""]],
        source="registry",
    )
    rows = held()
    assert [content for _key, _item, content in rows] == [{"on": "2026-03-05", "fine": 20050}] * 2
    assert "A1" in {item for _key, item, _content in rows}
    with pytest.raises(ColumnsUnfit, match="日期"):
        load([["subject", "行政处罚/罚款（元）"], [CODE, "1"]], source="registry")


def test_gbk_tabs_marks_and_trailing_blanks_are_read(stage, load, tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(f"统一社会信用代码\t从业人数\n{CODE}　\t 12 \n\t\n".encode("gb18030"))
    assert load([], file=file).new == 1
    file.write_bytes(f"\ufeffsubject;从业人数\n{CODE};13\n".encode())
    assert load([], file=file).changed == 1
    assert held() == [("enterprise.staff", "", 13)]


def test_workbooks_with_dates_numbers_and_lost_codes(stage, load, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["统一社会信用代码", "从业人数", "生效日期", None])
    sheet.append([CODE, 12.0, datetime(2026, 1, 5), None])
    sheet.append([CODE, "１３", 46054, None])
    sheet.append([9.14403001922038e17, 14, None, None])
    sheet.append([None, None, None, None])
    file = tmp_path / "facts.xlsx"
    book.save(file)
    loaded = load([], file=file)
    assert [(c["row"], c["column"]) for c in loaded.as_json()["cells"]] == [(4, "统一社会信用代码")]
    rows = FactValue.objects.filter(superseded_at=None).order_by("valid_from")
    assert [(r.content, r.valid_from, r.valid_to) for r in rows] == [
        (12, date(2026, 1, 5), date(2026, 1, 31)),
        (13, date(2026, 2, 1), None),
    ]


def test_parquet_with_typed_columns(stage, load, tmp_path):
    file = tmp_path / "facts.parquet"
    pq.write_table(
        pa.table({"subject": [CODE], "enterprise.staff": [12], "enterprise.revenue:2025": [7]}),
        file,
    )
    assert load([], file=file).new == 2


def test_broken_files_are_refused_with_what_is_wrong(stage, load, tmp_path):
    for content, why in (
        (b"", "空"),
        (b"\xff\xfe\x00\xd8", "编码"),
        (b"PK\x03\x04junk", "损坏"),
        (b"PAR1junk", "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b'subject,enterprise.staff\n"x,1\n', "第"),
    ):
        file = tmp_path / "bad.csv"
        file.write_bytes(content)
        with pytest.raises(FileUnreadable, match=why):
            load([], file=file)
    assert not FactLoad.objects.exists()


def test_only_who_answers_for_the_source_may_load(stage, load):
    rows = [["subject", "enterprise.staff"], [CODE, "12"]]
    with pytest.raises(NotAuthoritative):
        load(rows, actor=stage.official("other", "facts.record"))
    with pytest.raises(NotAuthoritative):
        load(rows, source="registry")
    with pytest.raises(GradeNotAccepted):
        load(rows, grade="verified")
    assert not FactLoad.objects.exists()


def test_another_sources_word_against_the_authority_is_an_issue(stage, load):
    stage.say("tax", "enterprise.staff", 12)
    loaded = load(
        [["subject", "enterprise.staff"], [CODE, "15"]], source="registry", grade="declared"
    )
    assert loaded.conflicts == 1
    issue = QualityIssue.objects.get()
    assert issue.sort == "other_source"
    told = f"{issue.detail}{loaded.as_json()['cells']}".replace(CODE, "")
    assert "12" not in told, "who guesses reads nothing"
    assert held() == [("enterprise.staff", "", 12)]


def test_what_issues_say_is_for_the_owner_of_the_source(stage, load):
    load([["subject", "enterprise.revenue:2025"], [CODE, "8765432.5"]])
    seen = {
        organ: issues_view(stage.official(organ, "facts.read_catalogue", *more), source="tax")
        for organ, more in (("tax", ["facts.record"]), ("other", []), ("market", ["facts.record"]))
    }
    assert "8765432" in seen["tax"][0]["detail"]
    assert (seen["other"][0]["detail"], seen["market"][0]["detail"]) == ("", "")


@pytest.mark.parametrize("batch", [5_000, 1])
def test_rows_that_contradict_each_other_are_told_of_and_not_taken(stage, load, monkeypatch, batch):
    monkeypatch.setattr("yingshang.facts.staging.BATCH", batch)
    stage.subject("乙", OTHER)
    rows = [
        ["subject", "enterprise.staff"],
        [CODE, "12"],
        [OTHER, "7"],
        [CODE, "999"],
        [OTHER, "7"],
    ]
    loaded = load(rows)
    assert [row for row, *_ in told(loaded)] == [2, 4]
    assert "不同的值" in told(loaded)[0][2]
    assert held() == [("enterprise.staff", "", 7)]
    assert (loaded.staged.values, loaded.staged.refused, loaded.load.rows) == (2, 2, 2)
    assert {issue.sort for issue in QualityIssue.objects.all()} == {"contradictory"}


def spans():
    rows = FactValue.objects.filter(superseded_at=None).order_by("valid_from")
    return [(row.content, str(row.valid_from), row.valid_to and str(row.valid_to)) for row in rows]


@pytest.mark.parametrize("batch", [5_000, 1])
def test_the_order_of_rows_says_nothing_only_their_days_do(stage, load, monkeypatch, batch):
    monkeypatch.setattr("yingshang.facts.staging.BATCH", batch)
    rows = [
        [CODE, "13", "2026-02-01", ""],
        [CODE, "12", "2026-01-05", ""],
        [CODE, "14", "2026-03-01", "2026-03-31"],
    ]
    header = ["subject", "enterprise.staff", "valid_from", "valid_to"]
    load([header, *rows])
    expected = [
        (12, "2026-01-05", "2026-01-31"),
        (13, "2026-02-01", "2026-02-28"),
        (14, "2026-03-01", "2026-03-31"),
    ]
    assert spans() == expected
    again = load([header, *reversed(rows)])
    assert (spans(), again.unchanged, again.load) == (expected, 3, None)
    wrong = load([header, [CODE, "1", "2025-01-01", "2025-06-30"], [CODE, "2", "2025-06-30", ""]])
    assert (len(told(wrong)), spans()) == (2, expected)


def test_one_record_said_in_two_ways_is_not_taken(stage, load):
    header = ["subject", "行政处罚/日期", "行政处罚/罚款（元）", "行政处罚#编号"]
    rows = [[CODE, "2026/3/5", "200", "A1"], [CODE, "2026/3/6", "200", "A1"]]
    loaded = load([header, *rows, [CODE, "2026/3/5", "9", "A2"]], source="registry")
    assert [row for row, *_ in told(loaded)] == [2, 3]
    assert [item for _key, item, _content in held()] == ["A2"]


@pytest.mark.parametrize("by_file", [True, False])
def test_a_lesser_word_of_one_source_leaves_that_of_another(stage, load, by_file):
    stage.say("registry", "enterprise.staff", 10, grade="declared")
    stage.tick()
    if by_file:
        rows = [["subject", "enterprise.staff"], [CODE, "99"]]
        load(rows, source="tax", grade="declared")
    else:
        declare_value(
            stage.owner(stage.firm, "facts.claim_own"), key="enterprise.staff", content=99
        )
    assert held() == [("enterprise.staff", "", 10), ("enterprise.staff", "", 99)]


def test_an_unfinished_load_leaves_nothing(stage, load, monkeypatch):
    def fails(*_args, **_more):
        raise RuntimeError("the power went out")

    monkeypatch.setattr("yingshang.facts.actions.loading.close_with", fails)
    with pytest.raises(RuntimeError):
        load([["subject", "enterprise.staff"], [CODE, "12"], [CODE, "x"]])
    assert not FactValue.objects.exists()
    assert not FactLoad.objects.exists()
    assert not QualityIssue.objects.exists()


@pytest.mark.one_database
def test_nobody_is_registered_from_a_file_that_cannot_be_loaded(stage, tmp_path, monkeypatch):
    """The trial has no facts of the names of enterprises; two others stand in for them."""
    monkeypatch.setattr("yingshang.facts.loading.NAME", "enterprise.trade")
    monkeypatch.setattr("yingshang.facts.loading.DIVISION", "enterprise.staff")
    file = tmp_path / "registration.csv"
    file.write_text(f"subject,enterprise.trade,enterprise.staff\n{OTHER},C13,1\n")
    before = Subject.objects.count()
    wanted = Wanted(register=True)
    with pytest.raises(ColumnsUnfit, match="不同来源"):
        list(load_path(file, wanted, username="", progress=no_progress))
    market = stage.official("market", "facts.record", "parties.register_subjects")
    with pytest.raises(NotAuthoritative):
        register_subjects_of(market, file, source="registry", grade="authoritative")
    assert (Subject.objects.count(), FactLoad.objects.count()) == (before, 0)


def test_files_in_many_batches(stage, load, monkeypatch):
    monkeypatch.setattr("yingshang.facts.staging.BATCH", 3)
    years = [[CODE, year] for year in range(2000, 2010)]
    rows = [["subject", "行政处罚/日期"], *([code, f"{year}-01-01"] for code, year in years)]
    told_of: list[tuple[str, int, int]] = []
    loaded = load(rows, source="registry", progress=lambda *step: told_of.append(step))
    assert loaded.new == 10
    assert told_of == [("read", 4, 10), ("read", 7, 10), ("read", 10, 10), ("read", 10, 10)]


@pytest.mark.one_database
def test_a_file_is_no_way_to_guess_at_sensitive_facts_of_another_source(stage, load):
    rows = [["subject", "enterprise.revenue:2025"], [CODE, "77"]]
    with pytest.raises(NotPermitted):
        load(rows, source="registry")
    assert not FactLoad.objects.exists()
