"""Reads of the catalogue. What is in force is public; proposals are for those who work on them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

from django.db.models import QuerySet

from yingshang.cases.labels import english
from yingshang.content.selectors import declaration_of, list_current
from yingshang.domains.services.catalogue.declaring import (
    Asked,
    Implementation,
    LifeEvent,
    ServiceItem,
    ServiceQuestion,
)
from yingshang.domains.services.catalogue.names import BUNDLE, ITEM, LIFE_EVENT, QUESTION
from yingshang.domains.services.errors import NoSuchService, NoSuchVersion
from yingshang.domains.services.models import ImplementationVersion, ServiceImplementation
from yingshang.domains.services.permissions import READ_CATALOGUE
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@dataclass(frozen=True)
class Service:
    """An item as one organ implements it, in one version: all that a guide says."""

    item: ServiceItem
    elements: Implementation
    organ: Organ
    version: ImplementationVersion

    @property
    def key(self) -> str:
        """The implementation's key."""
        return self.elements.key

    @property
    def materials(self) -> tuple[Asked, ...]:
        """What is asked for: the organ's own list where it has one."""
        return self.item.materials if self.elements.materials is None else self.elements.materials

    @cached_property
    def is_online(self) -> bool:
        """Tell whether it can be applied for here."""
        return self.item.procedure is not None and self.elements.depth in (
            "accept",
            "decide",
            "whole",
        )


_parsed: dict[str, Implementation] = {}
"""Elements by digest: a published body never changes, so that nothing here grows stale."""


def _elements_of(version: ImplementationVersion) -> Implementation:
    if version.digest not in _parsed:
        _parsed[version.digest] = Implementation.model_validate(version.body)
    return _parsed[version.digest]


def service_of(version: ImplementationVersion) -> Service:
    """Return a stored version as a guide reads it."""
    return Service(
        cast(ServiceItem, declaration_of(version.item)),
        _elements_of(version),
        version.implementation.organ,
        version,
    )


def in_force(day: date, keys: Collection[str] | None = None) -> QuerySet[ImplementationVersion]:
    """Return the versions in force on a day, one for each implementation (of these), by key."""
    started = ImplementationVersion.objects.filter(state="published", valid_from__lte=day)
    if keys is not None:
        started = started.filter(implementation__key__in=keys)
    latest: dict[int, tuple[date, int, int]] = {}
    for pk, owner, begins, number in started.values_list(
        "pk", "implementation", "valid_from", "number"
    ):
        latest[owner] = max(latest.get(owner, (date.min, 0, 0)), (begins, number, pk))
    return (
        _whole()
        .filter(pk__in=[pk for _begins, _number, pk in latest.values()])
        .exclude(valid_to__lt=day)
    )


def _whole() -> QuerySet[ImplementationVersion]:
    return ImplementationVersion.objects.select_related("implementation__organ", "item").order_by(
        "implementation__organ__order", "implementation__key"
    )


def list_services(day: date | None = None, keys: Collection[str] | None = None) -> list[Service]:
    """Return every service in force, or those of some implementations, by organ and key."""
    return [service_of(version) for version in in_force(day or today(), keys)]


def get_service(key: str, day: date | None = None) -> Service:
    """Return the service in force under an implementation's key; raises :class:`NoSuchService`."""
    day = day or today()
    found = (
        _whole()
        .filter(implementation__key=key, state="published", valid_from__lte=day)
        .order_by("-valid_from", "-number")
        .first()
    )
    if found is None or not found.is_in_force_on(day):
        raise NoSuchService
    return service_of(found)


def list_life_events() -> list[LifeEvent]:
    """Return the life events, in order."""
    found = [cast(LifeEvent, declaration_of(version)) for version in list_current(LIFE_EVENT)]
    return sorted(found, key=lambda one: (one.order, one.key))


def list_bundles_of(event: str) -> list[tuple[str, str]]:
    """Return the bundles that belong to a life event: key and name in the reader's language."""
    bodies = [one.body for one in list_current(BUNDLE)]
    name = "label_en" if english() else "label"
    return [(one["key"], one[name]) for one in bodies if one.get("life_event") == event]


def list_questions() -> list[ServiceQuestion]:
    """Return the questions by which somebody finds what applies, in order."""
    found = [cast(ServiceQuestion, declaration_of(version)) for version in list_current(QUESTION)]
    return sorted(found, key=lambda one: (one.order, one.key))


def list_items() -> list[ServiceItem]:
    """Return the basic catalogue, by code."""
    found = [cast(ServiceItem, declaration_of(version)) for version in list_current(ITEM)]
    return sorted(found, key=lambda one: one.code)


def item_names(keys: Iterable[str]) -> Mapping[str, ServiceItem]:
    """Return items by key, those that exist."""
    wanted = set(keys)
    return {one.key: one for one in list_items() if one.key in wanted}


def list_versions_for(actor: Actor, key: str) -> QuerySet[ImplementationVersion]:
    """Return every version of an implementation, newest first; raises ``NotPermitted``, :class:`NoSuchService`."""
    actor.require(READ_CATALOGUE)
    if not ServiceImplementation.objects.filter(key=key).exists():
        raise NoSuchService
    return _whole().filter(implementation__key=key).order_by("-number")


def get_version_for(actor: Actor, ref: str) -> ImplementationVersion:
    """Return one version; raises ``NotPermitted``, :class:`NoSuchVersion`."""
    actor.require(READ_CATALOGUE)
    found = _whole().filter(ref=ref).first()
    if found is None:
        raise NoSuchVersion
    return found
