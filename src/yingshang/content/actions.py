"""Loading packs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from hashlib import sha256
from typing import Any

import rfc8785
from django.db.models import Max

from yingshang.content.errors import PackHasFindings
from yingshang.content.linting import findings_of
from yingshang.content.models import ContentVersion
from yingshang.content.packs import Declared, Pack, read_packs
from yingshang.content.permissions import LOAD
from yingshang.kernel.kinds import KINDS, Declaration
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class Change:
    """What loading did to one declaration; ``number`` is the new version, None when withdrawn."""

    kind: str
    key: str
    number: int | None
    digest: str


@action("content.load_packs", permission=LOAD)
def load_packs(actor: Actor, *, names: tuple[str, ...]) -> list[Change]:
    """Store and install packs and all that they require, all or nothing.

    A declaration that has not changed keeps its version; one that is gone from its pack is no longer
    current, but its versions stay. Loading the same again writes nothing. Raises
    :class:`~yingshang.content.errors.PackHasFindings` and what reading packs raises.
    """
    packs = read_packs(names)
    if found := findings_of(packs):
        shown = "\n".join(str(finding) for finding in found[:20])
        raise PackHasFindings(params={"count": len(found), "findings": "\n" + shown})
    changes = [*_store_all(packs), *_withdraw(packs)]
    if not changes:
        raise AlreadyDone([])
    record(
        "content.loaded",
        actor=actor.ref,
        subject="content:" + ",".join(sorted(pack.manifest.name for pack in packs))[:150],
        payload={
            "packs": [pack.manifest.name for pack in packs],
            "changes": [[c.kind, c.key, c.number, c.digest] for c in changes],
        },
    )
    return changes


def canonical_body(declaration: Declaration) -> dict[str, Any]:
    """Return a declaration as plain JSON without what stands at its default.

    A new optional field of a kind thus changes no digest; a default may never change its meaning.
    """
    return declaration.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def digest_of(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of a body."""
    return sha256(rfc8785.dumps(dict(body))).hexdigest()


def _store_all(packs: Iterable[Pack]) -> list[Change]:
    declared = [one for pack in packs for one in pack.declared if one.kind.name != "rehearsal"]
    order = {name: place for place, name in enumerate(_installation_order())}
    declared.sort(key=lambda one: order[one.kind.name])
    current = {
        (version.kind, version.key): version
        for version in ContentVersion.objects.select_for_update().filter(is_current=True)
    }
    numbers = ContentVersion.objects.values_list("kind", "key").annotate(last=Max("number"))
    last = {(kind, key): number for kind, key, number in numbers}
    made = [
        (one, version) for one in declared if (version := _version(one, current, last)) is not None
    ]
    replaced = [current[place].pk for _one, v in made if (place := (v.kind, v.key)) in current]
    ContentVersion.objects.filter(pk__in=replaced).update(is_current=False)
    ContentVersion.objects.bulk_create([version for _one, version in made], batch_size=200)
    for one, _version_made in made:
        if one.kind.install is not None:
            one.kind.install(one.value)
    return [Change(v.kind, v.key, v.number, v.digest) for _one, v in made]


def _installation_order() -> list[str]:
    return list(TopologicalSorter({name: kind.after for name, kind in KINDS}).static_order())


def _version(
    one: Declared,
    current: Mapping[tuple[str, str], ContentVersion],
    last: Mapping[tuple[str, str], int],
) -> ContentVersion | None:
    """Return the next version of a declaration, unsaved; None where it has not changed."""
    body = canonical_body(one.value)
    digest = digest_of(body)
    place = (one.kind.name, one.value.key)
    if place in current and current[place].digest == digest:
        return None
    return ContentVersion(
        kind=one.kind.name,
        key=one.value.key,
        number=last.get(place, 0) + 1,
        pack=one.pack,
        digest=digest,
        body=body,
        valid_from=today(),
        loaded_at=now(),
    )


def _withdraw(packs: Iterable[Pack]) -> list[Change]:
    changes = []
    for pack in packs:
        kept = {(one.kind.name, one.value.key) for one in pack.declared}
        for version in ContentVersion.objects.filter(pack=pack.manifest.name, is_current=True):
            if (version.kind, version.key) not in kept:
                version.is_current = False
                version.save(update_fields=["is_current"])
                changes.append(Change(version.kind, version.key, None, version.digest))
    return changes
