"""From bytes to a plan: read, clean, take apart, check, report."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from yingshang.domains.plans.parsing.blocks import Block, Line, Row, Source, block_text, map_texts
from yingshang.domains.plans.parsing.corrections.finding import NoCorrections, corrections_for
from yingshang.domains.plans.parsing.counting import number_measures
from yingshang.domains.plans.parsing.dates import read_due
from yingshang.domains.plans.parsing.draft import Draft, Reading
from yingshang.domains.plans.parsing.errors import NoMeasuresFound
from yingshang.domains.plans.parsing.figures import find_targets
from yingshang.domains.plans.parsing.furniture import drop_furniture
from yingshang.domains.plans.parsing.masthead import Masthead, read_masthead
from yingshang.domains.plans.parsing.model import Extra, Measure, NoiseEntry, ParsedPlan
from yingshang.domains.plans.parsing.outline import read_extras, read_outline
from yingshang.domains.plans.parsing.paragraphs import join_cut_lines
from yingshang.domains.plans.parsing.readers import read_source
from yingshang.domains.plans.parsing.restating import join_restated, restates
from yingshang.domains.plans.parsing.script import clean, find_damage
from yingshang.domains.plans.parsing.tables import has_plan_table, read_tables
from yingshang.domains.plans.parsing.titles import take_titles

if TYPE_CHECKING:
    from yingshang.domains.plans.parsing.corrections.loading import Corrections

ANNEX = re.compile(r"^附\s*件\s*[\d一二三四五六七八九]{0,2}\s*[:：]?$")
HAN = re.compile(r"[一-鿿]")
SEVERAL_YEARS = re.compile(r"20\d{2}年?\s?[-—~～至]+\s?20\d{2}|十[三四五六]五|三年|五年")
"""In a plan for several years a bare 9月 names no year."""
FEW = 2
"""Fewer measures than this are no plan."""


@dataclass
class Sheet:
    """The cleaned blocks of a document and what the cleaning did."""

    blocks: list[Block]
    noise: list[NoiseEntry] = field(default_factory=list)


def parse_bytes(data: bytes, filename: str) -> ParsedPlan:
    """Read a plan document.

    ``filename`` only names the file in messages; the format is told from the bytes. Raises
    :class:`PlanNotReadable` for bytes that are no readable document and :class:`NoMeasuresFound`
    for a document without measures; never returns a plan without measures.
    """
    digest = sha256(data).hexdigest()
    source = read_source(data, filename)
    corrections = corrections_for(digest)
    sheet = _clean(source, corrections)
    lines = list(_lines(sheet.blocks))
    head = read_masthead(lines)
    reading = _read(sheet.blocks)
    if len(reading.drafts) < FEW:
        raise NoMeasuresFound(_why_nothing(sheet.blocks), params={"name": filename})
    return _finish(digest, filename, source, sheet, head, reading, corrections)


def _clean(source: Source, corrections: "Corrections | NoCorrections") -> Sheet:
    sheet = Sheet([], list(source.noise))
    for block in source.blocks:
        cleaned = _clean_block(block, sheet)
        sheet.blocks.append(_repair_line(cleaned, corrections, sheet))
        _report_slips(block, corrections, sheet)
    sheet.blocks, dropped = drop_furniture(sheet.blocks)
    sheet.blocks, joins = join_cut_lines(sheet.blocks)
    sheet.noise += dropped + joins
    return sheet


def _repair_line(block: Block, corrections: "Corrections | NoCorrections", sheet: Sheet) -> Block:
    for repair in corrections.lines:
        if repair.line != block.number:
            continue
        if repair.find not in block_text(block):
            raise ValueError(f"correction does not fit: line {repair.line} {repair.find!r}")
        change = partial(_replace_once, find=repair.find, put=repair.put)
        block = map_texts(block, change)
        what = f"按该文件的更正：“{repair.find}”改为“{repair.put}”（{repair.reason}）"
        sheet.noise.append(NoiseEntry(block.at, what))
    return block


def _report_slips(block: Block, corrections: "Corrections | NoCorrections", sheet: Sheet) -> None:
    for slip in corrections.slips:
        if slip.line == block.number:
            what = f"原文“{slip.printed}”疑为“{slip.meant}”，照原文保留"
            sheet.noise.append(NoiseEntry(block.at, what))


def _replace_once(text: str, *, find: str, put: str) -> str:
    return text.replace(find, put, 1)


def _clean_block(block: Block, sheet: Sheet) -> Block:
    seen: list[str] = []

    def tidy(text: str) -> str:
        cleaned = clean(text)
        seen.extend(cleaned.repairs)
        return cleaned.text

    cleaned = map_texts(block, tidy)
    if seen:
        sheet.noise.append(NoiseEntry(block.at, "；".join(seen)))
    if not block.raw:
        cleaned = replace(cleaned, raw=block_text(block))
    return cleaned


def _lines(blocks: Iterable[Block]) -> Iterable[Line]:
    """Return the running text; rows of tables that are no task list become lines."""
    for block in blocks:
        if isinstance(block, Line):
            yield block
            continue
        cells = list(dict.fromkeys(cell for cell in block.cells if cell))
        pieces = cells[0].split("\n") if len(cells) == 1 else ["  ".join(cells).replace("\n", "")]
        for text in filter(None, (piece.strip() for piece in pieces)):
            yield Line(text, block.at, block.number, block.raw)


def _split_parts(blocks: list[Block]) -> list[list[Block]]:
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Line) and ANNEX.match(block.text) and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    return parts


def _read(blocks: list[Block]) -> Reading:
    """Read tables and running text, and keep whichever carries the plan."""
    rows = [block for block in blocks if isinstance(block, Row)]
    tables = read_tables(blocks) if has_plan_table(rows) else Reading()
    running = [b for b in blocks if isinstance(b, Line) or not tables.drafts]
    parts = [read_outline(list(_lines(part))) for part in _split_parts(running)]
    text = _choose_parts(parts)
    take_titles(text.drafts)
    if restates(tables.drafts, text.drafts):
        text.noise += join_restated(tables, text)
        text.extras += tables.extras
        return text
    if _weight(tables) >= _weight(text) and tables.drafts:
        lines = [block for block in blocks if isinstance(block, Line)]
        tables.extras = read_extras(lines) + tables.extras
        return tables
    if tables.drafts:
        text.noise.append(
            NoiseEntry(tables.drafts[0].at, f"表格中另有{len(tables.drafts)}行，正文更完整，未用")
        )
    text.extras += [*_set_aside(tables), *tables.extras]
    return text


def _set_aside(reading: Reading) -> list[Extra]:
    """What was read as measures and is not used stays in sight."""
    return [Extra("body", "\n".join(d.raw), d.at, heading=d.chapter) for d in reading.drafts]


def _weight(reading: Reading) -> int:
    return len(reading.drafts) * (2 if reading.has_units else 1)


def _choose_parts(parts: list[Reading]) -> Reading:
    """Parts that name units are the plan; without any, the part with the most measures is.

    A later part that only restates an earlier one fills that one up.
    """
    chosen = [part for part in parts if part.has_units]
    if not chosen:
        chosen = [max(parts, key=lambda part: len(part.drafts))]
    kept: list[Reading] = []
    for place, part in enumerate(parts):
        earlier = [p for p in parts[:place] if len(p.drafts) >= FEW]
        base = next((p for p in earlier if restates(part.drafts, p.drafts)), None)
        if base is not None:
            base.noise += join_restated(part, base)
            part.drafts = []
            kept += [] if any(base is one for one in kept) else [base]
        elif any(part is one for one in chosen):
            kept.append(part)
    return _join_parts(parts, kept)


def _join_parts(parts: list[Reading], kept: list[Reading]) -> Reading:
    whole = Reading()
    for part in parts:
        if any(part is one for one in kept):
            whole.add(part)
            continue
        whole.extras += [*_set_aside(part), *part.extras]
        if len(part.drafts) >= FEW:
            at = part.drafts[0].at
            whole.noise.append(NoiseEntry(at, f"此处起的{len(part.drafts)}条不作为措施读取"))
    return whole


def _why_nothing(blocks: list[Block]) -> str:
    text = "".join(block_text(block) for block in blocks[:400])
    if len(HAN.findall(text)) * 5 < len(text):
        return "“%(name)s”不是中文的方案文件，里面没有可识别的措施。请核对是否选错了文件。"
    return (
        "在“%(name)s”里没有找到措施：正文中没有成列的编号条目，也没有带“责任单位”“具体举措”等表头的表格。"
        "请核对文件，或把措施逐条编号后再导入。"
    )


def _finish(
    digest: str,
    filename: str,
    source: Source,
    sheet: Sheet,
    head: Masthead,
    reading: Reading,
    corrections: "Corrections | NoCorrections",
) -> ParsedPlan:
    notes = [*reading.noise, *number_measures(reading.drafts)]
    year = _base_year(head)
    for draft in reading.drafts:
        notes += _check(draft, reading, year)
    notes += _correct(reading.drafts, corrections)
    measures = tuple(_freeze(draft) for draft in reading.drafts)
    return ParsedPlan(
        digest=digest,
        filename=filename,
        format=source.format,
        title=head.title,
        issuer=head.issuer,
        document_number=head.document_number,
        issued_on=head.issued_on,
        measures=measures,
        extras=tuple(reading.extras),
        noise=(*head.noise, *sheet.noise, *notes),
    )


def _base_year(head: Masthead) -> int | None:
    title = head.title or ""
    if SEVERAL_YEARS.search(title):
        return None
    named = re.search(r"20\d{2}", title)
    if named:
        return int(named[0])
    return head.issued_on.year if head.issued_on else None


def _check(draft: Draft, reading: Reading, year: int | None) -> list[NoiseEntry]:
    notes = []
    if draft.due_text:
        due = read_due(draft.due_text, year)
        draft.due = due.on
        if not due.sure:
            draft.unsure.add("due")
            notes.append(NoiseEntry(draft.at, f"时间“{draft.due_text}”不能确定到某一天"))
    if reading.has_units and not draft.units:
        draft.unsure.add("units")
        notes.append(NoiseEntry(draft.at, "没有责任单位"))
    for name, value in (("text", draft.text), ("title", draft.title or "")):
        damage = find_damage(value)
        if damage:
            draft.unsure.add(name)
            notes.append(NoiseEntry(draft.at, f"“{damage}”处的字已损坏，请对照原件"))
    if not draft.text.strip():
        draft.unsure.add("text")
    return notes


def _correct(drafts: list[Draft], corrections: "Corrections | NoCorrections") -> list[NoiseEntry]:
    notes = []
    numbered = {draft.number: draft for draft in drafts}
    for repair in corrections.measures:
        draft = numbered[repair.number]
        setattr(draft, repair.name, repair.value)
        draft.unsure.discard(repair.name)
        what = f"按该文件的更正：{repair.name}定为“{repair.value}”（{repair.reason}）"
        notes.append(NoiseEntry(draft.at, what))
    return notes


def _freeze(draft: Draft) -> Measure:
    return Measure(
        number=draft.number,
        text=draft.text,
        raw="\n".join(draft.raw),
        at=draft.at,
        line=draft.line,
        printed_number=draft.printed,
        chapter=draft.chapter,
        section=draft.section,
        action=draft.action,
        reform_item=draft.reform_item,
        title=draft.title,
        units=tuple(draft.units),
        due=draft.due,
        due_text=draft.due_text,
        starred=draft.starred,
        unsure=tuple(sorted(draft.unsure)),
        targets=find_targets(draft.text),
    )
