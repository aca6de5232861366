"""Deadlines as plans write them: 9月, 2024年6月底前, 一季度, 上半年, 年内, 持续推进."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from yingshang.domains.plans.parsing.numbering import FULL_WIDTH, han_number

HAN = "[〇零一二三四五六七八九十]"
YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?年?|([〇零一二三四五六七八九]{4})年|(今年|本年|当年|年内|明年|次年|来年|翌年|下一?年)"
)
STANDING = re.compile(
    r"持续|长期|常态|每年|每月|每季|贯穿|已完成|适时|随时|按时序|即时|及时|全年|动态|滚动|不间断|立行立改|立即|即知即改"
)
FULL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s?[-./年]\s?(\d{1,2})\s?[-./月]\s?(\d{1,2})(?!\d)\s?日?"
)
HAN_DATE = re.compile(rf"([〇零一二三四五六七八九]{{4}})年({HAN}{{1,2}})月({HAN}{{1,3}})日")
YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})\s?[-./]\s?(\d{1,2})(?![\d月日])")
POINT = re.compile(
    r"(?P<quarter>第?(?:[一二三四1-4])季度|[QＱ][1-4])"
    r"|(?P<half>上半年|下半年|年中)"
    rf"|(?P<month>\d{{1,2}}|{HAN}{{1,2}})月份?(?:(?P<day>\d{{1,2}}|{HAN}{{1,3}})日)?"
    r"(?P<part>上旬|中旬|下旬|底|末)?(?P<before>之?前)?"
    r"|(?P<year_end>年底|年末|年内|年终|年度内)"
)
PLAN_PERIOD = {"十三五": 2020, "十四五": 2025, "十五五": 2030}


@dataclass(frozen=True)
class Due:
    """A deadline: the last day that it covers, None where there is no single day.

    ``sure`` is False where the words allow another reading or could not be read.
    """

    on: date | None
    sure: bool = True


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def find_date(text: str) -> date | None:
    """Return the first whole calendar date in ``text`` (2021年5月19日, 二〇二一年五月十九日)."""
    plain = text.translate(FULL_WIDTH)
    match = FULL_DATE.search(plain) or HAN_DATE.search(plain)
    if not match:
        return None
    return _day(*(han_number(part) for part in match.groups()))


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def read_due(text: str, base_year: int | None) -> Due:
    """Read a deadline; of a range or several dates the last one counts.

    ``base_year`` is the year that a bare 9月 means; without it such a deadline is not sure.
    """
    plain = _tight(text)
    whole = list(FULL_DATE.finditer(plain))
    if whole:
        return Due(_day(*(int(part) for part in whole[-1].groups())))
    short = YEAR_MONTH.findall(plain)
    if short and 1 <= int(short[-1][1]) <= 12:
        return Due(month_end(int(short[-1][0]), int(short[-1][1])))
    year, given = _year_of(plain, base_year)
    points = list(POINT.finditer(plain))
    if points:
        return _point(points[-1], year)
    if given and year:
        return Due(date(year, 12, 31))
    if STANDING.search(plain):
        return Due(None)
    for name, end in PLAN_PERIOD.items():
        if name in plain:
            return Due(date(end, 12, 31), sure=False)
    return Due(None, sure=False)


def _tight(text: str) -> str:
    """Drop blanks beside Chinese characters (2024 年 6 月), as set in some files."""
    plain = text.translate(FULL_WIDTH).strip()
    return re.sub(r"(?<=[一-鿿])\s+|\s+(?=[一-鿿])", "", plain)


def _year_of(text: str, base_year: int | None) -> tuple[int | None, bool]:
    years = YEAR.findall(text)
    if not years:
        return base_year, False
    digits, han, word = years[-1]
    if digits or han:
        return han_number(digits or han), True
    if base_year is None:
        return None, False
    return base_year + (word not in ("今年", "本年", "当年", "年内")), True


def _point(match: re.Match[str], year: int | None) -> Due:
    if year is None:
        return Due(None, sure=False)
    if match["quarter"]:
        quarter = han_number(re.sub(r"[第季度QＱ]", "", match["quarter"])) or 4
        return Due(month_end(year, quarter * 3))
    if match["half"]:
        return Due(date(year, 12, 31) if match["half"] == "下半年" else date(year, 6, 30))
    if match["year_end"]:
        return Due(date(year, 12, 31))
    return _month_point(match, year)


def _month_point(match: re.Match[str], year: int) -> Due:
    month = han_number(match["month"]) or 0
    if not 1 <= month <= 12:
        return Due(None, sure=False)
    if match["day"]:
        day = _day(year, month, han_number(match["day"]))
        return Due(day, sure=day is not None)
    if match["part"] in ("上旬", "中旬"):
        return Due(date(year, month, 10 if match["part"] == "上旬" else 20))
    # 6月前 may mean before June begins or by its end; 6月底前 is plain.
    return Due(month_end(year, month), sure=bool(match["part"]) or not match["before"])


def is_due_text(text: str) -> bool:
    """Say whether a short cell holds a deadline and nothing else."""
    plain = _tight(text)
    if not plain or len(plain) > 40:
        return False
    left = FULL_DATE.sub("", plain)
    left = YEAR_MONTH.sub("", left)
    left = POINT.sub("", YEAR.sub("", left))
    left = STANDING.sub("", left)
    left = re.sub(
        r"十[三四五]五|期间|推进|实施|坚持|巩固|成效|开展|完成|取得|基本|力争|阶段性|进展|落实|执行"
        r"|工作|化|并|前|底|末|初|起|至|到|于|[年月日、，,;；。.\-—~～至（）()\s\d]",
        "",
        left,
    )
    return len(left) <= 1 and left != plain
