"""Ways of writing that other districts use, and that nothing of a paper is silently lost."""

import io
import random
import re
import zipfile
from datetime import date

import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.domains.plans.parsing import PlanNotReadable, Role, parse_bytes
from yingshang.domains.plans.parsing.script import (
    TRADITIONAL_IN_GB2312,
    _converter,
    clean,
)
from yingshang.domains.plans.parsing.tests import writing
from yingshang.domains.plans.parsing.tests.test_formats import LINES, ROWS

LEAD, COOPERATE = Role.LEAD, Role.COOPERATE
HAN = re.compile(r"[一-鿿]")


def read(text):
    return parse_bytes(text.encode(), "a.txt")


def names(measure):
    return [unit.name for unit in measure.units]


SUBITEMS = """云泽区优化服务实施意见
一、深化登记改革
1.优化企业开办
（1）推行电子营业执照，扩展到公共资源交易等领域使用。
（2）推行名称自主申报，对外公布禁用词和审查的标准。
责任单位：区市场监管局
2.完善变更登记
（1）变更登记全程在网上办理，高频事项由系统审核。
（2）允许企业歇业备案，歇业期间免交年度报告资料。
责任单位：区市场监管局、区税务局
"""
MIXED = """云泽区2023年工作方案
一、主要任务
（一）提升服务
1.编制统一的办事指南，同一事项在各个窗口按同样的标准受理。
2.设立办不成事反映窗口，由值班主任当天答复并记录在案备查。
（二）推动服务下沉。在园区和街道建设基层服务站点30个，打造十五分钟办事圈。
（三）改进评价
3.完善好差评制度，差评在十五天以内整改完毕并且逐件回访。
"""
LABELLED = """云泽县重点任务
一、政务环境
（一）深化审批改革
责任领导：王某
责任部门：县行政审批局
配合部门：县直有关部门
完成时限：2025年8月
工作内容：公布告知承诺事项清单60项以上，同步完善事后核查的办法。
（二）推进跨域通办
责任部门：县政务服务中心
完成时限：长期坚持
工作内容：设置跨省通办专窗并配备专人，异地收件以后由属地办理。
"""
CONTENTS = """云泽新区行动方案（2025年版）
目　录
一、政务服务提升行动
二、要素保障提升行动
— 1 —
一、政务服务提升行动
1.推进集成办理。年内有40个事项集成办理，
— 2 —
云泽新区行动方案
材料由系统自动分送各个部门。（责任单位：新区
数据局）
二、要素保障提升行动
2.降低用能成本。压缩小微企业接电的费用。（责任单位：新区供电公司）
"""
ANNEX = """云泽区提升行动方案
一、优化政务服务
1.推行综合窗口。统一受理各类事项，综合窗口占比达到95%。（责任单位：区政务办）
2.推行免证办理。依托电子证照库，免予提交材料100种以上。（责任单位：区数据局）
附件1
序号\t重点任务\t工作内容\t责任单位\t完成时限
1\t推行综合窗口\t统一受理各类事项，综合窗口占比达到95%。\t区政务办\t2024年5月底前
2\t推行免证办理\t依托电子证照库，免予提交材料100种以上。\t区税务局\t2024年10月底前
"""
SECTIONS = """云泽区2024年任务分解表
序号\t任务\t责任单位\t完成时限\t备注
一、政务服务
1\t推进综合窗口改革，窗口占比达到90%。\t区政务办\t6月底前\t
\t\t区税务局\t\t续建的项目
2\t推进数据共享，归集数据5000万条。\t区数据局\t9月底前\t/
二、市场监管
1\t推行信用监管，企业分级分类管理。\t区市场监管局\t次年1月\t—
"""
ALL = (SUBITEMS, MIXED, LABELLED, CONTENTS, ANNEX, SECTIONS)


def test_units_after_the_last_sub_item_belong_to_the_item_above():
    plan = read(SUBITEMS)
    assert [(m.number, m.title) for m in plan.measures] == [
        (1, "优化企业开办"),
        (2, "完善变更登记"),
    ]
    assert plan.measures[0].text.startswith("（1）推行电子营业执照")
    assert plan.measures[0].text.endswith("标准。")
    assert names(plan.measures[1]) == ["区市场监管局", "区税务局"]


def test_a_section_without_numbered_items_is_a_measure():
    plan = read(MIXED)
    assert [m.printed_number for m in plan.measures] == ["1.", "2.", "（二）", "3."]
    assert [m.number for m in plan.measures] == [1, 2, 3, 4]
    assert plan.measures[2].unsure == ("number",)
    assert plan.measures[3].section == "改进评价"


def test_labels_on_lines_before_the_wording():
    plan = read(LABELLED)
    assert plan.title == "云泽县重点任务"
    assert [m.title for m in plan.measures] == ["深化审批改革", "推进跨域通办"]
    assert [(u.name, u.role) for u in plan.measures[0].units] == [
        ("县行政审批局", None),
        ("县直有关部门", COOPERATE),
    ]
    assert plan.measures[0].text.startswith("工作内容：公布")
    assert plan.measures[0].due == date(2025, 8, 31)
    assert any("王某" in entry.what for entry in plan.noise)


def test_contents_page_numbers_and_running_titles_are_dropped_and_reported():
    plan = read(CONTENTS)
    assert [(m.chapter, names(m)) for m in plan.measures] == [
        ("政务服务提升行动", ["新区数据局"]),
        ("要素保障提升行动", ["新区供电公司"]),
    ]
    assert plan.measures[0].text.endswith("集成办理，材料由系统自动分送各个部门。")
    dropped = [entry.what for entry in plan.noise]
    assert sum(what.startswith("目录") for what in dropped) == 3
    assert sum(what.startswith("页码") for what in dropped) == 2
    assert sum(what.startswith("页眉") for what in dropped) == 1


def test_an_annex_that_restates_the_body_is_not_counted_twice():
    plan = read(ANNEX)
    assert [(m.chapter, m.due) for m in plan.measures] == [
        ("优化政务服务", date(2024, 5, 31)),
        ("优化政务服务", date(2024, 10, 31)),
    ]
    assert [m.unsure for m in plan.measures] == [(), ("units",)]
    assert any("这里为区税务局" in entry.what for entry in plan.noise)


def test_headings_between_rows_blank_marks_and_rows_with_units_only():
    plan = read(SECTIONS)
    assert [(m.number, m.printed_number, m.chapter) for m in plan.measures] == [
        (1, "1", "政务服务"),
        (2, "2", "政务服务"),
        (3, "1", "市场监管"),
    ]
    assert names(plan.measures[0]) == ["区政务办", "区税务局"]
    assert [m.due for m in plan.measures] == [
        date(2024, 6, 30),
        date(2024, 9, 30),
        date(2025, 1, 31),
    ]
    said = [entry.what for entry in plan.noise]
    assert any("重新从1开始" in what for what in said)
    assert any("备注" in what for what in said)


def test_articles_that_only_frame_the_paper_are_no_measures():
    plan = read(
        """云泽区稳岗规定
第一条 为支持企业稳定岗位，制定本规定。
第二条 不裁员的企业返还失业保险费，返还比例为60%。（责任单位：区人社局）
第三条 吸纳毕业生的企业给予一次性补助。（责任单位：区人社局、区财政局）
第四条 本规定自2024年5月1日起施行，有效期两年。
"""
    )
    assert [m.number for m in plan.measures] == [2, 3]
    assert len([e for e in plan.extras if "本规定" in e.text]) == 2


@pytest.mark.parametrize(
    ("tail", "units", "due", "unsure"),
    [
        ("〔牵头单位：区府办，责任单位：区政府有关部门，各街道〕",
         [("区府办", LEAD), ("区政府有关部门", None), ("各街道", None)], None, ()),
        ("（牵头单位：区府办；责任单位：区司法局，2024年6月底完成）",
         [("区府办", LEAD), ("区司法局", None)], date(2024, 6, 30), ()),
        ("（区工信局、各街道办事处，2024年9月底前）",
         [("区工信局", None), ("各街道办事处", None)], date(2024, 9, 30), ()),
        ("【牵头单位】区数据局【配合单位】区国资委【完成时限】2024年12月",
         [("区数据局", LEAD), ("区国资委", COOPERATE)], date(2024, 12, 31), ()),
        ("责任单位：区政务办。完成时限：2024年3月。", [("区政务办", None)], date(2024, 3, 31), ()),
        ("（区住建局牵头；区城管局等按职责负责）",
         [("区住建局", LEAD), ("区城管局", None)], None, ("units",)),
        ("(区政务办牵头,各有关单位参加,长期)",
         [("区政务办", LEAD), ("各有关单位", COOPERATE)], None, ()),
    ],
)  # fmt: skip
def test_tails(tail, units, due, unsure):
    plan = read(
        f"云泽区方案\n1.推行马上就办的服务。{tail}\n2.公开办事指南。（责任单位：区司法局）\n"
    )
    measure = plan.measures[0]
    assert measure.text == "推行马上就办的服务。"
    assert [(u.name, u.role) for u in measure.units] == units
    assert (measure.due, measure.unsure) == (due, unsure)


def test_brackets_of_other_things_are_no_units():
    plan = read(
        "云泽区方案\n1.扩大试点范围（含园区企业）。\n2.建设展示厅，优化布局（体验中心）。\n3.推行免罚。（区司法局）\n"
    )
    assert [names(m) for m in plan.measures] == [[], [], ["区司法局"]]


def test_paragraphs_with_units_and_without_numbers():
    plan = read(
        "云泽区提升方案\n提升效能。精简审批的材料。（责任单位：区政务办）\n"
        "提升监管。减少重复的检查。（责任单位：区司法局）\n"
    )
    assert [(m.number, m.title, m.unsure) for m in plan.measures] == [
        (1, "提升效能", ("number",)),
        (2, "提升监管", ("number",)),
    ]


def test_a_page_wrapped_into_one_form_is_read():
    body = "".join(f"<p>{line}</p>" for line in LINES)
    page = (
        f"<html><body><form id='aspnetForm'><div class='banner'>{body}</div></form></body></html>"
    )
    assert len(parse_bytes(page.encode(), "a.html").measures) == 4


def test_a_broken_byte_costs_one_character_and_not_the_paper():
    data = "\n".join(LINES).encode()
    place = data.index("把营业执照".encode()) + 4
    plan = parse_bytes(data[:place] + b"\xff" + data[place + 1 :], "a.txt")
    assert len(plan.measures) == 4
    assert plan.measures[0].unsure == ("text",)
    assert any("字节损坏" in entry.what for entry in plan.noise)


def test_the_short_way_past_the_converter_changes_nothing():
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            char = bytes([high, low]).decode("gb2312", errors="ignore")
            if char:
                assert (_converter().convert(char) != char) == (char in TRADITIONAL_IN_GB2312)


def squeezed(text):
    return re.sub(r"[^一-鿿]", "", clean(text).text)


@pytest.mark.parametrize("text", [*ALL, "\n".join(LINES)])
def test_no_line_of_substance_is_silently_lost(text):
    plan = read(text)
    parts = [plan.title or ""]
    for m in plan.measures:
        parts += [m.raw, m.chapter or "", m.section or "", m.action or ""]
    parts += [f"{e.heading or ''} {e.text}" for e in plan.extras]
    parts += [entry.what for entry in plan.noise]
    kept = " ".join(map(squeezed, parts))
    lines = [x for x in text.split("\n") if len(HAN.findall(x)) >= 12 and not x.startswith("序号")]
    pieces = [piece for line in lines
              for piece in re.split(r"[。，；：、（）\t]", line)]  # fmt: skip
    assert [piece for piece in pieces if squeezed(piece) not in kept] == []


def mutated(data, chance):
    out = bytearray(data)
    for _ in range(chance.choice([1, 3, 12])):
        place = chance.randrange(len(out))
        piece = bytes(chance.randrange(256) for _ in range(chance.choice([0, 1, 9])))
        out[place : place + chance.choice([0, 1, 20])] = piece
    return bytes(out)


def test_the_command_shows_no_traceback_whatever_the_bytes(tmp_path):
    chance = random.Random(20240308)
    files = {
        "docx": writing.to_docx(LINES, [ROWS]),
        "xlsx": writing.to_xlsx({"甲": ROWS}, merges=["A2:A3"]),
        "pdf": writing.to_pdf(LINES),
        "html": writing.to_html(LINES, ROWS),
        "txt": "\n".join(LINES).encode(),
        "csv": "\n".join(LINES).encode("gb18030"),
    }
    for name, data in files.items():
        for turn in range(25):
            path = tmp_path / f"{turn}.{name}"
            path.write_bytes(mutated(data, chance))
            result = CliRunner().invoke(cli, ["plan", "parse", str(path), "--json"])
            assert result.exit_code in (0, 2), (name, turn, result.exception)
            assert "Traceback" not in result.output


def test_a_pdf_of_hundreds_of_pages_is_refused_at_once():
    pages = "".join(f"第{n}页\n#pagebreak()\n" for n in range(220))
    with pytest.raises(PlanNotReadable, match="200页"):
        parse_bytes(writing.compile_pdf(pages), "长.pdf")


def test_a_range_merged_over_the_whole_sheet_is_refused_at_once():
    package = io.BytesIO(writing.to_xlsx({"甲": ROWS}, merges=["A2:A3"]))
    out = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"A2:A3", b"A1:XFD1048576"))
    with pytest.raises(PlanNotReadable, match="合并"):
        parse_bytes(out.getvalue(), "表.xlsx")
