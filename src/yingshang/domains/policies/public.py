"""What other domains may ask about policy texts, and where they tell whom a text covers and reached.

``COVERED``, ``REACHED`` and ``KNOWN`` take the keys of rules and return row ids of enterprises, None where
it is not known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from yingshang.domains.policies.declaring import ClauseDeclaration, Mark
from yingshang.domains.policies.library import Text, current_library
from yingshang.domains.policies.look_back import COVERED, KNOWN, REACHED
from yingshang.domains.policies.naming import organ_names
from yingshang.facts.showing import english
from yingshang.kernel.times import today

__all__ = [
    "COVERED",
    "KNOWN",
    "REACHED",
    "ClauseDeclaration",
    "Mark",
    "TextInfo",
    "clauses_of",
    "get_text",
    "is_published",
    "list_texts",
    "published_among",
    "text_of",
]


@dataclass(frozen=True)
class TextInfo:
    """A text as other pages name it; ``issuer`` is the organ's name, ``state`` as on that day."""

    key: str
    title: str
    number: str
    issuer: str
    issuer_key: str
    state: str
    valid_from: date
    valid_to: date | None
    href: str


def list_texts(day: date | None = None) -> list[TextInfo]:
    """Return every text that is or was published, the newest first, with its state on a day."""
    texts = current_library().newest_first
    names = organ_names([text.declaration.issuer for text in texts])
    return [_info(text, day or today(), names) for text in texts]


def get_text(key: str) -> TextInfo:
    """Return a text as of today; raises ``NoSuchText``."""
    return _info(current_library().get(key), today())


def text_of(policy: str) -> TextInfo | None:
    """Return the text on which a rule rests, or None where it names none."""
    text = current_library().of_policy(policy)
    return None if text is None else _info(text, today())


def clauses_of(policy: str) -> Mapping[str, ClauseDeclaration]:
    """Return the clauses of a rule's text by label; empty where the rule names no text."""
    text = current_library().of_policy(policy)
    return {} if text is None else {one.label: one for one in text.declaration.clauses}


def is_published(policy: str, day: date | None = None) -> bool:
    """Tell whether a rule may be told to enterprises: it is content, and its text is not over.

    A rule of a text that takes effect later is published already; a rule without a text counts as
    published with its pack. One that was written here without a text is not told: no text of it was
    heard about and reviewed.
    """
    return policy in published_among([policy], day)


def published_among(policies: Iterable[str], day: date | None = None) -> frozenset[str]:
    """Return those of many rules for which :func:`is_published` would say yes, asking once."""
    library, on = current_library(), day or today()
    return frozenset(
        policy
        for policy in policies
        if policy not in library.untexted
        and (rule := library.policies.get(policy)) is not None
        and (not rule.text or _is_told(library.texts.get(rule.text), on))
    )


def _is_told(text: Text | None, day: date) -> bool:
    return text is not None and text.state_on(day) in _TOLD


_TOLD = ("in_force", "future")


def _info(text: Text, day: date, names: Mapping[str, str] | None = None) -> TextInfo:
    one = text.declaration
    named = names or organ_names([one.issuer])
    return TextInfo(
        key=one.key,
        title=(english() and one.title_en) or one.title,
        number=one.number,
        issuer=named[one.issuer],
        issuer_key=one.issuer,
        state=text.state_on(day),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        href=_href(one.key),
    )


def _href(key: str) -> str:
    try:
        return reverse("portal:policy", kwargs={"key": key})
    except NoReverseMatch:
        return ""
