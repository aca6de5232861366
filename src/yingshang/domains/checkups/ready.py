"""The policies of a day made ready to be decided for one enterprise after another: compiled once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from yingshang.domains.checkups.conditions import Asked, asked_by
from yingshang.domains.policies.public import published_among
from yingshang.facts.showing import english
from yingshang.rulebook.book import Book, Entry, current_book
from yingshang.rulebook.showing import Reader
from yingshang.rules.compiling import Checked, Rule
from yingshang.rules.subjects import Checkup
from yingshang.rules.typed import Apply, Logic, walk

OWN = "enterprise"
CONSTANT = frozenset({"param", "as_of"})


@dataclass(frozen=True)
class Ready:
    """The rules that an enterprise is checked against on a day, and the columns that they read."""

    book: Book
    checkup: Checkup
    keys: frozenset[str]
    with_choices: frozenset[str]
    """Rules in which one of several conditions is enough, so that not every failing one need change."""

    spoken: dict[tuple[str, bool], Asked] = field(default_factory=dict)

    def asked(self, rule: Rule, reader: Reader) -> Asked:
        """Return what a rule asks for in the reader's language; told once for each."""
        place = rule.id, english()
        if place not in self.spoken:
            self.spoken[place] = asked_by(rule.condition, reader)
        return self.spoken[place]

    def entry(self, policy: str) -> Entry:
        """Return a policy of the book."""
        return self.book.entries[policy]


_ready: dict[tuple[int, frozenset[str]], Ready] = {}
MOST = 3


def ready_on(day: date) -> Ready:
    """Return what is checked on a day: rules in force, of texts that are published, about enterprises."""
    book = current_book(day)
    able = [rule for rule in book.rules if rule.in_force and _is_about_enterprises(rule)]
    published = published_among((rule.id for rule in able), day)
    stamp = (id(book), published)
    if (found := _ready.get(stamp)) is None or found.book is not book:
        found = _prepare(book, tuple(rule for rule in able if rule.id in published))
        while len(_ready) >= MOST:
            del _ready[next(iter(_ready))]
        _ready[stamp] = found
    return found


def _prepare(book: Book, rules: tuple[Rule, ...]) -> Ready:
    columns = frozenset().union(*(rule.facts | rule.result_columns for rule in rules))
    keys = frozenset(column.partition("@")[0] for column in columns)
    chosen = frozenset(rule.id for rule in rules if any(_choices(rule.condition)))
    return Ready(book, Checkup(rules), keys & book.catalogue.columns.keys(), chosen)


def _is_about_enterprises(rule: Rule) -> bool:
    roots = {name.partition(".")[0] for name in rule.facts | rule.result_columns}
    return roots - CONSTANT <= {OWN}


def _choices(checked: Checked) -> Iterator[bool]:
    yield checked.condition.kind == "any"
    yield checked.condition.kind == "not" and len(checked.parts) > 1
    yield any(
        (isinstance(node, Logic) and node.operator == "||")
        or (
            isinstance(node, Apply)
            and node.overload == "!:bool"
            and isinstance(node.args[0], Logic)
        )
        for node in walk(checked.typed)
    )
