"""Money is a whole number of fen (分); nothing here ever passes through a binary fraction."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from yingshang.kernel.errors import Invalid
from yingshang.kernel.errors import marked as _

FEN_PER_UNIT = {
    "分": 1,
    "角": 10,
    "元": 100,
    "百元": 10**4,
    "千元": 10**5,
    "万元": 10**6,
    "百万元": 10**8,
    "千万元": 10**9,
    "亿元": 10**10,
}

Exact = int | Decimal | Fraction
"""A factor or weight whose value is exactly what is written."""

_AMOUNT = re.compile(
    r"(?:人民币|RMB|CNY|¥)?\s*(?P<sign>[-+])?\s*¥?\s*"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<unit>分|角|[百千万亿]?元|百万元|千万元|[百千]?万|亿)?(?:整|人民币)?"
)


class BadAmount(Invalid):
    """A text that is no amount of money, or one finer than a fen."""

    code = "bad_amount"
    message = "“%(text)s”不是金额，请写成 1,234.56、2000万元 或 1.5亿元"


class FinerThanFen(BadAmount):
    """The amount has a part smaller than one fen."""

    code = "finer_than_fen"
    message = "“%(text)s”精确到分以下，金额最小单位是分"


class BadShares(Invalid):
    """Weights by which nothing can be divided."""

    code = "bad_shares"


class Rounding(StrEnum):
    """What happens to a part of a fen; each use declares it."""

    HALF_EVEN = "half-even"
    HALF_UP = "half-up"
    DOWN = "down"


def parse_fen(text: str) -> int:
    """Read an amount exactly, in yuan where no unit is given: ``2000万元`` is 2,000,000,000 fen.

    Full-width characters, thousands separators, ``¥`` and ``人民币`` are understood. Raises
    :class:`BadAmount`, or :class:`FinerThanFen` when the amount is no whole number of fen.
    """
    match = _AMOUNT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise BadAmount(params={"text": text})
    unit = match["unit"] or "元"
    scale = FEN_PER_UNIT[unit if unit in FEN_PER_UNIT else f"{unit}元"]
    fen = Fraction(match["number"].replace(",", "")) * scale
    if fen.denominator != 1:
        raise FinerThanFen(params={"text": text})
    return -int(fen) if match["sign"] == "-" else int(fen)


def format_fen(fen: int) -> str:
    """Write an amount in yuan with separators and two decimals: ``1,234.56``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"


def format_short(fen: int) -> str:
    """Write an amount exactly in the largest fitting unit: ``2000万元``, ``1.5亿元``, ``99.5元``."""
    units = ("亿元", "万元", "元")
    unit = next((unit for unit in units if abs(fen) >= FEN_PER_UNIT[unit]), "元")
    value = Decimal(fen) / FEN_PER_UNIT[unit]
    return f"{value.normalize():f}{unit}"


def multiply(fen: int, factor: Exact, rounding: Rounding) -> int:
    """Return ``fen * factor`` in whole fen; ``down`` cuts towards zero, ``half-up`` away from it.

    The factor is exact: an ``int``, ``Decimal`` or ``Fraction``; a ``float`` raises ``TypeError``.
    """
    product = Fraction(fen) * _exact(factor)
    size = abs(product)
    whole, rest = divmod(size.numerator, size.denominator)
    twice = 2 * rest
    up = {
        Rounding.DOWN: False,
        Rounding.HALF_UP: twice >= size.denominator,
        Rounding.HALF_EVEN: twice > size.denominator
        or (twice == size.denominator and whole % 2 == 1),
    }[rounding]
    return (whole + up) * (-1 if product < 0 else 1)


def allocate(fen: int, weights: Sequence[Exact]) -> list[int]:
    """Divide ``fen`` in proportion to ``weights`` so that nothing is lost (largest remainder).

    Whole fen first, then one more fen each to the largest remainders, the earlier one on a tie. A
    weight of nought gets nothing. Raises :class:`BadShares` for no weights, a negative one, or none
    above nought.
    """
    exact = [_exact(weight) for weight in weights]
    total = sum(exact, Fraction())
    if total <= 0 or min(exact) < 0:
        raise BadShares(_("分配权重不能为负数，且至少一个大于零"))
    quotas = [abs(fen) * weight / total for weight in exact]
    shares = [int(quota) for quota in quotas]
    by_rest = sorted(range(len(quotas)), key=lambda place: shares[place] - quotas[place])
    for place in by_rest[: abs(fen) - sum(shares)]:
        shares[place] += 1
    return [-share for share in shares] if fen < 0 else shares


def _exact(value: Exact) -> Fraction:
    if isinstance(value, float):
        raise TypeError("an exact factor is needed: int, Decimal or Fraction, not float")
    return Fraction(value)
