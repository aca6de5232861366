"""Which column of a file is which fact: by key or by label, with period, field and unit.

| header | means |
|---|---|
| ``subject``, ``统一社会信用代码`` | whom the row is about |
| ``enterprise.staff``, ``从业人数`` | a scalar |
| ``enterprise.revenue:2025``, ``营业收入（2025，万元）`` | a series in one period |
| ``enterprise.penalties.fine``, ``行政处罚/罚没金额（元）`` | a field of one record per row |
| ``enterprise.penalties#item``, ``行政处罚#编号`` | what tells the records of a subject apart |
| ``valid_from``, ``生效日期``; ``valid_to``, ``截止日期`` | since when and till when the row is true |

Money under a key is in fen; under a label the header says the unit, because people mean yuan.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import FactTypeDeclaration, Typing
from yingshang.facts.loading_cells import UNITS
from yingshang.facts.periods import period_number
from yingshang.kernel.errors import Invalid

SUBJECT = ("subject", "code", "统一社会信用代码", "信用代码")
VALID_FROM = ("valid_from", "生效日期")
VALID_TO = ("valid_to", "截止日期")
ITEM = ("item", "编号")
_PARTS = re.compile(
    r"(?P<name>.+?)\s*(?:[（(](?P<inside>[^（）()]*)[）)]|[:：](?P<period>[^:：]+))?"
)


class ColumnUnknown(Invalid):
    """A column of the file is no fact."""

    code = "fact_column_unknown"
    message = _("无法识别列“%(column)s”：%(why)s")


class ColumnsUnfit(Invalid):
    """The columns of the file do not make a load."""

    code = "fact_columns_unfit"
    message = _("文件的列不合要求：%(why)s")


@dataclass(frozen=True)
class ValueColumn:
    """A column that holds a scalar, a series in one period, or a field of a record."""

    place: int
    header: str
    declared: FactTypeDeclaration
    typing: Typing
    item: str = ""
    field: str = ""
    factor: int = 1


@dataclass
class Layout:
    """What the columns of a file are; ``records`` and ``items`` by the key of the record type."""

    subject: int = -1
    valid_from: int = -1
    valid_to: int = -1
    values: list[ValueColumn] = field(default_factory=list)
    records: dict[str, list[ValueColumn]] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    headers: list[str] = field(default_factory=list)

    @property
    def types(self) -> dict[str, FactTypeDeclaration]:
        """Return the fact types that the file has values of."""
        columns = [*self.values, *(one for fields in self.records.values() for one in fields)]
        return {one.declared.key: one.declared for one in columns}


def read_layout(header: Iterable[str], catalogue: Catalogue) -> Layout:
    """Return what the columns are; raises :class:`ColumnUnknown` and :class:`ColumnsUnfit`."""
    names = _Names(catalogue)
    layout = Layout(headers=list(header))
    seen: dict[tuple[str, str, str], str] = {}
    for place, text in enumerate(layout.headers):
        if not text:
            raise ColumnUnknown(params={"column": f"第 {place + 1} 列", "why": "没有列名"})
        _take(layout, names, place, text, seen)
    if layout.subject < 0:
        raise ColumnsUnfit(params={"why": "缺少“统一社会信用代码”（subject）列"})
    if not layout.types:
        raise ColumnsUnfit(params={"why": "没有任何数据项的列"})
    for key, fields in layout.records.items():
        _demand_dated(catalogue.types[key], fields)
    return layout


def _take(
    layout: Layout, names: "_Names", place: int, text: str, seen: dict[tuple[str, str, str], str]
) -> None:
    for words, attribute in (
        (SUBJECT, "subject"),
        (VALID_FROM, "valid_from"),
        (VALID_TO, "valid_to"),
    ):
        if text.lower() in words:
            if getattr(layout, attribute) >= 0:
                raise ColumnUnknown(params={"column": text, "why": "同样的列已经有一个"})
            setattr(layout, attribute, place)
            return
    base, mark, what = text.partition("#")
    if mark:
        layout.items[names.records(base.strip(), what.strip(), text)] = place
        return
    column = names.column(place, text)
    name = (column.declared.key, column.item, column.field)
    if name in seen:
        raise ColumnUnknown(params={"column": text, "why": f"与列“{seen[name]}”重复"})
    seen[name] = text
    if column.field:
        layout.records.setdefault(column.declared.key, []).append(column)
    else:
        layout.values.append(column)


def _demand_dated(declared: FactTypeDeclaration, fields: Iterable[ValueColumn]) -> None:
    if declared.dated not in {column.field for column in fields}:
        label = declared.field_by_key[declared.dated].label
        raise ColumnsUnfit(params={"why": f"“{declared.label}”缺少“{label}”列"})


class _Names:
    """Facts by key and by label; a label that two facts share names neither."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.labels: dict[str, FactTypeDeclaration | None] = {}
        for declared in catalogue:
            for label in {declared.label, declared.label_en}:
                self.labels[label] = None if label in self.labels else declared

    def fact(self, name: str, header: str) -> FactTypeDeclaration:
        """Return the fact type of a name; raises :class:`ColumnUnknown` with the nearest names."""
        if name in self.catalogue.types:
            return self.catalogue.types[name]
        if name in self.catalogue.derivations:
            why = "是派生项，由系统计算，不能导入"
            raise ColumnUnknown(params={"column": header, "why": why})
        if name in self.labels:
            found = self.labels[name]
            if found is not None:
                return found
            raise ColumnUnknown(
                params={"column": header, "why": "有多个数据项叫这个名称，请写标识"}
            )
        known = [*self.catalogue.types, *self.labels]
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"，是不是“{near[0]}”？" if near else "，请改为目录中的名称或标识，或删去这一列"
        raise ColumnUnknown(params={"column": header, "why": "数据目录中没有" + hint})

    def records(self, name: str, what: str, header: str) -> str:
        """Return the key of the records whose identifier a header names."""
        declared = self.fact(name, header)
        if what not in ITEM or declared.shape != "records":
            why = "“#”之后只能写“编号”（item），用来区分同一主体的多条记录"
            raise ColumnUnknown(params={"column": header, "why": why})
        return declared.key

    def column(self, place: int, header: str) -> ValueColumn:
        """Return what a header names."""
        match = _PARTS.fullmatch(header)
        assert match is not None
        name = match["name"].strip()
        if self._is_known(header):
            name, inside = header, []
        else:
            inside = re.split(r"[，,、\s]+", (match["inside"] or match["period"] or "").strip())
        declared, field_key = self._fact_and_field(name, header)
        typing: Typing = declared.field_by_key[field_key] if field_key else declared
        period, unit = _period_and_unit(declared, [word for word in inside if word], header)
        if declared.shape == "series" and not period:
            raise ColumnUnknown(
                params={"column": header, "why": "是按期数据，请写明期间，如“营业收入（2025，元）”"}
            )
        by_key = name in self.catalogue.types or "." in name
        factor = _factor(typing, unit, header, by_key=by_key)
        return ValueColumn(place, header, declared, typing, period, field_key, factor)

    def _is_known(self, name: str) -> bool:
        return name in self.catalogue.types or self.labels.get(name) is not None

    def _fact_and_field(self, name: str, header: str) -> tuple[FactTypeDeclaration, str]:
        if not self._is_known(name):
            for mark in ("/", "."):
                base, found, last = name.rpartition(mark)
                if found and self._is_known(base.strip()):
                    return self._field(self.fact(base.strip(), header), last.strip(), header)
        declared = self.fact(name, header)
        if declared.shape == "records":
            sample = f"{declared.label}/{declared.fields[0].label}"
            why = f"是记录，请按字段分列，如“{sample}”"
            raise ColumnUnknown(params={"column": header, "why": why})
        return declared, ""

    @staticmethod
    def _field(
        declared: FactTypeDeclaration, name: str, header: str
    ) -> tuple[FactTypeDeclaration, str]:
        for one in declared.fields:
            if name in (one.key, one.label, one.label_en):
                return declared, one.key
        known = "、".join(one.label for one in declared.fields)
        why = f"“{declared.label}”的字段有：{known}" if known else f"“{declared.label}”没有字段"
        raise ColumnUnknown(params={"column": header, "why": why})


def _period_and_unit(
    declared: FactTypeDeclaration, words: Iterable[str], header: str
) -> tuple[str, str]:
    period = unit = ""
    for word in words:
        if word in UNITS or word == declared.unit:
            unit = word
        elif declared.period and _is_period(word, declared):
            period = word.removesuffix("年")
        elif word not in {one.unit for one in declared.fields}:
            raise ColumnUnknown(params={"column": header, "why": f"不认识“{word}”"})
    return period, unit


def _is_period(word: str, declared: FactTypeDeclaration) -> bool:
    assert declared.period is not None
    try:
        period_number(word.removesuffix("年"), declared.period)
    except ValueError:
        return False
    return True


def _factor(typing: Typing, unit: str, header: str, *, by_key: bool) -> int:
    if typing.type != "money":
        return 1
    if unit:
        return UNITS[unit]
    if by_key:
        return 1
    why = f"是金额，请在列名中写明单位，如“{header}（万元）”"
    raise ColumnUnknown(params={"column": header, "why": why})


def sources_of(types: Mapping[str, FactTypeDeclaration]) -> list[str]:
    """Return the authoritative sources of fact types, in order."""
    return sorted({declared.source for declared in types.values()})
