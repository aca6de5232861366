"""Reads the corrections files; an entry that no longer fits its document is an error, not a shrug."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field


class LineRepair(BaseModel):
    """Replace ``find`` (after the general clean-up) by ``put`` once in line ``line``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    find: str
    put: str
    reason: str


class Slip(BaseModel):
    """A slip of the pen: the text stays as printed, the noise report says what is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    printed: str
    meant: str


class FieldRepair(BaseModel):
    """Set one field of the measure with this printed number; its doubt is thereby settled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    name: str = Field(alias="field")
    value: str | None
    reason: str


class Corrections(BaseModel):
    """All repairs of one document; ``document`` names it by issuer and year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document: str
    sha256: str
    lines: tuple[LineRepair, ...] = ()
    measures: tuple[FieldRepair, ...] = ()
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True)
class NoCorrections:
    """The document is not known: there is nothing to repair."""

    lines: tuple[LineRepair, ...] = ()
    measures: tuple[FieldRepair, ...] = ()
    slips: tuple[Slip, ...] = ()


@lru_cache(maxsize=1)
def _by_digest() -> dict[str, Corrections]:
    found: dict[str, Corrections] = {}
    for entry in files(__package__).iterdir():
        if entry.name.endswith(".yaml"):
            value: Any = yaml.safe_load(entry.read_text(encoding="utf-8"))
            corrections = Corrections.model_validate(value)
            found[corrections.sha256] = corrections
    return found


def corrections_for(digest: str) -> Corrections | NoCorrections:
    """Return the repairs of the document with this SHA-256 (hex)."""
    return _by_digest().get(digest) or NoCorrections()
