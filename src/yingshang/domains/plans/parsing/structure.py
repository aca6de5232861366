"""Items that play another part than their numbering says.

Some sections of a paper number their measures, others are one measure each; now and then a section
in a paper whose sections are the measures splits into numbered ones. Both show in what stands below.
"""

import re
from dataclasses import dataclass, field

from yingshang.domains.plans.parsing.items import (
    SUBSTANCE,
    Item,
    group_of,
    is_general,
    tails_below,
)
from yingshang.domains.plans.parsing.numbering import Style

PREAMBLE = re.compile(
    r"制定本|起施行|施行之日|有效期|负责解释|所称|本(?:措施|办法|规定|政策|意见)(?:适用|由|自|中)"
)
"""Articles that say what the paper is, not what it does."""


@dataclass
class Parts:
    """Items by identity: headings in spite of, and measures in spite of their numbering."""

    headings: set[int] = field(default_factory=set)
    measures: set[int] = field(default_factory=set)
    preamble: set[int] = field(default_factory=set)


def find_parts(items: list[Item], style: Style, *, tailed: bool) -> Parts:
    """Return the exceptions among the items when ``style`` carries the measures."""
    parts = Parts()
    general: Style | None = None
    for index, item in enumerate(items):
        if item.mark is None:
            continue
        if general is None or item.mark.style <= general:
            general = item.mark.style if is_general(item) else None
        if style is Style.ARTICLE and item.mark.style is style and _is_preamble(items, index):
            parts.preamble.add(id(item))
        elif item.mark.style is style and tailed:
            _split_section(parts, items, index)
        elif general is None and _may_be_leaf(item, style) and _is_leaf(items, index, style):
            parts.measures.add(id(item))
    return parts


def _is_preamble(items: list[Item], index: int) -> bool:
    item = items[index]
    owned = item.tail or any(below.tail for below in group_of(items, index))
    return not owned and bool(PREAMBLE.search(item.body))


def _split_section(parts: Parts, items: list[Item], index: int) -> None:
    """A section without a tail whose numbered items own one each is a heading over measures."""
    if items[index].tail:
        return
    below = group_of(items, index)
    finest = min((x.mark.style for x in below if x.mark), default=None)
    children = [x for x in below if x.mark and x.mark.style is finest]
    before_first = next((i for i, x in enumerate(below) if x.mark), len(below))
    count, owned = tails_below(below)
    if len(children) < 2 or any(x.tail for x in below[:before_first]) or owned * 4 <= count * 3:
        return
    parts.headings.add(id(items[index]))
    parts.measures |= {id(x) for x in children}


def _may_be_leaf(item: Item, style: Style) -> bool:
    assert item.mark is not None
    return Style.CHINESE_BRACKET <= item.mark.style < style <= Style.ARABIC_BRACKET


def _is_leaf(items: list[Item], index: int, style: Style) -> bool:
    """A section that has text but no measure below, beside others that have some, is one itself."""
    item, below = items[index], group_of(items, index)
    if any(x.mark and x.mark.style <= style for x in below) or item.line.heading:
        return False
    text = item.body.partition("。")[2] + "".join(x.body for x in below)
    return len(text) >= SUBSTANCE and text.rstrip().endswith("。")
