"""Reads of content. Definitions are not about anybody, so that every layer may read them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from yingshang.content.errors import ContentNotLoaded
from yingshang.content.models import ContentOffer, ContentVersion
from yingshang.kernel.kinds import KINDS, Declaration
from yingshang.parties.prepared import Prepared

_parsed: dict[tuple[str, str], Declaration] = {}
"""Declarations by kind and digest: a body never changes, so that nothing here grows stale."""


def get_current(kind: str, key: str) -> ContentVersion:
    """Return the version in force; raises :class:`~yingshang.content.errors.ContentNotLoaded`."""
    version = ContentVersion.objects.filter(kind=kind, key=key, is_current=True).first()
    if version is None:
        raise ContentNotLoaded(params={"kind": kind, "key": key})
    return version


def list_current(kind: str) -> list[ContentVersion]:
    """Return every declaration of a kind that is in force, by key."""
    return list(ContentVersion.objects.filter(kind=kind, is_current=True).order_by("key"))


def list_waiting(*kinds: str) -> QuerySet[ContentVersion]:
    """Return what was published here for a day ahead and waits for it, by that day."""
    waiting = ContentVersion.objects.filter(kind__in=kinds, waits=True)
    return waiting.order_by("valid_from", "number")


def digests_of(*kinds: str) -> tuple[tuple[str, str, str], ...]:
    """Return kind, key and digest of everything in force of these kinds, without the bodies.

    What was made of them is kept by it: a body never changes under a digest.
    """
    return tuple(_digests(kinds)())


@lru_cache(maxsize=64)
def _digests(kinds: tuple[str, ...]) -> Prepared[tuple[str, str, str]]:
    found = ContentVersion.objects.filter(kind__in=kinds, is_current=True)
    return Prepared(lambda: found.order_by("kind", "key").values_list("kind", "key", "digest"))


def declaration_of(version: ContentVersion) -> Declaration:
    """Return a version's body as its kind's model; parsed once per body and process."""
    place = (version.kind, version.digest)
    if place not in _parsed:
        _parsed[place] = KINDS.get(version.kind).model.model_validate(version.body)
    return _parsed[place]


def current_declarations(kind: str) -> dict[str, Declaration]:
    """Return the declarations of a kind in force by key, in order; a body is read once in a process."""
    stamps = digests_of(kind)
    if any((kind, digest) not in _parsed for _kind, _key, digest in stamps):
        return {version.key: declaration_of(version) for version in list_current(kind)}
    return {key: _parsed[kind, digest] for _kind, key, digest in stamps}


def list_offers() -> list[ContentOffer]:
    """Return what packs offer under keys that are published here, the newest first."""
    return list(
        ContentOffer.objects.filter(declined_at=None).order_by("-offered_at", "kind", "key")
    )


class CurrentContent(Mapping[str, Mapping[str, Any]]):
    """Every declaration in force by kind and key, as a kind's ``lint`` takes them; read kind by kind.

    ``instead`` are declarations that stand in the place of those with the same kind and key.
    """

    def __init__(self, instead: Mapping[str, Declaration] | None = None) -> None:
        self._instead = {kind: {one.key: one} for kind, one in (instead or {}).items()}
        self._read: dict[str, Mapping[str, Any]] = {}

    @classmethod
    def beside(cls, declarations: Iterable[tuple[str, Declaration]]) -> "CurrentContent":
        """Return what would be in force if these declarations, by kind, were too."""
        found = cls()
        for kind, one in declarations:
            found._instead.setdefault(kind, {})[one.key] = one
        return found

    def __getitem__(self, kind: str) -> Mapping[str, Any]:
        if kind not in KINDS:
            raise KeyError(kind)
        if kind not in self._read:
            found = {version.key: declaration_of(version) for version in list_current(kind)}
            self._read[kind] = {**found, **self._instead.get(kind, {})}
        return self._read[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS.names())

    def __len__(self) -> int:
        return len(KINDS)
