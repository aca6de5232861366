"""What must be right before a draft is confirmed, and what a person should look at."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.drafting.state import DraftState

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Remark:
    """One remark on a draft; a ``blocking`` one keeps it from being confirmed."""

    code: str
    message: "_StrPromise"
    params: tuple[tuple[str, object], ...] = ()
    measure: str | None = None
    blocking: bool = False

    def __str__(self) -> str:
        return str(self.message) % dict(self.params)


def check(state: DraftState, *, division: str, unresolved: Collection[str] = ()) -> list[Remark]:
    """Return every remark, the blocking ones first; ``unresolved`` are names that mean no organ."""
    remarks = [*_document(state, division), *_numbers(state), *_measures(state)]
    remarks += [
        Remark("unit_unresolved", _("单位名称“%(name)s”尚未对应到机构"), (("name", name),))
        for name in unresolved
    ]
    return sorted(remarks, key=lambda remark: not remark.blocking)


def _document(state: DraftState, division: str) -> Iterator[Remark]:
    if not state["title"]:
        yield Remark("title_missing", _("缺少方案名称"), blocking=True)
    if not re.fullmatch(r"\d{6}(\d{6})?", division):
        yield Remark("division_missing", _("缺少行政区划代码（6 位）"), blocking=True)
    if not state["measures"]:
        yield Remark("no_measures", _("没有任何举措"), blocking=True)
    if state["year"] is None:
        yield Remark("year_missing", _("没有写明年份"))


def _numbers(state: DraftState) -> Iterator[Remark]:
    numbers = [m["number"] for m in state["measures"] if m["number"] is not None]
    for number, count in Counter(numbers).items():
        if count > 1:
            yield Remark(
                "number_repeated",
                _("序号 %(number)s 出现了 %(count)s 次"),
                (("number", number), ("count", count)),
                blocking=True,
            )
    gaps = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if gaps:
        listed = "、".join(map(str, gaps[:10])) + ("…" if len(gaps) > 10 else "")
        yield Remark("number_gap", _("序号不连续，缺 %(numbers)s"), (("numbers", listed),))
    if numbers != sorted(numbers):
        yield Remark("number_order", _("序号没有按顺序排列"))


def _measures(state: DraftState) -> Iterator[Remark]:
    for place, measure in enumerate(state["measures"], start=1):
        where = (("place", measure["number"] or place),)
        if not measure["text"].strip():
            yield Remark(
                "text_missing", _("第 %(place)s 条没有内容"), where, measure["id"], blocking=True
            )
        if measure["number"] is None:
            yield Remark("number_missing", _("第 %(place)s 条没有序号"), where, measure["id"])
        if measure["unsure"]:
            yield Remark("unsure", _("第 %(place)s 条有存疑字段"), where, measure["id"])
