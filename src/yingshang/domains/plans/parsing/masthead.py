"""Title, issuer, document number and date of a plan, from what stands around its measures."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from yingshang.domains.plans.parsing.blocks import Line
from yingshang.domains.plans.parsing.dates import find_date
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.numbering import Style, find_mark
from yingshang.domains.plans.parsing.paragraphs import FOOTER, ORGAN

NUMBER = re.compile(
    r"([一-鿿]{2,14})\s?[〔\[［（(【]\s?(\d{4})\s?[〕\]］）)】]\s?第?\s?(\d{1,4})\s?号"
)
KIND = re.compile(
    r"(?:方案|规划|计划|意见|措施|若干措施|清单|办法|要点|细则|行动|举措|任务分工|分工方案|条措施|\d+条|(?:任务|分工|责任|事项|清单|一览)[^，。]{0,4}表)"
    r"(?:[(（][^()（）]{2,12}[)）])?$"
)
NOTICE = re.compile(r"(?:的通知|的公告|的批复|的函|的请示|解读)$")
QUOTED = re.compile(r"《([^《》]{4,80})》")
LABELLED = re.compile(
    r"(?:^|\s)(标\s*题|名\s*称|发文机关|发布机构|发文单位|制发机关|发文字号|文\s*号|成文日期|发文日期|印发日期|发布日期)\s?[:：]\s?"
)
DATE_LINE = re.compile(
    r"^(?:[(（])?(?:20\d{2}|二[〇○零O]{1}[一二三四五六七八九〇○零]{2})\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日(?:[)）])?$"
)
CENTURY = str.maketrans("○O", "〇〇")
REACH = 60
"""The masthead ends so many lines after the start, at the latest."""
LONG = 600
"""No more of a line is looked at here."""
LIKELY = re.compile(
    r"^(?:20\d{2}年(?:度)?)?[^，,\s]{2,14}?(?:省|市|区|县|旗|州|镇|乡|街道|开发区)[^，,]{4,50}$|^关于[^，,]{4,50}$"
)
NOT_TITLE = re.compile(r"[。；;:：]|^[(（《]|^附件")


@dataclass
class Masthead:
    """What was found; each missing part is said in ``noise``."""

    title: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    noise: list[NoiseEntry] = field(default_factory=list)


def read_masthead(lines: list[Line]) -> Masthead:
    """Read the lines before the first chapter, then those after the body for what is still missing."""
    front = _front(lines)
    labels = _labels(front)
    signed = next((i for i, line in enumerate(front) if DATE_LINE.match(_dateline(line))), None)
    head = Masthead()
    head.title = _title(front) or _labelled_title(labels) or _likely_title(front, head)
    head.document_number = _number(front, labels)
    head.issuer = _signers(front, signed) or labels.get("发文机关") or _letterhead(front)
    head.issued_on = find_date(_dateline(front[signed])) if signed is not None else None
    label = labels.get("发文机关")
    if label and head.issuer and label != head.issuer:
        what = f"页面标注的发文机关是“{label}”，落款是“{head.issuer}”，取落款"
        head.noise.append(NoiseEntry("文首", what))
    _fill_from_end(head, lines, labels)
    _say_missing(head)
    return head


def _dateline(line: Line) -> str:
    return line.text.strip().translate(CENTURY)


def _front(lines: list[Line]) -> list[Line]:
    return [replace(line, text=line.text[:LONG]) for line in _before_chapters(lines)]


def _before_chapters(lines: list[Line]) -> list[Line]:
    for index, line in enumerate(lines[: REACH * 2]):
        mark = find_mark(line.text)
        if mark and mark.style <= Style.ARABIC and not _is_attachment_list(lines, index):
            return lines[:index]
    return lines[:REACH]


def _is_attachment_list(lines: list[Line], index: int) -> bool:
    above = [line.text for line in lines[max(index - 3, 0) : index]]
    return any(text.startswith("附件") for text in above)


def _labels(front: list[Line]) -> dict[str, str]:
    """Read a table of metadata: 发文机关: 甲 / 发布日期: 2022-04-01."""
    found: dict[str, str] = {}
    for line in front:
        places = list(LABELLED.finditer(line.text))
        for place, after in zip(places, [*places[1:], None], strict=False):
            value = line.text[place.end() : after.start() if after else None].strip()
            name = re.sub(r"\s", "", place[1])
            name = {"发布机构": "发文机关", "发文单位": "发文机关", "制发机关": "发文机关"}.get(
                name, name
            )
            if value:
                found.setdefault(name, re.split(r"\s{2,}", value)[0])
    return found


def _title(front: list[Line]) -> str | None:
    quoted = [_flat(name) for line in front for name in QUOTED.findall(line.text)]
    candidates = []
    for index, line in enumerate(front):
        text = line.text.strip()
        if _may_be_title(text) and KIND.search(text) and not NOTICE.search(text):
            candidates.append(_whole_title(front, index, quoted))
    named = [title for title in candidates if _flat(title) in quoted]
    if named or candidates:
        return (named or candidates)[0]
    return _promulgated(front)


def _likely_title(front: list[Line], head: Masthead) -> str | None:
    """A line at the top that is a name of something in a place, whatever the paper calls itself."""
    for line in front[:20]:
        text = line.text.strip()
        if _may_be_title(text) and not _claimed(text) and LIKELY.search(text):
            head.noise.append(NoiseEntry(line.at, f"标题按文首的一行取：{text}"))
            return text
    return None


def _may_be_title(text: str) -> bool:
    return len(text) <= 60 and not NOT_TITLE.search(text)


def _whole_title(front: list[Line], index: int, quoted: list[str]) -> str:
    """A title may be broken over lines; the pieces above it belong to it if nothing else claims them."""
    title = front[index].text.strip()
    if title.startswith("关于") and index and ORGAN.match(front[index - 1].text.strip()):
        return _flat(front[index - 1].text) + title
    for above in reversed(front[max(index - 2, 0) : index]):
        text = above.text.strip()
        if _flat(title) in quoted or not _may_be_title(text) or len(text) > 40:
            break
        if _claimed(text) or re.search(r"[，,]$", text) or front[index].gap:
            break
        title = text + title
    return title


def _claimed(text: str) -> bool:
    return bool(
        DATE_LINE.match(text.translate(CENTURY))
        or ORGAN.match(text)
        or NUMBER.search(text)
        or FOOTER.match(text)
        or NOTICE.search(text)
        or LABELLED.search(text)
        or text.endswith(("文件", "通知", "公报", "简报"))
        or len(text) < 4
    )


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def _promulgated(front: list[Line]) -> str | None:
    """The plan's name out of 关于印发《…》的通知."""
    for line in front:
        match = re.search(r"(?:印发|转发|下发|发布)[^《]{0,20}《([^《》]{4,80})》", line.text)
        if match:
            return match[1].strip()
    return None


def _labelled_title(labels: dict[str, str]) -> str | None:
    title = labels.get("标题") or labels.get("名称")
    if not title:
        return None
    match = re.search(r"印发(.+?)的通知$", title)
    return match[1].strip("《》 ") if match else title


def _number(front: list[Line], labels: dict[str, str]) -> str | None:
    for text in [
        labels.get("发文字号", ""),
        labels.get("文号", ""),
        *(x.text.strip() for x in front),
    ]:
        match = NUMBER.search(text)
        if match and ((match.start() == 0 and match.end() == len(text)) or text in labels.values()):
            return f"{match[1]}〔{match[2]}〕{match[3]}号"
    return None


def _signers(front: list[Line], signed: int | None) -> str | None:
    if signed is None:
        return None
    names: list[str] = []
    for line in reversed(front[:signed]):
        text = line.text.strip()
        if not text or not ORGAN.match(text):
            break
        names.insert(0, _flat(text))
    return "、".join(names) or None


def _letterhead(front: list[Line]) -> str | None:
    for line in front[:12]:
        text = _flat(line.text.strip())
        if ORGAN.match(text) or re.fullmatch(r"[一-鿿]{4,28}(?:政府|办公室|委员会|局)文件", text):
            return text.removesuffix("文件")
    return None


def _fill_from_end(head: Masthead, lines: list[Line], labels: dict[str, str]) -> None:
    """Some papers are signed at the end; a web page may give the date only as a label."""
    if head.issued_on is None:
        for index in range(len(lines) - 1, max(len(lines) - 40, -1), -1):
            if DATE_LINE.match(_dateline(lines[index])):
                head.issued_on = find_date(_dateline(lines[index]))
                head.issuer = head.issuer or _signers(lines, index)
                break
    for label in ("成文日期", "发文日期", "印发日期", "发布日期"):
        if head.issued_on is None and label in labels:
            head.issued_on = find_date(labels[label])
            head.noise.append(NoiseEntry("文首", f"没有落款日期，取页面上的{label}"))


def _say_missing(head: Masthead) -> None:
    missing = [
        name
        for name, value in (
            ("标题", head.title),
            ("发文机关", head.issuer),
            ("发文字号", head.document_number),
            ("成文日期", head.issued_on),
        )
        if value is None
    ]
    if missing:
        head.noise.append(NoiseEntry("文首", f"文件中没有找到{'、'.join(missing)}"))
