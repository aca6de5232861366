"""The numbers of measures: the printed ones where they can serve, else counted through."""

from itertools import pairwise

from yingshang.domains.plans.parsing.draft import Draft
from yingshang.domains.plans.parsing.model import NoiseEntry


def number_measures(drafts: list[Draft]) -> list[NoiseEntry]:
    """Give every measure its number and return what is odd about the printed ones.

    Printed numbers that only go up are kept, whatever they begin with and skip. Otherwise (they
    restart, repeat, fall, or some measure has none) the measures are counted from 1 in their order.
    """
    if all(draft.value is None for draft in drafts):
        for count, draft in enumerate(drafts, start=1):
            draft.number = count
        return [NoiseEntry(drafts[0].at, "措施没有编号（表格没有序号列），按出现的次序计数")]
    notes = _oddities(drafts)
    values = [draft.value for draft in drafts if draft.value is not None]
    plain = len(values) == len(drafts) and len({draft.style for draft in drafts}) == 1
    kept = plain and all(a < b for a, b in pairwise(values))
    for count, draft in enumerate(drafts, start=1):
        draft.number = draft.value if kept and draft.value is not None else count
    if not kept:
        notes.append(NoiseEntry(drafts[0].at, "原编号不能一一区分措施，输出的编号按次序从1计数"))
    return notes


def _oddities(drafts: list[Draft]) -> list[NoiseEntry]:
    """Printed numbers go up by one within their style, or start again at 1."""
    notes: list[NoiseEntry] = []
    most = max({d.style for d in drafts}, key=lambda s: sum(d.style is s for d in drafts))
    last: int | None = None
    for draft in drafts:
        if draft.value is None or draft.style is not most:
            draft.unsure.add("number")
            printed = f"的编号“{draft.printed}”与其他措施不同类" if draft.printed else "没有编号"
            notes.append(NoiseEntry(draft.at, f"这一条{printed}"))
            continue
        if last is not None and draft.value != last + 1:
            notes.append(NoiseEntry(draft.at, _jump(last, draft)))
            if draft.value != 1:
                draft.unsure.add("number")
        last = draft.value
    return notes


def _jump(last: int, draft: Draft) -> str:
    if draft.value == last:
        return f"编号{draft.printed}重复"
    if draft.value == 1:
        return f"编号在此重新从1开始（上一条是{last}）"
    return f"编号从{last}跳到{draft.value}，请核对是否缺条或错号"
