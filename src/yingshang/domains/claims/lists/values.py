"""The values by which a list was ranked, in words."""

from collections.abc import Sequence
from typing import Any

from yingshang.domains.claims.items.declaring import RankingDeclared
from yingshang.domains.claims.presenting import local
from yingshang.kernel.times import today
from yingshang.rulebook.book import current_book
from yingshang.rulebook.showing import Reader


class Values:
    """Says the values by which a list was ranked, each by the type of the fact that it is."""

    def __init__(self, ranking: RankingDeclared | None) -> None:
        self.keys = ranking.by if ranking is not None else ()
        self.reader = Reader(current_book(today()))

    def said(self, values: Sequence[Any]) -> tuple[str, ...]:
        """Return each value with its label."""
        return tuple(
            f"{local(key, 'label')} {self._say(key.text.strip(), value)}"
            for key, value in zip(self.keys, values, strict=False)
        )

    def _say(self, text: str, value: Any) -> str:
        if value is None:
            return "—"
        known = text in self.reader.book.catalogue.columns
        return self.reader.value(text, value) if known else str(value)
