"""The lexicon that comes with the platform, read without the framework: for a command that starts at once."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from yingshang.content.yaml import BadYaml, read_file
from yingshang.domains.policies.extracting.lexicon import Lexicon, build_lexicon
from yingshang.facts.declaring import (
    CodeListDeclaration,
    DerivationDeclaration,
    FactTypeDeclaration,
)
from yingshang.facts.phrasing import FactPhraseDeclaration
from yingshang.kernel.shipped import shipped_content

PACK: Final = "enterprise-facts"
Model = TypeVar("Model", bound=BaseModel)


@lru_cache(maxsize=1)
def shipped_lexicon() -> Lexicon:
    """Return the words of the pack ``enterprise-facts``; an empty lexicon without it."""
    folder = shipped_content() / PACK
    return build_lexicon(
        _read(folder / "fact_phrases", FactPhraseDeclaration),
        {one.key: one for one in _read(folder / "fact_types", FactTypeDeclaration)},
        {one.key: one for one in _read(folder / "derivations", DerivationDeclaration)},
        {one.key: one for one in _read(folder / "code_lists", CodeListDeclaration)},
    )


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
