"""From statements to conditions and amounts: what is asked for, what is refused, what is promised."""

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.amounts import AmountReader
from yingshang.domains.policies.extracting.conditions import Context, Part, Reader
from yingshang.domains.policies.extracting.counting import (
    find_duration,
    find_instalments,
    find_slice,
)
from yingshang.domains.policies.extracting.lexicon import Lexicon
from yingshang.domains.policies.extracting.model import Amount, Condition, Piece
from yingshang.domains.policies.extracting.promises import Benefit, find_benefit
from yingshang.domains.policies.extracting.statements import Statement, split_outside

ADVERBIAL: Final = re.compile(
    r"^(?:自[^，]{2,24}(?:之日|起)|除[^，]{2,24}外$|(?:根据|按照(?!法律法规必须)|依据|依照)(?![^，]*[\d%])(?![^，]*(?:分之|一半|三成))|在[^，]{2,16}(?:基础上|之外|范围内)$|经审核|经认定$|经评审$|经批准|对符合|现就|现将|鼓励|支持(?!.*的$)|引导|推动|原则上$|从[^，]{2,10}起$|其中$|对此|具体|可(?:延|分)|跨年度|每年(?:申报|集中)|逾期|用于)"
)
RECENT: Final = 30
"""How many of the last conditions and amounts a sentence is joined with."""
HANDING_IN: Final = re.compile(
    r"(?:应当?|须|需|可|凭)?(?:一并|向[^，]{2,16})?(?:提交|提供|上传|填报|递交)(?!上市|申请材料的)|(?:申报|申请|受理|申领)(?:时间|期(?!间)|窗口|期限|截止)|20\d\d年\d+月\d+日(?:之)?前|之日起[^，]{1,8}内(?!不)|后[^，]{1,6}内(?:提出)?(?:申请|申报)|每年\d+月|不得用于|不作要求|另行通知|不再报送"
)
PERSONAL_LIMIT: Final = re.compile(r"每(?:人|家企业|户|企业)每年[^，。；]{0,12}(?:不超过|限)")


@dataclass
class Statements:
    """Reads statement after statement; keeps what the sentence has said so far."""

    text: str
    lexicon: Lexicon
    conditions: list[Condition] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    context: Context = field(default_factory=Context)
    sentence: int = -1
    unheard: bool = False
    refused: bool = False
    asking: bool = False
    number: int = 0
    bundle: int = 0

    def read(self, one: Statement) -> None:
        """Take in one statement."""
        if one.sentence != self.sentence:
            self.sentence, self.unheard, self.refused, self.asking = (
                one.sentence,
                False,
                False,
                False,
            )
            self.context = Context()
        self.number += 1
        self.bundle += 1
        words = self.text[one.start : one.end]
        if self._is_silent(one, words):
            return
        _Reading(self, one, self.number).read()

    def _is_silent(self, one: Statement, words: str) -> bool:
        """Tell whether a statement says nothing of conditions: definitions, purposes, duties, consequences."""
        if one.role in ("skip", "materials", "window"):
            return True
        if wording.DEFINITION.search(words) and not re.search(r"材料", words):
            self.unheard = True
        if (
            re.match(r"(?:现?将|为)", words)
            and wording.PURPOSE.match(words)
            and wording.PURPOSE_END.search(words)
        ):
            self.unheard = True
        if self.unheard:
            return True
        if wording.CLAWBACK.search(words) and not re.search(
            r"承诺(?!的)[^，。；]{4,}", re.sub(r"违反[^，。；]*", "", words)
        ):
            return one.role not in ("exclude",)
        return False


@dataclass
class _Reading:
    """One statement, segment by segment; ``pending`` are stretches of which it is not yet known what they are."""

    whole: Statements
    one: Statement
    number: int
    pending: list[tuple[int, int]] = field(default_factory=list)
    found: list[Condition] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    asked: bool = False
    organ: bool = False
    slice: dict[str, Any] | None = None
    given: bool = False

    def read(self) -> None:
        text, one = self.whole.text, self.one
        self.asked = one.role in ("require", "scope") or one.listed is not None or self.whole.asking
        segments = split_outside(text, one.start, one.end, "，")
        if one.role == "exclude" and one.listed is not None:
            self._keep([(one.start, one.end)], refused=True)
            segments = []
        for start, end in segments:
            self._segment(start, end)
        self._finish()
        self.whole.asking = self.asked and one.listed is None
        for amount in self.amounts:
            amount.statement = self.number
        self.whole.conditions += self.found
        self.whole.amounts += self.amounts

    def _segment(self, start: int, end: int) -> None:
        text = self.whole.text
        words = text[start:end].strip()
        refusal = wording.REFUSAL.search(text, start, end)
        exception = wording.EXCEPT.search(text, start, end)
        if self._is_idle(words, bool(refusal or exception)):
            return
        if exception:
            self._except(start, exception.start())
        elif refusal:
            self._refuse(start, refusal.start())
        elif (benefit := self._benefit(start, end)) is not None:
            self._promise(start, benefit)
        else:
            self._other(start, end, words)

    def _is_idle(self, words: str, refusing: bool) -> bool:
        if wording.ORGAN.match(words):
            self.organ = True
            if words.startswith("由") and not self.found:
                self.pending = []
            return not refusing or not re.search(r"的", words)
        if self.organ and not refusing:
            return True
        if wording.PRINCIPLE.search(words) and not refusing:
            if re.search(r"原则|执行|从其", words) or ("优先" in words and not self.asked):
                self.pending = []
            return True
        if wording.BUDGET.search(words) and not self.asked:
            return True
        if words.startswith("除") and re.search(
            r"(?:补贴|奖励|补助)[^，]{0,6}[\d一二三四五六七八九十]+[百千万亿]*元?外$", words
        ):
            return False
        if HANDING_IN.search(words) and not words.endswith("的") and not refusing:
            return True
        return bool(ADVERBIAL.match(words)) and not refusing

    def _except(self, start: int, end: int) -> None:
        """Read ``但…除外``: it frees from a requirement or a refusal, or takes out of a benefit."""
        text = self.whole.text
        if self.whole.refused or (
            self._requires() and not self._promised() and re.match(r"但", text[start:end])
        ):
            self._flush()
            before = len(self.found)
            self._keep([*self.pending, (start, end)], refused=False)
            for condition in self.found[before:]:
                condition.exempts = True
        else:
            refused = [p for p in self.pending if text[p[1] - 1] == "的"]
            self.pending = [p for p in self.pending if p not in refused]
            self._flush()
            self._keep([*refused, (start, end)], refused=True)
        self.pending = []

    def _requires(self) -> bool:
        sentence = [c for c in self.whole.conditions[-RECENT:] if c.statement >= self.number - 1]
        return bool(self.asked or self.found or self.pending or sentence)

    def _promised(self) -> bool:
        text = self.whole.text[self.one.start : self.one.end]
        return (
            bool(self.amounts)
            or self.one.role in ("scope", "benefit")
            or "视同" in text
            or "可叠加" in text
            or any(a.statement >= self.number - 1 for a in self.whole.amounts[-RECENT:])
        )

    def _refuse(self, start: int, end: int) -> None:
        text = self.whole.text
        self.whole.refused = True
        if "重复" in text[end : end + 4] and len(text[start:end].strip("但且 ")) > 2:
            self._flush()
            self._repeated(start, end)
            return
        earlier = [p for p in self.pending if text[p[1] - 1] == "的" or self._is_list(p)]
        kept = [p for p in self.pending if p not in earlier]
        self.pending = kept
        joined = re.match(r"或|以及", text[start:end]) or any(
            re.match(r"或|以及", text[a:b]) for a, b in earlier
        )
        if kept and (not earlier or joined):
            earlier, self.pending = [*kept, *earlier], []
        self._flush()
        words = text[start:end]
        own = (
            [(start, end)]
            if not wording.GENERIC.fullmatch(words.strip()) and len(words.strip()) > 1
            else []
        )
        self._keep([*earlier, *own], refused=True)

    def _repeated(self, start: int, end: int) -> None:
        """Read ``同一项目不重复享受``: who has had it already is refused."""
        refusal = wording.REFUSAL.match(self.whole.text, end)
        piece = Piece(start, refusal.end() if refusal else end)
        self.found.append(
            Condition(
                None, "is false", None, None, piece, self.number, self.whole.bundle, refused=True
            )
        )

    def _is_list(self, piece: tuple[int, int]) -> bool:
        words = self.whole.text[piece[0] : piece[1]]
        return bool(re.search(r"项目$|企业$|单位$", words)) or words.startswith(("或", "以及"))

    def _benefit(self, start: int, end: int) -> Benefit | None:
        before = [a for a in self.whole.amounts[-RECENT:] if a.statement >= self.number - 3]
        found = find_benefit(
            self.whole.text, start, end, after=bool(self.amounts or before or self.given)
        )
        words = self.whole.text[start:end]
        if (
            found
            and re.search(r"(?:审计|评审|检测)费|公示|预算", words)
            and not re.search(r"补助|补贴|奖励", words)
        ):
            return None
        return found

    def _promise(self, start: int, benefit: Benefit) -> None:
        text = self.whole.text
        lead = text[start : benefit.start].strip()
        if lead and self._asks(lead, benefit):
            self.pending.append((start, benefit.start))
        before = len(self.found)
        self._flush()
        if len(self.found) > before and self.amounts:
            self.whole.bundle += 1
            for condition in self.found[before:]:
                condition.bundle = self.whole.bundle
        benefit = replace(benefit, conditional=bool(self.found), given=self.given)
        sentence = [a for a in self.whole.amounts[-RECENT:] if a.statement >= self.number - 3]
        new = AmountReader(text, benefit, self.amounts, sentence, self.number).read()
        for amount in new:
            if amount.form == "rate" and self.slice and amount.slice is None:
                amount.slice = self.slice
        self.slice = None
        if not new and self.amounts:
            last = self.amounts[-1]
            last.piece = Piece(last.piece.start, max(last.piece.end, benefit.end))
        for amount in new:
            amount.bundle = self.whole.bundle
        self.amounts += new
        self._last(start, benefit.end)

    def _asks(self, lead: str, benefit: Benefit) -> bool:
        """Tell whether the words before a promise name who gets it, or only what is shared."""
        if text_several(lead, benefit, self.whole.text):
            return True
        if re.search(r"的$|以上|以下|以内|(?:不超过|不低于|不足)", lead):
            return True
        if re.search(wording.APPLICANT + r"(?:为|按|每|可以|可|的|在)?$", lead):
            return not wording.GENERIC.fullmatch(lead)
        return bool(re.match(r"企业\S{4,}|完成|通过|取得|获得|成功|对", lead)) or bool(
            list(self.whole.lexicon.find_said(lead, 0, len(lead)))
        )

    def _last(self, start: int, end: int) -> None:
        """Put durations and instalments where they belong."""
        amounts = self.amounts or [
            a for a in self.whole.amounts[-RECENT:] if a.statement >= self.number - 3
        ]
        if not amounts:
            return
        text = self.whole.text
        duration = find_duration(text, start, end)
        shares = find_instalments(text, start, end)
        told_apart = duration and not any(a.piece.end > start for a in amounts)
        every = bool(re.search(r"均|各", text[start:end])) or shares is not None
        every = every or bool(told_apart and all(a.duration is None for a in amounts))
        for amount in amounts if every else amounts[-1:]:
            if duration and not (shares and "分" in text[start:end]):
                amount.duration = duration
            amount.instalments = shares or amount.instalments
            if amount.piece.end < end and amount in self.amounts:
                amount.piece = Piece(amount.piece.start, end)

    def _other(self, start: int, end: int, words: str) -> None:
        text = self.whole.text
        if (
            self.amounts
            and (find_duration(text, start, end) or find_instalments(text, start, end))
            and not words.endswith("的")
        ):
            self._last(start, end)
            return
        self.slice = find_slice(text, start, end) or self.slice
        if self.slice and words.endswith("部分"):
            return
        admission = wording.ADMISSION.search(text, start, end)
        if admission:
            self.given = self.given or "给予" in admission[0] or "予以" in admission[0]
            if admission.start() - start > 1:
                self.pending.append((start, admission.start()))
            self._flush()
            return
        if wording.PROCEDURE.search(words) and not words.endswith("的") and not self.one.listed:
            self.pending = [] if not self.asked else self.pending
            return
        if re.search(r"(?<!不)适用于", words):
            self.asked = True
        if wording.MODAL.search(words) or PERSONAL_LIMIT.search(words):
            self.asked = True
        self.pending.append((start, end))

    def _flush(self) -> None:
        self._keep(self.pending, refused=False)
        self.pending = []

    def _finish(self) -> None:
        if not self.pending:
            return
        if self.one.role == "exclude":
            self._keep(self.pending, refused=True)
        elif self.asked:
            self._flush()
        else:
            self._unasked()

    def _unasked(self) -> None:
        """Keep of what nothing asks for only what a fact says, and the numbers beside it."""
        before = len(self.found)
        self._keep(self.pending, refused=False)
        read = self.found[before:]
        known = [c for c in read if c.fact is not None]
        measured = [c for c in read if c.unit]
        firm = len(known) + sum(c.fact is None for c in measured)
        if (known and 2 * firm >= len(read)) or (len(measured) > 1 and firm == len(read)):
            return
        self.found[before:] = [c for c in read if c.fact is not None or (known and c.unit)]

    def _keep(self, pieces: list[tuple[int, int]], *, refused: bool) -> None:
        for start, end in pieces:
            reader = Reader(self.whole.text, self.whole.lexicon, self.whole.context)
            read = reader.read(Part(start, end, refused))
            for condition in read:
                condition.statement, condition.bundle = self.number, self.whole.bundle
            self.found += read


def text_several(lead: str, benefit: Benefit, text: str) -> bool:
    """Tell whether several named together are each given something of their own (``甲、乙分别…``)."""
    return "、" in lead and text.startswith("分别", benefit.start) and not lead.endswith("费")
