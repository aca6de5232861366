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
from yingshang.domains.plans.parsing.items import GENERAL, SUBSTANCE, Item, choose_style, read_items
from yingshang.domains.plans.parsing.masthead import DATE_LINE, KIND
from yingshang.domains.plans.parsing.model import Extra, NoiseEntry
from yingshang.domains.plans.parsing.numbering import Style
from yingshang.domains.plans.parsing.paragraphs import FOOTER, ORGAN
from yingshang.domains.plans.parsing.structure import Parts, find_parts
from yingshang.domains.plans.parsing.units import Tail

ANNEX_NAME = re.compile(r"^附\s*件")
GUARANTEE = re.compile(r"保障|组织|工作要求|附则")
GOAL = re.compile(r"^到\s?20\d{2}年")
SUMMARY_END = re.compile(r"\s*(?:具体|主要|重点)?(?:措施|举措|任务|工作)[:：]\s*$")
CONTENT_LABEL = re.compile(
    r"^(?:工作|改革|主要|重点|具体|预期|目标|任务|创新)?(?:内容|举措|措施|任务|目标|要求|成效|成果|做法|标准|安排)\s?[:：]"
)
SECTION_NOTE = re.compile(r"^(?:[^。]{0,11}[:：])$")


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
    labelled: bool = False
    loose: Item | None = None
    unused: dict[str, Line] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)
    last_measure: int = 0

    def read(self, items: list[Item]) -> Reading:
        """Return the measures and everything else."""
        if self.style < Style.UNNUMBERED and not self.by_paragraph:
            self.parts = find_parts(items, self.style, tailed=self.tailed)
        self.last_measure = self._last_measure(items)
        for index, item in enumerate(items):
            self._take(item, index)
        self.reading.extras += [
            Extra("body", line.text, line.at) for line in self.unused.values() if len(line.text) > 8
        ]
        return self.reading

    def _last_measure(self, items: list[Item]) -> int:
        """Return the index of the last item that surely is a measure: the footer stands below it."""
        sure = (
            index
            for index, item in enumerate(items)
            if (item.tail.units if self.tailed else item.mark and item.mark.style is self.style)
        )
        return max(sure, default=0)

    def _is_footer(self, item: Item, index: int) -> bool:
        if not FOOTER.match(item.line.text) or not self._started() or item.label_line:
            return False
        return not self.tailed or index > self.last_measure

    def _take(self, item: Item, index: int) -> None:
        if self.ended or self._is_footer(item, index):
            if not self.ended:
                self.reading.noise.append(NoiseEntry(item.line.at, "从这里起是页脚，不属于措施"))
            self.ended = True
            self._extra("footer", item.line)
        elif item.label_line:
            self._label_line(item)
        elif item.mark and self._is_measure(item):
            self._open(item)
        elif item.mark and (
            item.mark.style < self.style + self.by_paragraph or id(item) in self.parts.headings
        ):
            self._heading(item)
        elif item.line.heading and not item.mark and len(item.body) <= 40:
            self._plain_heading(item)
        else:
            self._paragraph(item)

    def _started(self) -> bool:
        return bool(self.reading.drafts)

    def _is_measure(self, item: Item) -> bool:
        mark = item.mark
        if id(item) in self.parts.measures:
            return True
        if (
            self.by_paragraph
            or mark is None
            or id(item) in self.parts.headings | self.parts.preamble
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
        if item.mark.style <= self.style:
            self._forget_below(item.mark.style)
        self._start(item)
        assert self.current is not None
        self.current.style = item.mark.style
        self.current.printed = item.mark.printed
        self.current.value = item.mark.value
        self.current.starred = item.mark.starred
        self.last_value = item.mark.value

    def _start(self, item: Item) -> None:
        for heading in self.headings.values():
            self.unused.pop(heading, None)
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
        self.labelled = False
        if tail and self.current:
            self.reading.noise += self.current.take(tail)
            self.closed = True
            self.reading.has_units = self.reading.has_units or bool(tail.units)
        else:
            self.closed = False

    def _label_line(self, item: Item) -> None:
        if self.style is Style.UNNUMBERED and self.loose and (self.closed or not self.current):
            self.reading.extras.pop()
            self._start(self.loose)
        if self.current is None:
            self._extra("body", item.line)
            return
        self.current.raw.append(item.line.raw or item.line.text)
        if item.tail:
            self._close(item.tail)
        else:
            self.reading.noise += self.current.take(item.tail)
        self.labelled = True

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
        self.unused[heading.strip()] = item.line
        self._chapters_exist = self._chapters_exist or item.mark.style < Style.CHINESE_BRACKET
        self._set_general(item.mark.style, heading)
        summary = SUMMARY_END.sub("", summary).strip()
        if summary:
            kind = self._kind(item) if self.general else "summary"
            kind = "summary" if kind == "body" else kind
            self.unused.pop(heading.strip(), None)
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

    def _belongs(self, item: Item) -> bool:
        """A sub-item, or a part with a label of its own (工作内容：…), goes on after the units."""
        assert self.current is not None
        if item.mark:
            return bool(self.current.style and item.mark.style > self.current.style)
        return self.labelled and bool(CONTENT_LABEL.match(item.body))

    def _paragraph(self, item: Item) -> None:
        if self._started() and _is_signature(item):
            self.closed = True
            self._extra("footer", item.line)
        elif self.current and (not self.closed or self._belongs(item)):
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
            self.loose = None if item.mark or item.line.heading else item

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
        for name in self.headings.values():
            self.unused.pop(name, None)
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
    return reading


def _is_signature(item: Item) -> bool:
    """The issuer and the date below the last measure are no part of it."""
    text = item.line.text.strip()
    return not item.mark and bool(DATE_LINE.match(text) or ORGAN.match(text))


def read_extras(lines: list[Line]) -> list[Extra]:
    """Return running text that carries no measures, each paragraph under its heading."""
    return OutlineReader(Style.ORDINAL, tailed=False).read(read_items(lines)).extras
