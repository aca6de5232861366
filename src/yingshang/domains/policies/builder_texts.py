"""Gives the rule builder the clauses of policy texts, those that its organ is making among them."""

from collections.abc import Iterator
from contextlib import suppress

from django.urls import reverse
from pydantic import ValidationError

from yingshang.domains.policies.declaring import Mark, PolicyTextDeclaration
from yingshang.domains.policies.drafts import body_of, in_making
from yingshang.domains.policies.kinds import POLICY_TEXT
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import TextDraft
from yingshang.facts.showing import english
from yingshang.kernel.kinds import Declaration
from yingshang.rulebook.clauses import MAKING, TEXTS, Clause, PolicyText


@TEXTS.named("policies")
def texts(organ: int | None) -> Iterator[PolicyText]:
    """Yield what the organ is making, then every policy text with its clauses, the newest first."""
    drafts = _drafts_of(organ)
    for draft in drafts:
        clauses = tuple(Clause(c["label"], c["text"], tuple(c["marks"])) for c in draft.clauses)
        href = reverse("desk:policy-draft", args=[draft.ref])
        yield PolicyText(draft.key, draft.title, clauses, href)
    amended = {draft.key for draft in drafts}
    for text in current_library().newest_first:
        one = text.declaration
        if one.key in amended:
            continue
        clauses = tuple(Clause(c.label, c.text, tuple(map(str, c.marks))) for c in one.clauses)
        href = reverse("desk:policy-text", args=[one.key])
        yield PolicyText(one.key, (english() and one.title_en) or one.title, clauses, href)


@MAKING.named("policies")
def texts_in_the_making(organ: int | None) -> Iterator[tuple[str, Declaration]]:
    """Yield the texts that the organ is making, as far as they are a text already.

    A clause that is not annotated yet does not keep a rule from resting on it.
    """
    for draft in _drafts_of(organ):
        body = body_of(draft)
        for clause in body["clauses"]:
            clause["marks"] = clause.get("marks") or [Mark.OTHER]
        with suppress(ValidationError):
            yield POLICY_TEXT, PolicyTextDeclaration.model_validate(body)


def _drafts_of(organ: int | None) -> list[TextDraft]:
    """Return what an organ is making, the newest first."""
    found = TextDraft.objects.filter(organ_id=organ or 0).select_related("organ").defer("source")
    return in_making(found.order_by("-pk"))
