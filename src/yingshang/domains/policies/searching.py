"""Policy texts in the search of both faces: title, number, and the words of every clause."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.permissions import READ
from yingshang.search.indexing import PUBLIC, Face, index, search_kind

POLICY = search_kind("policy", _("政策"))


def index_text(one: PolicyTextDeclaration) -> None:
    """Put a text into the search, in the caller's transaction."""
    words = (one.number, one.title_en, *(f"{c.label} {c.text}" for c in one.clauses))
    places: tuple[tuple[Face, str, str], ...] = (
        ("portal", "portal:policy", PUBLIC),
        ("desk", "desk:policy-text", READ),
    )
    for face, name, audience in places:
        index(
            POLICY,
            one.key,
            title=one.title,
            text=" ".join(words),
            url=reverse(name, kwargs={"key": one.key}),
            face=face,
            audience=(audience,),
        )
