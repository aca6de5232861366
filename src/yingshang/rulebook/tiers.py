"""Steps of an amount (分档) in the text of its base: added, changed and taken out in place."""

from typing import Any, Final

from django.utils.translation import gettext

from yingshang.rulebook.amounts import Base, Result, Tier, read_fen
from yingshang.rulebook.given import Given
from yingshang.rulebook.rowfields import BadField, RowFields
from yingshang.rulebook.writing.changes import change_within
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Path, Source
from yingshang.rulebook.writing.rows import edits_between, write_row
from yingshang.rules.errors import RuleFault
from yingshang.rules.parsing import parse

_FIRST: Final[dict[str, tuple[str, Any]]] = {
    "bool": ("yes", None), "money": (">=", 0), "int": (">=", 0), "decimal": (">=", 0),
    "date": ("years>=", 1),
}  # fmt: skip


def change_tiers(source: Source, one: Result, data: Given, mark: str, rows: RowFields) -> Source:
    """Bring what was typed about tiers into the text, from the last to the first.

    Raises ``BadField``, ``RuleFault``, ``CannotEdit``.
    """
    assert one.base is not None
    path = (*one.path, "base")
    for place, tier in reversed(list(enumerate(one.base.tiers))):
        source = _change_amount(source, path, tier, data, f"{mark}-tier{place}")
        source = _change_condition(source, path, tier, data, f"{mark}-when{place}", rows)
    return source


def _change_amount(source: Source, path: Path, tier: Tier, data: Given, name: str) -> Source:
    typed = data.get(name).strip()
    if tier.fen is not None and typed:
        fen = read_fen(typed, data.get(f"{name}-unit", "yuan"))
        return source if fen == tier.fen else change_within(source, path, *tier.fen_span, str(fen))
    if tier.fen is None and typed and typed.replace("\r\n", "\n") != tier.text:
        parse(typed)
        return change_within(source, path, *tier.span, typed)
    return source


def _change_condition(
    source: Source, path: Path, tier: Tier, data: Given, name: str, rows: RowFields
) -> Source:
    start, end = tier.condition_span
    if tier.row is not None and f"{name}-sign" in data and rows.fields(tier.row) is not None:
        given = {
            "sign": data.get(f"{name}-sign"), "value": data.get(f"{name}-value"),
            "unit": data.get(f"{name}-unit"), "chosen": data.all(f"{name}-chosen"),
        }  # fmt: skip
        wanted = rows.read(tier.row.fact, given, tier.row)
        for first, last, new in edits_between(tier.condition, tier.row, wanted):
            source = change_within(source, path, start + first, start + last, new)
        return source
    typed = data.get(name, tier.condition).replace("\r\n", "\n").strip()
    if typed == tier.condition.strip():
        return source
    parse(typed)
    return change_within(source, path, start, end, typed)


def add_tier(source: Source, one: Result, fact: str, rows: RowFields) -> Source:
    """Put in a step before what holds otherwise: by a fact, or like the last step where none is named.

    Its amount is that of the step above, to be changed. Raises ``BadField``, ``CannotEdit``.
    """
    base = one.base
    if base is None or base.kind not in ("fixed", "tiers"):
        raise CannotEdit
    steps = [tier for tier in base.tiers if tier.condition]
    if not fact and not steps:
        raise BadField(gettext("请选择按哪个数据项分档"))
    condition = first_condition(rows, fact) if fact else steps[-1].condition
    amount = steps[-1].text if steps else base.text[slice(*base.span)]
    at = base.tiers[-1].span[0] if steps else base.span[0]
    return _changed(source, one, at, at, f"{condition} ? {amount} : ")


def first_condition(rows: RowFields, fact: str) -> str:
    """Return a condition on a fact with which a step begins; raises ``BadField``."""
    typing = rows.typing(fact)
    found = _FIRST.get(typing.type) if typing is not None else None
    if found is not None:
        sign, value = found
        return write_row(fact, sign, () if value is None else (value,))
    codes = rows.codes_of(fact)
    if not codes:
        raise BadField(gettext("分档可以按金额、人数、比例、日期、是否或有代码表的数据项"))
    return write_row(fact, "==", (codes[0],))


def remove_tier(source: Source, one: Result, place: int) -> Source:
    """Take a step out; with the last one what holds otherwise is left. Raises ``CannotEdit``."""
    tiers: tuple[Tier, ...] = one.base.tiers if isinstance(one.base, Base) else ()
    if not 0 <= place < len(tiers) - 1:
        raise CannotEdit
    following = tiers[place + 1]
    until = following.condition_span[0] if following.condition else following.span[0]
    return _changed(source, one, tiers[place].condition_span[0], until, "")


def _changed(source: Source, one: Result, start: int, end: int, new: str) -> Source:
    path = (*one.path, "base")
    changed = change_within(source, path, start, end, new)
    try:
        parse(changed.get(path))
    except RuleFault as fault:
        raise CannotEdit from fault
    return changed
