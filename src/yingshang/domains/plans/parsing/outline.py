"""Plans written as running text under numbered headings.

Which numbering style carries the measures is found, not assumed: the style whose items own the unit
tails; where the paper names no units, the coarsest style from 第一条 or 1. downwards whose items say
something of their own, else （一）, else 一、. Everything above it is heading, everything below belongs
to the measure's text.
"""

import re
from dataclasses import dataclass, field

from yingshang.domains.plans.parsing.blocks import Line
from yingshang.domains.plans.parsing.draft import Draft, Reading
from yingshang.domains.plans.parsing.masthead import DATE_LINE, KIND
from yingshang.domains.plans.parsing.model import Extra, NoiseEntry
from yingshang.domains.plans.parsing.numbering import Mark, Style, find_mark
from yingshang.domains.plans.parsing.paragraphs import FOOTER, ORGAN
from yingshang.domains.plans.parsing.units import Tail, cut_tail, read_clauses, read_fields

GENERAL = re.compile(
    r"总体(?:要求|思路|目标|考虑)|指导思想|基本原则|(?:工作|主要|建设|发展|行动)目标|保障(?:措施|机制)|组织(?:保障|实施|领导)"
    r"|实施保障|工作(?:要求|保障)|有关要求|附则|背景|现状"
)
ANNEX_NAME = re.compile(r"^附\s*件")
GUARANTEE = re.compile(r"保障|组织|工作要求|附则")
GOAL = re.compile(r"^到\s?20\d{2}年")
SUMMARY_END = re.compile(r"\s*(?:具体|主要|重点)?(?:措施|举措|任务|工作)[:：]\s*$")
SECTION_NOTE = re.compile(r"^(?:[^。]{0,40}[:：])$")
SUBSTANCE = 22
"""An item with so many characters, or with a sentence end inside, says something of its own."""
SENTENCE = 10
"""A shorter line with a full stop may still be a heading."""
CANDIDATES = (
    Style.ARTICLE,
    Style.ARABIC,
    Style.DECIMAL,
    Style.ARABIC_BRACKET,
    Style.CIRCLED,
    Style.CHINESE_BRACKET,
    Style.CHINESE,
    Style.ORDINAL,
)


@dataclass
class Item:
    """A paragraph with its numbering, and its unit tail if it has one."""

    line: Line
    mark: Mark | None
    body: str
    tail: Tail
    label_line: bool = False


@dataclass
class Owner:
    """How the items of one style look: how many there are, say something, own tails."""

    items: int = 0
    substantive: int = 0
    tails: int = 0
    bare: int = 0
    paragraphs: int = 0

    @property
    def heads_paragraphs(self) -> bool:
        """Say whether the items are mere headings over several unnumbered paragraphs each."""
        return self.bare * 5 >= self.items * 3 and self.paragraphs >= self.items * 2


def read_items(lines: list[Line]) -> list[Item]:
    """Return each paragraph with its numbering and its tail."""
    return [_item(line) for line in lines]


def _item(line: Line) -> Item:
    bare = line.text.strip()
    labelled = read_fields(bare)
    if labelled is None and bare[:1] in "(（" and bare[-1:] in ")）" and not find_mark(bare):
        labelled = read_clauses(bare[1:-1])
    if labelled:
        return Item(line, None, "", labelled, label_line=True)
    mark = find_mark(line.text)
    body, tail = cut_tail(mark.rest if mark else line.text)
    return Item(line, mark, body, tail)


def choose_style(items: list[Item]) -> tuple[Style, bool] | None:
    """Return the numbering style that carries the measures, None where no style does.

    The second value says that the style only heads the measures, which are unnumbered paragraphs.
    """
    owners = _survey(items)
    tailed = {style: o for style, o in owners.items() if o.tails}
    if tailed:
        return max(tailed, key=lambda style: (tailed[style].tails, -style)), False
    for style in CANDIDATES:
        owner = owners.get(style)
        if owner and owner.items >= 2 and owner.substantive * 2 >= owner.items:
            return style, owner.heads_paragraphs
    return None


def _survey(items: list[Item]) -> dict[Style, Owner]:
    owners: dict[Style, Owner] = {}
    current: Style | None = None
    spoken = False
    general: Style | None = None
    for item in items:
        if item.mark:
            if general is None or item.mark.style <= general:
                general = item.mark.style if _is_general(item) else None
            current = None if general else item.mark.style
            spoken = False
            if current:
                owner = owners.setdefault(current, Owner())
                owner.items += 1
                owner.bare += not _says_something(item)
        if current is None and item.tail and item.mark:
            current = item.mark.style
            owners.setdefault(current, Owner()).items += 1
        if current is None:
            continue
        owner = owners[current]
        owner.tails += bool(item.tail)
        owner.paragraphs += item.mark is None and len(item.body) >= SUBSTANCE
        if not spoken and not item.label_line and _says_something(item):
            owner.substantive += 1
            spoken = True
    return owners


def _says_something(item: Item) -> bool:
    sentence = item.body.endswith("。") and len(item.body) >= SENTENCE
    long = len(item.body) >= SUBSTANCE
    return long or sentence or bool(re.search(r"。.", item.body)) or bool(item.tail)


def _is_general(item: Item) -> bool:
    heading = item.body.split("。")[0]
    return not item.tail and len(heading) <= 20 and bool(GENERAL.search(heading))


@dataclass
class OutlineReader:
    """Walks through the paragraphs once; headings of one style reset everything below them."""

    style: Style
    tailed: bool
    by_paragraph: bool = False
    reading: Reading = field(default_factory=Reading)
    headings: dict[Style, str] = field(default_factory=dict)
    plain_heading: str | None = None
    current: Draft | None = None
    closed: bool = False
    general: str | None = None
    ended: bool = False
    foot: bool = False
    last_value: int = 0

    def read(self, items: list[Item]) -> Reading:
        """Return the measures and everything else."""
        for item in items:
            self._take(item)
        return self.reading

    def _take(self, item: Item) -> None:
        if self.ended or (FOOTER.match(item.line.text) and self._started()):
            if not self.ended:
                self.reading.noise.append(NoiseEntry(item.line.at, "从这里起是页脚，不属于措施"))
            self.ended = True
            self._extra("footer", item.line)
        elif item.label_line:
            self._label_line(item)
        elif item.mark and self._is_measure(item):
            self._open(item)
        elif item.mark and item.mark.style < self.style + self.by_paragraph:
            self._heading(item)
        elif item.line.heading and not item.mark and len(item.body) <= 40:
            self._plain_heading(item)
        else:
            self._paragraph(item)

    def _started(self) -> bool:
        return bool(self.reading.drafts)

    def _is_measure(self, item: Item) -> bool:
        mark = item.mark
        if (
            self.by_paragraph
            or mark is None
            or (mark.style > self.style and not (self.closed and item.tail))
        ):
            return False
        if mark.style < self.style:
            return self.tailed and bool(item.tail)
        if self.general and not item.tail:
            return mark.value == self.last_value + 1 and self.last_value >= 3
        return True

    def _open(self, item: Item) -> None:
        assert item.mark is not None
        if item.mark.style < self.style:
            self._forget_below(item.mark.style)
        self._start(item)
        assert self.current is not None
        self.current.printed = item.mark.printed
        self.current.value = item.mark.value
        self.current.starred = item.mark.starred
        self.last_value = item.mark.value

    def _start(self, item: Item) -> None:
        chapter, section, action = self._levels()
        self.current = Draft(
            at=item.line.at,
            line=item.line.number,
            chapter=chapter,
            section=section,
            action=action,
            paragraphs=[item.body],
            raw=[item.line.raw or item.line.text],
        )
        self.reading.drafts.append(self.current)
        self._close(item.tail)

    def _levels(self) -> tuple[str | None, str | None, str | None]:
        levels = [self.headings[style] for style in sorted(self.headings)]
        if self.plain_heading:
            levels.insert(0, self.plain_heading)
        top = [*levels, None, None, None][:3]
        if Style.CHINESE_BRACKET in self.headings and len(levels) == 1 and self._chapters_exist:
            return None, levels[0], None
        return top[0], top[1], top[2]

    _chapters_exist: bool = False

    def _close(self, tail: Tail) -> None:
        if tail and self.current:
            self.reading.noise += self.current.take(tail)
            self.closed = True
            self.reading.has_units = self.reading.has_units or bool(tail.units)
        else:
            self.closed = False

    def _label_line(self, item: Item) -> None:
        if self.current is None:
            self._extra("body", item.line)
            return
        self.current.raw.append(item.line.raw or item.line.text)
        self._close(item.tail)

    def _heading(self, item: Item) -> None:
        assert item.mark is not None
        heading, _, summary = item.body.partition("。")
        if len(heading) > 60:
            heading, summary = item.body, ""
        self._forget_below(item.mark.style)
        self.foot = False
        if item.mark.style <= Style.CHINESE:
            self.plain_heading = None
        self.headings[item.mark.style] = heading.strip()
        self._chapters_exist = self._chapters_exist or item.mark.style < Style.CHINESE_BRACKET
        self._set_general(item.mark.style, heading)
        summary = SUMMARY_END.sub("", summary).strip()
        if summary:
            kind = self._kind(item) if self.general else "summary"
            kind = "summary" if kind == "body" else kind
            self.reading.extras.append(Extra(kind, summary, item.line.at, heading=heading.strip()))

    def _set_general(self, style: Style, heading: str) -> None:
        above = [s for s in self.headings if s < style and GENERAL.search(self.headings[s])]
        self.general = (
            self.headings[above[0]]
            if above
            else heading
            if GENERAL.search(heading) and len(heading) <= 20
            else None
        )

    def _plain_heading(self, item: Item) -> None:
        if KIND.search(item.body) and not self._started():
            self._extra("front", item.line)
            return
        self._forget_below(Style.PART)
        self.headings.clear()
        self.plain_heading = item.body
        self.general = item.body if GENERAL.search(item.body) else None

    def _forget_below(self, style: Style) -> None:
        self.headings = {s: text for s, text in self.headings.items() if s < style}
        self.current = None
        self.closed = False

    def _paragraph(self, item: Item) -> None:
        if self._started() and _is_signature(item):
            self.closed = True
            self._extra("footer", item.line)
        elif self.current and not self.closed:
            self.current.paragraphs.append(self._whole(item))
            self.current.raw.append(item.line.raw or item.line.text)
            self._close(item.tail)
        elif (self.tailed and item.tail.units) or self._stands_alone(item):
            self._start(item)
            assert self.current is not None
            if self.by_paragraph:
                self.current = None
            else:
                self.current.unsure.add("number")
        else:
            self._extra(self._kind(item), item.line)

    def _stands_alone(self, item: Item) -> bool:
        under = self.by_paragraph and self.style in self.headings and not self.general
        return under and len(item.body) >= SUBSTANCE and "。" in item.body

    @staticmethod
    def _whole(item: Item) -> str:
        return f"{item.mark.printed}{item.body}" if item.mark else item.body

    def _kind(self, item: Item) -> str:
        self.foot = self.foot or bool(
            FOOTER.match(item.line.text) or ANNEX_NAME.match(item.line.text)
        )
        if not self.headings and not self._started():
            return "front"
        if self.foot:
            return "footer"
        if item.line.text.startswith("——"):
            return "principle"
        lowest = self.headings[max(self.headings)] if self.headings else ""
        if "目标" in lowest or (self.general and GOAL.match(item.line.text)):
            return "goal"
        if self.general and GUARANTEE.search(self.general):
            return "guarantee"
        return "body"

    def _extra(self, kind: str, line: Line) -> None:
        if SECTION_NOTE.match(line.text) and kind == "body":
            return
        heading = self.headings[max(self.headings)] if self.headings else self.plain_heading
        self.reading.extras.append(Extra(kind, line.text, line.at, heading=heading))


def read_outline(lines: list[Line]) -> Reading:
    """Read running text; the reading has no drafts where nothing looks like a measure."""
    items = read_items(lines)
    chosen = choose_style(items)
    if chosen is None:
        reading = Reading()
        reading.extras = [Extra("body", line.text, line.at) for line in lines]
        return reading
    tailed = any(item.tail.units for item in items)
    style, by_paragraph = chosen
    reading = OutlineReader(style, tailed, by_paragraph).read(items)
    if by_paragraph and reading.drafts:
        reading.noise.append(NoiseEntry(reading.drafts[0].at, "措施没有编号，按自然段依次计数"))
    _report_numbering(reading)
    return reading


def _is_signature(item: Item) -> bool:
    """The issuer and the date below the last measure are no part of it."""
    text = item.line.text.strip()
    return not item.mark and bool(DATE_LINE.match(text) or ORGAN.match(text))


def read_extras(lines: list[Line]) -> list[Extra]:
    """Return running text that carries no measures, each paragraph under its heading."""
    return OutlineReader(Style.ORDINAL, tailed=False).read(read_items(lines)).extras


def _report_numbering(reading: Reading) -> None:
    """Every measure's printed number must be the one before plus one; say where it is not."""
    last: int | None = None
    for draft in reading.drafts:
        if draft.value is None:
            continue
        if last is not None and draft.value != last + 1:
            reading.noise.append(NoiseEntry(draft.at, _jump(last, draft)))
            if draft.value != 1:
                draft.unsure.add("number")
        last = draft.value


def _jump(last: int, draft: Draft) -> str:
    if draft.value == 1:
        return f"编号在此重新从1开始（上一条是{last}），输出的编号连续计数"
    if draft.value == last:
        return f"编号{draft.printed}重复"
    return f"编号从{last}跳到{draft.value}，请核对是否缺条或错号"
