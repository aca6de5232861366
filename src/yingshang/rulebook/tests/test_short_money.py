"""Amounts in rules are said as people say them, and exactly."""

import pytest
from django.utils import translation

from yingshang.rulebook.showing import short_money


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (4_000_000_00, "400 万元", "CNY 4,000,000"),
        (12_345_00, "12,345 元", "CNY 12,345"),
        (1_234_500_00, "123.45 万元", "CNY 1,234,500"),
        (12_34, "12.34 元", "CNY 12.34"),
        (0, "0 元", "CNY 0"),
    ],
)
def test_an_amount_is_short_and_exact(fen: int, chinese: str, english: str) -> None:
    assert short_money(fen) == chinese
    with translation.override("en"):
        assert short_money(fen) == english
