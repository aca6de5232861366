"""What the applicant gets: sums, shares, maxima, ceilings and rises, each with its limits."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from yingshang.domains.policies.extracting import wording
from yingshang.domains.policies.extracting.counting import find_slice, per_of
from yingshang.domains.policies.extracting.model import Amount, Cap, Form, Piece
from yingshang.domains.policies.extracting.numerals import read_number
from yingshang.domains.policies.extracting.promises import (
    CAP,
    FLOOR,
    RISE,
    WHOLLY,
    Benefit,
    is_span,
)
from yingshang.domains.policies.extracting.quantities import Quantity

RETOLD: Final = re.compile(r"^的?[^，。；]{0,6}?(?:收取|计收|缴纳|交纳|租赁|支付租金|出租)")
BASE: Final = re.compile(r"(?:按照?|为|减免|补助|补贴)?(?:其|企业)?([^，。；]{2,30}?)的?$")
EVERY_YEAR: Final = re.compile(r"，?每年(?:各)?(?:拨付|发放)?")
TOGETHER: Final = re.compile(r"累计|合计|总额")


@dataclass
class AmountReader:
    """Reads one segment that promises something.

    Limits are added to what ``done`` holds of the same statement; ``sentence`` are the amounts of the
    statements before it in the sentence. ``head`` are the words since the last amount, ``whole`` those
    since the last number or the segment's beginning.
    """

    text: str
    benefit: Benefit
    done: list[Amount]
    sentence: list[Amount]
    statement: int
    found: list[Amount] = field(default_factory=list)
    head: str = ""
    whole: str = ""

    def read(self) -> list[Amount]:
        """Return the new amounts in order."""
        benefit = self.benefit
        before = [n for n in benefit.quantities if n.number_at < benefit.start]
        numbers = [n for n in benefit.quantities if n not in before] or before
        previous, limits, skipped = benefit.start, benefit.segment, False
        for place, one in enumerate(numbers):
            if skipped:
                skipped = False
                continue
            self.head, self.whole = (
                self.text[previous : one.number_at],
                self.text[limits : one.number_at],
            )
            following = numbers[place + 1] if place + 1 < len(numbers) else None
            if following and is_span(self.text, one, following):
                self._span(one, following)
                previous, skipped = following.number_end, True
            else:
                self._one(one)
                previous = limits = one.number_end
        self._wholes()
        self._alike()
        self._slice()
        return self.found

    @property
    def _listed(self) -> bool:
        return "分别" in self.text[max(0, self.benefit.start - 2) : self.benefit.end]

    @property
    def _piece(self) -> Piece:
        return Piece(self.benefit.start, self.benefit.end)

    @property
    def _main(self) -> Amount | None:
        return self.found[-1] if self.found else self.done[-1] if self.done else None

    def _add(self, form: Form, value: int | float, unit: str, **more: Any) -> None:
        self.found.append(Amount(form, value, unit, self._piece, statement=self.statement, **more))

    def _alike(self) -> None:
        """Give the sums told with 分别 the same words and the same count."""
        if self._listed and len(self.found) > 1:
            for amount in self.found:
                amount.per = amount.per or list(self.found[0].per)
                amount.piece = self._piece

    def _slice(self) -> None:
        part = find_slice(self.text, self.benefit.segment, self.benefit.end)
        for amount in self.found:
            if amount.form == "rate" and part:
                amount.slice = part

    def _span(self, low: Quantity, high: Quantity) -> None:
        per = per_of(self.head)
        if low.is_share:
            self._add("rate", _number(high), "percent", per=per)
        else:
            self._add("up_to", _number(high), "元", per=per, floor=_number(low))

    def _one(self, one: Quantity) -> None:
        """Read one quantity as an amount, or as a limit of the amount before it."""
        tail = self.text[one.number_end : self.benefit.end]
        rising = RISE.search(self.head) is not None and one.unit in ("percent", "point")
        if rising or "翻倍" in self.text[one.number_at : one.number_end]:
            self._add("uplift", _number(one), one.unit)
        elif self.head.endswith("由") or re.match(r"(?:提高|上调|增加)(?:至|到)", tail):
            return
        elif one.unit == "point":
            self._add("rate", _number(one), "point")
        elif one.is_share:
            self._share(one, tail)
        elif (FLOOR.search(self.head[-10:]) or one.op in (">=", ">")) and self._main is not None:
            self._main.floor = _number(one)
        elif self._is_limit(one, tail) and not (self._listed and self.found):
            self._limit(one, tail)
        else:
            per = per_of(self.head, tail) + (["亩"] if one.unit == "元/亩" else [])
            self._add("fixed", _number(one), "元", per=per)

    def _is_limit(self, one: Quantity, tail: str) -> bool:
        far = re.search(r"(?:不超过|最高)[^，。；\d]{1,20}的$", self.whole)
        near = CAP.search(self.head[-14:]) or re.match(r"封顶|为限|以内", tail)
        return one.op == "<=" or bool(near or far)

    def _share(self, one: Quantity, tail: str) -> None:
        value, main = _number(one), self._main
        limit = self._is_limit(one, tail)
        if main is not None and main.unit == "percent" and FLOOR.search(self.head):
            return
        if limit and "比例" not in self.head and self._limits_share(value, main):
            return
        if main is not None and self.found and re.match(r"拨付|兑付|发放", tail):
            main.instalments = [*(main.instalments or []), value]
            return
        if main is not None and main.unit != "point" and EVERY_YEAR.fullmatch(self.head) and value:
            main.instalments = [value] * round(100 / value)
            return
        if RETOLD.match(tail) and "费" not in self.head[-3:]:
            value = round(100 - value, 6)
        self._add("rate", value, "percent", of=self._base(one), per=per_of(self.head))

    def _limits_share(self, value: int | float, main: Amount | None) -> bool:
        """Take a share as a limit of the amount before it, or of several together."""
        if main is not None and main.form != "ceiling" and main.statement in (0, self.statement):
            main.caps.append(Cap(value, "percent", per_of(self.head)))
            return True
        if (main is not None and main.form == "ceiling") or re.search(r"合计|累计|资金", self.head):
            self._add("ceiling", value, "percent", per=per_of(self.head))
            return True
        return False

    def _base(self, one: Quantity) -> Piece | None:
        base = BASE.search(self.head) if self.head.endswith("的") else None
        start = one.number_at - len(self.head)
        return Piece(start + base.start(1), start + base.end(1)) if base else None

    def _limit(self, one: Quantity, tail: str) -> None:
        value, per, main = _number(one), per_of(self.whole, tail), self._main
        earlier = len(self.sentence) + len(self.done) + len(self.found)
        if main is None and len(self.sentence) == 1 and not self.benefit.conditional:
            main = self.sentence[-1]
        together = earlier > 1 and TOGETHER.search(self.whole) and not self.found
        if (
            main is not None
            and main.form != "ceiling"
            and not (together and "年" not in self.whole)
        ):
            main.caps.append(Cap(value, "元", per))
        elif (
            (self.benefit.given and not earlier)
            or wording.NOUN_OF_BENEFIT.match(tail)
            or re.search(r"给予|可[^，。；]{0,6}(?:申请|申领|享受|获|领取)|奖励|予以", self.whole)
        ):
            self._add("up_to", value, "元", per=per)
        else:
            self._add("ceiling", value, "元", per=per)

    def _wholes(self) -> None:
        """Read 全额、免收、减半、七折 where no share is told in numbers."""
        match = WHOLLY.search(self.text, self.benefit.start, self.benefit.end)
        if not match or any(a.form == "rate" for a in self.found):
            return
        value = 50 if match["half"] else 100
        if match["tenths"]:
            value = 100 - int(read_number(match["tenths"]) or 0) * 10
        rate = Amount("rate", value, "percent", self._piece, statement=self.statement)
        for other in [a for a in self.found if a.form in ("up_to", "ceiling")]:
            rate.caps.append(Cap(other.value, other.unit, other.per))
            self.found.remove(other)
        self.found.insert(0, rate)


def _number(one: Quantity) -> int | float:
    assert not isinstance(one.value, str)
    return one.value
