"""Files made wrong, by accident or not: refused in plain words, in little time and memory."""

import io
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from yingshang.facts import loading_files, tasks
from yingshang.facts.actions.uploads import hand_in_file, run_upload
from yingshang.facts.loading_files import FileUnreadable, open_table
from yingshang.facts.models import FactUpload, FactValue

CODE = "914403001922038216"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>subject</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>enterprise.staff</t></is></c></row>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def workbook(rows, strings=""):
    """Return a workbook with these rows of XML in the place of its own."""
    whole = io.BytesIO()
    openpyxl.Workbook().save(whole)
    made = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                begin, end = text.index(b"<sheetData"), text.index(b"<pageMargins")
                data = f"<sheetData>{HEADER}{rows}</sheetData>".encode()
                text = text[:begin] + data + text[end:]
            if name == "[Content_Types].xml":
                text = text.replace(b"</Types>", SHARED + b"</Types>")
            new.writestr(name, text)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
    return made.getvalue()


@pytest.fixture
def read(tmp_path):
    def do(content):
        file = tmp_path / "copy"
        file.write_bytes(content)
        with open_table(file, "人数.xlsx") as table:
            return list(table.rows())

    return do


def parquet(**columns):
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written, compression="zstd")
    return written.getvalue()


def test_a_row_far_down_and_cells_far_right_cost_nothing(read, monkeypatch):
    monkeypatch.setattr(loading_files, "MOST_ROWS", 1_000)
    assert read(workbook('<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>')) == []
    ((number, cells),) = read(workbook('<row r="7"><c r="A7"><v>1</v></c><c r="ZZZ7"/></row>'))
    assert (number, cells) == (7, [1, None, None])


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A2" t="s"><v>99</v></c></row>',
        '<row r="2"><c r="A2"><v>1x</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c>',
        '<row r="two"/>',
    ],
)
def test_broken_cells_are_told_of_under_the_name_of_the_file(read, rows):
    with pytest.raises(FileUnreadable, match=r"人数\.xlsx.*已损坏"):
        read(workbook(rows))


def test_parts_that_unpack_to_far_more_than_a_table_are_not_read(read, monkeypatch):
    many = "<si><t>a</t></si>" * 60_000
    one = f"<row>{'<c/>' * 100_000}</row>"
    monkeypatch.setattr(loading_files, "LONGEST_GAP", 300_000)
    for content in (workbook("", many), workbook(one), workbook("<!--" + " " * 300_000 + "-->")):
        with pytest.raises(FileUnreadable, match="大得不正常"):
            read(content)


def test_parquet_that_unpacks_to_far_more_than_it_is_is_not_read(read):
    rows = 300
    long = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * 10**6]))
    many = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x"]))
    for column in (long, many, pa.array([["C"] * 2_000])):
        with pytest.raises(FileUnreadable, match="大得不正常"):
            read(parquet(subject=column))
    with pytest.raises(FileUnreadable, match="无法读取"):
        read(parquet(subject=pa.array([{"a": 1}])))
    with pytest.raises(FileUnreadable, match="Parquet"):
        read(parquet(subject=pa.array([2**31 - 1], pa.int32()).cast(pa.date32())))


def test_parquet_text_that_rows_repeat_and_lists_come_as_they_are(read):
    texts = pa.array(["甲", None, "甲"]).dictionary_encode()
    content = parquet(a=texts, b=pa.array(["x", "y", "x"]), c=pa.array([["C", "D"], [], None]))
    assert read(content) == [
        (2, ["甲", "x", ["C", "D"]]),
        (3, [None, "y", []]),
        (4, ["甲", "x", None]),
    ]


def hand_in(stage, content, name, *, organ="tax", source="tax"):
    actor = stage.official(organ, "facts.record")
    upload = hand_in_file(actor, name=name, file=ContentFile(content, name=name), source=source)
    return FactUpload.objects.get(pk=upload.pk)


@pytest.mark.one_database
def test_a_workbook_handed_in_is_loaded(stage):
    book = openpyxl.Workbook()
    book.active.append(["subject", "enterprise.staff"])
    book.active.append([CODE, 12])
    written = io.BytesIO()
    book.save(written)
    upload = hand_in(stage, written.getvalue(), "人数.xlsx")
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.why) == ("done", "")
    assert FactValue.objects.get().content == 12


def test_characters_that_no_database_keeps_are_told_of_not_stored(stage):
    content = parquet(
        **{
            "subject": [CODE, "a\x00b", CODE],
            "enterprise.penalties.on": ["2026-01-01", "2026-01-01", "2026-01-02"],
            "enterprise.penalties#item": ["a\x00b", "c", "d" * 100],
        }
    )
    upload = hand_in(stage, content, "a.parquet", organ="market", source="registry")
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert [cell["row"] for cell in upload.report["cells"]] == [2, 3]
    assert "\\x00" not in str(upload.report)
    assert FactValue.objects.get().item == "d" * 64


@pytest.mark.one_database
def test_a_cell_that_is_too_long_is_told_of(stage):
    text = f"subject,enterprise.staff\n{CODE},{'9' * 20_001}"
    upload = hand_in(stage, text.encode(), "a.csv")
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert "20000" in upload.report["cells"][0]["what"]


@pytest.mark.one_database
def test_a_fault_of_the_program_is_told_to_who_waits(stage, monkeypatch, caplog):
    upload = hand_in(stage, f"subject,enterprise.staff\n{CODE},12".encode(), "a.csv")

    def fails(*_args, **_more):
        raise MemoryError("secret detail")

    monkeypatch.setattr("yingshang.facts.actions.uploads.stage", fails)
    with pytest.raises(MemoryError):
        tasks.load_upload.func(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "refused"
    assert "重新上传" in upload.why
    assert "secret" not in upload.why
    assert not default_storage.exists(upload.place)
    assert "secret detail" in caplog.text
