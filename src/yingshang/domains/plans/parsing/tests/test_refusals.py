"""Broken and foreign files get a sentence that says what to do, and hostile ones no time."""

import contextlib
import io
import json
import time
import zipfile

import openpyxl
import pytest
from click.testing import CliRunner
from PIL import Image

from yingshang.cli import cli
from yingshang.domains.plans.parsing import NoMeasuresFound, PlanNotReadable, parse_bytes
from yingshang.domains.plans.parsing.tests import writing
from yingshang.domains.plans.parsing.tests.test_formats import LINES, ROWS, TITLE

NOVEL = "It was a bright cold day in April, and the clocks were striking. 1. He went home. " * 80


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b" " * (40 * 1024 * 1024))
    return out.getvalue()


def scan():
    out = io.BytesIO()
    Image.new("L", (300, 400), 255).save(out, "PDF")
    return out.getvalue()


def encrypted_pdf():
    """A PDF whose trailer names a password: the handler must refuse it, not crash on it."""
    objects = [
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n",
        b"3 0 obj\n<</Filter/Standard/V 1/R 2/P -44/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")>>\nendobj\n",
    ]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for item in objects:
        places.append(len(body))
        body += item
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    trailer = b"trailer\n<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[(x)(x)]>>\nstartxref\n%d\n%%%%EOF"
    return body + table + trailer % len(body)


def workbook_without_plan():
    book = openpyxl.Workbook()
    for row in (["姓名", "电话"], ["张三", "021-5555"], ["李四", "021-6666"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


UNREADABLE = {
    "empty": (b"", "空文件"),
    "blank": (b" \n\t\n", "空文件"),
    "junk": (bytes(range(256)) * 40, "不是文本"),
    "old_word": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "另存为"),
    "cut_docx": (writing.to_docx(LINES)[:2000], "没有下载完整"),
    "no_document": (b"PK\x05\x06" + b"\0" * 18, "压缩包"),
    "bomb": (bomb, "大得不正常"),
    "scan": (scan(), "扫描件"),
    "encrypted": (encrypted_pdf(), "密码"),
    "cut_pdf": (writing.to_pdf(LINES)[:3000], "没有下载完整"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable_files_say_what_to_do(name):
    data, words = UNREADABLE[name]
    data = data() if callable(data) else data
    with pytest.raises(PlanNotReadable) as refused:
        parse_bytes(data, "某文件")
    assert words in str(refused.value)
    assert "某文件" in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (NOVEL.encode(), "不是中文"),
        ("今天天气很好，我们去了公园。\n公园里有很多花。".encode(), "没有找到措施"),
        (workbook_without_plan(), "没有找到措施"),
        ("<html><body><p>通知公告</p></body></html>".encode(), "没有找到措施"),
        (f"{TITLE}\n{chr(9).join(ROWS[0])}\n".encode(), "没有找到措施"),
    ],
)
def test_documents_without_measures_are_no_silent_zero(data, words):
    with pytest.raises(NoMeasuresFound) as refused:
        parse_bytes(data, "某文件")
    assert words in str(refused.value)


@pytest.mark.parametrize("step", [1, 7, 61])
def test_a_damaged_file_of_any_format_never_gives_another_error(step):
    for data in (writing.to_docx(LINES), writing.to_xlsx({"甲": ROWS}), writing.to_pdf(LINES)):
        for cut in range(0, len(data), max(len(data) // 12, 1)):
            broken = bytearray(data)
            broken[cut : cut + step] = b"\xff" * step
            try:
                parse_bytes(bytes(broken), "坏文件")
            except (PlanNotReadable, NoMeasuresFound):
                continue


@pytest.mark.parametrize("length", [90_000, 1_000_000])
@pytest.mark.parametrize(
    "piece",
    ["1", "（", ")", "(责任单位:", "一、", "1.2.", "区", "、", "“", "2024年", " ", "由1个工作日缩短至", "序号\t",
     "《", "区\n", "区，\n", "1.办理（责任单位：区", "分别控制在4天、", "?a)", "区(qū", "0%", "零成本到2023年"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(piece, length):
    text = "一、办理\n1.推进" + (piece * length)[:length] + "。\n2.推进服务。\n3.推进服务。"
    started = time.process_time()
    with contextlib.suppress(PlanNotReadable, NoMeasuresFound):
        parse_bytes(text.encode(), "长行")
    assert time.process_time() - started < 10


def test_the_command_prints_json_and_refuses_with_exit_code_2(tmp_path):
    good, bad = tmp_path / "方案.txt", tmp_path / "空.txt"
    good.write_text("\n".join(LINES), encoding="utf-8")
    bad.write_bytes(b"")
    result = CliRunner().invoke(cli, ["plan", "parse", str(good), "--json"])
    assert result.exit_code == 0
    plan = json.loads(result.output)
    assert list(plan) == ["title", "issuer", "document_number", "issued_on", "measures", "noise"]
    assert list(plan["measures"][0]) == [
        "number", "chapter", "section", "action", "reform_item", "title", "text", "units", "due",
        "due_text", "starred", "unsure", "targets",
    ]  # fmt: skip
    assert plan["measures"][1]["due"] == "2026-06-30"
    assert plan["measures"][0]["units"][0] == {"name": "区市场监管局", "group": False, "role": None}
    for path in (bad, tmp_path / "没有.txt"):
        refused = CliRunner().invoke(cli, ["plan", "parse", str(path), "--json"])
        assert refused.exit_code == 2
        assert path.name in refused.stderr
        assert not refused.stdout
