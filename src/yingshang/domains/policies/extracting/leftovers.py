"""What no fact says: the statements left between the words that have been read."""

import re
from collections.abc import Iterator
from typing import Final

from yingshang.domains.policies.extracting import wording

FILLER: Final = re.compile(
    r"^(?:且|并且|并|以及|及其|及|和|与|或者|或|但|而|其中|同时|此外|另外|对于|对|凡是|凡|将|经|由|在|从|向|为|是|系|按|应当|应|须|需|必须|要|均|已经|已|被|曾|的|、|，|；|“|”|（|）|\s"
    r"|企业|申报单位|申请单位|申请人|推荐单位|申报|申请|单位|项目|其(?!他)|该|获认定|经认定|获奖|上述|本|称号|资格|等级|级别|级|情形|情况|记录|之一|行为|存在|属于|列入|成为|获得|列为|取得|认定|评定|获评|具有|拥有|具备|处于|办理|完成|符合|满足|达到|纳税人|近|内|过|以上|及以上|依法|名单|名录|不|无|未|没有|非|者|所|有|因|于|不得|不存在|不属于|至少|其一|受到|发生|等|当前|目前|同一|各类|行业|产业|领域|相关|从事|经营|生产|开展|主要|正式|成功|实现|条件|受理|设有|建有|拖欠|予以|给予|用于|享受|到位|期间|正常|通过|凭|给|作为|以|可|进入|失信|参加|参与|单|个|户|年度?|中|万|被认定为|承租|工作|登记|注册)"
)
TIME_WORDS: Final = re.compile(
    r"(?:最近|近|过去|前|连续)[零一二两三四五六七八九十\d]{1,3}(?:个)?(?:年度?|月|会计年度)(?:来|内|以来)?|上一?年度|上年|当年|本年度"
)
LISTED: Final = re.compile(
    r"(?<=认定为)[^、，。；]{2,20}、|(?<=获评)[^、，。；]{2,20}、|(?<=获得)[^、，。；]{2,20}、|(?<=取得)[^、，。；]{2,20}、|(?<=评为)[^、，。；]{2,20}、"
)
LEVELS: Final = re.compile(r"(?:国家级|省级|市级|区级|省|市|国家)、(?:国家级|省级|市级|区级|省|市)")


def cut_statements(text: str, start: int, end: int, *, several: bool) -> Iterator[tuple[int, int]]:
    """Cut what is left where two statements meet; a list of nouns stays whole."""
    at = start
    if several and "、" in text[start:end]:
        levels = LEVELS.search(text, start, end) or LISTED.search(text, start, end)
        if levels:
            yield start, levels.start()
            for mark in re.finditer(r"[^、]+", text[levels.start() : end]):
                yield levels.start() + mark.start(), levels.start() + mark.end()
            return
    for mark in re.finditer(
        r"，|；|(?<=企业)、|(?<=单位)、|(?<=公司)、|(?<=机构)、|且|或者|，?以及|并且|或(?=[^，；]{3,})|的、|(?<=[\u4e00-\u9fff]{4})、(?=(?:已|未|无|近|经|取得|具有|具备|获得|完成|通过|有|在|签订|承诺|拟|被|不|依法|守法|合法|正常|财务|信用|健全|经营|独立|自愿|遵守|属于|符合))",
        text[start:end],
    ):
        yield at, start + mark.start()
        at = start + mark.end()
    yield at, end


def core_of(words: str) -> str:
    """Return what is left of the words when empty ones are taken from both ends."""
    words = TIME_WORDS.sub("", words)
    previous = None
    while previous != words:
        previous = words
        words = FILLER.sub("", words, count=1)
        words = re.sub(
            r"(?:的|等|企业|单位|项目|称号|资格|情形|情况|记录|名单|之一|级|的人|后|时|至少其一|至少|取得|行为|员工|职工)$",
            "",
            words,
        )
    return words


def is_statement(words: str, core: str, *, sure: bool) -> bool:
    """Tell whether words that no fact says ask for something."""
    bare = re.sub(
        r"(?:均|还|也)?(?:应当|应|须|需|必须)?(?:为|是|属于|达到|在|同时具备|具备|同时)?$",
        "",
        words,
    )
    if (
        wording.GENERIC.fullmatch(words)
        or wording.GENERIC.fullmatch(bare)
        or wording.REFERENCE.search(words)
    ):
        return False
    if re.search(r"归[^，]{2,12}$", words):
        return False
    if words.startswith(("其他", "其它")):
        return True
    if (
        words.endswith("项目")
        and "的" not in words
        and not re.match(
            r"已|拟|未|.{0,4}(?:立项|承担|实施|获得|取得|列入|入选|牵头|参与|主导|完成)", words
        )
    ):
        return False
    if re.fullmatch(r"[\d.%一二三四五六七八九十]+", core):
        return False
    if re.search(r"[\u4e00-\u9fff]", core) is None:
        return False
    noun = re.search(wording.APPLICANT + r"$", words)
    return sure or bool(wording.PREDICATE.search(words)) or bool(noun and core)
