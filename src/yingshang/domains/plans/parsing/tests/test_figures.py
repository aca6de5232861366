"""Figures in sentences about a made-up district become targets; names with numbers do not."""

from datetime import date

import pytest

from yingshang.domains.plans.parsing import parse_bytes
from yingshang.domains.plans.parsing.figures import find_targets


def brief(text):
    return [(t.comparator, t.value, t.unit) for t in find_targets(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网办率达到90%以上。", [(">=", 90, "%")]),
        ("中小企业比例不低于三分之二。", [(">=", 66.7, "%")]),
        ("政策兑现率达到100%。", [("=", 100, "%")]),
        ("担保费率不超过百分之一。", [("<=", 1, "%")]),
        ("通关时间再压缩1/3以上。", [(">=", 33.3, "%")]),
        ("审批时限压缩三分之一。", [(">=", 33.3, "%")]),
        ("审批时限压缩至20%。", [("<=", 20, "%")]),
        ("审批时限压缩至两个工作日。", [("<=", 2, "工作日")]),
        ("在十五个工作日内答复。", [("<=", 15, "工作日")]),
        ("窗口提供7×24小时服务。", [("=", 168, "小时")]),
        ("热线提供7×12小时应答。", [("=", 84, "小时")]),
        ("供应工业用地不少于300亩，绿地10万平方米。", [(">=", 300, "亩"), ("=", 10, "万平方米")]),
        ("每年培训不少于40学时，整理案例50卷。", [(">=", 40, "学时"), ("=", 50, "卷")]),
        ("企业代表不少于一半。", [(">=", 50, "%")]),
        ("公示一般不少于30日。", [(">=", 30, "日")]),
        ("公示期压缩为20日。", [("<=", 20, "日")]),
        ("每季度举办对接会不少于2场。", [(">=", 2, "场")]),
        ("提前7天告知企业。", [(">=", 7, "天")]),
        ("培训2000人次。", [("=", 2000, "人次")]),
        ("在五税种综合申报基础上扩围。", []),
        ("实现一次申请、一次办结。", [("=", 1, "次")]),
        ("帮办服务实现园区全覆盖。", [("=", 100, "%")]),
        ("实现线上全覆盖、线下全联通。", []),
        ("欠款问题清零。", [("=", 0, "项")]),
        ("建立问题“清零”机制。", []),
        ("排名进入全市前10名。", [("<=", 10, "名")]),
        ("时限缩短至法定时限的40%。", [("<=", 40, "%")]),
        ("满意度不低于95分。", [(">=", 95, "分")]),
        ("奖励最高50万元。", [("<=", 50, "万元")]),
        ("开设24小时自助服务区。", [("=", 24, "小时")]),
        ("推出30项“快办”服务。", [(">=", 30, "项")]),
        ("同一企业每年检查不超过2次。", [("<=", 2, "次")]),
        ("满意率提高5个百分点。", [(">=", 5, "个百分点")]),
        ("平均办理时间压缩一半。", [(">=", 50, "%")]),
        ("申报材料减少三成以上。", [(">=", 30, "%")]),
        ("推出改革举措50余项，培育企业1,000家。", [(">=", 50, "项"), (">=", 1000, "家")]),
        ("一次办结率达到90%以上。", [(">=", 90, "%")]),
        ("最多跑一次。", [("<=", 1, "次")]),
        ("实现“一个环节、90分钟”办结。", [("=", 1, "环节"), ("<=", 90, "分钟")]),
        ("企业开办“零成本”。", [("=", 0, "元")]),
        ("审批环节压减至3个环节。", [("<=", 3, "环节")]),
        ("首期规模不低于2000万元。", [(">=", 2000, "万元")]),
        ("年均办税49小时以内。", [("<=", 49, "小时")]),
        ("预算批复后60日内公开。", [("<=", 60, "日")]),
        ("每半年举办一次对接会。", [(">=", 1, "次")]),
        ("基本实现90%的事项网上办。", [("~=", 90, "%")]),
        ("12个行业28类项目实行豁免。", [("=", 12, "个"), ("=", 28, "类")]),
        ("１２个社区开通服务，覆盖率达到９０％。", [("=", 12, "个"), (">=", 90, "%")]),
    ],
)
def test_a_figure_with_its_comparator_and_unit(text, expected):
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "深化“双随机、一公开”监管和“一网通办”“一件事”改革。",
        "推进“3+365”服务机制和“1+12+X”体系。",
        "完善平台2.0版，对照4.0版方案。",
        "缓解G1503节点拥堵，拨打12345热线。",
        "按照云政办〔2024〕12号文件和第5次会议要求，落实2025年度计划。",
        "公布首批目录，推出一批便利措施，争创第一。",
        "对160千瓦以下的小微企业免费接入。",
        "对1000万元以下额度贷款简化手续。",
        "一次性告知所需材料，提供一对一服务。",
        "打造“三秒”服务。",
        "5月19日以前公布，实施一业一证、一照多址。",
    ],
)
def test_names_with_numbers_are_no_targets(text):
    assert brief(text) == []


def test_a_change_keeps_the_value_before_as_baseline():
    for text in (
        "办理时间由15个工作日缩短至5个。",
        "办理时间由十五个工作日缩短至五个工作日。",
        "办理时间由法定的15个工作日压缩至承诺的5个工作日。",
    ):
        (target,) = find_targets(text)
        assert (target.value, target.unit, target.baseline) == (5, "工作日", 15)
        assert target.comparator == "<="
        assert target.indicator == "办理时间"


def test_a_wider_list_keeps_its_start_as_baseline():
    (target,) = find_targets("免费帮办事项由60项扩展至100项。")
    assert (target.value, target.comparator, target.baseline) == (100, ">=", 60)
    assert target.indicator == "免费帮办事项"


def test_the_year_of_another_clause_is_no_deadline():
    for text in ("占比保持在50%以上，到2028年建成体系。", "自2026年起，每年新增10个网点。"):
        assert [t.deadline for t in find_targets(text)] == [None]


def test_several_subjects_and_figures_go_together():
    for text in (
        "水、气、热报装时间分别控制在4天、5天、6天。",
        "水气热报装时间分别控制在4天、5天、6天以内。",
    ):
        found = [(t.indicator, t.comparator, t.value) for t in find_targets(text)]
        assert found == [
            ("水报装时间", "<=", 4),
            ("气报装时间", "<=", 5),
            ("热报装时间", "<=", 6),
        ]


def test_deadlines_hold_for_the_rest_of_their_sentence():
    text = (
        "电子证照可用率达到80%。到2023年，可用率达到90%以上，免交证明50类；到2025年末，可用率"
        "达到98%。新增20个网点，2024年6月底前完成。"
    )
    assert [(t.value, t.deadline) for t in find_targets(text)] == [
        (80, None),
        (90, date(2023, 12, 31)),
        (50, date(2023, 12, 31)),
        (98, date(2025, 12, 31)),
        (20, date(2024, 6, 30)),
    ]


def test_the_span_points_at_the_figure_in_the_text():
    text = (
        "1.压缩时间。施工许可在7个工作日内办结，比例达到95%以上。\n2.减少材料。申请材料精简至6项。"
    )
    plan = parse_bytes(text.encode(), "a.txt")
    shown = [[m.text[slice(*t.span)] for t in m.targets] for m in plan.measures]
    assert shown == [["7个工作日", "95%"], ["6项"]]


def test_the_indicator_says_what_is_counted():
    texts = {
        "标准化覆盖率达到95%以上。": "标准化覆盖率",
        "全市90%以上行政审批事项“全程网办”。": "全市行政审批事项“全程网办",
        "高压双电源用户不超过30天。": "高压双电源用户",
    }
    assert {text: find_targets(text)[0].indicator for text in texts} == texts
