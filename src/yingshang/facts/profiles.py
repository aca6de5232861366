"""Profiles (档案): what is known of subjects as of a day and as known at an instant.

Nothing of a profile is stored: it is folded from the values, so that it can be rebuilt for any two
times. What was known at an instant never changes afterwards, because values are only ever added and
ended; relations between subjects keep the same two times. A thousand subjects take three queries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.declaring import Absence, FactTypeDeclaration, Related
from yingshang.facts.derivations import derive
from yingshang.facts.holding import (
    FIELDS,
    HEIGHT,
    Held,
    Known,
    rule_value,
    strongest,
    weakest_grade,
)
from yingshang.facts.models import FactValue, SourceCompleteness, relation_key
from yingshang.parties.models import Subject, SubjectRelation, valid_on
from yingshang.rules.declarations import GRADES

CHUNK = 500


@dataclass
class Population:
    """The values of some subjects that count on a day, as known at an instant, and their relations."""

    catalogue: Catalogue
    as_of: date
    known_at: datetime
    types: dict[int, str] = field(default_factory=dict)
    held: dict[int, dict[str, list[Held]]] = field(default_factory=dict)
    complete: Mapping[str, date] = field(default_factory=dict)
    relations: dict[tuple[int, str, str], list[int]] = field(default_factory=dict)
    profiles: "dict[int, Profile]" = field(default_factory=dict)

    def profile(self, subject: int) -> "Profile":
        """Return the profile of a subject that was loaded."""
        if subject not in self.profiles:
            self.profiles[subject] = Profile(self, subject)
        return self.profiles[subject]


def load_population(
    catalogue: Catalogue, subjects: Iterable[int], *, as_of: date, known_at: datetime
) -> Population:
    """Read what the profiles of these subjects (row ids) need, related subjects included."""
    population = Population(catalogue, as_of, known_at)
    population.complete = completeness(catalogue, known_at)
    asked = _relations_asked(catalogue)
    todo = list(dict.fromkeys(subjects))
    while todo:
        _read_values(population, todo)
        found = _read_relations(population, todo, asked) if asked else set()
        todo = sorted(found - population.held.keys())
    return population


def iterate_profiles(
    catalogue: Catalogue, subjects: Iterable[int], *, as_of: date, known_at: datetime
) -> "Iterator[Profile]":
    """Yield the profiles of many subjects in their order, in bounded memory."""
    waiting: list[int] = []
    for subject in subjects:
        waiting.append(subject)
        if len(waiting) == CHUNK:
            yield from _profiles(catalogue, waiting, as_of, known_at)
            waiting = []
    yield from _profiles(catalogue, waiting, as_of, known_at)


def _profiles(
    catalogue: Catalogue, subjects: Sequence[int], as_of: date, known_at: datetime
) -> "Iterator[Profile]":
    population = load_population(catalogue, subjects, as_of=as_of, known_at=known_at)
    for subject in subjects:
        yield population.profile(subject)


def known_then(known_at: datetime) -> Q:
    """Return the filter for relations that were held to be so at an instant."""
    return Q(recorded_at__lte=known_at) & (
        Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at)
    )


def completeness(catalogue: Catalogue, known_at: datetime) -> dict[str, date]:
    """Return up to which day the authoritative source of each fact type is complete, as last stated."""
    stated = SourceCompleteness.objects.filter(recorded_at__lte=known_at)
    rows = stated.order_by("recorded_at", "pk").values_list("source", "key", "complete_to")
    return {
        key: complete_to
        for source, key, complete_to in rows
        if key in catalogue.types and catalogue.types[key].source == source
    }


def _read_values(population: Population, subjects: Sequence[int]) -> None:
    types = Subject.objects.filter(pk__in=subjects).values_list("pk", "type")
    population.types.update((pk, namespace_of(type_)) for pk, type_ in types)
    found: dict[int, dict[tuple[str, str], list[Held]]] = {pk: {} for pk in subjects}
    values = FactValue.objects.known_at(population.known_at)
    rows = values.filter(valid_on(population.as_of), subject_id__in=subjects)
    for row in rows.values_list(*FIELDS).iterator(chunk_size=5000):
        held = Held._make(row)
        found[held.subject_id].setdefault((held.key, held.item), []).append(held)
    for subject, by_item in found.items():
        by_key = population.held.setdefault(subject, {})
        for (key, _item), several in sorted(by_item.items()):
            by_key.setdefault(key, []).append(strongest(several))


def _relations_asked(catalogue: Catalogue) -> set[tuple[str, str]]:
    hows = (one.how for one in catalogue.derivations.values())
    return {(how.relation, how.direction) for how in hows if isinstance(how, Related)}


def _read_relations(
    population: Population, subjects: Sequence[int], asked: set[tuple[str, str]]
) -> set[int]:
    found: set[int] = set()
    for direction, own, other in (
        ("out", "source_id", "target_id"),
        ("in", "target_id", "source_id"),
    ):
        types = [relation for relation, way in asked if way == direction]
        if not types:
            continue
        rows = SubjectRelation.objects.filter(
            known_then(population.known_at),
            valid_on(population.as_of),
            type__in=types,
            **{f"{own}__in": subjects},
        )
        for subject, relation, related in rows.order_by("pk").values_list(own, "type", other):
            place = (subject, relation, direction)
            population.relations.setdefault(place, []).append(related)
            found.add(related)
    return found


@dataclass
class Profile:
    """What is known of one subject; scalars and derived ones by :meth:`known`, lists by :meth:`held`."""

    population: Population
    subject_id: int
    shown: frozenset[str] | None = None
    """The keys that the reader may see; None for all."""
    _found: dict[str, Known | None] = field(default_factory=dict, repr=False)

    def narrowed(self, keys: frozenset[str]) -> "Profile":
        """Return the profile with only these keys to be seen; derivations still read all that they need."""
        return Profile(self.population, self.subject_id, keys)

    @property
    def as_of(self) -> date:
        """Return the day that is asked about."""
        return self.population.as_of

    @property
    def known_at(self) -> datetime:
        """Return the instant whose knowledge it is."""
        return self.population.known_at

    @property
    def catalogue(self) -> Catalogue:
        """Return the catalogue by which it is read."""
        return self.population.catalogue

    @property
    def namespace(self) -> str:
        """Return the namespace of the subject's own facts."""
        return self.population.types.get(self.subject_id, "")

    def type(self, key: str) -> FactTypeDeclaration | None:
        """Return the fact type of a key, None for a derivation."""
        return self.catalogue.types.get(key)

    def held(self, key: str) -> Sequence[Held]:
        """Return the values of a fact type: one of a scalar, else one for each period or record."""
        return self.population.held.get(self.subject_id, {}).get(key, ())

    def is_complete(self, key: str) -> bool:
        """Tell whether no value means that there is none, on this day."""
        declared = self.catalogue.types.get(key)
        until = self.population.complete.get(key)
        if declared is None or not isinstance(declared.absence, Absence) or until is None:
            return False
        return until + timedelta(days=declared.absence.within_days) >= self.as_of

    def related(self, relation: str, direction: str) -> "Sequence[Profile]":
        """Return the profiles of the subjects in a relation to this one on the day."""
        found = self.population.relations.get((self.subject_id, relation, direction), ())
        return [self.population.profile(other) for other in dict.fromkeys(found)]

    def known(self, key: str) -> Known | None:
        """Return what is known of a scalar or derived column, None where it is unknown."""
        if key not in self._found:
            self._found[key] = self._know(key)
        return self._found[key]

    def _know(self, key: str) -> Known | None:
        derivation = self.catalogue.derivations.get(key)
        if derivation is not None:
            found = derive(derivation, self)
            value = rule_value(self.catalogue.columns[key], found.value)
            if value is None:
                return None
            return Known(value, weakest_grade(found.rests_on), "", found.rests_on)
        declared = self.catalogue.types.get(key)
        if declared is None or declared.shape != "scalar":
            return None
        if held := self.held(key):
            one = held[0]
            value = rule_value(declared, one.content)
            return None if value is None else Known(value, one.grade, one.source, (one,))
        if isinstance(declared.absence, Absence) and self.is_complete(key):
            value = rule_value(declared, declared.absence.value)
            return Known(value, GRADES[-1], declared.source, absent=True)
        return None

    def shows(self, key: str) -> bool:
        """Tell whether the reader may see a key."""
        return self.shown is None or key in self.shown

    def row(self, keys: Iterable[str] | None = None) -> dict[str, Any]:
        """Return the known columns as rules read them: ``key``, and ``key@grade`` for each grade reached."""
        row: dict[str, Any] = {}
        for key in self.catalogue.columns_of(self.namespace) if keys is None else keys:
            known = self.known(key) if self.shows(key) else None
            if known is not None:
                row[key] = known.value
                for grade in GRADES[: HEIGHT[known.grade] + 1]:
                    row[f"{key}@{grade}"] = known.value
        return row

    def places(self, keys: Iterable[str]) -> "Iterator[Looked]":
        """Yield where columns looked for values and for related subjects, each place once."""
        seen: set[tuple[int, str, int, int]] = set()
        for key in sorted(keys):
            for one in self._looked(key):
                place = (one.subject, one.key, one.held.id if one.held else 0, one.related or 0)
                if place not in seen:
                    seen.add(place)
                    yield one

    def _looked(self, key: str) -> "Iterator[Looked]":
        derivation = self.catalogue.derivations.get(key)
        if derivation is None:
            held = self.held(key)
            yield from (Looked(self.subject_id, key, one) for one in held)
            if not held:
                yield Looked(self.subject_id, key)
        elif isinstance(derivation.how, Related):
            yield from self._looked_beyond(derivation.how, derivation.of)
        else:
            for one in derivation.inputs:
                yield from self._looked(one)

    def _looked_beyond(self, how: Related, key: str) -> "Iterator[Looked]":
        others = self.related(how.relation, how.direction)
        name = relation_key(how.relation, how.direction)
        for other in others:
            yield Looked(self.subject_id, name, related=other.subject_id)
            if key:
                yield from other._looked(key)
        if not others:
            yield Looked(self.subject_id, name)


class Looked(NamedTuple):
    """Where a column looked: at a fact of a subject (``held`` None: it found no value), or for the
    subjects related to it (``related`` None: it found nobody)."""

    subject: int
    key: str
    held: Held | None = None
    related: int | None = None
