"""The same plan in five formats gives the same measures, and every format has its own traps."""

from dataclasses import replace

import pytest

from yingshang.domains.plans.parsing import parse_bytes
from yingshang.domains.plans.parsing.tests import writing

LINES = [
    "云泽区优化营商环境行动方案",
    "一、便利企业开办",
    "（一）减少环节",
    "1.推行一表申请。把营业执照、印章、发票、社保、公积金等事项并成一张表，企业填写一次即可，"
    "由窗口人员在后台分送各部门办理，办结以后统一发放证照。（责任单位：区市场监管局、区税务局）",
    "2.压缩开办时间。由3个工作日压缩至1个工作日，符合条件的当场办结，并对外公布每月平均用时，"
    "接受企业监督；超过时限的由督查部门说明原因。（责任单位：区市场监管局；完成时限：2026年6月底前）",
    "（二）降低成本",
    "3.免费刻章。新开办企业首套印章由财政承担费用，企业可以自主选择刻章单位，费用每季度结算一次，"
    "任何单位不得收取押金。（责任单位：区财政局、各镇、街道）",
    "二、改进监管",
    "4.综合查一次。同一企业同一年度的检查合并进行，检查计划提前公布，除投诉举报以外一般不超过2次。"
    "（责任单位：区司法局）",
]
ROWS = [
    ["序号", "工作任务", "具体措施", "责任单位", "时间节点"],
    ["1", "推行一表申请", "把营业执照、印章、发票、社保、公积金等事项并成一张表，企业填写一次即可。",
     "区市场监管局、区税务局", "6月"],
    ["2", "压缩开办时间", "由3个工作日压缩至1个工作日，符合条件的当场办结，并对外公布每月平均用时。",
     "区市场监管局", "2026年9月底前"],
    ["3", "免费刻章", "新开办企业首套印章由财政承担费用，企业可以自主选择刻章单位。", "区财政局", "持续推进"],
    ["4", "综合查一次", "同一企业同一年度的检查合并进行，除投诉举报以外一般不超过2次。",
     "各镇、街道", "12月"],
]  # fmt: skip
TITLE = "云泽区2026年优化营商环境任务清单"


PROSE = {
    "txt": "\n\n".join(LINES).encode(),
    "html": writing.to_html(LINES),
    "docx": lambda: writing.to_docx(LINES),
    "xlsx": lambda: writing.to_xlsx({"方案": [[line] for line in LINES]}),
    "pdf": lambda: writing.to_pdf(LINES),
}
TABLE = {
    "txt": "\n".join([TITLE, "", *("\t".join(row) for row in ROWS)]).encode(),
    "html": writing.to_html([TITLE], ROWS),
    "docx": lambda: writing.to_docx([TITLE], [ROWS]),
    "xlsx": lambda: writing.to_xlsx({"清单": [[TITLE], *ROWS]}, merges=["A1:E1"]),
    "pdf": lambda: writing.to_pdf([TITLE], ROWS),
}


def read(source, kind):
    data = source[kind]
    plan = parse_bytes(data() if callable(data) else data, f"方案.{kind}")
    assert plan.format == kind
    return plan


def bare(plan):
    return [replace(m, at="", line=None, raw="") for m in plan.measures]


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "pdf"])
def test_running_text_reads_the_same_in_every_format(kind):
    expected, plan = read(PROSE, "txt"), read(PROSE, kind)
    assert len(expected.measures) == 4
    assert bare(plan) == bare(expected)
    assert plan.title == expected.title == LINES[0]


@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "pdf"])
def test_a_task_list_reads_the_same_in_every_format(kind):
    expected, plan = read(TABLE, "txt"), read(TABLE, kind)
    assert [m.due_text for m in expected.measures] == ["6月", "2026年9月底前", "持续推进", "12月"]
    assert bare(plan) == bare(expected)
    assert plan.title == TITLE


def test_a_table_over_many_pages_is_one_list():
    rows = [ROWS[0]] + [
        [str(n), f"任务{n}", f"推进第{n}项工作，梳理事项清单，优化办理流程，缩短办理时间，结果向社会公开。",
         "区数据局、区司法局", f"{n % 12 + 1}月底前"] for n in range(1, 25)
    ]  # fmt: skip
    plan = parse_bytes(writing.to_pdf([TITLE], rows), "清单.pdf")
    assert [m.title for m in plan.measures] == [f"任务{n}" for n in range(1, 25)]
    assert all(m.text.endswith("公开。") and len(m.units) == 2 for m in plan.measures)
    assert plan.measures[23].text.startswith("推进第24项工作")
    assert not any(m.unsure for m in plan.measures)


def test_headers_and_page_numbers_of_a_pdf_are_dropped_and_reported():
    plan = read(PROSE, "pdf")
    everything = "".join(m.raw for m in plan.measures) + "".join(e.text for e in plan.extras)
    assert "公报" not in everything
    assert "—" not in everything
    assert any("页码" in entry.what for entry in plan.noise)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_text_in_any_usual_encoding(encoding):
    data = "\n".join(LINES).encode(encoding)
    assert bare(parse_bytes(data, "a.txt")) == bare(read(PROSE, "txt"))


def test_a_page_declared_in_gbk():
    data = (
        writing.to_html(LINES)
        .decode()
        .replace("<html>", '<html><meta charset="gbk">')
        .encode("gbk")
    )
    assert bare(parse_bytes(data, "a.htm")) == bare(read(PROSE, "txt"))


def test_the_name_of_the_file_decides_nothing():
    assert parse_bytes(writing.to_docx(LINES), "方案.pdf").format == "docx"


def test_the_same_plan_in_traditional_script():
    from opencc import OpenCC

    text = OpenCC("s2t").convert("\n".join(LINES))
    plan = parse_bytes(text.encode(), "a.txt")
    assert [m.text for m in plan.measures] == [m.text for m in read(PROSE, "txt").measures]
    assert any("繁体" in entry.what for entry in plan.noise)
