"""Reads the corrections files; an entry that no longer fits its document is an error, not a shrug."""

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


def read_corrections(text: str) -> Corrections:
    """Read one corrections file; raises ``ValidationError`` where it is not in the agreed form."""
    value: Any = yaml.safe_load(text)
    return Corrections.model_validate(value)
