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


@dataclass(frozen=True)
class Indexed:
    """A thing as :func:`index` takes it."""

    kind: str
    ref: str
    title: str
    text: str
    url: str
    face: Face
    audience: tuple[str, ...]


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
    index_many([Indexed(kind, ref, title, text, url, face, tuple(audience))])


def index_many(things: Sequence[Indexed]) -> None:
    """Put many things of one kind and face into the index in a handful of queries."""
    if not things:
        return
    kind, face = things[0].kind, things[0].face
    SEARCH_KINDS.get(kind)
    with transaction.atomic():
        remove(kind, [thing.ref for thing in things], face=face)
        moment = now()
        entries = SearchEntry.objects.bulk_create(
            [
                SearchEntry(
                    face=face,
                    kind=kind,
                    ref=thing.ref,
                    title=thing.title[:300],
                    text=thing.text[:MAX_CHARACTERS],
                    url=thing.url,
                    updated_at=moment,
                )
                for thing in things
            ],
            batch_size=500,
        )
        SearchAudience.objects.bulk_create(
            [
                SearchAudience(entry=entry, name=name)
                for entry, thing in zip(entries, things, strict=True)
                for name in dict.fromkeys(thing.audience)
            ],
            batch_size=500,
        )
        engine().store(entries)


def remove(kind: str, refs: Iterable[str], *, face: Face) -> None:
    """Take things out of the index; those that are not in it are no fault."""
    with transaction.atomic():
        entries = SearchEntry.objects.filter(face=face, kind=kind, ref__in=list(refs))
        engine().forget(list(entries.values_list("pk", flat=True)))
        SearchAudience.objects.filter(entry__in=entries).delete()
        entries.delete()
