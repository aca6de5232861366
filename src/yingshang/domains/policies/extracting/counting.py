"""What an amount is counted over, of which slice it is a share, how long and in which parts it is paid."""

import re
from typing import Any, Final

from yingshang.domains.policies.extracting.numerals import HAN, NUMBER, as_json_number, read_number
from yingshang.domains.policies.extracting.quantities import UNITS

EACH: Final = re.compile(
    r"每(?:新?(?:增|招用|录用|培养|引进|净增|获得|认定|新增|招聘|培训|新录用|新招用|吸纳|安置|取得|主导制定|参与制定|制定|授权|完成|建成|登记|节约|减少|减排|利用|处理|使用|开设|举办|参加|入驻|孵化)?)?(?:一)?(?:1)?"
    r"(?P<what>美元|吨标准煤|吨标煤|平方米|平米|立方米|千瓦时|千瓦|兆瓦|亩|度|吨|个百分点|学时|课时|小时|展位|个展位|人次|批次|项目|个项目|企业|人|名|位|家|户|年度|年|个月|月|天|日|件|项|台|套|次|场|笔|班|期|个|单|辆|张|间|标箱|公里|篇|家次|季度|元)"
)
WHOLE: Final = (
    (
        r"单个企业|同一企业|单户|单个申报主体|单家企业|单个单位|同一单位|同一申报单位|每户|每家|同一主体|单一企业|单个主体|企业每年|(?<=，)企业(?=每|年|累计|最高)|每个企业|同一申报主体|一家企业",
        "企业",
    ),
    (r"单个项目|同一项目|每个项目|单项目", "项目"),
    (r"人均|个人|每人|每名[\u4e00-\u9fff]{0,4}|单人|同一人", "人"),
    (r"每年|(?<![上一本下])年度|当年|全年", "年"),
    (r"每个?月|按月(?!租)", "月"),
    (r"每个?展位|单个展位", "展位"),
    (r"每笔|单笔", "笔"),
    (r"每件|单件", "件"),
    (r"每项|单项", "项"),
    (r"每次|单次|每场|单场", "次"),
    (r"每平方米", "平方米"),
    (r"每台|单台", "台"),
    (r"每班|每期", "期"),
)
MEANT: Final = {
    "个百分点": "point",
    "名": "人",
    "位": "人",
    "家": "企业",
    "户": "企业",
    "年度": "年",
    "个月": "月",
    "天": "日",
    "学时": "课时",
    "个展位": "展位",
    "个项目": "项目",
    "吨标煤": "吨标准煤",
    "平米": "平方米",
    "度": "千瓦时",
    "个": "项",
}
PERIOD: Final = re.compile(
    rf"(?:(?P<word>连续|最长|期限|扶持期|减免期|补贴期|补助期|享受期|居住期|贴息期|期(?=为|不超过|最长)|为期|合计|分|累计|补贴|补助|贴息|免收|免除|减免|免租|享受|支持|给予|扶持|不超过|奖励|发放|每年))"
    rf"(?P<between>[^，。；\d%元]{{0,10}}?)(?P<number>[{HAN}\d]{{1,3}})(?P<unit>个月|年度|年|天|日|月)(?!\d|内|以上|以下|底|前|末|度|\d?月|至|租金标准|期(?!限))"
)
YEARS: Final = re.compile(
    rf"第(?P<low>[{HAN}\d]{{1,2}})年?(?:至|到|、|—|-)第?(?P<high>[{HAN}\d]{{1,2}})年"
)
FIRST_YEARS: Final = re.compile(
    rf"(?:前|头)(?P<n>[{HAN}\d]{{1,2}})(?:个)?年(?:内)?(?=给予|按|免|全|予以|每|租|由|减|，|可|的租|补)"
)
ORDINAL: Final = re.compile(rf"第[{HAN}]年")
SHARES: Final = re.compile(
    r"(\d+)[∶：:比](\d+)(?:[∶：:比](\d+))?(?:[∶：:比](\d+))?(?=的?比例|拨付|分)"
)
_SUM: Final = rf"(?:{NUMBER})"
SLICE_BETWEEN: Final = re.compile(
    rf"(?:超过|超出|高于|在)?(?P<low>{_SUM})(?:元)?(?:以上|（不?含）)?(?:、|，)?(?:至|到|—|-|－|～|~|不超过|不足)(?P<high>{_SUM})元(?:以下|以内|之间|（不?含）)*(?:的)?部分"
)
SLICE_ABOVE: Final = re.compile(
    rf"(?:(?:超过|超出|高于)(?P<over>{_SUM})元(?:以上|（不?含）)?|(?P<above>{_SUM})元(?:（不?含）)?以上(?:（不?含）)?)(?:的)?部分"
)
SLICE_BELOW: Final = re.compile(
    rf"(?:不超过|不高于|低于)?(?P<upto>{_SUM})元(?:（不?含）)?(?:以下|以内|及以下|以下（含）|内)?(?:（不?含）)?(?:的)?部分"
)


def per_of(head: str, tail: str = "") -> list[str]:
    """Return what an amount is counted over, in the order of the words."""
    found: list[tuple[int, str]] = []
    found += [(m.start(), MEANT.get(m["what"], m["what"])) for m in EACH.finditer(head)]
    for words, meant in WHOLE:
        if meant not in [name for _, name in found]:
            whole = re.search(words, head)
            if whole:
                found.append((whole.start(), meant))
    slash = re.match(
        r"[/／](?P<a>[\u4e00-\u9fff]{1,3}?)(?:[·/](?P<b>[\u4e00-\u9fff]{1,2}))?(?=[的，。；、给补奖]|$)",
        tail,
    )
    if slash:
        found += [(len(head), MEANT.get(p, p)) for p in slash.groups() if p]
    ordered = [name for _, name in sorted(found, key=lambda pair: pair[0])]
    unique = list(dict.fromkeys(ordered))
    if "项目" in unique and "项" in unique:
        unique.remove("项")
    return unique


def find_slice(text: str, start: int, end: int) -> dict[str, Any] | None:
    """Return the part of a sum of which a rate is told: ``超过500万元至1000万元的部分``."""
    if "部分" not in text[start:end]:
        return None
    between = SLICE_BETWEEN.search(text, start, end)
    if between:
        low, high = between["low"], between["high"]
        scale = re.search(r"[千百万亿]+$", high)
        low += scale[0] if scale and not re.search(r"[千百万亿]", low) else ""
        return {"over": _sum(low), "upto": _sum(high)}
    above = SLICE_ABOVE.search(text, start, end)
    if above:
        return {"over": _sum(above["over"] or above["above"]), "upto": None}
    below = SLICE_BELOW.search(text, start, end)
    return {"over": 0, "upto": _sum(below["upto"])} if below else None


def _sum(words: str) -> int | float | None:
    number = read_number(words)
    return None if number is None else as_json_number(number)


def find_duration(text: str, start: int, end: int) -> dict[str, Any] | None:
    """Return how long a segment says that something is paid or spared."""
    years = YEARS.search(text, start, end)
    if years:
        low, high = read_number(years["low"]) or 0, read_number(years["high"]) or 0
        if 0 < high - low < 30:
            return {"value": int(high - low) + 1, "unit": "年"}
    first = FIRST_YEARS.search(text, start, end)
    if first and (number := read_number(first["n"])):
        return {"value": int(number), "unit": "年"}
    if ORDINAL.search(text, start, end):
        return {"value": 1, "unit": "年"}
    best = None
    for match in PERIOD.finditer(text, start, end):
        if match["word"] == "每年" or re.search(r"[近上前]", match["between"][-2:]):
            continue
        number = read_number(match["number"])
        if number:
            best = {"value": int(number), "unit": UNITS[match["unit"]][0]}
    return best


def find_instalments(text: str, start: int, end: int) -> list[int | float] | None:
    """Return the shares in which something is paid: ``5∶3∶2`` is 50, 30, 20."""
    match = SHARES.search(text, start, end)
    if not match:
        return None
    parts = [int(group) for group in match.groups() if group]
    return [round(part * 100 / sum(parts), 6) for part in parts] if sum(parts) else None
