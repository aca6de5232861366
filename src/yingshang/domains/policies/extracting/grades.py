"""Grades and their codes: ``为A级、B级``, ``达到二级以上``, ``不是失信企业``."""

import re
from dataclasses import dataclass

from yingshang.domains.policies.extracting.lexicon import Grade
from yingshang.domains.policies.extracting.model import Condition, Piece


@dataclass(frozen=True)
class Codes:
    """Codes read from a text, where they end, and whether they are denied."""

    codes: list[str]
    end: int
    negated: bool


def codes_after(text: str, at: int, end: int, grade: Grade) -> Codes | None:
    """Read codes after the name of a grade: ``为A级、B级``, ``达到二级以上``, ``不是失信企业``."""
    link = re.compile(
        r"(?:评价|评定|评级|结果|等级|级别|类别|应当|应|须|需|均|被|连续[^，。；]{0,4}|上一?年度|为|是|属于|达到|达|在|不低于|不得为|不应为|未被评为|未评为|未被列为|不是|不为|不属于|非|未|列为|评为|评定为|定为|“|（|、|：)*"
    ).match(text, at, end)
    assert link is not None
    place, codes = link.end(), []
    while (label := _label_at(text, place, end, grade)) is not None:
        codes.append(label[1])
        place += len(label[0])
        closing = re.compile(r"级|类|”|企业|等|）").match(text, place, end)
        stop = closing.end() if closing else place
        joint = re.compile(r"、|和|或者|或|及(?!以)|与|“").match(text, stop, end)
        place = stop
        if not joint or _label_at(text, joint.end(), end, grade) is None:
            break
        place = joint.end()
    if not codes:
        return None
    rungs = re.compile(r"（含）?|及?以上|及?以下|或以上").match(text, place, end)
    lowest = "不低于" in link[0] or (rungs is not None and rungs[0].endswith("以上"))
    if lowest and codes[-1] in grade.ladder:
        codes = list(grade.ladder[: grade.ladder.index(codes[-1]) + 1])
    elif rungs and rungs[0].endswith("以下") and codes[-1] in grade.ladder:
        codes = list(grade.ladder[grade.ladder.index(codes[-1]) :])
    negated = bool(re.search(r"不是|不为|不得为|不应为|不属于|非|未", link[0]))
    return Codes(codes, rungs.end() if rungs and rungs[0][0] in "及以或" else place, negated)


def _label_at(text: str, at: int, end: int, grade: Grade) -> tuple[str, str] | None:
    for label, code in grade.labels:
        if at + len(label) <= end and text.startswith(label, at):
            return label, code
    return None


def graded(grade: Grade, read: Codes, piece: Piece, refused: bool) -> Condition:
    codes = list(dict.fromkeys(read.codes))
    if read.negated != refused:
        return Condition(grade.fact, "not in", codes, None, piece)
    if len(codes) == 1:
        return Condition(grade.fact, "==", codes[0], None, piece)
    return Condition(grade.fact, "in", codes, None, piece)
