"""Titles of measures: the short first sentence, where a paper uses it as one.

Any measure may begin with a short sentence, so that one measure alone proves nothing; a chapter does:
either nearly all of its measures begin so, or the chapter has no titles.
"""

import re
from collections import defaultdict

from yingshang.domains.plans.parsing.draft import Draft
from yingshang.domains.plans.parsing.units import looks_like_units, split_units

LONGEST_TITLE = 40
NO_TITLE = re.compile(r"[,，;；!！?]")
CUTS = ("。", "：", ":", "\n", "  ")
NEARLY_ALL, DOUBTFUL = 0.8, 0.5


def split_title(text: str, cut: str) -> tuple[str, str] | None:
    """Return (title, rest) if ``text`` begins with a short heading that ends in ``cut``."""
    head, found, rest = text[: LONGEST_TITLE + 30].partition(cut)
    head = head.strip().rstrip("。")
    rest = text[len(text[: LONGEST_TITLE + 30].partition(cut)[0]) + len(cut) :].strip()
    if (
        "\n" in head
        or not found
        or not rest
        or not 2 <= len(head) <= LONGEST_TITLE
        or NO_TITLE.search(head)
    ):
        return None
    if any(head.count(left) != head.count(right) for left, right in ("“”", "()", "（）", "《》")):
        return None
    return head, rest


def take_titles(drafts: list[Draft]) -> None:
    """Give the measures of every chapter with titles their title, and cut it from the text."""
    chapters: dict[str | None, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.title is None and draft.paragraphs:
            chapters[draft.chapter].append(draft)
    whole = _best_cut(drafts)
    for members in chapters.values():
        cut, share = _best_cut(members) if len(members) >= 3 else whole
        if share >= NEARLY_ALL:
            _apply(members, cut)
        elif share >= DOUBTFUL and len(members) >= 3:
            _doubt(members, cut)


def _best_cut(drafts: list[Draft]) -> tuple[str, float]:
    counts = {cut: sum(split_title(d.text, cut) is not None for d in drafts) for cut in CUTS}
    best = max(CUTS, key=lambda cut: counts[cut])
    return best, counts[best] / max(len(drafts), 1)


def _apply(drafts: list[Draft], cut: str) -> None:
    found = [(draft, split_title(draft.text, cut)) for draft in drafts]
    addressed = cut in "：:" and all(looks_like_units(p[0]) for _, p in found if p)
    for draft, parts in found:
        if parts is None:
            draft.unsure.add("units" if addressed else "title")
            continue
        if addressed:
            # 区财政局：落实专项资金。 names the unit, not the measure.
            draft.units = split_units(parts[0]).units + draft.units
            draft.paragraphs = [parts[1]]
            continue
        draft.title = parts[0]
        draft.paragraphs = [parts[1]]


def _doubt(drafts: list[Draft], cut: str) -> None:
    for draft in drafts:
        if split_title(draft.text, cut):
            draft.unsure.add("title")
