"""The types of the language and how people call them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Type:
    """A type; a list also has the type of its items."""

    name: str
    item: "Type | None" = None

    def __str__(self) -> str:
        label = LABELS.get(self.name, self.name)
        return f"{label}（项为{self.item}）" if self.item is not None else label


LABELS: Final = {
    "bool": "是否值 bool",
    "int": "整数 int",
    "uint": "无符号整数 uint",
    "double": "小数 double",
    "string": "文本 string",
    "timestamp": "时刻 timestamp",
    "duration": "时长 duration",
    "date": "日期 date",
    "null": "null",
    "list": "列表 list",
    "any": "类型未知",
}
BOOL, INT, UINT, DOUBLE = Type("bool"), Type("int"), Type("uint"), Type("double")
STRING, NULL, ANY = Type("string"), Type("null"), Type("any")
TIMESTAMP, DURATION, DATE = Type("timestamp"), Type("duration"), Type("date")
NUMBERS: Final = frozenset({INT, UINT, DOUBLE})
ORDERED: Final = NUMBERS | {BOOL, STRING, TIMESTAMP, DURATION, DATE}
NAMED: Final = {t.name: t for t in (BOOL, INT, UINT, DOUBLE, STRING, TIMESTAMP, DURATION, DATE)}


def is_fact_type(kind: Type) -> bool:
    """Whether values of the type can be facts; what files hold besides goes by its own name."""
    return is_fact_type(kind.item) if kind.item is not None else kind.name in LABELS


def list_of(item: Type) -> Type:
    """Return the type of lists of ``item``."""
    return Type("list", item)


def join(left: Type, right: Type) -> Type | None:
    """Return the type that both are, an unknown one giving way; None where there is none."""
    if left == right or right == ANY:
        return left
    if left == ANY:
        return right
    if left.item is not None and right.item is not None:
        item = join(left.item, right.item)
        return None if item is None else list_of(item)
    return None


def is_equatable(left: Type, right: Type) -> bool:
    """Whether ``==`` may stand between them: the same type, or numbers of different kinds."""
    if left.item is not None and right.item is not None:
        return is_equatable(left.item, right.item)
    return join(left, right) is not None or {left, right} <= NUMBERS


def parse_type(text: str) -> Type | None:
    """Read ``int``, ``date``, ``list(string)``…; ``code`` is text and ``money`` whole fen."""
    if len(text) > 100:
        return None
    word = {"code": "string", "money": "int", "fen": "int", "integer": "int"}.get(text, text)
    if word in NAMED:
        return NAMED[word]
    if word.startswith(("list(", "list<")) and word.endswith((")", ">")):
        item = parse_type(word[5:-1])
        return None if item is None else list_of(item)
    return None
