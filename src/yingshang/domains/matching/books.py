"""The book of rules of a run: what was in force, word for word, and what could not be decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from yingshang.content.actions import digest_of
from yingshang.domains.matching.deciding import keys_of_all
from yingshang.domains.matching.telling import Titles
from yingshang.domains.policies.public import list_texts
from yingshang.facts.catalogue import Catalogue
from yingshang.rulebook.book import Book, current_book
from yingshang.rules.columns import read_schema
from yingshang.rules.compiling import Rule

_TOLD: Final = ("in_force", "future")
"""States of a policy's text in which enterprises may be told of it."""


@dataclass(frozen=True)
class RunBook:
    """Rules ready to be matched over one snapshot, in the order of their keys, and those that are not."""

    rules: tuple[Rule, ...]
    titles: Titles
    body: Mapping[str, Any]
    digest: str
    unfit: Mapping[str, str]
    catalogue: Catalogue


def book_of(as_of: date, snapshot: Path) -> RunBook:
    """Return the policies in force on a day that a snapshot can decide.

    One over a fact that the snapshot does not have, or that the catalogue cannot read, is named.
    """
    book, known = current_book(as_of), set(read_schema(snapshot))
    states = {one.key: one.state for one in list_texts(as_of)} | {"": "in_force"}
    rules: list[Rule] = []
    unfit: dict[str, str] = {}
    for key, entry in sorted(book.entries.items()):
        if entry.rule is None:
            unfit[key] = entry.fault[:300]
        elif entry.rule.in_force and states.get(entry.declaration.text) in _TOLD:
            lacking = sorted(keys_of_all((entry.rule,)) - known - {"as_of"})
            if lacking:
                unfit[key] = "、".join(lacking)[:300]
            else:
                rules.append(entry.rule)
    body = _body(book, [rule.id for rule in rules])
    declared = [book.entries[rule.id].declaration for rule in rules]
    titles = Titles([one.title for one in declared], [one.title_en for one in declared])
    return RunBook(tuple(rules), titles, body, digest_of(body), unfit, book.catalogue)


def _body(book: Book, keys: list[str]) -> dict[str, Any]:
    return {
        "policies": {key: book.entries[key].declaration.document for key in keys},
        "parameters": {
            key: one.model_dump(mode="json", by_alias=True, exclude_none=True)
            for key, one in sorted(book.parameters.items())
        },
    }
