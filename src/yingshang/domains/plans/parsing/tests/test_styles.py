"""Plans of a made-up district, each written in another style, field by field."""

import io
from datetime import date, datetime
from pathlib import Path

import docx
import pytest

from yingshang.domains.plans.parsing import NoMeasuresFound, Role, parse_bytes
from yingshang.domains.plans.parsing.tests import writing

SAMPLES = Path(__file__).parent / "samples"
LEAD, COOPERATE = Role.LEAD, Role.COOPERATE


def sample(name, encoding="utf-8"):
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return parse_bytes(text.encode(encoding), name)


def units(measure):
    return [(unit.name, unit.group, unit.role) for unit in measure.units]


def headings(plan):
    return [(m.chapter, m.section) for m in plan.measures]


def test_lead_and_cooperating_units_with_full_width_numbers():
    plan = sample("roles.txt")
    assert plan.title == "云泽区优化营商环境若干措施"
    assert plan.document_number == "云泽政办〔2024〕12号"
    assert (plan.issuer, plan.issued_on) == ("云泽区人民政府办公室", date(2024, 3, 5))
    assert [m.printed_number for m in plan.measures] == ["１．", "２．", "３．"]
    assert [m.title for m in plan.measures] == ["完善一窗受理", "推行容缺受理", "延伸帮办服务"]
    assert plan.measures[0].text == "窗口人员实行轮岗培训，开业事项两个工作日内办结。"
    assert units(plan.measures[0]) == [
        ("区行政审批局", False, LEAD),
        ("区税务局", False, COOPERATE),
        ("区公安分局", False, COOPERATE),
    ]
    assert units(plan.measures[2]) == [("各镇、街道、园区", True, None)]
    assert [m.due for m in plan.measures] == [date(2024, 6, 30), date(2024, 9, 30), None]
    assert [m.due_text for m in plan.measures] == ["2024年6月底前", "2024年三季度", "持续推进"]
    assert headings(plan)[2] == ("提升办事便利度", "企业开办")
    assert [e.kind for e in plan.extras].count("guarantee") == 2
    assert not any(m.unsure for m in plan.measures)


def test_articles_with_units_on_lines_of_their_own_in_gb18030():
    plan = sample("articles.txt", "gb18030")
    assert [m.printed_number for m in plan.measures] == ["第一条", "第二条", "第三条", "第四条"]
    assert headings(plan) == [("融资支持", None)] * 2 + [("市场开拓", None)] * 2
    assert units(plan.measures[1]) == [
        ("区金融工作办公室", False, LEAD),
        ("区工业和信息化局", False, COOPERATE),
    ]
    assert units(plan.measures[2]) == [("区商务局", False, None), ("有关部门", True, None)]
    assert (plan.measures[2].due, plan.measures[2].due_text) == (None, "长期坚持")
    assert (plan.measures[3].due, plan.measures[3].unsure) == (None, ("due",))
    assert plan.issued_on is None
    assert any("成文日期" in entry.what for entry in plan.noise)


def test_circled_numbers_on_a_page_with_navigation_and_footer():
    plan = sample("circled.html")
    assert plan.format == "html"
    assert plan.title == "云泽区招商服务提升行动方案"
    assert (plan.issuer, plan.issued_on) == ("云泽区投资促进局", date(2025, 2, 10))
    assert [m.printed_number for m in plan.measures] == ["①", "②", "③"]
    assert plan.measures[0].text == "建立项目专班，一个项目一名联络员，联络员姓名向企业公开。"
    assert units(plan.measures[1]) == [
        ("区自然资源局", False, None),
        ("各园区管委会", True, COOPERATE),
    ]
    assert headings(plan) == [("项目服务", None)] * 2 + [("企业走访", None)]
    everything = "".join(m.raw for m in plan.measures)
    assert "版权" not in everything
    assert "隐藏" not in everything
    assert any("导航" in entry.what for entry in plan.noise)


def test_a_task_list_in_the_annex_restarts_its_numbers():
    plan = sample("annex.txt")
    assert [m.number for m in plan.measures] == [1, 2, 3, 4, 5]
    assert [m.printed_number for m in plan.measures] == ["1.", "2.", "1.", "2.", "3."]
    assert [m.chapter for m in plan.measures] == ["办事更快"] * 2 + ["成本更低"] * 3
    assert units(plan.measures[0]) == [
        ("区行政审批局", False, LEAD),
        ("区数据局", False, COOPERATE),
    ]
    assert units(plan.measures[2]) == [("区司法局", False, LEAD), ("各有关部门", True, None)]
    assert [m.due for m in plan.measures] == [
        date(2023, 3, 31), None, date(2023, 6, 30), None, date(2023, 6, 30),
    ]  # fmt: skip
    assert any("重新从1开始" in entry.what for entry in plan.noise)
    assert any("不作为措施" in entry.what for entry in plan.noise)
    assert plan.extras[-1].kind == "footer"


def test_first_second_third_in_a_text_wrapped_at_a_fixed_width():
    plan = sample("ordinals.txt")
    assert [m.printed_number for m in plan.measures] == ["一是", "二是", "三是", "四是"]
    assert plan.measures[0].text.endswith("并把办理结果用短信告知企业。")
    assert plan.measures[3].chapter == "降低融资成本"
    assert not any(m.units or "units" in m.unsure for m in plan.measures)


def test_bracketed_chinese_numbers_without_units_in_utf_16():
    plan = sample("brackets.txt", "utf-16")
    assert [m.title for m in plan.measures] == [
        "推进数据共享", "优化审批流程", "建好政务大厅", "公平竞争", "守信激励",
    ]  # fmt: skip
    assert headings(plan)[3] == ("提升市场环境", None)
    assert plan.measures[4].number == 5
    assert [e.kind for e in plan.extras].count("guarantee") == 2


def test_clauses_name_the_parts_and_a_gap_in_the_numbers_is_said():
    plan = sample("clauses.txt")
    assert units(plan.measures[0]) == [
        ("区行政审批局", False, LEAD),
        ("区人力资源社会保障局", False, COOPERATE),
    ]
    assert units(plan.measures[2]) == [("区数据局", False, None), ("区行政审批局", False, None)]
    assert units(plan.measures[3]) == [("区投资促进局", False, LEAD)]
    assert [m.unsure for m in plan.measures] == [(), (), ("number",), ()]
    assert [m.number for m in plan.measures] == [1, 2, 4, 5]
    assert any("从2跳到4" in entry.what for entry in plan.noise)


def merged_table():
    return [
        [("类别", 1, 2), ("任务", 2, 1), None, ("责任单位", 2, 1), None, ("完成时间", 1, 2), ("备注", 1, 2)],
        [None, "任务名称", "工作内容", "牵头部门", "配合部门", None, None],
        [("一、政务服务", 1, 3), ("一窗受理", 1, 2), "设立综合窗口，统一收件。", "区行政审批局",
         "区税务局\n区公安分局", "2024年6月底前", ""],
        [None, None, "窗口人员轮岗培训。", "区行政审批局", "", "2024年三季度", "每季一次"],
        [None, "自助办理", "投放自助终端20台。", ("区数据局", 1, 2), "各镇、街道", "持续推进", ""],
        [("二、市场监管", 1, 1), "信用修复", "信用修复三个工作日内办结。", None, "", "上半年", ""],
    ]  # fmt: skip


def test_a_table_with_merged_cells_a_double_header_and_no_numbers():
    data = writing.to_docx(["云泽区2024年营商环境任务分工表"], [merged_table()])
    plan = parse_bytes(data, "分工表.docx")
    assert plan.title == "云泽区2024年营商环境任务分工表"
    assert [(m.chapter, m.title, m.text) for m in plan.measures] == [
        ("政务服务", "一窗受理", "设立综合窗口，统一收件。"),
        ("政务服务", "一窗受理", "窗口人员轮岗培训。"),
        ("政务服务", "自助办理", "投放自助终端20台。"),
        ("市场监管", "信用修复", "信用修复三个工作日内办结。"),
    ]
    assert units(plan.measures[0]) == [
        ("区行政审批局", False, LEAD),
        ("区税务局", False, COOPERATE),
        ("区公安分局", False, COOPERATE),
    ]
    assert units(plan.measures[2]) == [
        ("区数据局", False, LEAD),
        ("各镇、街道", True, COOPERATE),
    ]
    assert [m.due for m in plan.measures] == [
        date(2024, 6, 30), date(2024, 9, 30), None, date(2024, 6, 30),
    ]  # fmt: skip
    assert any("没有序号列" in entry.what for entry in plan.noise)


def test_a_workbook_with_other_columns_in_another_order():
    rows = [
        ["云泽区2025年营商环境重点任务表"],
        ["完成日期", "责任部门", "工作措施", "任务名称", "编号"],
        ["一、办事服务"],
        [datetime(2025, 6, 30), "区行政审批局", "梳理高频事项清单。", "清单管理", 1],
        ["持续推进", "区数据局/区税务局", "归集电子证照。", "证照归集", 2],
        ["二、监管服务"],
        ["12月", "区市场监管局（牵头）、区应急局", "推行综合查一次。", "综合检查", 3],
        ["5月前", "", "公布检查计划。", "检查计划", 4],
    ]
    data = writing.to_xlsx(
        {"分工": rows, "说明": [["填表说明：按月报送。"]]}, merges=["A1:E1", "A3:E3", "A6:E6"]
    )
    plan = parse_bytes(data, "任务表.xlsx")
    assert plan.title == "云泽区2025年营商环境重点任务表"
    assert [(m.number, m.chapter, m.title) for m in plan.measures] == [
        (1, "办事服务", "清单管理"),
        (2, "办事服务", "证照归集"),
        (3, "监管服务", "综合检查"),
        (4, "监管服务", "检查计划"),
    ]
    assert units(plan.measures[2]) == [("区市场监管局", False, LEAD), ("区应急局", False, None)]
    assert [m.due for m in plan.measures] == [
        date(2025, 6, 30), None, date(2025, 12, 31), date(2025, 5, 31),
    ]  # fmt: skip
    assert plan.measures[3].unsure == ("due", "units")
    assert plan.measures[0].at == "分工!4行"


def test_automatic_numbers_of_word_are_counted():
    document = docx.Document()
    writing.define_numbering(document, 77, [("chineseCounting", "%1、"), ("decimal", "%2.")])
    document.add_paragraph("云泽区优化服务工作方案")
    for level, text in (
        (0, "政务服务"),
        (1, "推行一窗受理。（责任单位：区行政审批局）"),
        (1, "公布办事指南。（责任单位：区行政审批局）"),
        (0, "企业服务"),
        (1, "走访重点企业。（责任单位：区工商联）"),
    ):
        writing.number_paragraph(document, document.add_paragraph(text), 77, level)
    stream = io.BytesIO()
    document.save(stream)
    plan = parse_bytes(stream.getvalue(), "方案.docx")
    assert [(m.chapter, m.printed_number, m.text) for m in plan.measures] == [
        ("政务服务", "1.", "推行一窗受理。"),
        ("政务服务", "2.", "公布办事指南。"),
        ("企业服务", "1.", "走访重点企业。"),
    ]


def test_a_table_without_units_and_numbers():
    rows = [["任务名称", "工作内容", "完成时间"], ["一网通办", "上线二十个高频事项。", "2026年底"],
            ["信用修复", "修复申请网上提交。", "一季度"]]  # fmt: skip
    plan = parse_bytes("\n".join("\t".join(row) for row in rows).encode(), "表.txt")
    assert [(m.title, m.due) for m in plan.measures] == [
        ("一网通办", date(2026, 12, 31)),
        ("信用修复", None),
    ]
    assert plan.measures[1].unsure == ("due",)


def test_running_text_inside_a_frame_of_word():
    frame = [
        [
            (
                "云泽区优化服务方案\n1.推行一窗受理。（责任单位：区数据局）\n2.公布指南。（责任单位：区司法局）",
                1,
                1,
            )
        ]
    ]
    plan = parse_bytes(writing.to_docx([], [frame]), "方案.docx")
    assert [m.text for m in plan.measures] == ["推行一窗受理。", "公布指南。"]
    assert plan.title == "云泽区优化服务方案"


def test_a_table_inside_a_cell_adds_no_columns():
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for y, row in enumerate(
        [
            ["序号", "工作内容", "责任单位"],
            ["1", "公布清单。", "区数据局"],
            ["2", "公开结果。", "区司法局"],
        ]
    ):
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    table.cell(1, 1).add_table(rows=1, cols=2).cell(0, 0).text = "附注"
    stream = io.BytesIO()
    document.save(stream)
    plan = parse_bytes(stream.getvalue(), "方案.docx")
    assert [units(m) for m in plan.measures] == [
        [("区数据局", False, None)],
        [("区司法局", False, None)],
    ]


def test_markdown_task_brackets_and_a_table_of_contents():
    text = """# 云泽区行动方案（2025—2027年）
一、改革任务......1
1.一窗通办.......2
## 一、改革任务
1. **一窗通办。** 推动事项进窗口。〔责任单位：区政务中心；完成时限：9月〕
2. **一网通办。** 全部事项上网。【责任单位：区数据局；完成时限：2026年一季度】
"""
    plan = parse_bytes(text.encode(), "a.md")
    assert [(m.title, m.text) for m in plan.measures] == [
        ("一窗通办", "推动事项进窗口。"),
        ("一网通办", "全部事项上网。"),
    ]
    assert [(m.due, m.unsure) for m in plan.measures] == [
        (None, ("due",)),
        (date(2026, 3, 31), ()),
    ]
    assert sum("目录" in entry.what for entry in plan.noise) == 2


def test_titles_on_lines_of_their_own():
    text = """云泽区2024年工作要点
一、优化政务环境
1.推进一网通办
升级政务服务网，全年新增网办事项50项。
牵头单位：区大数据局
配合单位：区直各部门
完成时限：2024年12月底前
2.推进集成办理
推出“高效办成一件事”10个。
牵头单位：区政务服务中心
完成时限：长期
"""
    plan = parse_bytes(text.encode(), "a.txt")
    assert [m.title for m in plan.measures] == ["推进一网通办", "推进集成办理"]
    assert plan.measures[0].text == "升级政务服务网，全年新增网办事项50项。"
    assert units(plan.measures[0]) == [
        ("区大数据局", False, LEAD),
        ("区直各部门", True, COOPERATE),
    ]
    assert [m.due for m in plan.measures] == [date(2024, 12, 31), None]


def test_the_unit_stands_before_the_colon_and_the_signature_below():
    text = """现将任务分解如下：
（1）区发展改革委：编制年度计划。
（2）区财政局、区科委：落实专项资金3000万元。
（3）区工商联：走访企业80家。
云泽区营商环境建设领导小组办公室
2024年2月3日
"""
    plan = parse_bytes(text.encode(), "a.txt")
    assert [m.text for m in plan.measures] == [
        "编制年度计划。",
        "落实专项资金3000万元。",
        "走访企业80家。",
    ]
    assert units(plan.measures[1]) == [("区财政局", False, None), ("区科委", False, None)]
    assert not any(m.title for m in plan.measures)
    assert (plan.issuer, plan.issued_on) == ("云泽区营商环境建设领导小组办公室", date(2024, 2, 3))


def test_leaders_named_beside_the_units_are_no_units():
    text = """一、政务服务
1.窗口延时服务。责任领导：张三；责任单位：区行政审批局；责任人：李四；完成时限：2024年11月
2.公开办事指南。责任领导：张三；责任单位：区数据局；责任人：王五；完成时限：立行立改
"""
    plan = parse_bytes(text.encode(), "a.txt")
    assert [units(m) for m in plan.measures] == [
        [("区行政审批局", False, None)],
        [("区数据局", False, None)],
    ]
    assert [(m.text, m.due) for m in plan.measures] == [
        ("窗口延时服务。", date(2024, 11, 30)),
        ("公开办事指南。", None),
    ]


def test_the_heading_of_a_web_page_is_no_chapter():
    page = """<html><body><h1>云泽区人民政府关于印发云泽区行动方案的通知</h1>
<p>云泽区优化营商环境行动方案</p><p>一、政务服务</p>
<ol><li>推行一窗受理。（责任单位：区数据局）</li><li>公布指南。（责任单位：区司法局）</li></ol></body></html>"""
    plan = parse_bytes(page.encode(), "a.html")
    assert headings(plan) == [("政务服务", None)] * 2
    assert [m.printed_number for m in plan.measures] == ["1.", "2."]
    assert plan.title == "云泽区优化营商环境行动方案"


def test_headings_across_the_table_stand_above_those_of_its_columns():
    text = """云泽区2025年任务清单
序号\t类别\t主要任务\t具体举措\t责任单位\t完成时限
\t一、政务环境
1\t政务服务\t一窗受理\t设立综合窗口\t牵头单位：区数据局；配合单位：各镇街\t2025年6月底
2\t\t\t开展窗口培训\t区数据局\t一季度
\t二、市场环境
3\t信用监管\t信用修复\t三个工作日内办结\t区发展改革委\t持续
"""
    plan = parse_bytes(text.encode(), "a.txt")
    assert [(m.chapter, m.section, m.title) for m in plan.measures] == [
        ("政务环境", "政务服务", "一窗受理"),
        ("政务环境", "政务服务", "一窗受理"),
        ("市场环境", "信用监管", "信用修复"),
    ]
    assert units(plan.measures[0]) == [("区数据局", False, LEAD), ("各镇街", True, COOPERATE)]
    assert plan.measures[1].due == date(2025, 3, 31)


def test_bracketed_numbers_in_the_column_of_numbers_are_headings():
    text = """编号\t改革任务\t牵头部门\t协办部门\t时限
（一）\t提升开办便利度
1\t推行“一照通”改革\t区市监局\t区数据局\t2025年8月底前
2\t优化迁移登记\t区市监局\t\t2025年9月底前
（二）\t提升纳税便利度
3\t推行预填申报\t区税务局\t\t2025年10月
"""
    plan = parse_bytes(text.encode(), "a.txt")
    assert [(m.number, m.chapter, m.text) for m in plan.measures] == [
        (1, "提升开办便利度", "推行“一照通”改革"),
        (2, "提升开办便利度", "优化迁移登记"),
        (3, "提升纳税便利度", "推行预填申报"),
    ]
    assert [m.due for m in plan.measures] == [
        date(2025, 8, 31), date(2025, 9, 30), date(2025, 10, 31),
    ]  # fmt: skip


def test_a_table_of_indicators_is_no_task_list():
    text = """附件2
序号\t指标名称\t责任单位\t2025年目标
1\t网办率\t区数据局\t95%
2\t满意率\t区数据局\t99%
"""
    with pytest.raises(NoMeasuresFound):
        parse_bytes(text.encode(), "a.txt")
