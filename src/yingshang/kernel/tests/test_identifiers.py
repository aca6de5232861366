import json
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from yingshang.cli import cli
from yingshang.kernel.identifiers import (
    CREDIT_ALPHABET,
    CodeKind,
    check_code,
    licence_check_character,
    make_licence_identifier,
    mod_37_36,
    organization_check_character,
    resident_check_character,
    social_credit_check_character,
)


def test_published_values() -> None:
    assert social_credit_check_character("91350100M000100Y4") == "3"
    assert organization_check_character("M000100Y") == "4"
    assert mod_37_36("A12425GABC1234002") == "M"
    assert resident_check_character("11010519491231002") == "X"  # the example of GB 11643


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("91350100M000100Y43", CodeKind.SOCIAL_CREDIT),
        ("N2330106MF1234567L", CodeKind.SOCIAL_CREDIT),
        ("914403001922038216", CodeKind.SOCIAL_CREDIT),
        ("M000100Y4", CodeKind.ORGANIZATION),
        ("M000100Y-4", CodeKind.ORGANIZATION),
        ("11010519491231002X", CodeKind.RESIDENT),
        ("440524188001010014", CodeKind.RESIDENT),
        (
            "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
            CodeKind.LICENCE,
        ),
        (
            "1.2.156.3005.2.11100000000013338W087.11370800MB28559184.37080001202411010001.001.3",
            CodeKind.LICENCE,
        ),
    ],
)
def test_well_formed_numbers(text: str, kind: CodeKind) -> None:
    check = check_code(text)
    assert (check.kind, check.valid, check.why) == (kind, True, None)


def test_a_foreigners_permanent_residence_number() -> None:
    body = "931392" + "19810305" + "001"
    check = check_code(body + resident_check_character(body))
    assert (check.kind, check.valid) == (CodeKind.PERMANENT_RESIDENT, True)


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("91350100M000100Y44", CodeKind.SOCIAL_CREDIT, ["第 18 位", "“3”", "“4”"]),
        ("91350100M000100Y53", CodeKind.SOCIAL_CREDIT, ["第 17 位", "“4”"]),
        ("91350100m000100Y43", CodeKind.SOCIAL_CREDIT, ["第 9 位", "小写", "“M”"]),
        ("９1350100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 1 位", "全角", "“9”"]),
        ("91350100 M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 9 位", "空白"]),
        (" 91350100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 1 位", "空白"]),
        ("91350100M000100Y43\u3000", CodeKind.SOCIAL_CREDIT, ["第 19 位", "空白"]),
        ("9135O100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 5 位", "“O”", "“0”"]),
        ("B1350100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 1 位", "登记管理部门"]),
        ("9A350100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 2 位"]),
        ("91000100M000100Y43", CodeKind.SOCIAL_CREDIT, ["第 3 至 8 位", "000100"]),
        ("91350100M000-00Y43", CodeKind.SOCIAL_CREDIT, ["第 13 位", "“-”"]),
        ("110105194912310021", CodeKind.RESIDENT, ["第 18 位", "“X”"]),
        ("11010519491331002X", CodeKind.RESIDENT, ["第 7 至 14 位", "19491331"]),
        ("110105209912310023", CodeKind.RESIDENT, ["20991231", "出生日期"]),
        ("99010519491231002X", CodeKind.PERMANENT_RESIDENT, ["第 2、3 位"]),
        ("17010519491231002X", CodeKind.RESIDENT, ["第 1、2 位", "17"]),
        ("110105491231002", CodeKind.RESIDENT, ["15 位", "18 位"]),
        ("11010519491231002x", CodeKind.RESIDENT, ["第 18 位", "“X”"]),
        ("1.2.156.3005.2.A12425.GABC1234.00.2.L", CodeKind.LICENCE, ["“M”", "“L”"]),
        ("1.2.156.3005.2.A12425.GABC1234.002", CodeKind.LICENCE, ["5 段", "3 段"]),
        ("1.2.840.A12425.GABC1234.002", CodeKind.LICENCE, ["1.2.156.3005.2"]),
        ("M000100Y5", CodeKind.ORGANIZATION, ["第 9 位", "“4”"]),
        ("M00-0100Y4", CodeKind.ORGANIZATION, ["连字符"]),
        ("9135", CodeKind.UNKNOWN, ["4 位", "18 位"]),
        ("", CodeKind.UNKNOWN, ["没有"]),
        ("上海市金山区某某公司", CodeKind.UNKNOWN, ["第 1 位", "上"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, kind: CodeKind, told: list[str]) -> None:
    check = check_code(text, on=date(2026, 11, 22))
    assert (check.kind, check.valid) == (kind, False)
    assert check.why is not None
    for fragment in told:
        assert fragment in check.why


@given(
    st.sampled_from("123456789ANY"),
    st.sampled_from("123456789"),
    st.sampled_from(["310116", "100000", "659001", "440300"]),
    st.text(CREDIT_ALPHABET, min_size=8, max_size=8),
    st.integers(0, 17),
    st.sampled_from(CREDIT_ALPHABET),
)
def test_one_wrong_character_never_passes(
    authority: str, category: str, division: str, body: str, place: int, other: str
) -> None:
    first17 = authority + category + division + body + organization_check_character(body)
    code = first17 + social_credit_check_character(first17)
    assert check_code(code).valid
    wrong = code[:place] + other + code[place + 1 :]
    check = check_code(wrong)
    assert check.valid == (wrong == code) or check.kind is not CodeKind.SOCIAL_CREDIT


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20))
def test_a_made_licence_identifier_passes_and_the_root_takes_no_part(serial: str) -> None:
    made = make_licence_identifier("11100000000013338W011", "11430000006122244L", serial, "001")
    assert check_code(made).valid
    assert made.endswith(
        licence_check_character("11100000000013338W011", "11430000006122244L", serial, "001")
    )


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    check = check_code(text)
    assert check.valid == (check.why is None)


@pytest.mark.parametrize(
    ("number", "exit_code"),
    [("91350100M000100Y43", 0), ("91350100M000100Y44", 1), ("-5", 1)],
)
def test_the_command_answers_with_its_exit_code(number: str, exit_code: int) -> None:
    result = CliRunner().invoke(cli, ["code", "check", number, "--json"])
    answer = json.loads(result.stdout)
    assert result.exit_code == exit_code
    assert set(answer) == {"kind", "valid", "why"}
    assert answer["valid"] == (exit_code == 0)
    assert (answer["why"] is None) == (exit_code == 0)


def test_the_command_says_it_in_words() -> None:
    result = CliRunner().invoke(cli, ["code", "check", "91350100M000100Y43"])
    assert result.stdout.strip() == "统一社会信用代码：有效"
