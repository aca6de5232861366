"""What typesetting adds to a paper: page numbers, running titles, a table of contents, navigation."""

import re
from collections import Counter

from yingshang.domains.plans.parsing.blocks import Block, Line, block_text
from yingshang.domains.plans.parsing.masthead import KIND
from yingshang.domains.plans.parsing.model import NoiseEntry
from yingshang.domains.plans.parsing.numbering import find_mark
from yingshang.domains.plans.parsing.paragraphs import CONTENTS, NAVIGATION

PAGE_NUMBER = re.compile(
    r"^[-—–－―─_·]+\s?\d{1,3}\s?[-—–－―─_·]+$|^第\s?\d{1,3}\s?页(?:\s?[,，/／]?\s?共\s?\d{1,3}\s?页)?$"
)
CONTENTS_TITLE = re.compile(r"^目\s*[录次]$")
LEADER = re.compile(r"[\s.．·…_\-—\t]*[(（]?\d{0,3}[)）]?\s*$")
BRACKETED = re.compile(r"[(（][^()（）]*[)）]$")
RUNNING = 3
"""A title printed so often, or beside a page number, is a running title."""


def drop_furniture(blocks: list[Block]) -> tuple[list[Block], list[NoiseEntry]]:
    """Return the blocks without furniture, and a remark on each one dropped."""
    why = {i: name for i, block in enumerate(blocks) if (name := _name(block))}
    why |= dict.fromkeys(_contents(blocks), "目录的一行")
    why |= dict.fromkeys(_running_titles(blocks, why), "页眉")
    noise = [
        NoiseEntry(blocks[i].at, f"{why[i]}，已略去：{_brief(blocks[i])}") for i in sorted(why)
    ]
    return [block for i, block in enumerate(blocks) if i not in why], noise


def _name(block: Block) -> str | None:
    if not isinstance(block, Line):
        return None
    if NAVIGATION.match(block.text):
        return "网页导航"
    if PAGE_NUMBER.match(block.text):
        return "页码"
    return "目录的一行" if CONTENTS.search(block.text[-40:]) else None


def _brief(block: Block) -> str:
    text = block_text(block)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _bare(block: Block) -> str:
    return re.sub(r"\s", "", LEADER.sub("", block_text(block)[:200]))


def _contents(blocks: list[Block]) -> list[int]:
    """Return the places of the lines below 目录 that come again later."""
    start = next((i for i, b in enumerate(blocks) if CONTENTS_TITLE.match(block_text(b))), None)
    if start is None:
        return []
    last = {_bare(block): i for i, block in enumerate(blocks)}
    heads = Counter(_bare(block)[:12] for block in blocks[start + 1 :])
    end = start + 1
    while end < len(blocks) and _comes_again(_bare(blocks[end]), end, last, heads):
        end += 1
    return list(range(start, end)) if end > start + 2 else []


def _comes_again(bare: str, place: int, last: dict[str, int], heads: Counter[str]) -> bool:
    if not bare or len(bare) > 60 or "。" in bare:
        return False
    comes = last[bare] > place or (len(bare) >= 4 and heads[bare[:12]] > 1)
    heads[bare[:12]] -= 1
    return comes


def _running_titles(blocks: list[Block], dropped: dict[int, str]) -> list[int]:
    titles = [
        (i, BRACKETED.sub("", block.text))
        for i, block in enumerate(blocks)
        if isinstance(block, Line) and i not in dropped and len(block.text) <= 60
        if KIND.search(block.text) and not find_mark(block.text)
    ]
    counts = Counter(text for _, text in titles)
    first = {text: i for i, text in reversed(titles)}
    return [
        i
        for i, text in titles
        if i != first[text] and (counts[text] >= RUNNING or _beside_number(i, dropped))
    ]


def _beside_number(place: int, dropped: dict[int, str]) -> bool:
    return "页码" in (dropped.get(place - 1), dropped.get(place + 1))
