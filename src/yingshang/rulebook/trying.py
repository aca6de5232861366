"""Trying a rule on one subject: what holds, fails and is unknown, and the smallest change."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.facts.actions.reading import read_profile
from yingshang.facts.purposes import POLICY
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.parties.selectors import list_subjects_for
from yingshang.rulebook.book import Book, Entry, current_book
from yingshang.rulebook.errors import NoSuchEnterprise, NoSuchRule
from yingshang.rulebook.permissions import READ, TRY
from yingshang.rules.explaining import Explained, explain
from yingshang.rules.flips import Flip, find_flip
from yingshang.rules.subjects import Checkup, Verdict


@dataclass(frozen=True)
class Trial:
    """What a rule says of a subject as of a day; ``withheld`` are facts that the actor may not see."""

    entry: Entry
    subject: Subject
    as_of: date
    verdict: Verdict
    explained: Explained
    flip: Flip | None
    withheld: tuple[str, ...]


def find_enterprise(actor: Actor, text: str) -> Subject:
    """Return the one subject with this code or name; raises :class:`NoSuchEnterprise`."""
    wanted = text.strip()
    subjects = list_subjects_for(actor)
    found = list(subjects.filter(code=wanted.upper())[:2]) or list(subjects.filter(name=wanted)[:2])
    if not wanted or len(found) != 1:
        raise NoSuchEnterprise(field="subject")
    return found[0]


def try_rule(actor: Actor, *, key: str, subject: str, as_of: date, ground: str = "") -> Trial:
    """Try a rule on a subject (by ref); the reading of its facts is logged.

    Sensitive facts are read where a ground is given, else they count as unknown. Raises
    ``NotPermitted``, :class:`NoSuchRule`, ``NoSuchParty``.
    """
    book = current_book(as_of)
    return try_entry(actor, book.get(key), book, subject=subject, as_of=as_of, ground=ground)


def try_entry(
    actor: Actor, entry: Entry, book: Book, *, subject: str, as_of: date, ground: str = ""
) -> Trial:
    """Try a rule of the book, or a draft read over it, as :func:`try_rule` does."""
    actor.require(READ)
    actor.require(TRY)
    rule = entry.rule
    if rule is None:
        raise NoSuchRule(params={"key": entry.key})
    columns = rule.facts | rule.result_columns
    keys = tuple(sorted({column.partition("@")[0] for column in columns} - set(book.parameters)))
    read = read_profile(
        actor,
        subject=subject,
        purpose=POLICY,
        as_of=as_of,
        keys=keys,
        ground=ground,
        sensitive=bool(ground.strip()),
    )
    row: dict[str, Any] = read.profile.row(sorted(read.keys))
    (verdict,) = Checkup((rule,)).verdicts(row)
    flip = None if verdict.result == "yes" else find_flip(rule, row, book.declarations, days=_DAYS)
    return Trial(
        entry, read.subject, as_of, verdict, explain(rule, row), flip, tuple(sorted(read.withheld))
    )


_DAYS = 1_100
"""How far ahead a try-out looks for the day on which a rule comes true: three years."""
