"""The catalogue that comes with the platform, read without the framework: for commands that start at once."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from yingshang.content.yaml import BadYaml, read_file
from yingshang.facts.declaring import DerivationDeclaration, FactTypeDeclaration, Typing
from yingshang.facts.derived_types import NotDerivable, type_of
from yingshang.kernel.shipped import shipped_content
from yingshang.rules.declarations import Declared

PACK: Final = "enterprise-facts"
Model = TypeVar("Model", bound=BaseModel)


@lru_cache(maxsize=1)
def shipped_facts() -> Mapping[str, Declared]:
    """Return the columns of the pack ``enterprise-facts`` as rules declare them; none without it."""
    folder = shipped_content() / PACK
    types = {one.key: one for one in _read(folder / "fact_types", FactTypeDeclaration)}
    derived = {one.key: one for one in _read(folder / "derivations", DerivationDeclaration)}
    found: dict[str, Declared] = {}
    for key, scalar in types.items():
        if scalar.shape == "scalar":
            found[key] = _declared(scalar, scalar.label, scalar.immutable)
    for key, one in derived.items():
        try:
            kind = type_of(one, types, derived)
        except (NotDerivable, KeyError):
            continue
        rests = [types[base] for base in _bases(key, derived) if base in types]
        found[key] = _declared(kind, one.label, all(base.immutable for base in rests))
    return found


def _declared(kind: Typing, label: str, immutable: bool) -> Declared:
    return Declared(kind.rule_type, immutable=immutable, label=label)


def _bases(key: str, derived: Mapping[str, DerivationDeclaration]) -> Iterator[str]:
    if key not in derived:
        yield key
        return
    for one in derived[key].inputs:
        yield from _bases(one, derived)


def _read(folder: Path, model: type[Model]) -> Iterator[Model]:
    """Yield what is valid; what is not is told by ``yingshang content lint``."""
    for path in sorted(folder.glob("**/*.yaml")):
        try:
            documents: list[Any] = list(read_file(path))
        except (BadYaml, OSError):
            continue
        for document in documents:
            try:
                yield model.model_validate(document.value)
            except ValidationError:
                continue
