from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingshang.kernel.money import (
    BadAmount,
    BadShares,
    FinerThanFen,
    Rounding,
    allocate,
    format_fen,
    format_short,
    multiply,
    parse_fen,
)

FEN = st.integers(-(10**16), 10**16)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123456),
        ("1234.5", 123450),
        ("2000万元", 2_000_000_000),
        ("1.5亿元", 15_000_000_000),
        ("1.5亿", 15_000_000_000),
        ("0.01", 1),
        ("１２３．４５元", 12345),
        ("¥ 99", 9900),
        ("人民币500元整", 50000),
        ("-3.20元", -320),
        ("5角", 50),
        ("7分", 7),
        ("3千元", 300_000),
        ("0.000001亿元", 10_000),
        ("1.234567万元", 1_234_567),
        ("9007199254740993.01", 900719925474099301),
    ],
)
def test_amounts_are_read_exactly(text: str, fen: int) -> None:
    assert parse_fen(text) == fen


@pytest.mark.parametrize(
    "text", ["", "元", "12,34", "1.2.3", "1e5", "两千", "5%", "1 000", "5美元"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        parse_fen(text)


@pytest.mark.parametrize("text", ["0.001", "0.5分", "1.23456789万元"])
def test_less_than_a_fen_is_refused_not_rounded(text: str) -> None:
    with pytest.raises(FinerThanFen):
        parse_fen(text)


@given(FEN)
def test_what_is_written_reads_back(fen: int) -> None:
    assert parse_fen(format_fen(fen)) == fen
    assert parse_fen(format_short(fen)) == fen


def test_short_amounts() -> None:
    assert [format_short(fen) for fen in (15 * 10**9, 2 * 10**9, 9950, -1)] == [
        "1.5亿元",
        "2000万元",
        "99.5元",
        "-0.01元",
    ]


@pytest.mark.parametrize(
    ("fen", "factor", "even", "up", "down"),
    [
        (5, Decimal("0.5"), 2, 3, 2),
        (7, Decimal("0.5"), 4, 4, 3),
        (-5, Decimal("0.5"), -2, -3, -2),
        (100, Fraction(1, 3), 33, 33, 33),
        (200, Fraction(1, 3), 67, 67, 66),
        (10, Decimal("1.15"), 12, 12, 11),
    ],
)
def test_rounding_is_the_one_declared(
    fen: int, factor: Fraction, even: int, up: int, down: int
) -> None:
    assert multiply(fen, factor, Rounding.HALF_EVEN) == even
    assert multiply(fen, factor, Rounding.HALF_UP) == up
    assert multiply(fen, factor, Rounding.DOWN) == down


@given(FEN, st.fractions(max_denominator=10**6), st.sampled_from(Rounding))
def test_rounding_stays_within_its_bounds(fen: int, factor: Fraction, how: Rounding) -> None:
    error = abs(multiply(fen, factor, how) - fen * factor)
    assert error < 1 if how is Rounding.DOWN else error <= Fraction(1, 2)


def test_a_float_never_gets_in() -> None:
    with pytest.raises(TypeError):
        multiply(100, 0.1, Rounding.DOWN)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        allocate(100, [0.1])  # type: ignore[list-item]


def test_the_last_fen_goes_to_the_largest_remainder_and_ties_to_the_first() -> None:
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(1000, [47, 16, 158, 12, 16, 31]) == [168, 57, 564, 43, 57, 111]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(5, [0, 1]) == [0, 5]


@given(FEN, st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any))
def test_nothing_is_lost_and_nobody_is_off_by_a_fen(fen: int, weights: list[int]) -> None:
    shares = allocate(fen, weights)
    assert sum(shares) == fen
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(fen * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_divide_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(BadShares):
        allocate(100, weights)
