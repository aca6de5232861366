"""What a clerk would want proposed, on sentences of our own."""

import random
from typing import Any

import pytest

from yingshang.domains.policies.extracting import (
    PolicyNotReadable,
    extract,
    read_policy,
    shipped_lexicon,
    to_json,
)
from yingshang.domains.policies.extracting.numerals import read_number, read_share
from yingshang.domains.policies.extracting.reading import MOST_CHARACTERS

pytestmark = pytest.mark.one_database


def proposed(text: str) -> dict[str, Any]:
    return to_json(extract(text, shipped_lexicon()))


def conditions(text: str) -> list[tuple[Any, ...]]:
    return [(c["fact"], c["op"], c["value"], c["unit"]) for c in proposed(text)["conditions"]]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2000万", 20_000_000),
        ("1.2亿", 120_000_000),
        ("五亿二千万", 520_000_000),
        ("二千五百万", 25_000_000),
        ("1_500万", 15_000_000),
        ("十五", 15),
        ("一百零八", 108),
        ("半", 0.5),
    ],
)
def test_numbers_are_worked_out(words: str, value: float) -> None:
    assert float(read_number(words) or 0) == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("5%", 5),
        ("3‰", 0.3),
        ("百分之五", 5),
        ("万分之三十", 0.3),
        ("三成", 30),
        ("一半", 50),
        ("四分之一", 25),
    ],
)
def test_shares_are_percent(words: str, value: float) -> None:
    assert float(read_share(words) or 0) == value


@pytest.mark.parametrize(
    ("words", "op"),
    [
        ("不低于2000万元", ">="),
        ("2000万元以上", ">="),
        ("达到２，０００万元", ">="),
        ("超过2000万元", ">"),
        ("2000万元以上（不含）", ">"),
        ("2000万元以下", "<="),
        ("不超过二千万元", "<="),
        ("不足2000万元", "<"),
        ("低于2000万元（含）", "<="),
    ],
)
def test_comparison_follows_the_civil_code(words: str, op: str) -> None:
    found = conditions(f"上年度营业收入{words}的企业，给予奖励5万元。")
    assert found == [("enterprise.revenue_last_year", op, 20_000_000, "元")]


def test_a_range_is_two_conditions_with_the_same_words() -> None:
    found = proposed("企业从业人员应在20人以上300人以下。")["conditions"]
    assert [(c["fact"], c["op"], c["value"]) for c in found] == [
        ("enterprise.employees", ">=", 20),
        ("enterprise.employees", "<=", 300),
    ]
    assert found[1]["clause"] == "从业人员应在20人以上300人以下"


def test_time_since_the_founding_is_a_condition_on_its_date() -> None:
    assert conditions("企业应成立三年以内，或2023年1月1日以后登记注册。") == [
        ("enterprise.founded_on", "<=", 3, "年"),
        ("enterprise.founded_on", ">=", "2023-01-01", "date"),
    ]


def test_the_year_chooses_between_the_series_and_its_last_year() -> None:
    assert conditions("企业当年出口额应达到500万美元，上年度出口额应达到300万美元。") == [
        ("enterprise.exports", ">=", 5_000_000, "美元"),
        ("enterprise.exports_last_year", ">=", 3_000_000, "美元"),
    ]


def test_what_is_narrower_than_a_fact_has_none_but_is_still_marked() -> None:
    found = proposed("企业获得国家级绿色工厂称号，且核心部件年产值不低于300万元的，奖励20万元。")
    assert [c["fact"] for c in found["conditions"]] == [None, None]
    assert found["conditions"][1]["clause"] == "核心部件年产值不低于300万元"


@pytest.mark.parametrize(
    "text",
    ["企业应未被列入严重违法失信名单。", "被列入严重违法失信名单的，不予支持。"],
)
def test_the_polarity_belongs_to_the_fact(text: str) -> None:
    assert conditions(text) == [("enterprise.seriously_dishonest", "is false", None, None)]


def test_what_excludes_is_turned_round() -> None:
    text = "有下列情形之一的，不予支持：（一）资产负债率超过75%；（二）有欠税；（三）未按期报送报表的。"
    assert conditions(text) == [
        ("enterprise.debt_ratio", "<=", 75, "percent"),
        ("enterprise.tax_arrears", "==", 0, "元"),
        (None, "is true", None, None),
    ]


def test_a_list_of_which_one_is_enough_is_any() -> None:
    text = "符合下列条件之一的企业可以申报：1.上年度研发费用100万元以上；2.研发人员10人以上。"
    assert proposed(text)["logic"] == {"any": [0, 1]}


def test_grades_are_codes_and_above_counts_from_the_top() -> None:
    assert conditions("纳税信用等级为B级及以上的小微企业可以申请。") == [
        ("enterprise.tax_credit_grade", "in", ["A", "B"], None),
        ("enterprise.size", "in", ["small", "micro"], None),
    ]


def test_an_industry_is_a_code_only_where_the_label_is_the_standards() -> None:
    assert conditions("制造业企业和生物医药企业可以申请。") == [
        ("enterprise.industry", "in", ["C", "生物医药"], None),
    ]


def test_a_rate_keeps_its_limits_and_how_long_it_is_paid() -> None:
    text = "企业首次获得贷款的，按实际利息的50%给予贴息，单户每年最高20万元，贴息期限不超过2年。"
    (amount,) = proposed(text)["amounts"]
    assert (amount["form"], amount["value"], amount["of"]) == ("rate", 50, "实际利息")
    assert amount["caps"] == [{"value": 200_000, "unit": "元", "per": ["企业", "年"]}]
    assert amount["duration"] == {"value": 2, "unit": "年"}


def test_slices_tiers_and_instalments() -> None:
    text = "研发费用500万元以下的部分，按5%给予补助；超过500万元的部分，按8%给予补助，最高100万元。"
    first, second = proposed(text)["amounts"]
    assert first["slice"] == {"over": 0, "upto": 5_000_000}
    assert second["slice"] == {"over": 5_000_000, "upto": None}
    tiers = proposed("上年度营业收入达到1亿元、5亿元的，分别奖励10万元、30万元。")
    assert [c["value"] for c in tiers["conditions"]] == [100_000_000, 500_000_000]
    assert [a["when"] for a in tiers["amounts"]] == [{"all": [0]}, {"all": [1]}]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        (
            "申报时间为2026年5月6日至6月30日。",
            {"kind": "dates", "periods": [{"from": "2026-05-06", "to": "2026-06-30"}]},
        ),
        (
            "每年第一季度集中申报。",
            {"kind": "yearly", "periods": [{"from": "01-01", "to": "03-31"}]},
        ),
        (
            "企业应当自取得证书之日起60日内提出申请。",
            {"kind": "within", "value": 60, "unit": "日", "after": "取得证书之日"},
        ),
        ("本项目常年受理。", {"kind": "always"}),
    ],
)
def test_windows(text: str, window: dict[str, Any]) -> None:
    found = proposed(text)["window"]
    assert {k: v for k, v in found.items() if k != "clause"} == window


def test_in_force_is_no_window() -> None:
    assert proposed("本办法自2026年1月1日起施行，有效期三年。")["window"] is None


def test_materials_stand_without_numbers_and_copies() -> None:
    text = "申请人应提交下列材料：1.申请表（一式两份）；2.营业执照复印件及纳税证明；3.银行流水等。"
    assert proposed(text)["materials"] == ["申请表", "营业执照复印件", "纳税证明", "银行流水"]


@pytest.mark.parametrize(
    "text",
    [
        "为支持企业发展，根据有关规定，制定本办法。",
        "本办法所称小微企业，是指从业人员不超过100人的企业。",
        "区财政局负责资金保障，年度预算2000万元。",
        "同一事项按照从高不重复的原则执行。",
        "企业骗取资金的，应当全额退还，三年内不得申报。",
    ],
)
def test_what_decides_nothing_yields_nothing(text: str) -> None:
    found = proposed(text)
    assert (found["conditions"], found["amounts"], found["window"]) == ([], [], None)


PIECES = (
    "，。；：、（）“”《》\n 　%％‰.．0123456789０９一二三百千万亿元美年月日人家项件个的不未且或和及以上下内含超过低于达到满"
    "最高按每给予奖励补贴企业申报应当条件之一除外第条（一）1.营业收入研发费用占比例成立注册本区制造业列入名单材料表"
)


@pytest.mark.parametrize("seed", range(20))
def test_any_text_is_read_and_every_clause_is_a_piece_of_it(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(PIECES) for _ in range(1500))
    found = proposed(text)
    numbers = set(range(len(found["conditions"])))
    pieces = [one["clause"] for one in (*found["conditions"], *found["amounts"])]
    pieces += found["materials"] + ([found["window"]["clause"]] if found["window"] else [])
    assert all(piece in text and piece for piece in pieces)
    assert members(found["logic"]) <= numbers
    assert found == proposed(text)


def members(logic: dict[str, Any]) -> set[int]:
    found: set[int] = set()
    for item in next(iter(logic.values())):
        found |= {item} if isinstance(item, int) else members(item)
    return found


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "一",
        "（",
        "企业",
        "上年度营业收入1元以上",
        "、",
        "按5%给予补助，",
        "每年",
        "第一年",
        "自",
    ],
)
def test_hostile_texts_are_read_in_proportionate_time(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert extract(text, shipped_lexicon()).text == text


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(PolicyNotReadable, match="分开读取"):
        extract("条" * (MOST_CHARACTERS + 1), shipped_lexicon())


def test_both_encodings_are_read_and_nothing_else() -> None:
    text = "上年度营业收入不低于2000万元。\n"
    assert read_policy(text.encode()) == read_policy(text.encode("gb18030")) == text
    assert read_policy(b"\xef\xbb\xbf" + text.encode()) == text
    for data in (
        b"%PDF-1.7\x00\x01",
        b"PK\x03\x04\x14\x00",
        text.encode("utf-16"),
        b"\xff\xd8\xff\xe0" * 9,
        b" \n",
    ):
        with pytest.raises(PolicyNotReadable):
            read_policy(data)
