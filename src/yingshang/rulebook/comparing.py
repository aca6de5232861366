"""A draft beside what is in force: what it says otherwise, and who gains and loses by it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.rulebook.book import Book, Entry
from yingshang.rulebook.reach import Moved, moved_between
from yingshang.rulebook.showing import Part, Reader
from yingshang.rules.errors import BadFacts

HEAD: Final = {
    "title": _("名称"), "source": _("依据"), "issuer": _("发布机关"), "summary": _("摘要"),
    "valid_from": _("生效日期"), "valid_to": _("失效日期"), "text": _("政策原文"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A sentence of either wording: ``kept``, ``new`` or ``dropped``; ``depth`` counts groups around it."""

    state: str
    depth: int
    sentence: str
    clause: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a draft changes; ``old`` is None for a rule that is not in force yet."""

    old: Entry | None
    lines: tuple[Line, ...]
    heads: tuple[tuple[str, str, str], ...]
    moved: Moved | None

    @property
    def is_same(self) -> bool:
        """Tell whether nothing is said otherwise."""
        return not self.heads and all(line.state == "kept" for line in self.lines)


def compare(draft: Entry, book: Book) -> Comparison:
    """Compare a draft that is a rule with the rule of the same key in force."""
    reader = Reader(book)
    old = book.entries.get(draft.key)
    before = list(_sentences(old, reader)) if old is not None and old.rule else []
    lines = tuple(_joined(before, list(_sentences(draft, reader))))
    heads = tuple(_heads(old, draft)) if old is not None else ()
    return Comparison(old, lines, heads, _moved(old, draft, book))


def _sentences(entry: Entry, reader: Reader) -> Iterator[tuple[int, str, str]]:
    yield from _flat(reader.written(entry).parts, 0)
    for name, formula in reader.results(entry):
        yield 0, gettext("给予%(name)s：%(formula)s") % {"name": name, "formula": formula}, ""


def _flat(part: Part, depth: int) -> Iterator[tuple[int, str, str]]:
    yield depth, part.sentence, part.clause
    for below in part.parts:
        yield from _flat(below, depth + 1)


def _joined(before: list[Any], after: list[Any]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for verb, a, b, c, d in matcher.get_opcodes():
        if verb == "equal":
            yield from (Line("kept", *one) for one in after[c:d])
            continue
        yield from (Line("dropped", *one) for one in before[a:b])
        yield from (Line("new", *one) for one in after[c:d])


def _heads(old: Entry, new: Entry) -> Iterator[tuple[str, str, str]]:
    for key, said in HEAD.items():
        before, after = (str(getattr(e.declaration, key) or "") for e in (old, new))
        if before != after:
            yield str(said), before or "—", after or "—"


def _moved(old: Entry | None, new: Entry, book: Book) -> Moved | None:
    if old is None or old.rule is None or new.rule is None:
        return None
    try:
        return moved_between(old.rule, new.rule, book.catalogue)
    except BadFacts:
        return None
