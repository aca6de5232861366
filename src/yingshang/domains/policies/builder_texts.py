"""Gives the rule builder the clauses of policy texts."""

from collections.abc import Iterator

from django.urls import reverse

from yingshang.domains.policies.library import current_library
from yingshang.facts.showing import english
from yingshang.rulebook.clauses import TEXTS, Clause, PolicyText


@TEXTS.named("policies")
def texts() -> Iterator[PolicyText]:
    """Yield every policy text with its clauses, the newest first."""
    for text in current_library().newest_first:
        one = text.declaration
        clauses = tuple(Clause(c.label, c.text, tuple(map(str, c.marks))) for c in one.clauses)
        href = reverse("desk:policy-text", args=[one.key])
        yield PolicyText(one.key, (english() and one.title_en) or one.title, clauses, href)
