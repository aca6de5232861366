"""Splitting the wording of a policy into its masthead and its clauses; pure, and never sure of itself.

Articles (第五条) and items (（一）) become clauses of their own, labelled 第五条第一项; a text without
articles is split at its headings (一、) and labelled by them. What no rule recognises stays with the
clause before it. Marks are guesses for a person to check.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from yingshang.domains.policies.declaring import Mark

_NUMERAL: Final = "〇零一二三四五六七八九十百"
_ARTICLE: Final = re.compile(rf"^(第[{_NUMERAL}\d]{{1,9}}条)[\s　]*(.*)$")
_CHAPTER: Final = re.compile(rf"^第[{_NUMERAL}\d]+[章节]")
_HEADING: Final = re.compile(rf"^([{_NUMERAL}]{{1,9}})、\s*(.*)$")
_ITEM: Final = re.compile(rf"^[（(]([{_NUMERAL}]{{1,9}})[）)]\s*(.*)$")
_NUMBER: Final = re.compile(r"[\u4e00-\u9fff]{2,12}〔(?:19|20)\d{2}〕\d+号")
_DAY: Final = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_FROM: Final = re.compile(rf"自{_DAY}起(?:施行|实施|执行|生效)")
_TO: Final = re.compile(rf"(?:有效期至|至){_DAY}(?:止)?")
_SIGNED: Final = re.compile(rf"^{_DAY}$")
_GUESSES: Final = (
    (Mark.VALIDITY, r"施行|有效期|废止"),
    (Mark.CLAWBACK, r"退回|追回|追缴|收回"),
    (Mark.EXCLUSION, r"不予(?:补助|补贴|奖励|支持|资助|受理)|不得(?:申请|享受)|除外"),
    (Mark.DEFINITION, r"所称.*是指|本(?:办法|措施|细则|规定)所称"),
    (Mark.PURPOSE, r"^为.*制定本"),
    (Mark.WINDOW, r"受理(?:申请|时间)|申报(?:时间|期限)|常年受理"),
    (Mark.MATERIAL, r"提交|材料"),
    (Mark.REVIEW, r"评审|审核|打分|专家"),
    (Mark.PROCEDURE, r"公示|拨付|受理之日|工作日|受理"),
    (Mark.AUTHORITY, r"负责|组织实施|牵头"),
)


@dataclass
class Split:
    """One clause as it was split off, with the marks that its words suggest."""

    label: str
    text: str
    marks: list[Mark] = field(default_factory=list)


@dataclass
class Wording:
    """A policy's wording, split; what the masthead does not tell is empty."""

    title: str = ""
    number: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    clauses: list[Split] = field(default_factory=list)


def split_wording(text: str) -> Wording:
    """Return the masthead and the clauses of a text."""
    wording = Wording()
    head: list[str] = []
    lines = [line.strip(" \t　") for line in text.splitlines()]
    has_articles = any(_ARTICLE.match(line) for line in lines)
    outer = ""
    for line in filter(None, lines):
        label, words = _label(line, outer, has_articles=has_articles)
        if _CHAPTER.match(line) or (_SIGNED.match(line) and _sign(wording, line)):
            continue
        if label:
            outer = outer if _ITEM.match(line) else label
            wording.clauses.append(Split(label, words))
        elif wording.clauses:
            _append(wording.clauses[-1], line)
        else:
            head.append(line)
    _read_head(wording, head)
    _read_days(wording)
    for clause in wording.clauses:
        clause.marks = guess_marks(clause.text)
    _label_apart(wording.clauses)
    return wording


def _label(line: str, outer: str, *, has_articles: bool) -> tuple[str, str]:
    """Return the label of the clause that a line begins, and its words; no label where it begins none."""
    if has_articles and (found := _ARTICLE.match(line)):
        return found[1], found[2]
    if not has_articles and (found := _HEADING.match(line)):
        return f"第{found[1]}条", found[2]
    if outer and (found := _ITEM.match(line)):
        return f"{outer}第{found[1]}项", line
    return "", line


def _append(clause: Split, line: str) -> None:
    """Put a line to the clause before it; a line that ended in the middle of a sentence goes on."""
    ended = not clause.text or clause.text[-1] in "。；：！？;:"
    clause.text += ("\n" if ended and clause.text else "") + line


def _sign(wording: Wording, line: str) -> bool:
    """Take a line that is only a day as the day of issue; whether it is one."""
    found = _day(_SIGNED.match(line))
    wording.issued_on = found or wording.issued_on
    return found is not None


def _read_head(wording: Wording, head: Iterable[str]) -> None:
    for line in head:
        if found := _NUMBER.search(line):
            wording.number = wording.number or found[0]
        elif not wording.title and len(line) <= 200 and line[-1] not in "。；：":
            wording.title = line.strip("《》")


def _read_days(wording: Wording) -> None:
    for clause in wording.clauses:
        if found := _FROM.search(clause.text):
            wording.valid_from = _day(found)
            wording.valid_to = _day(_TO.search(clause.text, found.end()))


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def guess_marks(text: str) -> list[Mark]:
    """Return the marks that a clause's words suggest, at least one."""
    found = [mark for mark, words in _GUESSES if re.search(words, text)]
    return found[:2] or [Mark.OTHER]


def _label_apart(clauses: Iterable[Split]) -> None:
    """Number a label that stands twice, as where two texts were pasted together."""
    seen: dict[str, int] = {}
    for clause in clauses:
        seen[clause.label] = seen.get(clause.label, 0) + 1
        if seen[clause.label] > 1:
            clause.label = f"{clause.label}（{seen[clause.label]}）"
