"""Figures in a measure's text as target proposals.

A figure is a number with a unit that counts something (80%, 30项, 两个工作日, 三分之二, 7×24小时, 零成本,
最多跑一次). Names that only contain a number are none: 双随机, 一件事, 2.0平台, “3+365”, G1503, years,
document numbers, and sizes that merely say to whom a sentence applies (160千瓦以下).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from yingshang.domains.plans.parsing.dates import read_due
from yingshang.domains.plans.parsing.model import Target
from yingshang.domains.plans.parsing.numbering import FULL_WIDTH, han_number

DIGITS = r"(?<![\d.+A-Za-z第])(?:\d{1,3}(?:,\d{3})+|\d{1,6}(?:\.\d{1,3})?)(?![\d.+])"
HAN = r"(?<![一二两三四五六七八九十百千第每])[一二两三四五六七八九十百]{1,4}"
TIME = r"个?工作日|个?自然日|个?小时|个月|分钟|秒钟?|天"
STEP = r"个?环节|个?步骤"
COUNTED = (
    r"(?:万|亿|千万|百万)?(?:平方公里|平方米|平米|公里|千米|公顷|亩|吨|千瓦|兆瓦|学时|课时|批次|基点"
    r"|[人户家件场项批]次|个基点|个|项|类|件|家|名|人|台|条|处|所|座|种|户|份|场|期|套|次|元|倍|位|支|门|卷|篇|根|辆|张|本)"
)
LIMITED = r"(?<=不少于|不超过|不低于|不多于|压缩至|压缩为|压缩到|缩短至|缩短为|缩短到|控制在)"
FIGURE = re.compile(
    r"(?P<week>(?<!\d)[1-7])\s?[×xX*]\s?(?P<weekhours>\d{1,2})\s?小时"
    rf"|(?P<percent>{DIGITS})\s?[%％]"
    rf"|(?P<points>{DIGITS}|{HAN})个百分点"
    r"|(?P<tenths>(?<![一-九])[一二三四五六七八九])成(?=以上|左右|[，。；,;])"
    r"|(?P<half>(?:(?<=压缩|缩短|压减|减少|降低|精简|缩减|超过|达到)|(?<=不少于|不低于))一半)"
    r"|百分之(?P<hanpercent>[一二三四五六七八九十百零]{1,4})"
    r"|(?<!\d)(?P<top>[1-9])/(?P<bottom>[2-9]|10)(?!\d)"
    r"|(?P<hanbottom>[二三四五六七八九十])分之(?P<hantop>[一二两三四五六七八九])"
    rf"|(?P<time>{DIGITS})\s?(?P<timeunit>{TIME})"
    rf"|(?P<step>{DIGITS}|{HAN})\s?(?P<stepunit>{STEP})"
    rf"|(?P<hantime>{HAN})(?P<hantimeunit>{TIME})"
    rf"|(?P<day>{DIGITS})\s?(?P<dayunit>日|年)(?=(?:时间)?(?:以|之)?内)"
    rf"|{LIMITED}(?P<limit>{DIGITS})\s?日(?!前)"
    r"|(?:(?<=不低于)|(?<=达到|超过))(?P<score>\d{2,3}(?:\.\d)?)分(?=以上|[，。；,;]|$)"
    r"|(?P<whole>全覆盖)(?=[，。；,;”]|、(?![^、，。]{1,3}全)|$)"
    r"|(?P<cleared>(?:(?<=全部|动态|实现|问题|积案)|(?<=存量))清零)(?=[，。；,;]|”[，。；,;]|$)"
    rf"|(?P<count>{DIGITS})(?P<odd>余|多)?\s?(?P<countunit>{COUNTED})"
    r"|(?P<nil>零(?P<nilwhat>成本|投资|费用|收费|材料|跑动|跑腿|支出))"
    r"|(?P<visit>(?:最多|只|仅|至多)(?:需)?跑(?P<visits>[一二两1-3])次)"
    r"|(?P<hancount>(?:不超过|不多于|不少于|至少|最多|一般)(?P<times>[一二两三四五六])次)"
    r"|(?P<once>一次)(?=(?:办[完结好成]|发证|承诺|审批|联合检查)(?![^，。；,;、]{0,2}率))"
    r"|(?P<aims>(?:(?<=实现|达到|新增|推出|建成|完成|至少|超过)|(?<=不少于|不低于))(?P<aimcount>[二两三四五六七八九十]{1,3})(?P<aimunit>个|项|类|家))"
    r"|(?<=不少于|不低于)(?P<leastcount>[一二两三四五六七八九十百千]{1,5})(?P<leastunit>名|人|场|户|件|条|处)"
    r"|(?P<kinds>[二两三四五六七八九十])(?P<kindsunit>税种)"
    r"|(?P<ranking>[十百]|五十|二十)强"
    r"|每(?P<period>半年|季度|月)(?=[^，。；,;]{0,14}(?:举办|召开|开展|组织|走访|举行|通报|培训))(?![^，。；,;]*(?:\d|不少于|至少|两次))"
    r"|每周(?P<weekdays>[一二三四五六日](?:、[一二三四五六日])+)"
)
SMALLER = re.compile(
    r"(?:不超过|不高于|不多于|不大于|最多|最高(?:可达)?|至多|(?<!不)低于|控制在|(?:压缩|缩短|压减|减少|减|降低|降|精简|优化|控制|缩减)(?:至|到|为))[^，。；,;]{0,5}$"
    r"|(?:压缩|缩短|压减|减少|降低|缩减)(?:至|到|为)[^，。；,;]{0,8}的$|进入[^，。；,;]{0,10}前$"
)
LARGER = re.compile(
    r"(?:不低于|不少于|不小于|至少|超过|达到?|突破|(?:提升|提高|增加|扩大|扩展|拓展|上升|增长)(?:至|到)|提前|新增|推出|梳理|新建|建成|培育|引进|打造|认定|举办|开展|发放|投放|建设|走访|完成)[^，。；,;]{0,10}$"
)
CUT = re.compile(
    r"(?:压缩|缩短|压减|减少|降低|下降|缩减|精简|提高|提升|增长|增加)(?:了)?[^，。；,;至到]{0,2}$"
)
CHANGE = re.compile(
    r"^(?:以[上下内])?[，,]?(?:大幅|进一步)?(?:缩短|压缩|压减|减少|减|降低|降|优化|精简|缩减|提高|提升|增加|扩大|扩展|拓展|扩|上升|增长|增)(?:至|到|为)(?:不超过|不低于|承诺的?|现在的?|目前的?)?$"
)
BASIC = re.compile(r"基本(?:实现|达到|完成|建成)[^，。；,;]{0,16}$")
ROUND_THE_CLOCK = re.compile(
    r"^(?:自助|服务|不打烊|在线|热线|办理|全天|便民|政务|”?(?:通关|的便民|不打烊|自助))"
)
CONDITION = re.compile(r"^(?:及)?以[下上内]?(?:的|额度|项目|企业|小微|[，,、)）])|^及以下|^以下")
LIMIT = re.compile(r"^[”’]?(?:时间)?(?:以|之)?内")
BASIS = re.compile(r"[^，。；,;]{0,8}基础上")
BELOW, ABOVE = re.compile(r"^(?:及)?以下"), re.compile(r"^(?:及)?以上")
CLAUSE = "，。；：,;:！？\n"
DATE = re.compile(
    r"(?P<to>力争到|到|至|自|从|在)?(?P<when>20\d{2}年(?:第?[一二三四]季度|上半年|下半年|\d{1,2}月(?:份|底|末)?|年?底|末|内|初)?)(?P<before>之?前)?(?!度|版)"
)
SINCE = re.compile(r"起|以来|以后")
CLOSING = re.compile(
    r"(?:之?前|底|末|内)?(?:全面|基本|全部)?(?:完成|建成|实现|落实|到位|见效|办结|上线|投用)?(?:[。；;\n]|$)"
)
"""A deadline that closes its sentence: nothing of its own follows it."""
SHARES = ("percent", "points", "tenths", "half", "hanpercent", "top", "hantop")
NIL_UNITS = {"材料": "份", "跑动": "次", "跑腿": "次"}
TRIMMED = re.compile(
    r"(?:不超过|不低于|不少于|不高于|不多于|至少|最多|最高|突破|超过|达到?|控制在|保持在|稳定在|分别|平均|约|近|力争|确保|再|累计|仅|只)+$"
    r"|(?:压缩|缩短|压减|减少|降低|下降|降|提升|提高|上升|增长|优化|精简|扩大|扩展|拓展|增加|减)(?:至|到|为)?(?:承诺的?|现在的?)?$"
    r"|(?:由|从)(?:法定的?|原来的?|目前的?)?$|(?<=[率数量间限本例])(?:至|到|为)$"
)
LEADING = re.compile(
    r"^(?:并|且|其中|同时|力争|确保|实现|推动|到20\d{2}年(?:末|底)?|、|将|对|把|”|“)+"
)
VECTOR = re.compile(
    r"(?P<subject>[^，。；：,;:]{2,30}?)分别(?:控制在|压缩至|压缩到|缩短至|缩短到|达到|为|降至|不超过|不低于|提高到|提升到)$"
)


@dataclass(frozen=True)
class _Figure:
    """A number with its unit and place, before its surroundings are read."""

    value: float
    unit: str
    start: int
    end: int
    sort: str


def find_targets(text: str) -> tuple[Target, ...]:
    """Return the target proposals of a measure's text in the order of their figures."""
    plain = text.translate(FULL_WIDTH)
    figures = [figure for figure in _figures(plain) if not _is_condition(plain, figure)]
    deadlines = list(_deadlines(plain))
    targets = []
    names = _vector_names(plain, figures)
    for index, figure in enumerate(figures):
        before = figures[index - 1] if index else None
        after = figures[index + 1] if index + 1 < len(figures) else None
        if after and _is_change(plain, figure, after):
            continue
        baseline = before.value if before and _is_change(plain, before, figure) else None
        if baseline is not None and before and figure.unit == "个":
            figure = replace(figure, unit=before.unit)
        targets.append(
            Target(
                indicator=names.get(figure.start) or _indicator(plain, figure),
                comparator=_comparator(plain, figure),
                value=figure.value,
                unit=figure.unit,
                span=(figure.start, figure.end),
                deadline=_deadline_at(plain, deadlines, figure.start),
                baseline=baseline,
            )
        )
    return tuple(targets)


def _figures(text: str) -> Iterator[_Figure]:
    for match in FIGURE.finditer(text):
        sort = next(name for name in SORTS if match[name] is not None)
        value, unit = SORTS[sort](match)
        yield _Figure(value, unit, match.start(), match.end(), sort)


def _number(text: str) -> float:
    if text[:1].isdigit():
        return float(text.replace(",", ""))
    return float(han_number(text) or 0)


def _bare(unit: str) -> str:
    """个工作日 counts working days; 个月 keeps its 个, since 月 alone names a month."""
    return unit if unit in ("个", "个月") else unit.removeprefix("个")


def _share(top: float, bottom: float) -> tuple[float, str]:
    return round(100 * top / bottom, 1), "%"


def _weekdays(match: re.Match[str]) -> tuple[float, str]:
    return float(match["weekdays"].count("、") + 1), "天"


SORTS: dict[str, Callable[[re.Match[str]], tuple[float, str]]] = {
    "week": lambda m: (_number(m["week"]) * _number(m["weekhours"]), "小时"),
    "percent": lambda m: (_number(m["percent"]), "%"),
    "points": lambda m: (_number(m["points"]), "个百分点"),
    "tenths": lambda m: (10 * _number(m["tenths"]), "%"),
    "half": lambda m: (50.0, "%"),
    "hanpercent": lambda m: (_number(m["hanpercent"]), "%"),
    "top": lambda m: _share(_number(m["top"]), _number(m["bottom"])),
    "hantop": lambda m: _share(_number(m["hantop"]), _number(m["hanbottom"])),
    "time": lambda m: (_number(m["time"]), _bare(m["timeunit"])),
    "hantime": lambda m: (_number(m["hantime"]), _bare(m["hantimeunit"])),
    "step": lambda m: (_number(m["step"]), _bare(m["stepunit"])),
    "day": lambda m: (_number(m["day"]), m["dayunit"]),
    "limit": lambda m: (_number(m["limit"]), "日"),
    "score": lambda m: (_number(m["score"]), "分"),
    "whole": lambda m: (100.0, "%"),
    "cleared": lambda m: (0.0, "项"),
    "leastcount": lambda m: (_number(m["leastcount"]), m["leastunit"]),
    "count": lambda m: (_number(m["count"]), _bare(m["countunit"])),
    "nil": lambda m: (0.0, NIL_UNITS.get(m["nilwhat"], "元")),
    "visit": lambda m: (_number(m["visits"]), "次"),
    "hancount": lambda m: (_number(m["times"]), "次"),
    "once": lambda m: (1.0, "次"),
    "aims": lambda m: (_number(m["aimcount"]), m["aimunit"]),
    "kinds": lambda m: (_number(m["kinds"]), m["kindsunit"]),
    "ranking": lambda m: (_number(m["ranking"]), "家"),
    "period": lambda m: (1.0, "次"),
    "weekdays": _weekdays,
}


def _is_condition(text: str, figure: _Figure) -> bool:
    """A size that only says to whom a sentence applies (1000万元以下额度) promises nothing.

    Nor does a name made of a Chinese figure (“三秒”服务).
    """
    quoted = (
        text[figure.start - 1 : figure.start] == "“" and text[figure.end : figure.end + 1] == "”"
    )
    if figure.sort == "hantime" and quoted:
        return True
    if BASIS.match(text[figure.end : figure.end + 12]):
        return True
    if figure.sort != "count" or not CONDITION.match(text[figure.end : figure.end + 6]):
        return False
    before = _clause_before(text, figure)
    return not SMALLER.search(before) and not LARGER.search(before)


def _is_change(text: str, old: _Figure, new: _Figure) -> bool:
    """Say whether ``old`` is the value before and ``new`` the value after a change."""
    between = text[old.end : new.start]
    alike = old.unit == new.unit or new.unit == "个"
    return alike and len(between) <= 12 and bool(CHANGE.match(between))


def _clause_start(text: str, start: int) -> int:
    window = max(start - 60, 0)
    return max(window, *(text.rfind(char, window, start) + 1 for char in CLAUSE))


def _clause_before(text: str, figure: _Figure) -> str:
    """Return the clause up to the figure, without figures of the same list (4天、5天、)."""
    clause = text[_clause_start(text, figure.start) : figure.start]
    return re.sub(r"(?:[\d.]+(?:个?工作日|天|小时|分钟|%)(?:、|和|及))+$", "", clause)


def _comparator(text: str, figure: _Figure) -> str:
    before, after = _clause_before(text, figure), text[figure.end : figure.end + 12]
    if BASIC.search(before):
        return "~="
    if figure.sort in ("score", "leastcount"):
        return ">="
    if figure.sort in ("visit", "hancount", "aims", "period"):
        return _spoken(text[figure.start : figure.end], figure.sort)
    if figure.sort in SHARES:
        return _compare_share(figure, before, after)
    if figure.sort in ("time", "hantime", "day", "limit"):
        return _compare_time(figure, before, after)
    if SMALLER.search(before) or LIMIT.match(after) or BELOW.match(after):
        return "<="
    odd = re.search(r"[余多]", text[figure.start : figure.end])
    if figure.sort in ("count", "step") and (odd or ABOVE.match(after) or LARGER.search(before)):
        return ">="
    return "="


def _spoken(words: str, sort: str) -> str:
    if sort in ("aims", "period") or words.startswith(("不少于", "至少")):
        return ">="
    return "<="


def _compare_share(figure: _Figure, before: str, after: str) -> str:
    if CUT.search(before):
        return ">="
    if SMALLER.search(before) or BELOW.match(after) or LIMIT.match(after):
        return "<="
    if figure.value == 100 or before.endswith("前"):
        return "="
    return ">="


def _compare_time(figure: _Figure, before: str, after: str) -> str:
    if re.search(r"提前(?:不少于|至少)?$", before):
        return ">="
    whole = (figure.value, figure.unit) in ((24, "小时"), (365, "天"))
    if whole and ROUND_THE_CLOCK.match(after):
        return "="
    larger = ABOVE.match(after) or re.search(r"(?:不少于|不低于|至少|超过)$", before)
    return ">=" if larger and not SMALLER.search(before) else "<="


def _deadlines(text: str) -> Iterator[tuple[int, int, date]]:
    """Yield (place, end of its sentence, date) for every deadline that the text names."""
    for match in DATE.finditer(text):
        dated = re.search(r"[底末内月季半]", match["when"])
        since = match["to"] in ("自", "从") or SINCE.match(text[match.end() : match.end() + 2])
        if since or not (match["to"] or match["before"] or dated):
            continue
        on = read_due(match["when"] + (match["before"] or ""), None).on
        ends = [place for char in "。；;\n" if (place := text.find(char, match.end())) >= 0]
        if on:
            yield match.start(), min(ends, default=len(text)), on


def _deadline_at(text: str, deadlines: list[tuple[int, int, date]], place: int) -> date | None:
    """A deadline holds for what follows in its sentence; one at the end also for what precedes."""
    found = None
    for start, end, on in deadlines:
        if start < place <= end:
            found = on
        elif start > place and found is None and _closes(text, place, start):
            return on
    return found


def _closes(text: str, place: int, start: int) -> bool:
    match = DATE.match(text, start)
    rest = text[match.end() if match else start : start + 60]
    return not re.search(r"[。；;\n]", text[place:start]) and bool(CLOSING.match(rest))


def _vector_names(text: str, figures: list[_Figure]) -> dict[int, str]:
    """Name the members of 水、气、热分别控制在4天、5天、5天; keys are where the figures start."""
    names: dict[int, str] = {}
    for index, figure in enumerate(figures):
        match = VECTOR.search(text[_clause_start(text, figure.start) : figure.start])
        if not match:
            continue
        members = _list_from(text, figures, index)
        for member, name in zip(members, _subjects(match["subject"], len(members)), strict=False):
            names[member.start] = name
    return names


def _list_from(text: str, figures: list[_Figure], index: int) -> list[_Figure]:
    members = [figures[index]]
    for figure in figures[index + 1 :]:
        if not re.fullmatch(r"(?:以?内)?(?:、|和|及|,|，)", text[members[-1].end : figure.start]):
            break
        members.append(figure)
    return members


def _subjects(subject: str, count: int) -> list[str]:
    bare = LEADING.sub("", subject)
    parts = [part for part in re.split(r"[、和及与]", bare) if part]
    if len(parts) == count and count > 1:
        first, last = parts[0], parts[-1]
        common = last[len(first) :] if len(first) <= 2 < len(last) else ""
        return [*(part + common for part in parts[:-1]), last]
    if len(parts) == 1 and len(bare) >= count + 2:
        return [char + bare[count:] for char in bare[:count]]
    return []


def _indicator(text: str, figure: _Figure) -> str:
    """Return the words that say what is counted: those before the figure, else those after it."""
    start = _clause_start(text, figure.start)
    before = _trim(_without_figures(_last_member(_clause_before(text, figure))))
    ends = [
        place
        for char in CLAUSE + "、"
        if (place := text.find(char, figure.end, figure.end + 40)) >= 0
    ]
    after = text[figure.end : min(ends, default=min(figure.end + 40, len(text)))]
    after = re.sub(r"^(?:以上|以下|以内|之?内|左右|的|”)+", "", after).strip("“”()（） ")
    after = "" if FIGURE.search(after) else after
    if len(before) >= 4 and figure.sort not in ("count", "aims", "once"):
        return before[-40:]
    joined = f"{before}{after}" if len(before) + len(after) <= 40 else after or before
    if len(joined) < 2 and start:
        previous = text[_clause_start(text, start - 1) : start - 1]
        joined = _trim(_without_figures(previous))
    return joined[-40:] or text[figure.start : figure.end]


def _last_member(clause: str) -> str:
    head, mark, last = clause.rpartition("、")
    return last if mark and FIGURE.search(head) else clause


def _without_figures(clause: str) -> str:
    """Drop earlier figures with the words around them (由十五个工作日, “1天办”)."""
    clause = re.sub(r"“[^“”]*”?", lambda m: "" if FIGURE.search(m[0]) else m[0], clause)
    old = (
        rf"(?:(?:由|从)(?:法定的?|原来的?|目前的?)?)?(?:{DIGITS}|{HAN})(?:{TIME}|%|个|项)"
        rf"|(?:由|从|突破|超过|达到?|不[少多]于|不低于|不超过)(?:{DIGITS}|{HAN})(?:{COUNTED})"
    )
    return re.sub(old, "", clause)


def _trim(clause: str) -> str:
    clause = DATE.sub("", clause).strip("“”‘’()（）、 ")
    previous = None
    while previous != clause:
        previous = clause
        clause = LEADING.sub("", TRIMMED.sub("", clause)).strip("“”‘’、 ")
    return clause
