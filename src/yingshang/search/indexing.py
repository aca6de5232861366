"""Putting things into the index and taking them out, inside the action that changes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from yingshang.kernel.registry import Registry
from yingshang.kernel.times import now
from yingshang.search.engines import engine
from yingshang.search.models import MAX_CHARACTERS, SearchAudience, SearchEntry

Face = Literal["portal", "desk"]
PUBLIC = "public"


@dataclass(frozen=True)
class SearchKind:
    """A sort of thing that can be found, with the word that people see before it."""

    name: str
    label: object


SEARCH_KINDS: Registry[SearchKind] = Registry("kind of search entry")


def search_kind(name: str, label: object) -> str:
    """Register a sort of thing and return its name."""
    SEARCH_KINDS.add(name, SearchKind(name, label))
    return name


def index(
    kind: str,
    ref: str,
    *,
    title: str,
    text: str,
    url: str,
    face: Face,
    audience: Sequence[str],
) -> None:
    """Put a thing into the index, replacing what was there; call it in the action's transaction.

    ``audience`` names who may find it: ``public``, permissions, ``organ:<id>``; any one of them is
    enough, and an empty list means nobody. Of a text the first 15,000 characters can be found.
    Raises UnknownName for a kind that nobody registered.
    """
    SEARCH_KINDS.get(kind)
    with transaction.atomic():
        entry, _created = SearchEntry.objects.update_or_create(
            face=face,
            kind=kind,
            ref=ref,
            defaults={
                "title": title[:300],
                "text": text[:MAX_CHARACTERS],
                "url": url,
                "updated_at": now(),
            },
        )
        entry.audiences.exclude(name__in=audience).delete()
        SearchAudience.objects.bulk_create(
            [SearchAudience(entry=entry, name=name) for name in dict.fromkeys(audience)],
            ignore_conflicts=True,
        )
        engine().store(entry.pk, entry.title, entry.text)


def remove(kind: str, refs: Iterable[str], *, face: Face) -> None:
    """Take things out of the index; those that are not in it are no fault."""
    with transaction.atomic():
        entries = SearchEntry.objects.filter(face=face, kind=kind, ref__in=list(refs))
        engine().forget(list(entries.values_list("pk", flat=True)))
        entries.delete()
