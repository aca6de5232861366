"""The papers that an applicant hands in."""

import re
from collections.abc import Iterator
from typing import Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.model import Piece
from yingshang.domains.policies.extracting.statements import Statement, split_outside

PAPER: Final = re.compile(
    r"(?:表|证|书|件|明|照|告|单|票|据|证明|合同|协议|报告|复印件|材料|凭证|清单|名册|名单|计划|决议|方案|流水|报表|批复|批文|函|鉴定|文件|说明|记录|图纸|图|卡|账户|户口簿|花名册|承诺|台账|明细|照片|决算|预算|身份证|学历|成绩|账单|信息|资料|发票|附件|保函|保险单|保单|专利|标准文本|文本|回单|登记簿|年报|数据|章程|确认|简历|附表|佐证|申请|意见|名录|公告|公示|协议书)(?:原件|复印件|扫描件|等)?$"
)
VERB: Final = re.compile(
    r"(?:申报|申请|申领|所需|应提交的?|需提交的?|提交的?)?材料(?:应当|应)?(?:包括|为|有|如下|：)|(?:一并)?(?:提交|提供|上传|报送|附送|递交|出具|填报|填写)(?:以下|下列)?(?:材料|资料)?(?:：|:)?|凭(?=[^，。；]{2,20}(?:申请|申报|办理|兑现))|持(?=[^，。；]{2,20}(?:申请|申报|办理|兑现))"
)
NOT_HANDED_IN: Final = re.compile(
    r"不再|无需|免于|不需|免交|免提供|纸质件|通过.{0,8}共享|数据共享|统计数据|上市申请|按规定报送|未按"
)
NO_PAPER: Final = re.compile(
    r"加盖公章|(?:以下|下列|有关|相关|申报|申请|上述|纸质|电子)?(?:材料|资料|申请|申报|文件|信息)"
)
LEAD: Final = re.compile(
    r"^(?:以及|及其|及|和|与|并|或者|或|、|由|一是|二是|三是|四是|五是|经[^，。；、]{0,4}(?:盖章|签字)的|相应的|有关的?|下列材料|以下材料|包括|为|等|本企业的?|申请人的?)+"
)
COPIES: Final = re.compile(
    r"(?:（[^）]{0,40}）|(?:一式)?[一二两三四五六七八九十\d]+份|各[一二三\d]份|原件及复印件|原件和复印件|等(?:材料|资料|有关材料|相关材料|证明材料)?|等)+$"
)
CLOSING: Final = re.compile(
    r"(?:向[^，。；、]{2,20}|，?经[^，。；、]{2,20})?(?:提出)?(?:申请|申报|办理|兑现)$"
)


def find_materials(text: str, statements: list[Statement]) -> list[Piece]:
    """Return the papers named as handed in, in order, each without number, copies and brackets."""
    found: list[Piece] = []
    for one in statements:
        if one.role in ("exclude", "require", "skip"):
            continue
        for start, end in _stretches(text, one):
            found += _papers(text, start, end, sure=one.role == "materials")
    return sorted(set(found))


def _stretches(text: str, one: Statement) -> Iterator[tuple[int, int]]:
    words = text[one.start : one.end]
    verbs = list(VERB.finditer(text, one.start, one.end))
    if one.role == "materials" and one.listed is not None:
        yield one.start, one.end
        return
    if NOT_HANDED_IN.search(words) and not verbs:
        return
    organ = wording.ORGAN.match(words)
    if organ and one.role != "materials":
        return
    for place, verb in enumerate(verbs):
        if re.match(r"(?:的|后|之日|不|截止|申请的?$|上市申请|虚假)", text[verb.end() : one.end]):
            continue
        stop = verbs[place + 1].start() if place + 1 < len(verbs) else one.end
        for a, b in split_outside(text, verb.end(), stop, "，"):
            if NOT_HANDED_IN.search(text, a, b) or (
                a > verb.end() and not PAPER.search(_bare(text[a:b]))
            ):
                break
            yield a, b


def _papers(text: str, start: int, end: int, *, sure: bool) -> Iterator[Piece]:
    for a, b in split_outside(text, start, end, "、，"):
        for c, d in _joined(text, a, b):
            piece = _trimmed(text, c, d)
            words = piece.of(text)
            named = PAPER.search(words) or (sure and len(words) >= 3)
            if 2 <= len(words) <= 40 and named and not NO_PAPER.fullmatch(words):
                yield piece


def _joined(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at 和、及、以及 where a whole paper stands before it."""
    at = start
    for mark in re.finditer(r"以及|及(?!其)|和|与|并(?=提)", text[start:end]):
        before = text[at : start + mark.start()]
        after = text[start + mark.end() : end]
        if (
            PAPER.search(_bare(before))
            and len(after) >= 2
            and PAPER.search(_bare(after))
            and not re.match(r"(?:复印件|预算书|附件)", after)
        ):
            yield at, start + mark.start()
            at = start + mark.end()
    yield at, end


def _bare(words: str) -> str:
    return COPIES.sub("", words.strip("。；，、 的"))


def _trimmed(text: str, start: int, end: int) -> Piece:
    words = text[start:end]
    lead = len(words) - len(words.lstrip(" ，、：“”"))
    lead += len((LEAD.match(words[lead:]) or re.match("", ""))[0])  # type: ignore[index]
    body = words[lead:].rstrip(" ，、。；”")
    previous = None
    while previous != body:
        previous = body
        body = COPIES.sub("", body).rstrip("，、 ”")
    if len(body) > 6:
        body = CLOSING.sub("", body)
    return Piece(start + lead, start + lead + len(body))
