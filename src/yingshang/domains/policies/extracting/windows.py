"""When one may apply."""

import calendar
import re
from typing import Final

from yingshang.domains.policies.extracting.model import Piece, Window
from yingshang.domains.policies.extracting.numerals import HAN, read_number
from yingshang.domains.policies.extracting.quantities import UNITS
from yingshang.domains.policies.extracting.statements import Statement

_N: Final = rf"(?:\d{{1,2}}|[{HAN}]{{1,3}})"
_DAY: Final = rf"(?:(?P<%sy>20\d\d)年)?(?:(?P<%sm>{_N})月)?(?:(?P<%sd>{_N})[日号]|(?P<%sw>底|末|初|上旬|中旬|下旬))?"


def _day(name: str) -> str:
    return _DAY.replace("%s", name)


SPAN: Final = re.compile(
    rf"(?:(?P<each>每年(?:的)?)|(?P<ay>20\d\d)年)?(?P<am>{_N})月(?:份)?(?:(?P<ad>{_N})[日号]|(?P<aw>初|上旬))?(?:起)?(?:至|到|-|－|—|~|～)+(?:当年)?(?:(?P<by>20\d\d)年|(?P<next>次年|翌年))?(?:(?P<bm>{_N})月(?:份)?)?(?:(?P<bd>{_N})[日号]|(?P<bw>底|末))?"
)
UNTIL: Final = re.compile(
    rf"(?:(?P<each>每年(?:的)?)|(?P<y>20\d\d)年)(?P<m>{_N})月(?:份)?(?:(?P<d>{_N})[日号]|(?P<w>底|末))?(?:之?前|以前|止|截止)"
)
DEADLINE: Final = re.compile(
    rf"(?:截止|截至)(?:日期|时间|到|至)?(?:为|是)?(?:(?P<each>每年(?:的)?)|(?P<y>20\d\d)年)(?P<m>{_N})月(?:份)?(?:(?P<d>{_N})[日号]|(?P<w>底|末))?"
)
FROM: Final = re.compile(rf"(?:自|从)?(?P<y>20\d\d)年(?P<m>{_N})月(?P<d>{_N})[日号]起")
MONTHS: Final = re.compile(
    rf"每年(?:的)?(?P<m>{_N}月(?:份)?(?:[、和及]{_N}月(?:份)?)*)(?!\d|[日号底末前])(?![{HAN}]{{1,3}}[日号])"
)
QUARTERS: Final = re.compile(
    r"每年(?:的)?第?(?P<q>[一二三四1234](?:[、和及]第?[一二三四1234])*)个?季度"
)
HALVES: Final = re.compile(r"每年(?P<h>上半年|下半年)")
WITHIN: Final = re.compile(
    rf"(?:自|从|于|在)?(?P<after>[^，。；：自]{{2,40}}?(?:之日|之后|当日|次日|后(?!续)))(?:起)?(?:的)?(?P<n>[{HAN}\d]{{1,4}})(?P<u>个工作日|工作日|个自然日|个月|月|日|天|年)(?:以|之)?内"
)
ALWAYS: Final = re.compile(
    r"(?:常年|全年|长期|随时|不定期|实时|即时|敞开)(?:开放|可)?(?:受理|申报|申请|接受申报|接受申请|办理|接受)|(?:随报随审|即申即审|随到随审|随时受理|随时申报|常年受理|即报即审)"
)
APPLYING: Final = re.compile(r"申报|申请|受理|申领|填报|提交|登录|递交|报送|截止|窗口|集中")
NOT_APPLYING: Final = re.compile(
    r"施行|有效期|执行期|起执行|拨付|公示|审核完毕|受理之日起|审核通过|评审|办结|抽查|退还|公布名单|兑现到位|印发之日起\d+个工作日内(?:制定|发布)|减免期|完成审核|追回|取消|退还|迁出|不得"
)
ORGANS: Final = re.compile(
    r"^[^，。；]{0,14}(?:局|中心|部门|委员会|银行)(?:应当|应|在|自|于|收到|受理)"
)


def find_window(text: str, statements: list[Statement]) -> Window | None:
    """Return when one may apply: the first statement that says so, sections on the time before others."""
    ordered = sorted(statements, key=lambda s: (s.role != "window", s.start))
    for one in ordered:
        if one.role in ("skip", "exclude") or (
            ORGANS.match(text[one.start : one.end]) and one.role != "window"
        ):
            continue
        found = _read(text, one)
        if found is not None:
            return found
    return None


def _read(text: str, one: Statement) -> Window | None:
    words = text[one.start : one.end]
    if one.role != "window" and (not APPLYING.search(words) or NOT_APPLYING.search(words)):
        return None
    if one.role == "window" and re.search(r"施行|有效期|公示|拨付", words):
        return None
    for reader in (_spans, _within, _deadline, _quarters, _months, _always):
        found = reader(text, one.start, one.end)
        if found is not None:
            return found
    return None


def _spans(text: str, start: int, end: int) -> Window | None:
    spans = [m for m in SPAN.finditer(text, start, end) if m["bm"] or m["bd"] or m["bw"]]
    periods, yearly = [], False
    for match in spans:
        yearly = yearly or bool(match["each"])
        low = _iso(match["ay"], match["am"], match["ad"] or "1", "", yearly)
        high = _iso(
            match["by"] or match["ay"],
            match["bm"] or match["am"],
            match["bd"],
            match["bw"] or "末",
            yearly,
        )
        if low and high:
            periods.append((low, high))
    if not periods or any((len(a) == 5) != yearly for a, _ in periods):
        return None
    return Window(
        "yearly" if yearly else "dates", Piece(spans[0].start(), spans[-1].end()), tuple(periods)
    )


def _deadline(text: str, start: int, end: int) -> Window | None:
    match = DEADLINE.search(text, start, end) or UNTIL.search(text, start, end)
    if match:
        day = _iso(match["y"], match["m"], match["d"], match["w"] or "末", bool(match["each"]))
        if day:
            return Window(
                "yearly" if match["each"] else "dates", Piece(*match.span()), ((None, day),)
            )
    begun = FROM.search(text, start, end)
    if begun and re.search(r"受理|申报|申请", text[start:end]):
        day = _iso(begun["y"], begun["m"], begun["d"], "", False)
        return Window("dates", Piece(*begun.span()), ((day, None),)) if day else None
    return None


def _quarters(text: str, start: int, end: int) -> Window | None:
    match = QUARTERS.search(text, start, end)
    half = HALVES.search(text, start, end)
    if match:
        numbers = [int(read_number(c) or 0) for c in re.findall(r"[一二三四1234]", match["q"])]
        periods = tuple((f"{3 * q - 2:02}-01", _yearly(3 * q, 31)) for q in numbers)
        return Window("yearly", Piece(*match.span()), periods)
    if half:
        months = (1, 6) if half["h"] == "上半年" else (7, 12)
        return Window(
            "yearly", Piece(*half.span()), ((f"{months[0]:02}-01", _yearly(months[1], 31)),)
        )
    return None


def _months(text: str, start: int, end: int) -> Window | None:
    match = MONTHS.search(text, start, end)
    if not match:
        return None
    numbers = [int(read_number(n) or 0) for n in re.findall(rf"({_N})月", match["m"])]
    if not all(1 <= n <= 12 for n in numbers):
        return None
    return Window(
        "yearly", Piece(*match.span()), tuple((f"{n:02}-01", _yearly(n, 31)) for n in numbers)
    )


def _within(text: str, start: int, end: int) -> Window | None:
    match = WITHIN.search(text, start, end)
    if not match or not (number := read_number(match["n"])):
        return None
    vague = match["after"].endswith("后") and not match["after"].endswith("之后")
    if vague and not re.search(r"申请|申报|提出|提交", text[match.end() : match.end() + 14]):
        return None
    begin = match.start("after")
    lead = re.match(
        r"(?:[^，。；]{0,8}?(?:企业|单位|申请人)(?:应当|应|须|可)?)?(?:自|于|在|从)",
        text[begin : match.end("after")],
    )
    begin += lead.end() if lead else 0
    return Window(
        "within",
        Piece(match.start(), match.end()),
        value=int(number),
        unit=UNITS[match["u"]][0],
        after=Piece(begin, match.end("after")),
    )


def _always(text: str, start: int, end: int) -> Window | None:
    match = ALWAYS.search(text, start, end)
    return Window("always", Piece(*match.span())) if match else None


def _iso(
    year: str | None, month: str | None, day: str | None, word: str, yearly: bool
) -> str | None:
    number = int(read_number(month) or 0) if month else 0
    if not 1 <= number <= 12 or (year is None and not yearly):
        return None
    date = int(read_number(day) or 0) if day else 31 if word in ("底", "末") else 1
    if not 1 <= date <= 31:
        return None
    if yearly:
        return _yearly(number, date)
    last = calendar.monthrange(int(year or 0), number)[1]
    return f"{int(year or 0):04}-{number:02}-{min(date, last):02}"


def _yearly(month: int, day: int) -> str:
    last = 28 if month == 2 else calendar.monthrange(2025, month)[1]
    return f"{month:02}-{min(day, last):02}"
