"""Finding texts in the library: by words, topic, level, issuer and state."""

from collections.abc import Iterable, Mapping
from datetime import date

from yingshang.domains.policies.library import Library, Text
from yingshang.domains.policies.searching import POLICY
from yingshang.parties.actors import Actor
from yingshang.search.finding import search_for
from yingshang.search.indexing import Face


def find_texts(
    actor: Actor, library: Library, wanted: Mapping[str, str], day: date, *, face: Face = "portal"
) -> list[Text]:
    """Return the texts that fit ``q``, ``topic``, ``level``, ``issuer`` and ``state`` where given.

    With words they come in the order of the search, else the newest first.
    """
    words = wanted.get("q", "").strip()
    if words:
        hits = search_for(actor, words, (POLICY,), face=face, limit=200).hits
        texts: Iterable[Text] = (library.texts[hit.ref] for hit in hits if hit.ref in library.texts)
    else:
        texts = library.newest_first
    return [text for text in texts if _fits(text, wanted, day)]


def _fits(text: Text, wanted: Mapping[str, str], day: date) -> bool:
    one = text.declaration
    topic, level = wanted.get("topic", ""), wanted.get("level", "")
    issuer, state = wanted.get("issuer", ""), wanted.get("state", "")
    return (
        (not topic or topic in one.topics)
        and (not level or one.level == level)
        and (not issuer or one.issuer == issuer)
        and (not state or text.state_on(day) == state)
    )
