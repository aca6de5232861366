"""The condition of a draft as nested groups and rows, each with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yingshang.rulebook.writing.nodes import Path, Source
from yingshang.rulebook.writing.rows import Parsed, Row, parse_condition
from yingshang.rules.errors import RuleFault

CONDITION: Path = ("condition",)
GROUPS = ("all", "any", "not")


@dataclass
class Item:
    """A group (``all``, ``any``, ``not``), a ``row``, or a ``text`` that no row can say.

    ``path`` is where the item stands, ``text_path`` where its text stands; ``span`` is the item's part of
    that text. An item is ``inside`` where it is only a part of a text: it has no clause of its own and
    does not move before the text is taken apart. ``is_excluded``: written as ``not`` of one condition.
    """

    id: str
    kind: str
    path: Path
    text_path: Path | None = None
    span: tuple[int, int] = (0, 0)
    text: str = ""
    row: Row | None = None
    parts: "list[Item]" = field(default_factory=list)
    clause: str = ""
    label: str = ""
    clause_path: Path | None = None
    list_path: Path | None = None
    place: int = 0
    siblings: int = 1
    inside: bool = False
    is_excluded: bool = False
    fault: str = ""

    @property
    def is_group(self) -> bool:
        """Tell whether it has parts."""
        return self.kind in GROUPS

    @property
    def has_next(self) -> bool:
        """Tell whether another item follows in the same list."""
        return self.place + 1 < self.siblings


def read_tree(source: Source) -> Item | None:
    """Return the condition of a document, None where it has none."""
    if "condition" not in source.value:
        return None
    return _Reader(source).item(source.value["condition"], CONDITION)


def walk(item: Item) -> Iterator[Item]:
    """Yield an item and everything below it, in the order of the text."""
    yield item
    for part in item.parts:
        yield from walk(part)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.count = 0

    def next_id(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def item(self, value: Any, path: Path) -> Item:
        if isinstance(value, bool):
            return Item(self.next_id(), "text", path, text=str(value).lower())
        if isinstance(value, str):
            return self.leaf(value, path, path)
        if isinstance(value, list):
            return self.group("all", value, path, path, {})
        if not isinstance(value, dict):
            return Item(self.next_id(), "text", path, text=str(value), fault="?")
        kind = next((kind for kind in ("text", *GROUPS) if kind in value), "")
        if kind == "text" and not isinstance(value["text"], str):
            found = Item(self.next_id(), "text", path, text=str(value["text"]), fault="?")
        elif kind == "text":
            found = self.leaf(value["text"], path, (*path, "text"))
        elif kind == "not" and not isinstance(value["not"], list):
            found = self.excluded(value, path)
        elif kind:
            found = self.group(kind, value[kind], path, (*path, kind), value)
        else:
            return Item(self.next_id(), "text", path, fault="?")
        found.clause = str(value.get("clause") or found.clause)
        found.label = str(value.get("label") or found.label)
        if found.clause_path is None:
            found.clause_path = path
        return found

    def group(self, kind: str, found: Any, path: Path, inner: Path, value: dict[str, Any]) -> Item:
        item = Item(self.next_id(), kind, path, list_path=inner)
        item.clause_path = path if value else None
        for place, part in enumerate(found if isinstance(found, list) else ()):
            below = self.item(part, (*inner, place))
            below.place, below.siblings = place, len(found)
            item.parts.append(below)
        return item

    def excluded(self, value: dict[str, Any], path: Path) -> Item:
        """Show ``not`` of one row as that row, marked; any other as a group."""
        mark = self.count
        inner = self.item(value["not"], (*path, "not"))
        if inner.is_group:
            self.count = mark
            item = Item(self.next_id(), "not", path, clause_path=path)
            item.parts = [self.item(value["not"], (*path, "not"))]
            return item
        inner.is_excluded = True
        inner.path = path
        inner.clause_path = (
            path if "clause" in value or inner.clause_path is None else inner.clause_path
        )
        return inner

    def leaf(self, text: str, path: Path, text_path: Path) -> Item:
        mark = self.next_id()
        try:
            parsed = parse_condition(text)
        except RuleFault as fault:
            return Item(
                mark, "text", path, text_path, (0, len(text)), text, fault=str(fault.what)
            )  # fmt: skip
        item = self.parsed(text, parsed, path, text_path, mark)
        item.inside = False
        item.span = (0, len(text))
        item.text = text
        return item

    def parsed(self, text: str, found: Parsed, path: Path, text_path: Path, mark: str) -> Item:
        start, end = found.span
        item = Item(
            mark, found.kind, path, text_path, found.span, text[start:end], found.row, inside=True
        )
        for place, part in enumerate(found.parts):
            below = self.parsed(text, part, path, text_path, self.next_id())
            below.place, below.siblings = place, len(found.parts)
            item.parts.append(below)
        return item
