"""Numbers with their units and the words that compare them, under article 1259 of the Civil Code.

以上、以下、以内、届满 include the number, 不满、超过、以外 do not; what stands in brackets goes before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from yingshang.domains.policies.extracting.model import Op
from yingshang.domains.policies.extracting.numerals import (
    HAN,
    NUMBER,
    SHARE,
    as_json_number,
    read_number,
    read_share,
)

UNITS: Final[dict[str, tuple[str, int]]] = {
    "元人民币": ("元", 1),
    "元/亩": ("元/亩", 1),
    "元": ("元", 1),
    "美元": ("美元", 1),
    "美金": ("美元", 1),
    "欧元": ("欧元", 1),
    "港元": ("港元", 1),
    "港币": ("港元", 1),
    "日元": ("日元", 1),
    "英镑": ("英镑", 1),
    "个百分点": ("point", 1),
    "吨标准煤": ("吨标准煤", 1),
    "吨标煤": ("吨标准煤", 1),
    "吨": ("吨", 1),
    "平方米": ("平方米", 1),
    "平米": ("平方米", 1),
    "㎡": ("平方米", 1),
    "亩": ("亩", 1),
    "公顷": ("公顷", 1),
    "立方米": ("立方米", 1),
    "千瓦时": ("千瓦时", 1),
    "兆瓦时": ("千瓦时", 1000),
    "度": ("千瓦时", 1),
    "千瓦": ("千瓦", 1),
    "兆瓦": ("千瓦", 1000),
    "蒸吨": ("蒸吨", 1),
    "个工作日": ("工作日", 1),
    "工作日": ("工作日", 1),
    "个月": ("月", 1),
    "月": ("月", 1),
    "个自然日": ("日", 1),
    "自然日": ("日", 1),
    "日": ("日", 1),
    "天": ("日", 1),
    "个年度": ("年", 1),
    "年度": ("年", 1),
    "周年": ("年", 1),
    "年": ("年", 1),
    "周岁": ("岁", 1),
    "岁": ("岁", 1),
    "人次": ("人次", 1),
    "人": ("人", 1),
    "名": ("人", 1),
    "位": ("人", 1),
    "家次": ("家次", 1),
    "家": ("家", 1),
    "户": ("家", 1),
    "项": ("项", 1),
    "个": ("项", 1),
    "件": ("件", 1),
    "台（套）": ("台", 1),
    "台套": ("台", 1),
    "台": ("台", 1),
    "套": ("套", 1),
    "次": ("次", 1),
    "课时": ("课时", 1),
    "学时": ("课时", 1),
    "小时": ("小时", 1),
    "分": ("分", 1),
    "场": ("场", 1),
    "笔": ("笔", 1),
    "单": ("单", 1),
    "篇": ("篇", 1),
    "辆": ("辆", 1),
    "间": ("间", 1),
}
_UNIT: Final = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_NO_UNIT: Final = r"(?!性|度报|有|同|期)"
DATE: Final = r"20\d\d年\d{1,2}月\d{1,2}日"
QUANTITY: Final = re.compile(
    rf"(?P<date>{DATE})"
    rf"|(?P<share>{SHARE})"
    rf"|(?:人民币)?(?P<number>{NUMBER})(?P<some>余)?(?P<unit>{_UNIT}){_NO_UNIT}"
    r"|(?P<double>翻一番|翻番|翻倍)"
    r"|(?P<negative>为负数?|亏损)|(?P<positive>为正数?|盈利(?=的|，|。|且|、|；|企业|$))"
    rf"|(?P<bare>{NUMBER})(?=(?:[至到\-－—~～]|与|和){NUMBER}(?:{_UNIT}|%))"
)
# Times that say of when a figure is, and words that only look like numbers.
NOT_A_QUANTITY: Final = re.compile(
    rf"(?:最近|(?<![以及])上|近|(?<!以)前|每|第|同|(?<![以及])下|任|(?<!以)后|首|唯|某|另|过去)(?:[{HAN}\d]{{1,3}})"
    rf"(?:个)?(?:会计年度|完整会计年度|年度|年|月|周年|次|期|批|类|档|层|条|款|项|季度|半年|天|日|户|人|名|家|单|笔|台)内?"
    r"|20\d\d(?:年度|年第[一二三四]季度|年\d{1,2}月(?!\d)|年)(?!\d{1,2}月\d{1,2}日)"
    rf"|连续(?:[{HAN}\d]{{1,2}})(?:个)?(?:年度|季度|年|月)"
    rf"|[{HAN}\d]级|第[{HAN}\d]{{1,3}}[条款项年批]|[{HAN}\d]{{1,2}}(?:月\d{{0,2}}日?)(?:至|起)"
    rf"|[{HAN}\d]{{1,3}}年内(?=[^，。；]{{0,12}}?(?:不少于|不低于|达到|累计|超过|获得|取得|授权|新增|研发))"
    r"|一般|一次性|一定|一致|一律|统一|一体|一人一|一企一|十分|千方百计|百强|万元产值|万元GDP"
)

BEFORE: Final[tuple[tuple[str, Op], ...]] = (
    ("不得低于", ">="),
    ("不得少于", ">="),
    ("不得小于", ">="),
    ("不得超过", "<="),
    ("不得高于", "<="),
    ("不得多于", "<="),
    ("不得大于", "<="),
    ("不得晚于", "<="),
    ("不能低于", ">="),
    ("不能超过", "<="),
    ("不低于", ">="),
    ("不少于", ">="),
    ("不小于", ">="),
    ("不短于", ">="),
    ("不早于", ">="),
    ("不超过", "<="),
    ("不高于", "<="),
    ("不多于", "<="),
    ("不大于", "<="),
    ("不长于", "<="),
    ("不晚于", "<="),
    ("未超过", "<="),
    ("未达到", "<"),
    ("未达", "<"),
    ("尚未满", "<"),
    ("不足", "<"),
    ("不满", "<"),
    ("未满", "<"),
    ("不到", "<"),
    ("低于", "<"),
    ("少于", "<"),
    ("小于", "<"),
    ("短于", "<"),
    ("早于", "<"),
    ("超过", ">"),
    ("超", ">"),
    ("高于", ">"),
    ("大于", ">"),
    ("多于", ">"),
    ("晚于", ">"),
    ("达到", ">="),
    ("已达", ">="),
    ("已满", ">="),
    ("届满", ">="),
    ("达", ">="),
    ("满", ">="),
    ("至少", ">="),
    ("最少", ">="),
    ("突破", ">="),
    ("至多", "<="),
    ("最多", "<="),
    ("大于等于", ">="),
    ("小于等于", "<="),
)
AFTER: Final = re.compile(
    r"(?P<within>（(?:不含|含)(?:本数|本级|当日)?）)?"
    r"(?P<word>及?以上|或以上|及?以下|或以下|以内|之内|以外|及以后|以后|之后|以前|之前|前|起|内|上下)?"
    r"(?P<after>（(?:不含|含)(?:本数|本级|当日)?）)?"
)
WORDS_AFTER: Final[dict[str, Op]] = {
    "以上": ">=",
    "以下": "<=",
    "以内": "<=",
    "之内": "<=",
    "内": "<=",
    "以外": ">",
    "以后": ">=",
    "以前": "<=",
    "之后": ">",
    "之前": "<",
    "前": "<=",
    "起": ">=",
}
FAR: Final = re.compile(
    rf"({'|'.join(sorted((word for word, _ in BEFORE), key=len, reverse=True))})[^，。；\d]{{2,16}}$"
)
OPEN: Final[dict[Op, Op]] = {">=": ">", "<=": "<"}
CLOSED: Final[dict[Op, Op]] = {">": ">=", "<": "<="}
OPPOSITE: Final[dict[Op, Op]] = {
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "<": ">=",
    "is true": "is false",
    "is false": "is true",
    "==": "not in",
    "in": "not in",
    "not in": "in",
}
LINK: Final = re.compile(
    r"(?:应当|应|须|需|必须|要|均|已|累计|合计|分别|就|只)*(?:在|为|是|有|于|介于)?(?:人民币)?$"
)


@dataclass(frozen=True)
class Quantity:
    """A number with unit; ``start`` and ``end`` take in the words that compare it.

    ``number_at`` is where the number itself begins, ``number_end`` where its unit ends, ``compared``
    whether any word compares it, ``before`` whether one stands before it.
    """

    value: int | float | str
    unit: str
    op: Op
    start: int
    end: int
    number_at: int
    number_end: int
    compared: bool
    before: bool = False

    @property
    def is_money(self) -> bool:
        """Tell whether it is a sum in yuan."""
        return self.unit == "元"

    @property
    def is_share(self) -> bool:
        """Tell whether it is a percentage."""
        return self.unit == "percent"


def find_quantities(text: str, start: int, end: int) -> list[Quantity]:
    """Return the quantities of one segment of plain text, in order; linear in its length."""
    hidden = [m.span() for m in NOT_A_QUANTITY.finditer(text, start, end)]
    found = []
    for match in QUANTITY.finditer(text, start, end):
        if any(a <= match.start() < b for a, b in hidden) and match["date"] is None:
            continue
        read = _measured(match)
        if read is not None:
            found.append(_compared(text, match, read, start, end))
    return list(_with_units(found, text))


def _measured(match: re.Match[str]) -> tuple[int | float | str, str] | None:
    if match["date"]:
        return _day(match["date"])
    if match["share"]:
        value = read_share(match["share"])
        return None if value is None else (as_json_number(value), "percent")
    if match["double"]:
        return 100, "percent"
    if match["negative"] or match["positive"]:
        return 0, "元"
    number = read_number(match["number"] or match["bare"])
    return None if number is None else _in_units(number, match["unit"])


def _in_units(number: Decimal, unit: str | None) -> tuple[int | float, str]:
    name, factor = UNITS[unit] if unit else ("", 1)
    return as_json_number(number * factor), name


def _day(words: str) -> tuple[str, str] | None:
    year, month, day = (int(n) for n in re.findall(r"\d+", words))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04}-{month:02}-{day:02}", "date"


def _compared(
    text: str, match: re.Match[str], read: tuple[int | float | str, str], start: int, end: int
) -> Quantity:
    value, unit = read
    if match["negative"] or match["positive"]:
        return Quantity(
            value,
            unit,
            "<" if match["negative"] else ">",
            match.start(),
            match.end(),
            match.start(),
            match.end(),
            True,
        )
    begin, before = _word_before(text, match.start(), start)
    after = AFTER.match(text, match.end(), end)
    assert after is not None
    stop, op = _word_after(after, before, unit)
    compared = before is not None or stop > match.end()
    op = op or before or "=="
    if match["double"]:
        op, compared = ">=", True
    return Quantity(
        value, unit, op, begin, stop, match.start(), match.end(), compared, before is not None
    )


def _word_before(text: str, at: int, start: int) -> tuple[int, Op | None]:
    """Return where the comparing words begin and what they say; blanks and fillers are passed over."""
    head = text[max(start, at - 14) : at]
    core = re.sub(r"(?:人民币|第)$", "", head)
    for word, op in BEFORE:
        if core.endswith(word):
            left = core[: -len(word)]
            link = LINK.search(left)
            return at - len(head) + (link.start() if link else len(left)), op
    link = LINK.search(core)
    return at - len(head) + (link.start() if link else len(core)), None


def find_far_comparison(words: str) -> Op | None:
    """Return what compares a share whose base stands between: ``不超过合同金额的``50%."""
    found = FAR.search(words)
    return dict(BEFORE)[found[1]] if found else None


def _word_after(after: re.Match[str], before: Op | None, unit: str) -> tuple[int, Op | None]:
    word = (after["word"] or "").removeprefix("及").removeprefix("或")
    if word in ("以前", "以后", "前", "起", "之前", "之后") and unit != "date":
        word = ""
    if word == "内" and unit not in ("年", "月", "日", "工作日", "小时"):
        word = ""
    op = WORDS_AFTER.get(word) if before in (None, ">=") else before
    bracket = after["within"] or after["after"] or ""
    base = op or before
    if base and bracket:
        op = OPEN.get(base, base) if bracket.startswith("（不含") else CLOSED.get(base, base)
    stop = after.end() if word else (after.end("within") if after["within"] else after.start())
    return stop, op


def _with_units(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Give the first number of ``20至60万元`` the unit (and the scale) of the second."""
    for place, one in enumerate(found):
        if one.unit:
            yield one
        elif place + 1 < len(found):
            yield _borrowing(one, found[place + 1], text)


def _borrowing(one: Quantity, other: Quantity, text: str) -> Quantity:
    value = one.value
    words = text[other.number_at : other.number_end]
    own = text[one.number_at : one.number_end]
    scale = re.search(r"[千百万亿]+(?=[^千百万亿\d]*$)", words)
    if scale and not re.search(r"[千百万亿]", own) and isinstance(value, int | float):
        factor = read_number("1" + scale[0])
        value = as_json_number(Decimal(str(value)) * (factor or 1))
    return Quantity(
        value, other.unit, one.op, one.start, one.end, one.number_at, one.number_end, one.compared
    )
