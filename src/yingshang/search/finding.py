"""Finding: only what the actor may find, best first, with the words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from yingshang.parties.actors import Actor
from yingshang.search.engines import engine
from yingshang.search.indexing import PUBLIC, Face
from yingshang.search.models import SearchEntry
from yingshang.search.words import Phrase, fold, phrases_of

MAX_QUERY = 80
SNIPPET = 90


@dataclass(frozen=True)
class Segment:
    """A stretch of text, marked if it is what was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, and its title and text around the hit, in segments."""

    kind: str
    ref: str
    url: str
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


@dataclass(frozen=True)
class Results:
    """The hits of one page; ``more`` tells whether there are further ones."""

    query: str
    hits: tuple[Hit, ...]
    more: bool


def search_for(
    actor: Actor,
    query: str,
    kinds: Sequence[str] = (),
    *,
    face: Face = "portal",
    offset: int = 0,
    limit: int = 20,
) -> Results:
    """Return what ``actor`` may find, all parts of the query being present, best first.

    The query's first 80 characters count; the parts between blanks must all be found, each as it is
    written. A query without a letter, digit or character finds nothing.
    """
    query = " ".join(query.replace("\x00", " ").split())[:MAX_QUERY]
    phrases = phrases_of(query)
    if not phrases:
        return Results(query, (), False)
    rows = _matching_rows(actor, phrases, kinds, face, offset, limit + 1)
    entries = SearchEntry.objects.in_bulk(rows[:limit])
    parts = fold(query).split()
    hits = tuple(_hit(entries[pk], parts) for pk in rows[:limit] if pk in entries)
    return Results(query, hits, len(rows) > limit)


def suggest_for(actor: Actor, query: str, *, face: Face = "portal") -> list[str]:
    """Return up to three shorter queries, cut out of ``query``, that do find something."""
    parts = query[:MAX_QUERY].split()
    candidates = list(parts) if len(parts) > 1 else []
    for part in parts:
        for length in range(min(len(part) - 1, 6), 1, -1):
            candidates += [part[:length], part[-length:]]
    found: list[str] = []
    for candidate in dict.fromkeys(candidates[:16]):
        if not any(candidate in longer for longer in found) and (
            search_for(actor, candidate, face=face, limit=1).hits
        ):
            found.append(candidate)
        if len(found) == 3:
            break
    return found


def audiences_of(actor: Actor) -> list[str]:
    """Return every audience to which the actor belongs."""
    organ = [f"organ:{actor.organ_id}"] if actor.organ_id is not None else []
    return [PUBLIC, *sorted(actor.permissions), *organ]


def _matching_rows(
    actor: Actor,
    phrases: Sequence[Phrase],
    kinds: Sequence[str],
    face: Face,
    offset: int,
    limit: int,
) -> list[int]:
    matching, parameters = engine().matching(phrases)
    audiences = audiences_of(actor)
    kind_filter = f"AND e.kind IN ({_places(kinds)})" if kinds else ""
    # The two formatted parts are this module's own SQL with places for parameters, never input.
    sql = f"""
        SELECT e.id FROM ({matching}) AS m JOIN search_searchentry AS e ON e.id = m.entry_id
        WHERE e.face = %s {kind_filter} AND EXISTS (
            SELECT 1 FROM search_searchaudience AS a
            WHERE a.entry_id = e.id AND a.name IN ({_places(audiences)}))
        ORDER BY m.score, e.id LIMIT %s OFFSET %s
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, face, *kinds, *audiences, limit, max(offset, 0)])
        return [row[0] for row in cursor.fetchall()]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _hit(entry: SearchEntry, parts: Sequence[str]) -> Hit:
    return Hit(
        entry.kind,
        entry.ref,
        entry.url,
        mark(entry.title, parts),
        mark(_around(entry.text, parts), parts),
    )


def _around(text: str, parts: Sequence[str]) -> str:
    folded = text.lower()
    places = [place for part in parts if (place := folded.find(part)) >= 0]
    start = max(min(places, default=0) - SNIPPET // 3, 0)
    end = start + SNIPPET
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def mark(text: str, parts: Sequence[str]) -> tuple[Segment, ...]:
    """Return ``text`` in segments, those equal to one of ``parts`` (lower case) marked."""
    folded = text.lower()
    if len(folded) != len(text):
        return (Segment(text, False),)
    segments: list[Segment] = []
    done = place = 0
    while place < len(text):
        part = next((p for p in parts if p and folded.startswith(p, place)), None)
        if part is None:
            place += 1
            continue
        if place > done:
            segments.append(Segment(text[done:place], False))
        done = place + len(part)
        segments.append(Segment(text[place:done], True))
        place = done
    if done < len(text) or not segments:
        segments.append(Segment(text[done:], False))
    return tuple(segments)
