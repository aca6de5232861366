"""Which catalogue the commands on rules go by: the one named, the one beside the policies, the platform's.

What ``--catalogue`` names or the policies' folder declares is binding. The platform's own catalogue is
only known: where a file holds another type under one of its keys, the file is right and that is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import click

from yingshang.rules.columns import fits
from yingshang.rules.declarations import Declared, Parameter, is_namespaced
from yingshang.rules.policies import Library, read_catalogue
from yingshang.rules.types import Type

file_path = click.Path(path_type=Path)
catalogue_option = click.option(
    "--catalogue",
    type=file_path,
    metavar="FILE|PACK",
    help="YAML that declares facts and parameters, or the name of a pack",
)


@dataclass(frozen=True)
class Catalogue:
    """What is declared: ``facts`` bind; with ``is_closed`` a name that nothing declares is refused.

    ``asked`` are the facts that a file declares for these very policies.
    """

    facts: Mapping[str, Declared] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    is_closed: bool = False
    asked: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> Mapping[str, Declared]:
        """The platform's own facts, where no other catalogue was named and they are not declared."""
        if self.is_closed:
            return {}
        from yingshang.rulebook.shipped import shipped_facts

        return {key: one for key, one in shipped_facts().items() if key not in self.facts}

    def settle(self, found: Mapping[str, Declared]) -> dict[str, Declared]:
        """Return how facts found in a file or profile are declared: as found, and what is known of them.

        A type that may stand for the catalogue's is taken loosely: text for a date, 3 for 3.0.
        """
        if not any(map(is_namespaced, found)):
            return dict(found)
        return {key: self._settled(key, one) for key, one in found.items()}

    def _settled(self, key: str, found: Declared) -> Declared:
        known = self.known.get(key)
        if known is None:
            return found
        loose = found.loose or (found.type != known.type and fits(found.type, known.type))
        return replace(known, type=found.type, loose=loose)

    def differing(self, found: Mapping[str, Declared]) -> dict[str, tuple[Type, Type]]:
        """Return by key the type in the platform's catalogue and the one found, where they conflict."""
        if not any(map(is_namespaced, found)):
            return {}
        pairs = {k: (self.known[k].type, one.type) for k, one in found.items() if k in self.known}
        return {key: pair for key, pair in pairs.items() if not fits(pair[1], pair[0])}


def catalogue_for(library: Library, path: Path | None) -> Catalogue:
    """Return the catalogue for policies: what is named, and what is declared beside them."""
    named = declarations_of(path)
    is_file = path is not None and pack_of(path) is None
    return Catalogue(
        {**library.facts, **named.facts},
        {**named.parameters, **library.parameters},
        is_closed=path is not None,
        asked=frozenset({*library.facts, *(named.facts if is_file else ())}),
    )


def declarations_of(path: Path | None) -> Library:
    """Return what a catalogue file or a pack declares; nothing where none is named."""
    if path is None:
        return Library(())
    return pack_of(path) or read_catalogue(path)


def pack_of(path: Path) -> Library | None:
    """Return what a pack of this name declares, None where the name is a file's or nobody's."""
    if path.exists() or len(path.parts) != 1 or path.suffix:
        return None
    from yingshang.cli.framework import start

    start()
    from yingshang.rulebook.packs import is_pack, library_of

    return library_of(path.name) if is_pack(path.name) else None


def tell_differences(
    catalogue: Catalogue, found: Mapping[str, Declared], used: Iterable[str]
) -> None:
    """Say on standard error which facts in use differ in type from the platform's catalogue."""
    differing = catalogue.differing({key: found[key] for key in used if key in found})
    for key, (known, here) in sorted(differing.items()):
        click.echo(f"提示：{key} 在平台目录中是{known}，这里是{here}，按这里的类型处理", err=True)
