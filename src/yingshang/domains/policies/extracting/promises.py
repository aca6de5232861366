"""Where a policy promises something: which numbers are given and which are asked for."""

import re
from dataclasses import dataclass
from typing import Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.quantities import Quantity, find_quantities

TRIGGER: Final = re.compile(
    r"在[^，。；]{0,16}(?:之外|基础上|以外)|按(?!时|规定(?!.{0,3}[比标])|期|要求|季|月(?!租))|分别|另(?:外)?|再(?=给|奖|补|给予)|一次性|每(?!年度?(?:用|出|进|能|节|销|营|在))|给予|予以|奖励|奖(?!项)|补助|补贴|资助|贴息|扶持|减免|减半|全额|全免|免收|免除|免费|免|最高|可(?:申请|申领|享受|获|叠加|连续|一次|按|再)|券面额|补(?=\d)|由区财政|由财政|(?:补助|补贴|奖励|贴息|抵扣|资助|支持)(?:比例|标准|额度?|资金|金额)|享受|抵扣|租金|不(?:低于|超过|高于)(?=[\d一二三四五六七八九十百千万.]+(?:万|亿)?元?、?(?:不高于|的))"
)
AFTER_SHARE: Final = re.compile(
    r"^(?:（[^）]{0,10}）)?(?:的?(?:比例|标准|额度))?(?:给予|予以|补助|奖励|补贴|贴息|资助|减免|收取|执行|承担|计算|享受|补|拨付|抵扣|兑付|申请|一次性|奖|支持|扶持|返还|核定|分担|计发|发放|为标准)"
)
CAP: Final = re.compile(
    r"最高|不超过|不得超过|上限|封顶|为限|限额|不高于|至多|最多|额度|累计|总额|合计"
)
FLOOR: Final = re.compile(r"最低|不低于|不少于|下限|保底")
WHOLLY: Final = re.compile(
    r"全额(?P<all>拨付|兑付|发放|贴息|补助|补贴|承担|减免|返还|资助|奖励|免除|支持|报销)|(?P<free>全免|(?:减免|免交|免缴)(?=[一二三四五六七八九十两\d]{1,2}个月)|免收|免除|免费|免租金?|免房租|予以免租|免缴|全部免除|全额免)|(?P<half>减半)|(?:按)?(?P<tenths>[一二三四五六七八九])折(?P<toll>收取|计收|优惠|租赁|缴纳)?"
)
RISE: Final = re.compile(r"(?:提高|上浮|增加|上调|提升|上升|再提高|提)(?:了)?$")
SLICE: Final = re.compile(r"^(?:（[^）]{0,6}）)?(?:的)?部分")


@dataclass(frozen=True)
class Benefit:
    """The part of a segment that promises something, and where it begins."""

    start: int
    end: int
    quantities: tuple[Quantity, ...]
    segment: int = 0
    conditional: bool = False
    given: bool = False


def find_benefit(text: str, start: int, end: int, *, after: bool) -> Benefit | None:
    """Return what a segment promises; ``after`` says that its sentence has promised something before."""
    numbers = find_quantities(text, start, end)
    promised = [one for one in numbers if is_amount(text, one, start, end, after=after)]
    promised = [
        one
        for place, one in enumerate(numbers)
        if one in promised
        or (
            place + 1 < len(numbers)
            and numbers[place + 1] in promised
            and is_span(text, one, numbers[place + 1])
        )
    ]
    whole = WHOLLY.search(text, start, end)
    if whole and re.match(r"的?(?:企业|机构)", text[whole.end() : end]):
        whole = None
    if not promised and not whole:
        return None
    first = min([p.number_at for p in promised] + ([whole.start()] if whole else []))
    floor = max(
        [start, *(n.end for n in numbers if n.compared and n not in promised and n.end <= first)]
    )
    if first <= floor:
        floor = start
    trigger = TRIGGER.search(text, floor, first)
    begin = trigger.start() if trigger else floor if after else _before(text, floor, first)
    return Benefit(begin, end, tuple(promised), segment=start)


def _before(text: str, floor: int, first: int) -> int:
    return max(text.rfind("的", floor, first) + 1, floor)


def is_amount(text: str, one: Quantity, start: int, end: int, *, after: bool) -> bool:
    """Tell whether a quantity is promised, not asked for."""
    if one.unit not in ("元", "percent", "point", "元/亩") or isinstance(one.value, str):
        return False
    tail, head = text[one.end : end], text[max(start, one.number_at - 24) : one.number_at]
    if SLICE.match(text[one.number_end : end]) or SLICE.match(tail):
        return False
    noun = wording.NOUN_OF_BENEFIT.match(tail)
    compared = re.match(r"(?:（[^）]*）)?(?:及)?以[上下]", text[one.number_end : end])
    if noun and tail.startswith("的") and re.search(r"\d", tail):
        noun = None
    if noun and not compared and not re.match(r"的[^，。；]{0,12}(?:企业|项目|单位|机构)", tail):
        return True
    if compared or (tail.startswith("的") and not re.match(r"的(?:比例|标准|额度|部分)", tail)):
        return False
    if re.search(r"每(?:增长|提高|增加|下降|降低)?\d?$|每(?:增长|提高|增加|下降|降低)一?$", head):
        return False
    if after and one.unit in ("percent", "point") and RISE.search(head):
        return True
    if one.is_share and (AFTER_SHARE.match(tail) or re.match(r"的比例", tail)):
        return True
    told = max((m.end() for m in wording.HAS_BENEFIT.finditer(head)), default=-1)
    if told >= 0 and not re.search(r"以[上下]|的企业|并(?!给|奖|补)|且(?!不超过)", head[told:]):
        asked = wording.MODAL.search(head[told:]) and not CAP.search(head[told:])
        return (
            not asked and not tail.startswith("归") and not re.search(r"不得[低少]于", head[told:])
        )
    if re.search(r"(?:^|，|可)按|每", head) and (one.is_share or one.is_money) and one.op == "==":
        return True
    near = head[-14:]
    if not after or wording.MODAL.search(near) or one.op not in ("<=", "=="):
        return after and bool(CAP.search(near)) and one.is_money
    return bool(CAP.search(near) or re.match(r"封顶|为限|以内", tail))


def is_span(text: str, low: Quantity, high: Quantity) -> bool:
    """Tell whether two sums are the ends of one range."""
    if low.unit != high.unit:
        return False
    between = text[low.number_end : high.number_at]
    return bool(re.fullmatch(r"(?:至|到|-|－|—|~|～)+", between)) or (
        low.op in (">=", ">")
        and bool(re.fullmatch(r"、?(?:且)?(?:最高)?(?:不高于|不超过)", between))
        and low.is_money
        and not re.search(r"额$", text[max(0, low.start - 1) : low.start])
    )
