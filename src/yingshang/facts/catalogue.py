"""The catalogue of facts in force (数据目录): what can be known, from whom, and what follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, cast

from yingshang.content.models import ContentVersion
from yingshang.content.packs import read_packs
from yingshang.content.selectors import declaration_of, digests_of
from yingshang.facts.declaring import (
    OTHERS,
    Code,
    CodeAdditionDeclaration,
    CodeListDeclaration,
    DerivationDeclaration,
    FactSourceDeclaration,
    FactTypeDeclaration,
    SourceOwnerDeclaration,
    Typing,
)
from yingshang.facts.derived_types import type_of
from yingshang.facts.errors import NoSuchFact, NoSuchSource
from yingshang.parties.models import SubjectType
from yingshang.rules.declarations import Declarations, Declared, Parameter

KINDS = ("code_addition", "code_list", "derivation", "fact_source", "fact_type", "source_owner")
_SUBJECTS: Mapping[str, str] = {
    SubjectType.ENTERPRISE: "enterprise",
    SubjectType.SELF_EMPLOYED: "enterprise",
    SubjectType.PERSON: "person",
    SubjectType.PROJECT: "project",
}


@dataclass(frozen=True)
class Catalogue:
    """Everything that packs declare about facts, by key; ``codes`` are the code lists."""

    types: Mapping[str, FactTypeDeclaration]
    derivations: Mapping[str, DerivationDeclaration]
    sources: Mapping[str, FactSourceDeclaration]
    codes: Mapping[str, CodeListDeclaration]
    owners: Mapping[str, str]

    def type(self, key: str) -> FactTypeDeclaration:
        """Return a fact type; raises :class:`NoSuchFact`."""
        if key not in self.types:
            raise NoSuchFact(field="key", params={"key": key})
        return self.types[key]

    def source(self, key: str) -> FactSourceDeclaration:
        """Return a source; raises :class:`NoSuchSource`."""
        if key not in self.sources:
            raise NoSuchSource(field="source", params={"key": key})
        return self.sources[key]

    def owner_of(self, source: str) -> str:
        """Return the key of the organ that owns a source, or nothing."""
        found = self.sources.get(source)
        return self.owners.get(source) or (found.owner if found else "")

    @property
    def steward(self) -> str:
        """Return the key of the organ that decides where no organ owns a source, or nothing."""
        return self.owners.get(OTHERS, "")

    def sources_of(self, organ: str) -> frozenset[str]:
        """Return the keys of the sources that an organ owns."""
        return frozenset(key for key in self.sources if organ and self.owner_of(key) == organ)

    @cached_property
    def columns(self) -> Mapping[str, Typing]:
        """The scalar columns that rules may read: scalar fact types, then derivations, by key."""
        scalars = {key: one for key, one in self.types.items() if one.shape == "scalar"}
        derived = {
            key: type_of(one, self.types, self.derivations) for key, one in self.derivations.items()
        }
        return {**scalars, **derived}

    def columns_of(self, subject: str) -> Mapping[str, Typing]:
        """Return the columns of one namespace: ``enterprise``, ``person`` or ``project``."""
        return {k: v for k, v in self.columns.items() if k.partition(".")[0] == subject}

    @cached_property
    def derivation_order(self) -> tuple[str, ...]:
        """The derivations, each after those that it reads."""
        graph = {key: one.inputs for key, one in self.derivations.items()}
        return tuple(k for k in TopologicalSorter(graph).static_order() if k in self.derivations)

    def base_keys(self, key: str) -> frozenset[str]:
        """Return the fact types on which a column rests; itself where nothing derives it."""
        if key not in self.derivations:
            return frozenset({key})
        inputs = self.derivations[key].inputs
        return frozenset(base for one in inputs for base in self.base_keys(one))

    def sensitivity_of(self, key: str) -> str:
        """Return how sensitive a column is: a derived one as its most sensitive input."""
        levels = ("public", "internal", "sensitive")
        bases = [self.types[base] for base in self.base_keys(key) if base in self.types]
        return max((one.sensitivity for one in bases), key=levels.index, default="internal")

    def label_of(self, key: str, *, english: bool = False) -> str:
        """Return the label of a fact type or derivation, the key itself for an unknown one."""
        found = self.types.get(key) or self.derivations.get(key)
        if found is None:
            return key
        return found.label_en if english else found.label

    def code(self, code_list: str, code: str) -> Code | None:
        """Return a code of a list, or None."""
        found = self.codes.get(code_list)
        return found.by_code.get(code) if found else None

    def declarations(
        self,
        as_of: date = date(1970, 1, 1),
        parameters: Mapping[str, Parameter] | None = None,
    ) -> Declarations:
        """Return what rules may name: every column with type, label and immutability."""
        return Declarations(self.declared, as_of=as_of, parameters=parameters or {})

    @cached_property
    def declared(self) -> Mapping[str, Declared]:
        """The columns as the rules declare them."""
        return {
            key: Declared(
                typing.rule_type, immutable=self._immutable(key), label=self.label_of(key)
            )
            for key, typing in self.columns.items()
        }

    def _immutable(self, key: str) -> bool:
        return all(self.types[k].immutable for k in self.base_keys(key) if k in self.types)

    def __iter__(self) -> Iterator[FactTypeDeclaration]:
        return iter(self.types.values())


def namespace_of(subject_type: str) -> str:
    """Return in which namespace facts of a subject of this type stand; empty where none do."""
    return _SUBJECTS.get(subject_type, "")


_read: dict[tuple[tuple[str, str, str], ...], Catalogue] = {}
"""The catalogue last read, by what it was read from; bodies never change under a digest."""


def current_catalogue() -> Catalogue:
    """Return the catalogue of the packs in force; read anew only when a pack was loaded."""
    stamp = digests_of(*KINDS)
    catalogue = _read.get(stamp)
    if catalogue is None:
        found = ContentVersion.objects.filter(kind__in=KINDS, is_current=True)
        catalogue = _parse(list(found.order_by("kind", "key")))
        _read.clear()
        _read[stamp] = catalogue
    return catalogue


def catalogue_at(moment: datetime) -> Catalogue:
    """Return the catalogue as it was loaded at an instant; what was withdrawn since is still in it."""
    found = ContentVersion.objects.filter(kind__in=KINDS, loaded_at__lte=moment)
    latest = {(one.kind, one.key): one for one in found.order_by("kind", "key", "number")}
    return _parse(list(latest.values()))


def read_catalogue_of(*packs: str) -> Catalogue:
    """Return the catalogue that packs on disk declare, whatever is in force; raises as reading them does."""
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for pack in read_packs(packs):
        for one in pack.declared:
            if one.kind.name in by_kind:
                by_kind[one.kind.name][one.value.key] = one.value
    return _catalogue(by_kind)


def _parse(versions: list[ContentVersion]) -> Catalogue:
    by_kind: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for version in versions:
        by_kind[version.kind][version.key] = declaration_of(version)
    return _catalogue(by_kind)


def _catalogue(by_kind: dict[str, dict[str, Any]]) -> Catalogue:
    owners = cast("dict[str, SourceOwnerDeclaration]", by_kind["source_owner"])
    return Catalogue(
        types=by_kind["fact_type"],
        derivations=by_kind["derivation"],
        sources=by_kind["fact_source"],
        codes=_with_additions(by_kind["code_list"], by_kind["code_addition"]),
        owners={key: one.organ for key, one in owners.items()},
    )


def _with_additions(
    lists: dict[str, CodeListDeclaration], additions: dict[str, CodeAdditionDeclaration]
) -> Mapping[str, CodeListDeclaration]:
    """Return the lists with what other packs add to them; an addition to no list is left out."""
    for one in additions.values():
        if (found := lists.get(one.code_list)) is not None:
            extended = (*found.codes, *one.codes)
            lists[one.code_list] = CodeListDeclaration.model_construct(
                **{**dict(found), "codes": extended}
            )
    return lists
