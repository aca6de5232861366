"""Loading packs, and publishing what is declared here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

from django.db.models import Max
from pydantic import ValidationError

from yingshang.content.bodies import canonical_body as canonical_body
from yingshang.content.bodies import digest_of as digest_of
from yingshang.content.errors import DeclarationHasFaults, NoSuchOffer, PackHasFindings
from yingshang.content.guarding import demand_unguarded
from yingshang.content.linting import findings_of
from yingshang.content.models import LOCAL, ContentOffer, ContentVersion
from yingshang.content.packs import Declared, Pack, explain, read_packs
from yingshang.content.permissions import LOAD, PUBLISH
from yingshang.content.selectors import CurrentContent
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
    current, but its versions stay. What was published here stays in force: where a pack says something
    new under the same key, that is kept as a :class:`ContentOffer`. Loading the same again writes
    nothing. Raises :class:`~yingshang.content.errors.PackHasFindings` and what reading packs raises.
    """
    packs = read_packs(names)
    if found := findings_of(packs):
        shown = "\n".join(str(finding) for finding in found[:20])
        raise PackHasFindings(params={"count": len(found), "findings": "\n" + shown})
    offers = _offer_all(packs)
    changes = [*_store_all(packs), *_withdraw(packs)]
    if not changes and not offers:
        raise AlreadyDone([])
    record(
        "content.loaded",
        actor=actor.ref,
        subject="content:" + ",".join(sorted(pack.manifest.name for pack in packs))[:150],
        payload={
            "packs": [pack.manifest.name for pack in packs],
            "changes": [[c.kind, c.key, c.number, c.digest] for c in changes],
            **({"offers": [[o.kind, o.key, o.pack, o.digest] for o in offers]} if offers else {}),
        },
    )
    return changes


@action("content.publish_declaration", permission=PUBLISH)
def publish_declaration(
    actor: Actor, *, kind: str, declaration: Mapping[str, Any], valid_from: date
) -> ContentVersion:
    """Store and install one declaration made here (pack ``local``), and return its version.

    It is current at once, or from ``valid_from`` on where that lies ahead and something else is in
    force under the key until then. Publishing what is in force already writes nothing. Raises
    :class:`~yingshang.content.errors.DeclarationHasFaults` and what guards raise (``content.guarding``).
    """
    demand_unguarded(kind, _validated(kind, declaration))
    return _publish(actor, kind, read_declaration(kind, declaration), valid_from)


@action("content.publish_together", permission=PUBLISH)
def publish_together(
    actor: Actor, *, declarations: Sequence[tuple[str, Mapping[str, Any]]], valid_from: date
) -> list[ContentVersion]:
    """Publish declarations ``(kind, body)`` that rest on one another, all or none, as above.

    Each is judged as if the others were in force already; what is in force already stays as it is. Where
    the first waits for its day, the new ones wait with it: they rest on it. No guard is asked: who calls
    this has a procedure and has checked its steps.
    Raises :class:`~yingshang.content.errors.DeclarationHasFaults`.
    """
    found = [(kind, _validated(kind, body)) for kind, body in declarations]
    known = CurrentContent.beside(found)
    if remarks := [text for kind, one in found for text in _remarks_on(kind, one, known)]:
        raise _faults(remarks)
    versions: list[ContentVersion] = []
    changed = False
    for kind, one in found:
        is_later = bool(versions) and versions[0].waits
        try:
            versions.append(_publish(actor, kind, one, valid_from, is_later=is_later))
            changed = True
        except AlreadyDone as done:
            versions.append(done.result)
    if not changed:
        raise AlreadyDone(versions)
    return versions


def _publish(
    actor: Actor, kind: str, found: Declaration, valid_from: date, *, is_later: bool = False
) -> ContentVersion:
    body = canonical_body(found)
    digest = digest_of(body)
    versions = ContentVersion.objects.select_for_update().filter(kind=kind, key=found.key)
    current = versions.filter(is_current=True).first()
    if current is not None and current.digest == digest:
        raise AlreadyDone(current)
    waits = is_later or (current is not None and valid_from > today())
    if current is not None and not waits:
        versions.filter(pk=current.pk).update(is_current=False)
    version = ContentVersion.objects.create(
        kind=kind,
        key=found.key,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        pack=LOCAL,
        digest=digest,
        body=body,
        valid_from=valid_from,
        loaded_at=now(),
        is_current=not waits,
        waits=waits,
    )
    if not waits:
        _install(version)
    _tell(actor, "content.published", version)
    return version


def read_declaration(kind: str, declaration: Mapping[str, Any]) -> Declaration:
    """Return a declaration that its kind accepts among what is in force.

    Raises :class:`~yingshang.content.errors.DeclarationHasFaults`, which says all that is wrong.
    """
    found = _validated(kind, declaration)
    if remarks := _remarks_on(kind, found, CurrentContent({kind: found})):
        raise _faults(remarks)
    return found


def _validated(kind: str, declaration: Mapping[str, Any]) -> Declaration:
    declared = KINDS.get(kind)
    try:
        return declared.model.model_validate(dict(declaration))
    except ValidationError as error:
        raise _faults(explain(one, declared.model) for one in error.errors()) from error


def _remarks_on(kind: str, found: Declaration, known: CurrentContent) -> list[str]:
    lint = KINDS.get(kind).lint
    return [] if lint is None else [remark[1] for remark in lint(found, known)]


def _faults(messages: Iterable[str]) -> DeclarationHasFaults:
    return DeclarationHasFaults(params={"faults": "；".join(messages)})


def _install(version: ContentVersion) -> None:
    kind = KINDS.get(version.kind)
    if kind.install is not None:
        kind.install(kind.model.model_validate(version.body))


def _tell(actor: Actor, event: str, version: ContentVersion) -> None:
    record(
        event,
        actor=actor.ref,
        subject=f"content:{version.kind}/{version.key}",
        payload={
            "kind": version.kind,
            "key": version.key,
            "number": version.number,
            "pack": version.pack,
            "digest": version.digest,
            "valid_from": version.valid_from.isoformat(),
        },
    )


@action("content.put_in_force", permission=PUBLISH)
def put_in_force(actor: Actor) -> list[ContentVersion]:
    """Make current what was published here for a day that has come; returns those versions."""
    made = []
    for version in _due():
        ContentVersion.objects.filter(kind=version.kind, key=version.key, is_current=True).update(
            is_current=False
        )
        version.is_current, version.waits = True, False
        version.save(update_fields=["is_current", "waits"])
        _install(version)
        _tell(actor, "content.came_in_force", version)
        made.append(version)
    if not made:
        raise AlreadyDone([])
    return made


def call_off(actor: Actor, versions: Iterable[ContentVersion]) -> None:
    """Let what waits for its day never come in force, inside the caller's transaction; it stays readable.

    As with :func:`publish_together`, who calls this has a procedure. Raises ``NotPermitted``.
    """
    actor.require(PUBLISH)
    for version in versions:
        version.waits = False
        version.save(update_fields=["waits"])
        _tell(actor, "content.called_off", version)


def _due() -> list[ContentVersion]:
    """Return waiting versions whose day has come, in the order of their days."""
    waiting = ContentVersion.objects.select_for_update().filter(waits=True, valid_from__lte=today())
    return list(waiting.order_by("valid_from", "number"))


@action("content.take_offer", permission=PUBLISH)
def take_offer(actor: Actor, *, kind: str, key: str) -> ContentVersion:
    """Put in force what a pack offers instead of what was published here.

    Raises :class:`~yingshang.content.errors.NoSuchOffer` and what guards raise (``content.guarding``).
    """
    offer = _offer(kind, key)
    demand_unguarded(kind, _validated(kind, offer.body))
    versions = ContentVersion.objects.select_for_update().filter(kind=kind, key=key)
    versions.filter(is_current=True).update(is_current=False)
    version = ContentVersion.objects.create(
        kind=kind,
        key=key,
        number=(versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        pack=offer.pack,
        digest=offer.digest,
        body=offer.body,
        valid_from=today(),
        loaded_at=now(),
    )
    offer.delete()
    _install(version)
    _tell(actor, "content.offer_taken", version)
    return version


@action("content.decline_offer", permission=PUBLISH)
def decline_offer(actor: Actor, *, kind: str, key: str) -> None:
    """Keep what was published here; the same offer is not made again.

    Raises :class:`~yingshang.content.errors.NoSuchOffer`.
    """
    offer = _offer(kind, key)
    offer.declined_at = now()
    offer.save(update_fields=["declined_at"])
    record(
        "content.offer_declined",
        actor=actor.ref,
        subject=f"content:{kind}/{key}",
        payload={"kind": kind, "key": key, "pack": offer.pack, "digest": offer.digest},
    )


def _offer(kind: str, key: str) -> ContentOffer:
    offer = (
        ContentOffer.objects.select_for_update()
        .filter(kind=kind, key=key, declined_at=None)
        .first()
    )
    if offer is None:
        raise NoSuchOffer(params={"kind": kind, "key": key})
    return offer


def _offer_all(packs: Iterable[Pack]) -> list[ContentOffer]:
    """Keep what packs newly say under keys that are published here; returns the new offers."""
    own = {
        (version.kind, version.key): version
        for version in ContentVersion.objects.filter(pack=LOCAL, is_current=True)
    }
    return [offer for pack in packs for offer in _offers_of(pack, own)] if own else []


def _offers_of(pack: Pack, own: Mapping[tuple[str, str], ContentVersion]) -> Iterator[ContentOffer]:
    for one in pack.declared:
        version = own.get((one.kind.name, one.value.key))
        if version is None:
            continue
        digest = one.digest
        place: dict[str, Any] = {"kind": version.kind, "key": version.key}
        known: dict[str, Any] = {"pack": pack.manifest.name, "digest": digest}
        if (
            digest == version.digest
            or ContentOffer.objects.filter(**place, **known).exists()
            or ContentVersion.objects.filter(**place, digest=digest).exists()
        ):
            continue
        offer, _made = ContentOffer.objects.update_or_create(
            **place, defaults={**known, "body": one.body, "offered_at": now(), "declined_at": None}
        )
        yield offer


def _store_all(packs: Iterable[Pack]) -> list[Change]:
    declared = [one for pack in packs for one in pack.declared if one.kind.name != "rehearsal"]
    order = {name: place for place, name in enumerate(_installation_order())}
    declared.sort(key=lambda one: order[one.kind.name])
    in_force = ContentVersion.objects.select_for_update().filter(is_current=True).defer("body")
    current = {(version.kind, version.key): version for version in in_force}
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
    place = (one.kind.name, one.value.key)
    if place in current and (current[place].digest == one.digest or current[place].pack == LOCAL):
        return None
    return ContentVersion(
        kind=one.kind.name,
        key=one.value.key,
        number=last.get(place, 0) + 1,
        pack=one.pack,
        digest=one.digest,
        body=one.body,
        valid_from=today(),
        loaded_at=now(),
    )


def _withdraw(packs: Iterable[Pack]) -> list[Change]:
    changes = []
    for pack in packs:
        kept = {(one.kind.name, one.value.key) for one in pack.declared}
        in_force = ContentVersion.objects.filter(pack=pack.manifest.name, is_current=True)
        for version in in_force.defer("body"):
            if (version.kind, version.key) not in kept:
                version.is_current = False
                version.save(update_fields=["is_current"])
                changes.append(Change(version.kind, version.key, None, version.digest))
    return changes
