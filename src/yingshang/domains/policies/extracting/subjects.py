"""What a number is said of: the words before it, freed of when and of whom, looked up in the lexicon."""

import re
from dataclasses import dataclass
from typing import Final

from yingshang.domains.policies.extracting.lexicon import Lexicon
from yingshang.domains.policies.extracting.numerals import HAN, read_number

_COUNT: Final = rf"[{HAN}\d]{{1,3}}"
TIME: Final = re.compile(
    rf"(?P<several>(?:最近|近|过去|前|此前|连续){_COUNT}(?:个)?(?P<of>完整会计年度|会计年度|年度|月|年)(?:来|内|以来|间|期间)?)"
    rf"|(?P<inside>{_COUNT}(?:个)?(?P<ofinside>月|年)内)"
    r"|(?P<last>上一?个?(?:完整)?(?:会计|自然)?年度?末?|去年|最近一个(?:完整)?(?:会计)?年度|最近一年)"
    r"|(?P<same>当年度?|本年度?|今年|20\d\d年(?:度|第[一二三四]季度|上半年|下半年)?(?!\d))"
    r"|(?P<plain>年度|全年|年末|期末|年(?=[\u4e00-\u9fff]))"
)
LEAD: Final = re.compile(
    r"^(?:但|而|且|并且|并|或者|或|以及|及|和|其中|同时|对于|对|凡|的|、|，|；|（|“|”|在本区|本区|区内|在区内|应当|应|须|需|必须"
    r"|企业(?!研发|技术|职工|员工|从业)|申报企业|申报单位|申请企业|申请单位|项目单位|本单位|单位(?!用地|面积|土地|产值|能耗|增加)|申请人|机构|其|该|上述|具有|拥有|具备|取得|持有|有(?!效)|累计|合计|实际|现有|实现|达到|每年|须|均|按规定|依法(?!登记|注册|成立|设立))"
)
TAIL: Final = re.compile(
    r"(?:首次|应当|应|须|需|必须|要|均|已|累计|合计|总计|分别|总量|总数|数量|金额|比例|达到|达|为|在|有|于|的|之和|不|得|同时|规模|名|、|占比|比重|到位且|且|（[^）]{0,12}）)$"
)
TOGETHER: Final = re.compile(r"累计|合计|总计|之和|平均|年均|总额|共")


@dataclass(frozen=True)
class Subject:
    """The thing measured: ``name`` bare, ``months`` looked back, ``when`` is ``last``, ``same``, ``several`` or empty."""

    name: str
    months: int | None
    when: str


def read_subject(words: str) -> Subject:
    """Return what is measured, without its time and its holder."""
    months, when = None, ""
    rest, previous = words, None
    while rest != previous:
        previous = rest
        rest = LEAD.sub("", rest.strip(), count=1)
        time = TIME.match(rest)
        if time and not when:
            months, when = _time(time)
            rest = rest[time.end() :]
    inner = TIME.search(rest)
    if inner and not when and (inner["inside"] or inner["several"]):
        months, when = _time(inner)
        rest = rest[: inner.start()] + rest[inner.end() :]
    return Subject(rest, months, when)


def _time(match: re.Match[str]) -> tuple[int | None, str]:
    words = match["several"] or match["inside"]
    if words is None:
        return None, "last" if match["last"] else "same" if match["same"] else ""
    count = re.search(_COUNT, words)
    number = read_number(count[0]) if count else None
    unit = match["of"] or match["ofinside"]
    return int(number * (1 if unit == "月" else 12)) if number else None, "several"


def shortened(name: str) -> list[str]:
    """Return the name with ever more of its closing words taken away, the fullest first."""
    names = [name]
    while (shorter := TAIL.sub("", names[-1])) != names[-1] and shorter:
        names.append(shorter)
    return names


def find_fact(lexicon: Lexicon, words: str, unit: str) -> str | None:
    """Return the fact that says the same as the words, None where none or only a wider one does."""
    subject = read_subject(words)
    for name in shortened(subject.name):
        found = lexicon.find_measure(name, subject.months, unit)
        if found is None and subject.months == 12:
            found = lexicon.find_measure(name, None, unit)
        if found is not None:
            return _of_year(lexicon, found, subject)
    return _in_each_year(lexicon, words, subject, unit)


def _in_each_year(lexicon: Lexicon, words: str, subject: Subject, unit: str) -> str | None:
    """Return the series when each of several years is meant, not their sum or average."""
    if subject.when != "several" or TOGETHER.search(words):
        return None
    for name in shortened(subject.name):
        found = lexicon.find_measure(name, None, unit)
        if found in lexicon.series:
            return found
    return None


def _of_year(lexicon: Lexicon, fact: str, subject: Subject) -> str | None:
    if fact not in lexicon.series:
        return fact
    if subject.when == "same":
        return fact
    return lexicon.last_year.get(fact, fact)


def counted_in(words: str, unit: str) -> str:
    """Return the unit by what is counted: achievements 项, patents 件, firms 家."""
    name = re.sub(r"(?:应当|应|须|达到|不|的)+$", "", words)
    if unit == "项" and re.search(
        r"(?:专利|著作权|商标|知识产权|软著|品种|案件|投诉)[权数]?$", name
    ):
        return "件"
    if unit == "项" and re.search(r"(?:机构|企业|网点|门店|分公司|子公司|商户|单位|客户)$", name):
        return "家"
    return unit
