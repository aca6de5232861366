"""What the rule builder does to a draft's text: every control of its page as a change in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext

from yingshang.kernel.errors import Invalid
from yingshang.kernel.errors import marked as _
from yingshang.rulebook.amounts import change_results
from yingshang.rulebook.asks import change_asks
from yingshang.rulebook.given import Given
from yingshang.rulebook.rowfields import BadField, RowFields
from yingshang.rulebook.tiers import change_tiers
from yingshang.rulebook.tree import CONDITION, Item, read_tree, walk
from yingshang.rulebook.writing.changes import (
    change_within,
    group_up,
    insert_item,
    remove_item,
    remove_key,
    rename_key,
    replace_value,
    replace_written,
    set_key,
    set_text,
    swap_items,
    unwrap,
    wrap,
)
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Path, Source
from yingshang.rulebook.writing.rows import edits_between, write_row
from yingshang.rulebook.writing.scalars import encode
from yingshang.rules.errors import RuleFault
from yingshang.rules.parsing import parse

HEAD: Final = (
    "key", "title", "title_en", "summary", "summary_en", "issuer", "source", "text", "valid_from",
    "valid_to", "results_clause",
)  # fmt: skip
"""What stands above a rule's condition, in the order in which new keys are written."""

NEEDED: Final = frozenset({"key", "title", "title_en", "source", "valid_from"})


class LastCondition(Invalid):
    """A rule keeps at least one condition."""

    code = "last_condition"
    message = _("规则至少要有一项条件；请先添加别的，再删除这一项")


class NothingToDo(Invalid):
    """The page asked for what the text does not have, or no longer."""

    code = "no_such_part"
    message = _("规则里没有这一部分，请重新打开草稿")


@dataclass
class Outcome:
    """The text after what was asked, and what was typed wrongly, by the name of its control."""

    source: Source
    errors: dict[str, str] = field(default_factory=dict)


def apply(source: Source, data: Given, rows: RowFields) -> Outcome:
    """Bring everything that was typed into the page into the text; what is wrong changes nothing."""
    outcome = Outcome(source)
    for step in (_change_clauses, _change_labels, _change_rows, _change_kinds, _change_head):
        step(outcome, data, rows)
    change_results(outcome, data, partial(change_tiers, rows=rows))
    change_asks(outcome, data)
    return outcome


def _tree(source: Source) -> Item:
    tree = read_tree(source)
    if tree is None:
        raise NothingToDo
    return tree


def _find(source: Source, mark: str) -> tuple[Item, Item | None]:
    """Return an item and the group in which it stands."""
    tree = _tree(source)
    if tree.id == mark:
        return tree, None
    for group in walk(tree):
        for part in group.parts:
            if part.id == mark:
                return part, group
    raise NothingToDo


def _change_clauses(outcome: Outcome, data: Given, _rows: RowFields) -> None:
    tree = read_tree(outcome.source)
    for item in walk(tree) if tree is not None else ():
        name = f"{item.id}-clause"
        if name in data and data[name].strip() != item.clause:
            try:
                outcome.source = set_clause(outcome.source, item.id, data[name].strip())
            except CannotEdit as error:
                outcome.errors[name] = str(error)


def set_clause(source: Source, mark: str, clause: str) -> Source:
    """Give an item its clause, or take it away; a part of a text is taken out of it first.

    Raises ``CannotEdit``.
    """
    source = outside(source, mark)
    item, _group = _find(source, mark)
    path = item.clause_path if item.clause_path is not None else item.path
    return _say(source, path, "clause", clause)


def _say(source: Source, path: Path, key: str, said: str) -> Source:
    """Give a condition a key beside it, or take the key away."""
    value = source.get(path)
    if isinstance(value, str | bool):
        text = str(value).lower() if isinstance(value, bool) else value
        return replace_value(source, path, {"text": text, key: said})
    if isinstance(value, list):
        return replace_value(source, path, {"all": value, key: said})
    if said:
        return set_key(source, path, key, said)
    return remove_key(source, path, key) if key in value else source


def _change_labels(outcome: Outcome, data: Given, _rows: RowFields) -> None:
    tree = read_tree(outcome.source)
    for item in walk(tree) if tree is not None else ():
        name = f"{item.id}-label"
        if name in data and data[name].strip() != item.label.strip():
            try:
                outcome.source = set_label(outcome.source, item.id, data[name].strip())
            except CannotEdit as error:
                outcome.errors[name] = str(error)


def set_label(source: Source, mark: str, label: str) -> Source:
    """Call an item otherwise, or by no name; a part of a text is taken out of it first.

    Raises ``CannotEdit``.
    """
    source = outside(source, mark)
    item, _group = _find(source, mark)
    places = [path for path in (item.path, item.clause_path) if path is not None]
    named = [path for path in places if isinstance(source.get(path), dict)]
    holder = next((path for path in named if "label" in source.get(path)), places[-1])
    return _say(source, holder, "label", label)


def _change_rows(outcome: Outcome, data: Given, rows: RowFields) -> None:
    """Change rows and texts from the last to the first, so that places before stay what they were."""
    tree = read_tree(outcome.source)
    for item in reversed(list(walk(tree))) if tree is not None else ():
        try:
            if f"{item.id}-text" in data and item.kind == "text" and item.text_path:
                outcome.source = _change_text(outcome.source, item, data[f"{item.id}-text"])
            elif f"{item.id}-sign" in data and item.row is not None:
                outcome.source = _change_row(outcome.source, item, given_for(data, item.id), rows)
        except (BadField, RuleFault, CannotEdit) as error:
            name = f"{item.id}-text" if item.kind == "text" else f"{item.id}-value"
            outcome.errors[name] = str(error)


def given_for(data: Given, mark: str) -> dict[str, Any]:
    """Return what was typed into the controls of a row."""
    return {
        "sign": data.get(f"{mark}-sign", ""),
        "value": data.get(f"{mark}-value", ""),
        "unit": data.get(f"{mark}-unit", ""),
        "chosen": data.all(f"{mark}-chosen"),
    }


def _change_row(source: Source, item: Item, given: Mapping[str, Any], rows: RowFields) -> Source:
    assert item.row is not None
    assert item.text_path is not None
    if rows.fields(item.row) is None:
        return source
    wanted = rows.read(item.row.fact, given, item.row)
    for start, end, new in edits_between(item.text, item.row, wanted):
        source = change_within(source, item.text_path, start, end, new)
    return source


def _change_text(source: Source, item: Item, typed: str) -> Source:
    assert item.text_path is not None
    start, end = item.span
    whole = source.get(item.text_path)
    old = whole[start:end]
    new = typed.replace("\r\n", "\n")
    if new.strip() == old.strip():
        return source
    parse(new)
    written = f"({new.strip()})" if item.inside else new.strip()
    return change_within(source, item.text_path, start, end, written)


def _change_kinds(outcome: Outcome, data: Given, _rows: RowFields) -> None:
    tree = read_tree(outcome.source)
    for item in walk(tree) if tree is not None else ():
        wanted = data.get(f"{item.id}-kind", item.kind)
        if wanted != item.kind and wanted in ("all", "any", "not") and can_change_kind(item):
            try:
                outcome.source = rename_key(outcome.source, item.path, item.kind, wanted)
            except CannotEdit as error:
                outcome.errors[f"{item.id}-kind"] = str(error)


def can_change_kind(item: Item) -> bool:
    """Tell whether a group is written with a word that can be exchanged."""
    return item.list_path is not None and item.list_path != item.path


def _change_head(outcome: Outcome, data: Given, _rows: RowFields) -> None:
    for place, key in enumerate(HEAD):
        name = f"head-{key}"
        if name not in data:
            continue
        new = data[name].strip().replace("\r\n", "\n")
        old = outcome.source.value.get(key, "")
        if isinstance(old, dict | list) or str(old).strip() == new:
            continue
        if not new and key in NEEDED:
            outcome.errors[name] = gettext("此项必填")
            continue
        try:
            outcome.source = _set_head(outcome.source, key, new, place)
        except (CannotEdit, ValueError) as error:
            is_date = isinstance(error, ValueError)
            outcome.errors[name] = gettext("请填写日期，如 2026-01-31") if is_date else str(error)


def _set_head(source: Source, key: str, new: str, place: int) -> Source:
    if not new:
        return remove_key(source, (), key) if key in source.value else source
    if key in ("valid_from", "valid_to"):
        day = date.fromisoformat(new)
        if isinstance(source.value.get(key), date):
            return replace_written(source, (key,), day.isoformat(), day)
    if key in source.value:
        return set_text(source, (key,), new)
    before = "results" if key == "results_clause" else ""
    known = [name for name in HEAD[:place] if name in source.value]
    return set_key(source, (), key, new, after=before or (known[-1] if known else ""))


def outside(source: Source, mark: str) -> Source:
    """Take texts apart until the item stands by itself; its mark stays the same. Raises ``CannotEdit``."""
    for _turn in range(60):
        item, _group = _find(source, mark)
        if not item.inside:
            return source
        leaf = next(
            one for one in walk(_tree(source))
            if not one.inside and one.text_path == item.text_path and one.is_group
        )  # fmt: skip
        source = take_apart(source, leaf.id)
    raise CannotEdit


def take_apart(source: Source, mark: str) -> Source:
    """Write the parts of a text one by one, so that each may have its clause. Raises ``CannotEdit``."""
    item, _group = _find(source, mark)
    if item.inside or item.text_path is None or not item.is_group or "//" in item.text:
        raise CannotEdit
    texts = [item.text[slice(*part.span)] for part in item.parts]
    if item.text_path == item.path:
        return group_up(source, item.path, item.kind, texts)
    listed = replace_written(source, item.text_path, encode(texts), texts)
    return rename_key(listed, item.text_path[:-1], "text", item.kind)


def add_condition(source: Source, mark: str, text: str, clause: str) -> Source:
    """Add a condition at the end of a group, or beside the only condition there is.

    Raises :class:`NothingToDo`, ``CannotEdit``.
    """
    value: Any = {"text": text, "clause": clause} if clause else {"text": text}
    tree = read_tree(source)
    if tree is None:
        return set_key(source, (), "condition", {"all": [value]}, after="valid_to")
    item, _group = _find(outside(source, mark), mark)
    source = outside(source, mark)
    if item.is_group and item.list_path is None and item.text_path is not None:
        source = take_apart(source, mark)
        item, _group = _find(source, mark)
    if item.list_path is not None and item.parts:
        return insert_item(source, item.list_path, len(item.parts), value)
    if item.path == CONDITION:
        return group_up(source, CONDITION, "all", [source.get(CONDITION), value])
    raise NothingToDo


def row_text(rows: RowFields, fact: str, given: Mapping[str, Any]) -> str:
    """Return the text of a new row; raises ``BadField``."""
    row = rows.read(fact, given)
    return write_row(row.fact, row.sign, row.values, row.parameter)


def replace_row(source: Source, mark: str, text: str) -> Source:
    """Put another condition in the place of one; its clause and label stay. Raises ``CannotEdit``."""
    item, _group = _find(source, mark)
    if item.text_path is None or item.is_group:
        raise NothingToDo
    span = item.row.span if item.row is not None else item.span
    return change_within(source, item.text_path, *span, text)


def do(source: Source, verb: str, mark: str) -> Source:
    """Do what a button says to an item: ``remove``, ``up``, ``down``, ``any``, ``all``, ``not``, …

    Raises :class:`LastCondition`, :class:`NothingToDo`, ``CannotEdit``.
    """
    match verb:
        case "split":
            return take_apart(source, mark)
        case "all" | "any" | "not":
            source = outside(source, mark)
            return _wrapped(source, _find(source, mark)[0], verb)
        case "unwrap":
            return _unwrapped(source, _find(source, mark)[0])
        case "remove":
            return _removed(outside(source, mark), mark)
        case "up" | "down":
            source = outside(source, mark)
            item, group = _find(source, mark)
            if group is None or group.list_path is None:
                raise NothingToDo
            return swap_items(source, group.list_path, item.place - (verb == "up"))
    raise NothingToDo


def _wrapped(source: Source, item: Item, kind: str) -> Source:
    return wrap(source, item.path, kind)


def _unwrapped(source: Source, item: Item) -> Source:
    """Take a group or an exclusion away from around its only part; its clause goes to the part."""
    value = source.get(item.path)
    kind = next((k for k in ("all", "any", "not") if isinstance(value, dict) and k in value), "")
    if not kind or (isinstance(value[kind], list) and len(value[kind]) != 1):
        raise NothingToDo
    inner: Path = (kind, 0) if isinstance(value[kind], list) else (kind,)
    if set(value) == {kind}:
        return unwrap(source, item.path, inner)
    part = source.get((*item.path, *inner))
    if not isinstance(part, dict):
        part = {"text": part}
    rest = {key: one for key, one in value.items() if key != kind}
    return replace_value(source, item.path, {**rest, **part})


def _removed(source: Source, mark: str) -> Source:
    item, group = _find(source, mark)
    while group is not None and len(group.parts) == 1:
        item, group = _find(source, group.id)
    if group is None or group.list_path is None:
        raise LastCondition
    return remove_item(source, group.list_path, item.place)
