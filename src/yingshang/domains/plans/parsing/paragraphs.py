"""Whole paragraphs from lines that a page break or a narrow page cut apart."""

import re
from dataclasses import replace

from yingshang.domains.plans.parsing.blocks import Block, Line
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.numbering import Style, find_mark
from yingshang.domains.plans.parsing.units import LABEL, MAX_TAIL

FINISHED = tuple("。！？：；!?:;…”’」』）)】》")
PROSE = re.compile(r"[，。；,;、]")
LONGEST = 6000
"""No paragraph of a plan is longer; joining stops there, so that hostile input stays linear."""
FRESH = re.compile(
    r"^(?:——|[•·●▪■◆*]|附件|附表|抄送|主送|注[:：]|\d{4}年\d{1,2}月\d{1,2}日|[(（]?此件|特此|目\s*录)"
)
NAVIGATION = re.compile(
    r"^[•·●▪■◆]?\s*(?:无障碍|本站地图|网站地图|登录|注册|首页\s*[>＞»|]|当前位置|您(?:现在)?的?位置|网站支持|繁體|简体|English|"
    r"设为首页|加入收藏|主\s*题\s*词\s*[:：]\s*$|索\s*引\s*号\s*[:：]\s*(?:主题分类\s*[:：]\s*)?$)"
)
CONTENTS = re.compile(r"(?:[.．·]{4,}|…{2,}|\t)\s*[-—]?\s*\d{1,3}\s*[-—]?$")
FOOTER = re.compile(
    r"^[•\-\s【\[]*(?:相关(?:稿件|链接|附件|文件|解读|阅读|新闻|政策|信息)|解读链接|(?:图文|视频|文字|政策|专家|媒体|部门|一图)解读"
    r"|图解|打印本页|关闭(?:窗口|本页)|【?打印】?|上一[篇条]|下一[篇条]|分享到|扫一扫|版权所有|网站标识码"
    r"|(?:主办|承办)单位[:：]?[^、，。]{2,20}(?:人民政府|政府办公室|管委会)"
    r"|[^。]{0,12}ICP备|[^。]{0,8}公网安备|抄送|信息来源|责任编辑|附件下载|返回顶部|网站地图|联系我们|政府网站|浏览次数"
    r"|[^。，]{2,30}(?:办公室|秘书处|综合科)\s*\d{4}年\d{1,2}月\d{1,2}日印发)"
)
ORGAN = re.compile(
    r"^[^，。；,;、]{2,30}(?:政府|办公室|委员会|局|委|办|院|领导小组|管委会|党组|工作组|专班)$"
)


LONGEST_HEADING = 45


def is_fresh(line: Line) -> bool:
    """Say whether a line surely begins something new, whatever stands before it."""
    return bool(
        line.heading
        or find_mark(line.text)
        or FRESH.match(line.text)
        or FOOTER.match(line.text)
        or LABEL.match(line.text.lstrip("(（"))
        or ORGAN.match(line.text)
    )


def is_open(line: Line) -> bool:
    """Say whether a line stops inside the bracket with the units, or right after a label."""
    text = line.text[-MAX_TAIL:]
    start = max(text.rfind(char) for char in "(（〔【[")
    inside = start >= 0 and not re.search(r"[)）〕】\]]", text[start:])
    label = LABEL.search(text[start + 1 :]) if inside else LABEL.fullmatch(text.strip())
    return label is not None and len(line.text) <= LONGEST


def closes(line: Line) -> bool:
    """Say whether a line may be the rest of an open bracket or the value of a lone label."""
    return not find_mark(line.text) and len(line.text) <= MAX_TAIL


def is_cut(line: Line) -> bool:
    """Say whether a line is running text that stops inside a sentence."""
    text = line.text
    if line.heading or text.endswith(FINISHED) or len(text) > LONGEST or FOOTER.match(text):
        return False
    return bool(PROSE.search(text)) and not _is_heading(text)


def _is_heading(text: str) -> bool:
    """A chapter or section heading may hold a comma and ends without a full stop."""
    mark = find_mark(text)
    if mark is None or mark.style > Style.CHINESE_BRACKET or len(text) > LONGEST_HEADING:
        return False
    return "。" not in text and not text.endswith(("，", ",", "、"))


def _goes_on(last: Line, block: Line) -> bool:
    if is_open(last):
        lone = LABEL.fullmatch(last.text.strip()) is not None
        bracket = re.search(r"[)）〕】\]]", block.text) is not None
        if closes(block) and (bracket if not lone else not is_fresh(block)):
            return True
    return is_cut(last) and not is_fresh(block)


def join_cut_lines(blocks: list[Block]) -> tuple[list[Block], list[NoiseEntry]]:
    """Join lines that were cut inside a sentence, also over a blank line; report each join."""
    joined: list[Block] = []
    noise: list[NoiseEntry] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, Line) and isinstance(last, Line) and _goes_on(last, block):
            joined[-1] = replace(last, text=last.text + block.text, raw=f"{last.raw}\n{block.raw}")
            noise.append(NoiseEntry(block.at, f"句子在此被断开，已接到{last.at}"))
        else:
            joined.append(block)
    return joined, noise
