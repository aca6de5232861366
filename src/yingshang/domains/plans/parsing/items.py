"""Paragraphs with their numbering and unit tails, and which numbering carries the measures."""

import re
from dataclasses import dataclass, replace

from yingshang.domains.plans.parsing.blocks import Line
from yingshang.domains.plans.parsing.numbering import Mark, Style, find_mark
from yingshang.domains.plans.parsing.units import Tail, cut_tail, read_clauses, read_fields

GENERAL = re.compile(
    r"总体(?:要求|思路|目标|考虑)|指导思想|基本原则|(?:工作|主要|建设|发展|行动)目标|组织(?:保障|实施|领导)"
    r"|(?:^|[、和与及])(?:强化|加强|健全|完善|落实)?(?:组织|工作|实施)?保障(?:措施|机制)"
    r"|实施保障|工作(?:要求|保障)|有关要求|附则|背景|现状"
)
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


def group_of(items: list[Item], index: int) -> list[Item]:
    """Return the items below a numbered item: up to the next one of its style or a higher one."""
    mark = items[index].mark
    end = index + 1
    while mark and end < len(items):
        below = items[end].mark
        if below and below.style <= mark.style:
            break
        end += 1
    return items[index + 1 : end]


def tails_below(group: list[Item]) -> tuple[int, int]:
    """Return how many numbered items a group holds and how many of them own a tail."""
    count = owned = 0
    open_item = False
    for item in group:
        if item.mark:
            count += 1
            open_item = True
        if item.tail and open_item:
            owned += 1
            open_item = False
    return count, owned


def owner_of_tails(items: list[Item], style: Style) -> Style:
    """A tail after the last of several sub-items is the tail of the item above them all."""
    own = [i for i, item in enumerate(items) if item.mark and item.mark.style is style]
    owned = sum(bool(tails_below([items[i], *group_of(items, i)])[1]) for i in own)
    if owned * 4 > len(own) * 3:
        return style
    for parent in sorted({item.mark.style for item in items if item.mark}, reverse=True):
        if parent < style and _each_owns_one(items, parent):
            return parent
    return style


def _each_owns_one(items: list[Item], parent: Style) -> bool:
    above = [i for i, item in enumerate(items) if item.mark and item.mark.style is parent]
    counts = [tails_below([items[i], *group_of(items, i)]) for i in above]
    counts = [(count, owned) for count, owned in counts if owned or count > 1]
    alone = sum(owned == 1 for _, owned in counts)
    return len(counts) >= 2 and alone * 5 >= len(counts) * 4


def read_items(lines: list[Line]) -> list[Item]:
    """Return each paragraph with its numbering and its tail."""
    return [_item(line) for line in lines]


def _item(line: Line) -> Item:
    bare = line.text.strip()
    labelled = read_fields(bare)
    if labelled is None and bare[:1] in "(（" and bare[-1:] in ")）" and not find_mark(bare):
        labelled = read_clauses(bare[1:-1])
    if labelled is not None and (labelled or labelled.noise):
        return Item(line, None, "", labelled, label_line=True)
    mark = _innermost(find_mark(line.text))
    body, tail = cut_tail(mark.rest if mark else line.text)
    return Item(line, mark, body, tail)


def _innermost(mark: Mark | None) -> Mark | None:
    """（一）1.推行… numbers one item twice: the finer number is its own."""
    if mark is None or mark.style > Style.CHINESE_BRACKET:
        return mark
    inner = find_mark(mark.rest)
    if inner is None or not Style.ARTICLE <= inner.style <= Style.ARABIC_BRACKET:
        return mark
    return replace(inner, printed=f"{mark.printed}{inner.printed}")


def choose_style(items: list[Item]) -> tuple[Style, bool] | None:
    """Return the numbering style that carries the measures, None where no style does.

    The second value says that the style only heads the measures, which are unnumbered paragraphs.
    """
    owners = _survey(items)
    tailed = {style: o for style, o in owners.items() if o.tails}
    if tailed:
        style = max(tailed, key=lambda style: (tailed[style].tails, -style))
        return owner_of_tails(items, style), False
    for style in CANDIDATES:
        owner = owners.get(style)
        if owner and owner.items >= 2 and owner.substantive * 2 >= owner.items:
            return style, owner.heads_paragraphs
    loose = sum(item.mark is None and bool(item.tail.units) for item in items)
    return (Style.UNNUMBERED, False) if loose >= 2 else None


def _survey(items: list[Item]) -> dict[Style, Owner]:
    owners: dict[Style, Owner] = {}
    current: Style | None = None
    spoken = False
    general: Style | None = None
    for item in items:
        if item.mark:
            if general is None or item.mark.style <= general:
                general = item.mark.style if is_general(item) else None
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


def is_general(item: Item) -> bool:
    """Say whether the item heads a chapter that frames the plan (总体要求, 保障措施)."""
    heading = item.body.split("。")[0]
    return not item.tail and len(heading) <= 20 and bool(GENERAL.search(heading))
