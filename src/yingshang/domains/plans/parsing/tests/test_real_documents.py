"""Counts and traps of the five real documents."""

import time
from dataclasses import replace
from datetime import date

import pytest

from yingshang.domains.plans.parsing import parse_bytes
from yingshang.domains.plans.parsing.tests import writing
from yingshang.domains.plans.parsing.tests.real_documents import DIGESTS, document, parsed

pytestmark = pytest.mark.plans
COUNTS = {
    "金山区2021": 78,
    "金山区2022": 100,
    "杨浦区2021": 150,
    "盐湖区2022": 60,
    "嘉定区2025": 58,
}


def names(measure):
    return [unit.name for unit in measure.units]


@pytest.mark.parametrize("name", DIGESTS)
def test_every_measure_is_found_and_numbered_as_printed(name):
    plan = parsed(name)
    assert len(plan.measures) == COUNTS[name]
    printed = [measure.printed_number.rstrip("*.") for measure in plan.measures]
    assert printed == [str(number) for number in range(1, COUNTS[name] + 1)]
    assert all(measure.text and measure.chapter for measure in plan.measures)


@pytest.mark.parametrize("name", DIGESTS)
def test_a_document_is_read_in_well_under_a_second(name):
    data = document(name)
    started = time.process_time()
    parse_bytes(data, name)
    assert time.process_time() - started < 1


def test_mastheads():
    found = {
        name: (parsed(name).issuer, parsed(name).document_number, parsed(name).issued_on)
        for name in DIGESTS
    }
    assert found == {
        "金山区2021": (
            "中共金山区委办公室、金山区人民政府办公室",
            "金委办〔2021〕34号",
            date(2021, 5, 19),
        ),
        "金山区2022": ("上海市金山区人民政府办公室", "金府办发〔2022〕7号", date(2022, 3, 17)),
        "杨浦区2021": (None, None, None),
        "盐湖区2022": ("运城市盐湖区人民政府", "运盐政发〔2022〕5号", date(2022, 3, 2)),
        "嘉定区2025": ("上海市嘉定区人民政府办公室", None, date(2025, 1, 26)),
    }
    assert any("发文机关" in entry.what for entry in parsed("杨浦区2021").noise)


def test_a_title_over_two_lines_is_one_title():
    assert parsed("嘉定区2025").title == "嘉定区聚焦提升企业感受持续打造国际一流营商环境行动方案"


def test_chapters_without_sections_inherit_none():
    for name, numbers in (("嘉定区2025", (1, 9, 54, 58)), ("杨浦区2021", (133, 142))):
        measures = parsed(name).measures
        assert [measures[number - 1].section for number in numbers] == [None] * len(numbers)
    assert parsed("杨浦区2021").measures[142].section == "营商环境组织领导"


def test_titles_only_where_the_chapter_has_them():
    yangpu = parsed("杨浦区2021").measures
    assert [m.number for m in yangpu if m.title] == list(range(133, 143))
    assert yangpu[139].title == "长三角创业地图2.0"
    assert not any(m.title for name in ("金山区2021", "金山区2022") for m in parsed(name).measures)
    assert all(m.title for name in ("盐湖区2022", "嘉定区2025") for m in parsed(name).measures)


def test_units_with_their_traps():
    jinshan, annex, yangpu = (
        parsed(name).measures for name in ("金山区2021", "金山区2022", "杨浦区2021")
    )
    assert names(jinshan[43]) == ["区法院", "区司法局", "区市场监管局"]
    assert [unit.group for unit in jinshan[58].units] == [True, False]
    assert names(annex[15]) == ["公安金山分局", "区民政局", "相关街镇", "园区"]
    assert names(annex[31]) == ["各镇、园区"]
    assert annex[31].units[0].group
    assert names(annex[83]) == ["区财政局(金融办)"]
    assert names(yangpu[110])[-1] == "相关部门"
    assert names(yangpu[146]) == ["各部门", "各街道"]
    assert "团区委" in names(yangpu[131])
    assert not any(u.role for m in (*jinshan, *annex, *yangpu) for u in m.units)


@pytest.mark.parametrize(
    ("number", "reform_item", "due_text"),
    [
        (4, "健全遏制乱收费、乱罚款、乱摊派的长效机制", "持续推进"),
        (36, "加强对园区市政道路各类井盖的管理", "持续推进"),
        (43, "探索形成市场主体全生命周期监管链", "持续推进"),
        (48, "推进“安全+环保”联合体检", "持续推进"),
        (49, "推进“安全+环保”联合体检", "持续推进"),
        (55, "提升基层服务站能级", "持续推进"),
        (68, "强化中小企业发展服务体系", None),
        (74, "探索人才定制服务", None),
    ],
)
def test_rows_with_shifted_cells(number, reform_item, due_text):
    measure = parsed("金山区2022").measures[number - 1]
    assert (measure.reform_item, measure.due_text) == (reform_item, due_text)
    assert measure.units
    assert ("due" in measure.unsure) == (due_text is None)
    assert measure.section is None


def test_the_annex_wins_over_the_body_and_keeps_stars_and_deadlines():
    plan = parsed("金山区2022")
    assert sum(measure.starred for measure in plan.measures) == 40
    assert plan.measures[1].due == date(2022, 9, 30)
    assert plan.measures[19].due_text == "已完成，巩固成效"
    assert plan.measures[19].due is None
    kinds = [extra.kind for extra in plan.extras]
    assert kinds.count("guarantee") == 4
    assert kinds.count("body") == 29


def test_a_sentence_cut_by_a_page_is_joined_and_reported():
    plan = parsed("盐湖区2022")
    assert plan.measures[10].text.startswith("坚持优化协同高效")
    assert any(entry.at == "第94行" for entry in plan.noise)
    kinds = [extra.kind for extra in plan.extras]
    assert (kinds.count("goal"), kinds.count("guarantee"), kinds.count("principle")) == (3, 5, 4)


def test_traditional_script_and_pinyin_are_gone_and_reported():
    plan = parsed("杨浦区2021")
    text = "".join(measure.text for measure in plan.measures)
    assert "ū" not in text
    assert "區" not in text
    assert "著作权" in plan.measures[62].text
    assert "(Synthesize)" in plan.measures[134].text
    removed = sum(
        int(entry.what.split("拼音")[1].split("处")[0])
        for entry in plan.noise
        if "拼音" in entry.what
    )
    assert removed == 1023


def test_broken_characters_are_repaired_only_for_the_known_document():
    data = document("杨浦区2021")
    assert "专家库和仲裁员队伍" in parsed("杨浦区2021").measures[33].text
    unknown = parse_bytes(data + b"\n", "copy.txt")
    doubtful = {m.number: m.unsure for m in unknown.measures if m.unsure}
    assert doubtful == {34: ("text",), 70: ("text",), 125: ("text",), 134: ("title",)}


def test_without_its_corrections_the_annex_marks_the_reform_item_unsure():
    unknown = parse_bytes(document("金山区2022") + b"\n", "copy.txt")
    assert [m.number for m in unknown.measures if "reform_item" in m.unsure] == [43, 48]
    assert len(unknown.measures) == 100


def test_the_body_alone_gives_its_paragraphs_and_no_list_of_nine():
    body = document("金山区2022").decode().split("附件：")[0].encode()
    plan = parse_bytes(body, "body.txt")
    assert len(plan.measures) == 29
    assert plan.measures[0].title == "进一步放宽市场准入"
    assert plan.measures[0].action == "开展公平竞争市场环境营造行动"


def bare(data, filename):
    return [replace(m, at="", line=None, raw="") for m in parse_bytes(data, filename).measures]


@pytest.mark.parametrize("name", ["金山区2021", "盐湖区2022", "嘉定区2025"])
@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "pdf"])
def test_a_real_plan_in_another_format_gives_the_same_measures(name, kind):
    raw = document(name)
    lines = [line.strip() for line in raw.decode().splitlines() if line.strip()]
    data = {
        "docx": lambda: writing.to_docx(lines),
        "html": lambda: writing.to_html(lines),
        "xlsx": lambda: writing.to_xlsx({"方案": [[line] for line in lines]}),
        "pdf": lambda: writing.to_pdf(lines, width=210, height=297),
    }[kind]()
    assert bare(data, f"a.{kind}") == bare(raw + b"\n", "a.txt")


@pytest.mark.parametrize("kind", ["docx", "html", "xlsx", "pdf"])
def test_the_real_annex_with_its_shifted_rows_in_another_format(kind):
    raw = document("金山区2022")
    annex = raw.decode().split("具体事项清单\n")[-1]
    rows = [(line.split("\t") + [""] * 8)[:8] for line in annex.splitlines() if "\t" in line]
    title = ["金山区2022年行动具体事项清单"]
    sizes = "(12mm, 1fr, 1fr, 1fr, 3fr, 1fr, 1fr, 1fr)"
    data = {
        "docx": lambda: writing.to_docx(title, [rows]),
        "html": lambda: writing.to_html(title, rows),
        "xlsx": lambda: writing.to_xlsx({"清单": [title, *rows]}),
        "pdf": lambda: writing.to_pdf(title, rows, width=297, height=210, columns=sizes),
    }[kind]()
    assert bare(data, f"a.{kind}") == bare(raw + b"\n", "a.txt")
