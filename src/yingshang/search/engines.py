"""The text index of each database: FTS5 in SQLite, a text vector with GIN in PostgreSQL.

Both hold the words of :mod:`yingshang.search.words` with their positions, so that both answer alike.
The PostgreSQL vector is written literally, not through a parser, whose word breaks depend on the
locale of the cluster.
"""

from collections.abc import Sequence
from typing import Protocol

from django.db import connection

from yingshang.search.models import SearchEntry
from yingshang.search.words import Phrase, words_of


class Engine(Protocol):
    """What a database must offer: store words, forget them, and match phrases, best first."""

    def store(self, entries: Sequence[SearchEntry]) -> None:
        """Keep the words of entries that are not kept yet."""

    def forget(self, entry_ids: Sequence[int]) -> None:
        """Remove the words of entries."""

    def matching(self, phrases: Sequence[Phrase]) -> tuple[str, list[str]]:
        """Return SQL for a table ``(entry_id, score)``, a lower score being better, and its parameters."""


class SqliteEngine:
    """FTS5 with two columns; words are separated by blanks and taken as they are."""

    def store(self, entries: Sequence[SearchEntry]) -> None:
        """Keep the words of entries."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_words (rowid, title, text) VALUES (%s, %s, %s)",
                [(e.pk, " ".join(words_of(e.title)), " ".join(words_of(e.text))) for e in entries],
            )

    def forget(self, entry_ids: Sequence[int]) -> None:
        """Remove the words of entries."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM search_words WHERE rowid = %s", [(i,) for i in entry_ids]
            )

    def matching(self, phrases: Sequence[Phrase]) -> tuple[str, list[str]]:
        """Return SQL with a title hit worth five text hits."""
        query = " AND ".join(
            f'"{" ".join(phrase.words)}"' + (" *" if phrase.open_end else "") for phrase in phrases
        )
        return (
            "SELECT rowid AS entry_id, bm25(search_words, 5.0, 1.0) AS score "
            "FROM search_words WHERE search_words MATCH %s",
            [query],
        )


class PostgresqlEngine:
    """One vector per entry: the title's words with weight A, a gap, then the text's with weight D."""

    def store(self, entries: Sequence[SearchEntry]) -> None:
        """Keep the words of entries."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (entry_id, words) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (entry_id) DO UPDATE SET words = excluded.words",
                [(e.pk, self._vector(e.title, e.text)) for e in entries],
            )

    def forget(self, entry_ids: Sequence[int]) -> None:
        """Remove the words of entries."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words WHERE entry_id = ANY(%s)", [list(entry_ids)])

    def matching(self, phrases: Sequence[Phrase]) -> tuple[str, list[str]]:
        """Return SQL ranked by the weights."""
        query = " & ".join(f"({self._phrase(phrase)})" for phrase in phrases)
        return (
            "SELECT entry_id, -ts_rank(words, %s::tsquery) AS score "
            "FROM search_words WHERE words @@ %s::tsquery",
            [query, query],
        )

    @staticmethod
    def _vector(title: str, text: str) -> str:
        titles = words_of(title)
        places = [(word, f"{i}A") for i, word in enumerate(titles, start=1)]
        places += [(w, str(i)) for i, w in enumerate(words_of(text), start=len(titles) + 10)]
        by_word: dict[str, list[str]] = {}
        for word, place in places:
            by_word.setdefault(word, []).append(place)
        # A word keeps at most 255 places; more would be an error of the type, not of the text.
        return " ".join(f"'{word}':{','.join(where[:255])}" for word, where in by_word.items())

    @staticmethod
    def _phrase(phrase: Phrase) -> str:
        words = [f"'{word}'" for word in phrase.words]
        if phrase.open_end:
            words[-1] += ":*"
        return " <-> ".join(words)


def engine() -> Engine:
    """Return the engine of the connected database."""
    return PostgresqlEngine() if connection.vendor == "postgresql" else SqliteEngine()
