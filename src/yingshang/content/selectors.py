"""Reads of content. Definitions are not about anybody, so that every layer may read them."""

from yingshang.content.errors import ContentNotLoaded
from yingshang.content.models import ContentVersion
from yingshang.kernel.kinds import KINDS, Declaration

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


def declaration_of(version: ContentVersion) -> Declaration:
    """Return a version's body as its kind's model; parsed once per body and process."""
    place = (version.kind, version.digest)
    if place not in _parsed:
        _parsed[place] = KINDS.get(version.kind).model.model_validate(version.body)
    return _parsed[place]
