"""How policy texts are shown: marks, states, clauses with the rules that rest on them, read aloud."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.cleaning import GROUNDS, is_changed, light_of
from yingshang.domains.policies.declaring import Level, Mark, PolicyTextDeclaration
from yingshang.domains.policies.library import Library, Text, current_library
from yingshang.domains.policies.models import CleanUp
from yingshang.domains.policies.naming import organ_names
from yingshang.domains.policies.resting import clause_of
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.showing import english, label
from yingshang.kernel.times import today
from yingshang.rulebook.book import Book, Entry
from yingshang.rulebook.showing import Part, Reader

MARKS: Final = {
    Mark.CONDITION: _("条件"),
    Mark.EXCLUSION: _("排除情形"),
    Mark.AMOUNT: _("支持标准"),
    Mark.MATERIAL: _("申请材料"),
    Mark.REVIEW: _("审核规则"),
    Mark.PROCEDURE: _("办理程序"),
    Mark.WINDOW: _("受理时间"),
    Mark.CLAWBACK: _("追回"),
    Mark.DEFINITION: _("定义"),
    Mark.PURPOSE: _("目的依据"),
    Mark.AUTHORITY: _("职责分工"),
    Mark.VALIDITY: _("施行与有效期"),
    Mark.OTHER: _("其他内容"),
}
STATES: Final = {
    "in_force": (_("有效"), "good"),
    "future": (_("尚未施行"), "active"),
    "over": (_("已过期"), "idle"),
    "abolished": (_("已废止"), "bad"),
}
LEVELS: Final = {
    Level.NATIONAL: _("国家级"),
    Level.PROVINCE: _("省级"),
    Level.CITY: _("市级"),
    Level.DISTRICT: _("区级"),
    Level.TOWN: _("街镇级"),
}
_KEY = re.compile(r"[a-z]+(?:\.[a-z][a-z0-9_]*)+")


@dataclass(frozen=True)
class TextLine:
    """A text in a list."""

    key: str
    title: str
    number: str
    issuer: str
    level: str
    issued_on: date
    published_on: date | None
    valid_from: date
    valid_to: date | None
    state: str
    state_label: str
    tone: str
    topics: tuple[str, ...]
    rules: int


@dataclass(frozen=True)
class RuleOfClause:
    """What of one rule rests on a clause, as sentences."""

    key: str
    title: str
    sentences: tuple[str, ...]
    gives: tuple[str, ...]


@dataclass(frozen=True)
class ClauseShown:
    """A clause with its marks and what rests on it."""

    label: str
    text: str
    marks: tuple[str, ...]
    anchor: str
    rules: tuple[RuleOfClause, ...]
    unused: str


def title_of(one: PolicyTextDeclaration) -> str:
    """Return a text's title in the reader's language."""
    return (english() and one.title_en) or one.title


def topic_labels() -> Mapping[str, str]:
    """Return the topics of policies with their labels."""
    found = current_catalogue().codes.get("policy_topics")
    return {} if found is None else {code.code: label(code) for code in found.codes}


def lines_of(texts: Iterable[Text], day: date) -> list[TextLine]:
    """Return texts as lines of a list, in their order."""
    found = list(texts)
    names, topics = organ_names(one.declaration.issuer for one in found), topic_labels()
    return [_line(one, day, names, topics) for one in found]


def _line(text: Text, day: date, names: Mapping[str, str], topics: Mapping[str, str]) -> TextLine:
    one, state = text.declaration, text.state_on(day)
    return TextLine(
        key=one.key,
        title=title_of(one),
        number=one.number,
        issuer=names[one.issuer],
        level=str(LEVELS[one.level]),
        issued_on=one.issued_on,
        published_on=one.published_on,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        state=state,
        state_label=str(STATES[state][0]),
        tone=STATES[state][1],
        topics=tuple(topics.get(topic, topic) for topic in one.topics),
        rules=len(text.rules),
    )


def clauses_shown(text: Text, book: Book) -> list[ClauseShown]:
    """Return a text's clauses in order, each with the parts of rules that rest on it, read aloud."""
    reader = Reader(book)
    resting = [(rule.key, book.entries.get(rule.key)) for rule in text.rules]
    told = [(key, entry, _by_clause(reader, entry)) for key, entry in resting if entry is not None]
    return [
        ClauseShown(
            label=clause.label,
            text=clause.text,
            marks=tuple(str(MARKS[mark]) for mark in clause.marks),
            anchor=f"c{place}",
            rules=tuple(
                RuleOfClause(key, reader.title(entry), *says[clause.label])
                for key, entry, says in told
                if clause.label in says
            ),
            unused=clause.unused,
        )
        for place, clause in enumerate(text.declaration.clauses, start=1)
    ]


Says = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def _by_clause(reader: Reader, entry: Entry) -> Says:
    """Return by clause what a rule's conditions say, and what it gives."""
    asks: dict[str, list[str]] = {}
    gives: dict[str, list[str]] = {}
    for clause, sentence in _sentences(reader.written(entry).parts, ""):
        asks.setdefault(clause, []).append(sentence)
    one = entry.declaration
    for name, (_title, said) in zip(one.results, reader.results(entry), strict=True):
        clause = clause_of(one.results_clause, name)
        gives.setdefault(clause, []).append(in_words(reader, said))
    return {
        clause: (tuple(asks.get(clause, ())), tuple(gives.get(clause, ())))
        for clause in {*asks, *gives}
        if clause
    }


def _sentences(part: Part, clause: str) -> Iterator[tuple[str, str]]:
    """Yield clause and sentence of every part that rests as a whole on one clause."""
    own = part.clause or clause
    below = [one for one in part.parts if _names_a_clause(one)]
    if not part.parts or (own and not below):
        yield own, part.sentence
        return
    for one in part.parts:
        yield from _sentences(one, own)


def _names_a_clause(part: Part) -> bool:
    return bool(part.clause) or any(_names_a_clause(one) for one in part.parts)


def in_words(reader: Reader, said: str) -> str:
    """Return a formula with facts by their names."""
    known = reader.book.catalogue.columns
    return _KEY.sub(lambda found: reader.name(found[0]) if found[0] in known else found[0], said)


def relatives_of(text: Text, library: Library) -> list[tuple[str, str, str]]:
    """Return ``(how it stands to this text, title, key)`` of the texts before, after and below it."""
    one = text.declaration
    found = [(str(_("替代了")), key) for key in one.supersedes]
    found += [(str(_("依据")), key) for key in one.rests_on]
    found += [(str(_("已被替代")), heir.key) for heir in text.replaced_by]
    known = ((how, library.texts.get(key)) for how, key in found)
    return [(how, title_of(other.declaration), other.key) for how, other in known if other]


def find_address(*names: str) -> str:
    """Return the address of the first of these pages that this installation has, or nothing."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def clean_up_rows(clean_up: CleanUp) -> list[dict[str, Any]]:
    """Return the list of a clean-up with answers, lights and whether what was to change has changed."""
    library, day = current_library(), today()
    items = list(clean_up.items.select_related("organ").order_by("organ__order", "text"))
    names = organ_names(item.organ.key for item in items)
    return [
        {
            "item": item,
            "organ": names[item.organ.key],
            "grounds": [str(GROUNDS[ground]) for ground in item.grounds],
            "light": light_of(item, clean_up, day).value,
            "changed": is_changed(item, library),
            "state": STATES[library.texts[item.text].state_on(day)]
            if item.text in library.texts
            else ("", "idle"),
        }
        for item in items
    ]
