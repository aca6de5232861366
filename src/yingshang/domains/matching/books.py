"""The book of rules of a run: what was in force, word for word, and what could not be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yingshang.content.actions import digest_of
from yingshang.content.models import ContentVersion
from yingshang.domains.matching.deciding import keys_of_all
from yingshang.domains.matching.telling import Titles
from yingshang.domains.policies.public import list_texts, published_among
from yingshang.facts.catalogue import Catalogue
from yingshang.rulebook.book import Book, current_book
from yingshang.rulebook.kinds import POLICY
from yingshang.rules.columns import read_schema
from yingshang.rules.compiling import Rule
from yingshang.rules.declarations import Declarations


@dataclass(frozen=True)
class RunBook:
    """Rules ready to be matched over one snapshot, in the order of their keys, and those that are not."""

    rules: tuple[Rule, ...]
    titles: Titles
    body: Mapping[str, Any]
    digest: str
    unfit: Mapping[str, str]
    catalogue: Catalogue
    declarations: Declarations
    starts: tuple[date, ...]
    """From which day on each of the rules holds as it is worded now."""


def book_of(as_of: date, snapshot: Path) -> RunBook:
    """Return the policies in force on a day that a snapshot can decide.

    One over a fact that the snapshot does not have, or that the catalogue cannot read, is named.
    """
    book, known = current_book(as_of), set(read_schema(snapshot))
    texts = {one.key: one for one in list_texts(as_of)}
    told = published_among(book.entries, as_of)
    rules: list[Rule] = []
    unfit: dict[str, str] = {}
    for key, entry in sorted(book.entries.items()):
        if entry.rule is None:
            unfit[key] = entry.fault[:300]
        elif entry.rule.in_force and key in told:
            lacking = sorted(keys_of_all((entry.rule,)) - known - {"as_of"})
            if lacking:
                unfit[key] = "、".join(lacking)[:300]
            else:
                rules.append(entry.rule)
    body = _body(book, [rule.id for rule in rules])
    entries = [book.entries[rule.id] for rule in rules]
    declared = [one.declaration for one in entries]
    titles = Titles([one.title for one in declared], [one.title_en for one in declared])
    worded = _worded_since([one.version for one in entries])
    starts = tuple(
        max(
            one.valid_from,
            worded.get(one.key, one.valid_from),
            texts[one.text].valid_from if one.text else one.valid_from,
        )
        for one in declared
    )
    return RunBook(
        tuple(rules),
        titles,
        body,
        digest_of(body),
        unfit,
        book.catalogue,
        book.declarations,
        starts,
    )


def _worded_since(versions: Sequence[ContentVersion]) -> dict[str, date]:
    """Return by policy from when on it has the condition of today, where it had another one before."""
    keys = [one.key for one in versions if one.number > 1]
    earlier = ContentVersion.objects.filter(kind=POLICY, key__in=keys).order_by("-number")
    now = {one.key: one for one in versions}
    since: dict[str, date] = {}
    found: dict[str, date] = {}
    for one in earlier:
        if one.key in found or one.number > now[one.key].number:
            continue
        if one.body["condition"] == now[one.key].body["condition"]:
            since[one.key] = one.valid_from
        else:
            found[one.key] = since[one.key]
    return found


def _body(book: Book, keys: list[str]) -> dict[str, Any]:
    return {
        "policies": {key: book.entries[key].declaration.document for key in keys},
        "parameters": {
            key: one.model_dump(mode="json", by_alias=True, exclude_none=True)
            for key, one in sorted(book.parameters.items())
        },
    }
