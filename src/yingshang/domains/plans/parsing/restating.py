"""An annex (a table or a list) that says once more what the body says: one plan, not two."""

import re

from yingshang.domains.plans.parsing.draft import Draft, Reading
from yingshang.domains.plans.parsing.model import NoiseEntry

ALIKE = 0.7
"""So large a share of the measures must be the same before table and body count as one list."""
HEAD = 16


def _key(text: str) -> str:
    return re.sub(r"[^\w]", "", text)[:HEAD]


def _keys(draft: Draft) -> set[str]:
    whole = f"{draft.title}。{draft.text}" if draft.title else draft.text
    named = {_key(draft.text), _key(whole), _key(whole.partition("。")[0])}
    return {key for key in named if len(key) >= 4}


def _pairs(rows: list[Draft], body: list[Draft]) -> list[tuple[Draft, Draft | None]]:
    """Pair every measure of the body with the first unused row that has its title or its words."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        for key in _keys(row):
            places.setdefault(key, []).append(place)
    used: set[int] = set()
    pairs: list[tuple[Draft, Draft | None]] = []
    for draft in body:
        found = sorted({p for key in _keys(draft) for p in places.get(key, []) if p not in used})
        used |= set(found[:1])
        pairs.append((draft, rows[found[0]] if found else None))
    return pairs


def restates(rows: list[Draft], body: list[Draft]) -> bool:
    """Say whether the rows of a table are, one by one, the measures of the body."""
    if not rows or not body:
        return False
    paired = sum(row is not None for _, row in _pairs(rows, body))
    return paired >= ALIKE * max(len(rows), len(body))


def join_restated(tables: Reading, text: Reading) -> list[NoiseEntry]:
    """Fill what the body leaves out from the table; name every contradiction and every lone row."""
    at = tables.drafts[0].at
    notes = [NoiseEntry(at, "这里起重述正文的措施，不另计数，只用来补充正文没有写的单位和时间")]
    pairs = _pairs(tables.drafts, text.drafts)
    for draft, row in pairs:
        if row is not None:
            notes += _fill(draft, row)
    used = {id(row) for _, row in pairs}
    lone = [row for row in tables.drafts if id(row) not in used]
    notes += [
        NoiseEntry(x.at, f"这一条在正文里没有，未读成措施：{x.title or x.text[:30]}") for x in lone
    ]
    text.has_units = text.has_units or tables.has_units
    return notes + tables.noise


def _fill(draft: Draft, row: Draft) -> list[NoiseEntry]:
    notes = []
    names = {unit.name for unit in draft.units}
    if not draft.units:
        draft.units = list(row.units)
    elif row.units and {unit.name for unit in row.units} != names:
        draft.unsure.add("units")
        listed = "、".join(unit.name for unit in row.units)
        notes.append(NoiseEntry(row.at, f"责任单位与正文不一致，这里为{listed}"))
    if not draft.due_text:
        draft.due_text = row.due_text
    elif row.due_text and row.due_text != draft.due_text:
        draft.unsure.add("due")
        notes.append(NoiseEntry(row.at, f"时间与正文不一致，这里为{row.due_text}"))
    draft.raw += row.raw
    return notes
