"""By how much a number misses, in words that say what would have to change: 还差 3 人.

Only what an enterprise can still reach counts as near: a number that would have to change by less than
half, a day within a year. What cannot change any more (an immutable fact, too great an age) has no gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from typing import Any, Final

from django.utils.translation import gettext, ngettext

from yingshang.facts.showing import unit_of
from yingshang.kernel.money import format_fen
from yingshang.rulebook.shares import is_share
from yingshang.rulebook.showing import Reader
from yingshang.rules.evaluating import evaluate
from yingshang.rules.gaps import facts_in_order, gap_of
from yingshang.rules.periods import add_days, add_months
from yingshang.rules.typed import Apply, Const, Fact, Typed
from yingshang.rules.values import RowError
from yingshang.web.dates import day_text
from yingshang.web.money import counts_by_ten_thousand

FARTHEST: Final = Decimal("0.5")
FARTHEST_DAYS: Final = 366
A_FEW: Final = 3
"""Of people, patents and the like so many more are near, however few there are."""
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MONTHS: Final = {"years_between": 12, "months_between": 1}
WAN: Final = 1_000_000
"""Fen in ten thousand yuan."""


@dataclass(frozen=True)
class Gap:
    """What would have to change, in words; ``key`` is the fact, ``amount`` how far, in its own unit."""

    key: str
    words: str
    amount: Any
    is_near: bool


def gap_in_words(
    node: Typed, reader: Reader, row: Mapping[str, Any], *, negated: bool
) -> Gap | None:
    """Return the gap of a failing comparison of a number, None for other conditions."""
    while isinstance(node, Apply) and node.overload == "!:bool":
        node, negated = node.args[0], not negated
    if not isinstance(node, Apply) or len(node.args) != 2:
        return None
    sign = node.overload.partition(":")[0]
    if sign not in _OPPOSITE:
        return None
    left, right = node.args
    if isinstance(left, Const):
        left, right, sign = right, left, _MIRRORED[sign]
    wanted = _OPPOSITE[sign] if negated else sign
    measure = gap_of(node, negated=negated)
    keys = facts_in_order(left)
    if measure is None or not keys or _is_fixed(reader, keys[0], left):
        return None
    amount = measure(row)
    if amount is None:
        return None
    if wanted in "<>":
        amount = _past(evaluate(left, row), evaluate(right, row), amount)
    if span := _span_of(left, right):
        unit, threshold = span
        span = unit, threshold + (wanted == ">")
        return _day_to_wait_for(span, reader, row, keys[0], amount, more=wanted in (">", ">="))
    return _number(reader, row, keys, amount, more=wanted in (">", ">="))


def _past(left: Any, right: Any, amount: Any) -> Any:
    """Return how far whole numbers have to move to lie beyond a threshold, not just on it."""
    return abs(left - right) + 1 if type(left) is int and type(right) is int else amount


def _is_fixed(reader: Reader, key: str, left: Typed) -> bool:
    declared = reader.book.declarations.facts.get(key)
    return isinstance(left, Fact) and declared is not None and declared.immutable


def _span_of(left: Typed, right: Typed) -> tuple[str, int] | None:
    """Return the unit and the threshold of ``years_between(fact, a day) >= n``."""
    if not isinstance(left, Apply) or not isinstance(right, Const):
        return None
    name = left.overload.partition(":")[0]
    is_span = name in _MONTHS or name == "days_between"
    if not is_span or not isinstance(left.args[0], Fact) or not isinstance(left.args[1], Const):
        return None
    return name, int(right.value)


def _day_to_wait_for(
    span: tuple[str, int],
    reader: Reader,
    row: Mapping[str, Any],
    key: str,
    amount: Any,
    *,
    more: bool,
) -> Gap | None:
    """Return how long to wait until a day lies far enough back; what is too old stays so."""
    since = row.get(key)
    if not more or not isinstance(since, date):
        return None
    name, threshold = span
    try:
        until = _after(since, name, threshold)
    except RowError:
        return None
    left = (until - reader.book.as_of).days
    words = ngettext(
        "再过 %(n)d 天即满足（%(fact)s到 %(day)s）",
        "再过 %(n)d 天即满足（%(fact)s到 %(day)s）",
        left,
    )
    said = {"n": left, "fact": reader.name(key), "day": day_text(until)}
    return Gap(key, words % said, amount, left <= FARTHEST_DAYS)


def _after(since: date, name: str, count: int) -> date:
    """Return the day on which so many whole days, months or years have passed."""
    return (
        add_days(since, count)
        if name == "days_between"
        else (add_months(since, count * _MONTHS[name]))
    )


def _number(
    reader: Reader, row: Mapping[str, Any], keys: tuple[str, ...], amount: Any, *, more: bool
) -> Gap | None:
    columns = reader.book.catalogue.columns
    known = [key for key in keys if key in columns]
    types = {columns[key].type for key in known}
    if types != {"money"} and not (len(known) == 1 and types <= {"int", "decimal"}):
        return None
    key = known[0]
    said = {"fact": reader.name(key), "amount": _amount(reader, key, amount)}
    if not more:
        words = gettext("%(fact)s需减少 %(amount)s") % said
    elif types == {"money"}:
        words = gettext("%(fact)s再增加 %(amount)s") % said
    else:
        words = gettext("%(fact)s还差 %(amount)s") % said
    is_money = types == {"money"}
    return Gap(key, words, amount, _is_near(row, known, Decimal(amount) if is_money else amount))


def _is_near(row: Mapping[str, Any], keys: list[str], amount: Any) -> bool:
    if isinstance(amount, int) and amount <= A_FEW and len(keys) == 1:
        return True
    values = [row.get(key) for key in keys]
    held = [Decimal(str(value)) for value in values if isinstance(value, int | float)]
    miss = Decimal(str(amount))
    return bool(held) and miss <= FARTHEST * (abs(sum(held, Decimal(0))) + miss)


def _amount(reader: Reader, key: str, amount: Any) -> str:
    typing = reader.book.catalogue.columns[key]
    if is_share(reader.book.catalogue, key):
        points = (Decimal(str(amount)) * 100).quantize(Decimal("0.01"), ROUND_UP)
        return gettext("%(n)s 个百分点") % {"n": f"{points:f}".rstrip("0").rstrip(".")}
    if typing.type != "money":
        number = f"{amount:,.6g}" if isinstance(amount, float) else f"{amount:,}"
        return f"{number} {unit_of(typing)}".rstrip()
    return say_money(int(amount))


def say_money(fen: int) -> str:
    """Return fen as people say them, never less than they are: from ten thousand yuan on in 万元."""
    if fen < WAN or not counts_by_ten_thousand():
        return gettext("%(amount)s 元") % {"amount": format_fen(fen)}
    wan = (Decimal(fen) / WAN).quantize(Decimal("0.01"), ROUND_UP)
    shown = f"{wan:,.2f}".rstrip("0").rstrip(".")
    return gettext("%(amount)s 万元") % {"amount": shown}
