"""Conditions out of one stretch of words: measured ones, grades, statements of facts, trades, places, and the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.grades import codes_after, graded
from yingshang.domains.policies.extracting.leftovers import core_of, cut_statements, is_statement
from yingshang.domains.policies.extracting.lexicon import Grade, Lexicon, Said
from yingshang.domains.policies.extracting.model import Condition, Op, Piece
from yingshang.domains.policies.extracting.places import PARK, PLACE, PLACES, TAXED
from yingshang.domains.policies.extracting.quantities import (
    OPPOSITE,
    Quantity,
    find_far_comparison,
    find_quantities,
)
from yingshang.domains.policies.extracting.sayings import list_negates, phrase_negates, stated
from yingshang.domains.policies.extracting.subjects import counted_in, find_fact, read_subject
from yingshang.domains.policies.extracting.trades import trade_lists

STRONG: Final = re.compile(
    r"，|；|且|或者|(?<!和)或(?!缺)|以及|并且|同时"
    r"|(?<=[\u4e00-\u9fff]{4})并(?=签订|连续|缴纳|正常|稳定|实际|取得|依法)"
    r"|、(?=签订|缴纳|拥有|具有|具备|取得|获得|已|未|无|近|最近|上一?年|当年|年|累计|实际|有效|注册|在|有(?!效)|单)"
    r"|(?:企业|单位|机构|专家|人才|毕业生|申请人|院校)(?=每年|上一?年|年度|近|最近|在职|当年|累计|年龄|注册|成立|将|近)"
    r"|(?<=毕业生)及|(?<=企业)及(?!其)|(?<=人才)及"
)
CANDIDATE: Final = re.compile(
    r"，|；|且|或者|或|以及|并且|、|及|和|并|（|(?:企业|单位|机构|个体工商户|商户|公司|院校)(?:的)?|：|其中"
)
WEAK: Final = re.compile(r"、|及|和|与|并(?!购|网|联)|的")
SEPARATORS: Final = "，；、。且或者以及并和及与的 "
SLICED: Final = re.compile(
    r"(?:（[^）]{0,6}）)?(?:以上|以下|以内|至[^，。；]{1,12}?元)?(?:（[^）]{0,6}）)?(?:之间)?(?:的)?部分(?!达)"
)
DONE: Final = re.compile(
    r"(?:以?后|以?前|期间)?(?:新|依法|在本区|首次)*((?:登记)?(?:注册)?(?:成立|登记|注册|设立)|计划开工|开工)"
)
JOINED: Final = re.compile(r"(?:、|和|及|或者?|以及|至|，?且|，?但)?")
OPENINGS: Final = "、，；且或"
NEAR: Final = 28
NARROWING: Final = re.compile(
    r"首次|新(?=认定|获批|获评|获得|评|入选|通过|增|建|设立|注册|引进|取得)|重新"
)


@dataclass
class Context:
    """What earlier parts of the sentence leave to later ones: the last thing measured, the last grade."""

    subjects: dict[str, tuple[str | None, int, int]] = field(default_factory=dict)
    grade: Grade | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of words that is asked for or refused; ``named`` keeps plain statements that no fact says."""

    start: int
    end: int
    refused: bool = False
    named: bool = True


@dataclass
class Reader:
    """Reads the conditions of one stretch; takes from the stretch what has been read."""

    text: str
    lexicon: Lexicon
    context: Context
    taken: list[tuple[int, int]] = field(default_factory=list)

    def read(self, part: Part) -> list[Condition]:
        """Return the conditions of a part in the order of their words."""
        self.taken = []
        found = [
            *self._grades(part),
            *self._said(part, measured=True),
            *self._places(part),
            *self._quantities(part),
            *self._said(part, measured=False),
            *self._trades(part),
        ]
        if part.named:
            found += self._plain(part)
        found.sort(key=lambda one: (one.piece.start, one.piece.end))
        for one in found:
            one.refused = part.refused
        return _merged(self.text, found)

    def _free(self, start: int, end: int) -> bool:
        return all(end <= a or b <= start for a, b in self.taken)

    def _take(self, start: int, end: int) -> None:
        self.taken.append((start, end))

    def _left(self, at: int, floor: int) -> int:
        """Return where the words begin that belong to what starts at ``at``."""
        start = max([floor, at - NEAR, *(b for _, b in self.taken if b <= at)])
        last = start
        for mark in re.finditer(r"[，；、]|且|或者|或|以及", self.text[start:at]):
            last = start + mark.end()
        return last

    # --- grades

    def _grades(self, part: Part) -> Iterator[Condition]:
        for match in self.lexicon.named_grade.finditer(self.text, part.start, part.end):
            grade = self.lexicon.grades[match[0]]
            read = codes_after(self.text, match.end(), part.end, grade)
            if read and self._free(match.start(), read.end):
                self.context.grade = grade
                start = self._left(match.start(), part.start)
                self._take(match.start(), read.end)
                yield graded(grade, read, Piece(start, read.end), part.refused)
        yield from self._bare_grade(part)

    def _bare_grade(self, part: Part) -> Iterator[Condition]:
        """Read ``M级的`` after a sentence has named the grade."""
        grade = self.context.grade
        start = (
            part.start
            + len(self.text[part.start : part.end])
            - len(self.text[part.start : part.end].lstrip("的，、其中对 "))
        )
        if grade is None or not self._free(start, start + 1):
            return
        read = codes_after(self.text, start, part.end, grade)
        if read and read.end - start >= 2:
            self._take(start, read.end)
            yield graded(grade, read, Piece(start, read.end), part.refused)

    # --- numbers

    def _quantities(self, part: Part) -> Iterator[Condition]:
        numbers = find_quantities(self.text, part.start, part.end)
        for place, one in enumerate(numbers):
            if not self._free(one.number_at, one.number_end):
                continue
            yield from self._measured(part, numbers, place)

    def _measured(self, part: Part, numbers: list[Quantity], place: int) -> Iterator[Condition]:
        one = numbers[place]
        following = numbers[place + 1] if place + 1 < len(numbers) else None
        if place and _is_range(self.text, numbers[place - 1], one):
            return
        start, carried = self._subject_start(part, numbers, place)
        words = self.text[start : one.start].strip()
        if place and _continues(self.text, numbers[place - 1], one):
            one = numbers[place] = replace(one, op=numbers[place - 1].op, compared=True)
        far = find_far_comparison(words) if one.is_share and not one.compared else None
        if far is not None:
            one = numbers[place] = replace(one, op=far, compared=True)
        ranged = following is not None and _is_range(self.text, one, following)
        if not one.compared and not ranged and not _is_exact(self.text, one, words):
            return
        fact, unit, start = self._fact(words, one, start, carried)
        if following is not None and ranged:
            yield from self._range(fact, unit, start, one, following, part)
            return
        if SLICED.match(self.text, one.number_end, part.end):
            self._take(start, min(one.end + 3, part.end))
            return
        if re.match(
            r"内?(?:不|未)", self.text[one.number_end : one.number_end + 2]
        ) and one.unit in ("年", "月", "日"):
            return
        done = DONE.match(self.text, one.end, part.end) if one.unit == "date" and fact else None
        end = done.end() if done else one.end
        yield self._condition(fact, one.op, one.value, unit, start, end, part)

    def _condition(
        self, fact: str | None, op: Op, value: Any, unit: str, start: int, end: int, part: Part
    ) -> Condition:
        self._take(start, end)
        if part.refused:
            op = OPPOSITE[op] if op != "==" else op
        return Condition(fact, op, value, unit, self._trim(start, end))

    def _range(
        self, fact: str | None, unit: str, start: int, low: Quantity, high: Quantity, part: Part
    ) -> Iterator[Condition]:
        ends = "（不含" not in self.text[high.number_end : high.number_end + 8]
        open_ = "（不含" in self.text[low.number_end : high.number_at]
        lower: Op = ">" if open_ else low.op if low.op in (">", ">=") else ">="
        upper: Op = high.op if high.op in ("<", "<=") else "<=" if ends else "<"
        for op, value in ((lower, low.value), (upper, high.value)):
            yield self._condition(
                fact, op, value, unit, start, high.end, replace(part, refused=False)
            )

    def _fact(
        self, words: str, one: Quantity, start: int, carried: bool
    ) -> tuple[str | None, str, int]:
        bare = read_subject(words).name
        unit = one.unit
        if one.unit == "date" or re.search("亏损|盈利", self.text[one.number_at : one.number_end]):
            fact = find_fact(self.lexicon, words, unit) or self._told_after(words, one)
            return fact, unit, start
        if "亩均" in words and unit == "元":
            unit = "元/亩"
        if carried or len(bare) < 2:
            fact, begin, end = self.context.subjects.get(unit, (None, start, start))
            shared = begin < start and JOINED.fullmatch(self.text, end, one.start) is not None
            return fact, unit, begin if shared else start
        unit = counted_in(words, unit)
        fact = find_fact(self.lexicon, words, unit) or self._told_after(words, one)
        if re.search(
            r"(?:下降|减少|降低|下滑|降幅|减幅)(?:了|幅度|率|的)?(?:达到?|超过|不少于|在|不低于)?$",
            words,
        ):
            fact = None
        self.context.subjects[one.unit] = (fact, start, one.end)
        return fact, unit, start

    def _told_after(self, words: str, one: Quantity) -> str | None:
        """Return the fact of ``2023年1月1日以后成立``, ``亏损`` and ``翻一番``, which name no measure before."""
        number = self.text[one.number_at : one.number_end]
        if one.unit == "date":
            after = DONE.match(self.text, one.end)
            return find_fact(self.lexicon, after[1], "date") if after else None
        if "亏损" in number or "盈利" in number:
            return find_fact(self.lexicon, words + "利润总额", "元")
        return find_fact(self.lexicon, words + "增长", "percent") if "翻" in number else None

    def _subject_start(self, part: Part, numbers: list[Quantity], place: int) -> tuple[int, bool]:
        """Return where the thing measured begins, and whether the number stands without one."""
        one = numbers[place]
        floor = max([part.start, *(b for _, b in self.taken if b <= one.start)])
        if place and numbers[place - 1].end > floor and numbers[place - 1].compared:
            floor = numbers[place - 1].end
        best = floor
        starts = [floor, *(m.end() for m in CANDIDATE.finditer(self.text, floor, one.start))]
        resolved = [
            s
            for s in starts
            if find_fact(
                self.lexicon,
                self.text[s : one.start],
                counted_in(self.text[s : one.start], one.unit),
            )
        ]
        if resolved:
            best = resolved[0]
        else:
            strong = [m.end() for m in STRONG.finditer(self.text, floor, one.start)]
            strong += [
                s.end
                for s in self.lexicon.find_said(self.text, floor, one.start)
                if not s.phrase.verbatim
                and len(read_subject(self.text[s.end : one.start]).name) >= 2
            ]
            strong.sort()
            best = strong[-1] if strong else floor
            if (
                strong
                and len(read_subject(self.text[best : one.start]).name) < 2
                and self.text[best - 1] == "，"
            ):
                best = strong[-2] if len(strong) > 1 else floor
        return best, len(read_subject(self.text[best : one.start]).name) < 2

    def _trim(self, start: int, end: int) -> Piece:
        words = self.text[start:end]
        lead = len(words) - len(words.lstrip("，；、。的 "))
        for word in ("且", "并且", "或者", "或", "以及", "但", "和", "及", "与", "对"):
            if words[lead:].startswith(word):
                lead += len(word)
        return Piece(start + lead, end - (len(words) - len(words.rstrip("，；、。 "))))

    # --- words that state a fact

    def _said(self, part: Part, *, measured: bool) -> Iterator[Condition]:
        for said in list(self.lexicon.find_said(self.text, part.start, part.end)):
            again = (said.start, said.end) == self.taken[-1] if self.taken else False
            if said.phrase.verbatim or not (again or self._free(said.start, said.end)):
                continue
            if measured and not (said.phrase.absent or "连续" in self.text[said.start : said.end]):
                continue
            tail = self.text[said.end : said.end + 8]
            if re.match(r"(?:研发)?(?:[^，。；、]{0,4}?)(?:占|不少于|不低于|达到)\d", tail):
                continue
            yield from self._state(said, part)

    def _state(self, said: Said, part: Part) -> Iterator[Condition]:
        start = self._left(said.start, part.start)
        lead = self.text[start : said.start]
        wider = max(part.start, said.start - NEAR)
        own = phrase_negates(said, self.text)
        negated = (
            own
            or bool(wording.NEGATIONS.search(lead))
            or list_negates(self.text[wider : said.start])
        )
        self._take(said.start, said.end)
        phrase = said.phrase
        begin = start + lead.rfind("的") + 1 if not negated else start
        piece = self._trim(begin if len(lead) <= NEAR else said.start, said.end)
        if NARROWING.search(lead):
            piece = Piece(said.start, said.end)
        if said.words_in(self.text) in phrase.none:
            yield Condition(phrase.fact, "==" if negated != part.refused else ">", 0, "元", piece)
            return
        holds = negated == part.refused
        if phrase.months and read_subject(lead).months != phrase.months:
            self._take(start, said.end)
            yield Condition(None, "is true" if holds else "is false", None, None, piece)
        else:
            yield stated(phrase, holds, piece)

    # --- trades and places

    def _places(self, part: Part) -> Iterator[Condition]:
        for match in PARK.finditer(self.text, part.start, part.end):
            if self._free(match.start(), match.end()):
                self._take(match.start(), match.end())
                yield Condition("enterprise.park", "==", match["park"], None, Piece(*match.span()))
        for match in PLACE.finditer(self.text, part.start, part.end):
            name = match["a"] or match["b"] or match["c"] or match["d"]
            start, end = match.span()
            if not self._free(start, start + 2):
                continue
            self._take(start, match.end("b") if match["b"] else end)
            op: Op = "not in" if part.refused else "=="
            place = PLACES.get(name, name)
            taxed = TAXED.search(self.text, match.start(), match.end())
            if taxed:
                piece = Piece(taxed.start(), match.end())
                yield Condition(None, "is false" if part.refused else "is true", None, None, piece)
            yield Condition(
                "enterprise.division",
                op,
                [place] if part.refused else place,
                None,
                Piece(start, end),
            )

    def _trades(self, part: Part) -> Iterator[Condition]:
        for start, end, words in trade_lists(self.text, part.start, part.end, self.lexicon):
            if not self._free(start, end):
                end -= 2
            if not self._free(start, end):
                continue
            self._take(start, end)
            values = [self.lexicon.industries.get(w, w) for w in words]
            fact = (
                "project.industry" if self.text.startswith("项目", end) else "enterprise.industry"
            )
            ops: tuple[Op, Op] = ("not in", "not in") if part.refused else ("==", "in")
            single = len(values) == 1
            value = values[0] if single and not part.refused else values
            yield Condition(fact, ops[0 if single else 1], value, None, Piece(start, end))

    # --- what no fact says

    def _plain(self, part: Part) -> Iterator[Condition]:
        several = self.text[part.end : part.end + 5].strip("的，").startswith("分别")
        for start, end in self._gaps(part):
            for a, b in cut_statements(self.text, start, end, several=several):
                yield from self._statement(a, b, part, several=several)

    def _gaps(self, part: Part) -> Iterator[tuple[int, int]]:
        at = part.start
        for a, b in sorted(self.taken):
            if a > at:
                yield at, a
            at = max(at, b)
        if at < part.end:
            yield at, part.end

    def _statement(self, start: int, end: int, part: Part, *, several: bool) -> Iterator[Condition]:
        words = self.text[start:end].strip(SEPARATORS)
        narrowed = NARROWING.search(words)
        core = words if narrowed else core_of(words)
        whole = (
            start == part.start or self.text[start - 1] in OPENINGS or self.text[start] in OPENINGS
        )
        sure = several or (whole and end >= part.end - 1 and self.text[part.end - 1] == "的")
        if len(core) < 2 or not is_statement(words, core, sure=sure):
            return
        at = self.text.find(words, start)
        promised = "承诺" in words[:14]
        denied = wording.NEGATIONS.search(words[:14])
        inner = denied and re.search(r"存在|发生|拖欠", words[: denied.start()])
        negated = bool(denied) and not inner and not promised
        holds = negated == part.refused
        yield Condition(
            None, "is true" if holds else "is false", None, None, Piece(at, at + len(words))
        )


def _merged(text: str, found: list[Condition]) -> list[Condition]:
    """Make one condition of codes of one fact that stand in one list."""
    kept: list[Condition] = []
    for one in found:
        last = kept[-1] if kept else None
        if last is not None and _belongs(text, last, one):
            values = [*_listed(last.value), *_listed(one.value)]
            op: Op = "not in" if one.op == "not in" else "in"
            piece = Piece(last.piece.start, one.piece.end)
            kept[-1] = replace(last, op=op, value=list(dict.fromkeys(values)), piece=piece)
        else:
            kept.append(one)
    return kept


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [value]


def _belongs(text: str, last: Condition, one: Condition) -> bool:
    if one.fact is None or one.fact != last.fact or one.unit is not None or one.value is None:
        return False
    if (one.op == "not in") != (last.op == "not in"):
        return False
    records = one.fact in (
        "enterprise.qualifications",
        "enterprise.platforms",
        "enterprise.licences",
    )
    if records and not re.search(r"其一|之一", text[one.piece.end : one.piece.end + 8]):
        return False
    between = text[last.piece.end : one.piece.start]
    return bool(
        re.fullmatch(r"(?:企业|称号|上市|板)?(?:、|或者|或|和|及|以及|与)?(?:在)?", between)
    )


def _is_range(text: str, low: Quantity, high: Quantity) -> bool:
    if low.unit != high.unit or low.unit == "date":
        return False
    between = text[low.end : high.start]
    marked = r"（(?:不)?含）(?:至|到|-|—|~|～)"
    if re.fullmatch(marked, text[low.number_end : high.number_at]):
        return True
    if low.op in (">", ">=") and high.op in ("<", "<="):
        return bool(re.fullmatch(r"(?:且|并|、|，|，?且|至|但|到|（含）)*", between))
    return (
        not low.compared
        and bool(re.fullmatch(r"(?:元|人)?(?:至|到|-|－|—|~|～|与|和)", between))
        and (
            between[-1] not in "与和"
            or "介于" in text[max(0, low.start - 4) : low.number_at + 1]
            or "之间" in text[high.number_end : high.number_end + 2]
            or "在" in text[max(0, low.number_at - 1) : low.number_at]
        )
    )


def _continues(text: str, before: Quantity, one: Quantity) -> bool:
    """Tell whether a bare number goes on a list: ``达到1亿元、5亿元、10亿元``."""
    return (
        not one.compared
        and before.compared
        and before.unit == one.unit
        and bool(re.fullmatch(r"、|和|或|或者|以及", text[before.end : one.start]))
    )


def _is_exact(text: str, one: Quantity, words: str) -> bool:
    """Tell whether a bare number compares after all: ``职工30人的``."""
    return (
        len(words) >= 2
        and one.unit != "date"
        and text[one.end : one.end + 1] == "的"
        and bool(
            re.search(
                r"(?:职工|员工|人员|人数|收入|投资|费用|面积|专利|税收|增长|下降)[^，。；]{0,4}$",
                words,
            )
        )
    )
