"""Which type a derived scalar has, and whether its operator fits what it is derived from."""

from collections.abc import Mapping

from yingshang.facts.declaring import (
    Count,
    DerivationDeclaration,
    FactTypeDeclaration,
    Grew,
    Growth,
    How,
    Latest,
    NoneWithin,
    PeriodBack,
    Ratio,
    Related,
    Total,
    Typing,
)

Types = Mapping[str, FactTypeDeclaration]
Derivations = Mapping[str, DerivationDeclaration]
_NUMBERS = ("int", "money", "decimal")


class NotDerivable(ValueError):
    """The operator does not fit the shape or type of what it is applied to."""


def type_of(declared: DerivationDeclaration, types: Types, derived: Derivations) -> Typing:
    """Return the type of a derived scalar; raises :class:`NotDerivable`.

    The inputs must be known and free of circles.
    """
    how = declared.how
    found = _related(how, declared.of, types, derived) if isinstance(how, Related) else None
    if found is None:
        found = _by_operator(declared, how, types, derived)
    return found.model_copy(update={"unit": declared.unit}) if declared.unit else found


def _by_operator(
    declared: DerivationDeclaration, how: How, types: Types, derived: Derivations
) -> Typing:
    if isinstance(how, Ratio):
        return _ratio(declared, how, types, derived)
    source = types.get(declared.of)
    shape = source.shape if source else "scalar"
    if source is None or shape == "scalar":
        raise NotDerivable(f"{declared.of} 是单值，{how.op} 只能用于序列或记录")
    if isinstance(how, PeriodBack | Grew | Growth):
        return _over_series(source, how)
    if isinstance(how, Count | NoneWithin):
        _demand(shape == "records", f"{how.op} 只能用于记录")
        return Typing(type="int" if isinstance(how, Count) else "bool")
    if isinstance(how, Total):
        return _total(source, how)
    assert isinstance(how, Latest)
    return _column(source, how.field)


def _over_series(source: FactTypeDeclaration, how: PeriodBack | Grew | Growth) -> Typing:
    _demand(source.shape == "series", f"{how.op} 只能用于序列")
    if isinstance(how, PeriodBack):
        return _plain(source)
    _demand(source.type in _NUMBERS, f"{how.op} 需要数值，{source.key} 是 {source.type}")
    return Typing(type="bool" if isinstance(how, Grew) else "decimal")


def _total(source: FactTypeDeclaration, how: Total) -> Typing:
    column = _column(source, how.field)
    _demand(column.type in _NUMBERS, f"{how.op} 需要数值，这里是 {column.type}")
    wanted = "periods" if source.shape == "series" else "months"
    other = "months" if wanted == "periods" else "periods"
    _demand(getattr(how, other) is None, f"{source.key} 请用 {wanted} 写明范围，不用 {other}")
    _demand(source.shape == "records" or how.periods is not None, "请用 periods 写明期数")
    return Typing(type="decimal") if how.op == "average" else column


def _ratio(
    declared: DerivationDeclaration, how: Ratio, types: Types, derived: Derivations
) -> Typing:
    shapes = set()
    for key in (declared.of, how.over):
        source = types.get(key)
        _demand(source is None or source.shape != "records", f"{key} 是记录，不能相除")
        typing = source or type_of(derived[key], types, derived)
        _demand(typing.type in _NUMBERS, f"{key} 不是数值")
        shapes.add((source.shape, source.period) if source else ("scalar", None))
    _demand(len(shapes) == 1, f"{declared.of} 与 {how.over} 应同为单值或同周期的序列")
    return Typing(type="decimal")


def _related(how: Related, key: str, types: Types, derived: Derivations) -> Typing | None:
    if how.take == "count":
        return Typing(type="int")
    source = types.get(key)
    typing = source or type_of(derived[key], types, derived)
    is_records = source is not None and source.shape == "records"
    if how.take == "none":
        is_flag = typing.type == "bool" and (source is None or source.shape == "scalar")
        _demand(is_flag or is_records, f"{key} 应是是否值或记录")
        return Typing(type="bool")
    _demand(source is None or source.shape == "scalar", f"{key} 应是单值")
    return _plain(typing)


def _column(source: FactTypeDeclaration, field: str) -> Typing:
    if source.shape == "series":
        _demand(not field, "序列没有字段，不写 field")
        return _plain(source)
    _demand(bool(field), "记录请用 field 写明取哪个字段")
    found = source.field_by_key.get(field)
    _demand(found is not None, f"{source.key} 没有字段 {field}")
    assert found is not None
    return _plain(found)


def _plain(typing: Typing) -> Typing:
    return Typing(type=typing.type, unit=typing.unit, code_list=typing.code_list)


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotDerivable(otherwise)
