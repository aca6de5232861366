"""Finds the corrections of a document; most documents have none and cost no reading of any."""

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yingshang.domains.plans.parsing.corrections.loading import (
        Corrections,
        FieldRepair,
        LineRepair,
        Slip,
    )


@dataclass(frozen=True)
class NoCorrections:
    """The document is not known: there is nothing to repair."""

    lines: "tuple[LineRepair, ...]" = ()
    measures: "tuple[FieldRepair, ...]" = ()
    slips: "tuple[Slip, ...]" = ()


def corrections_for(digest: str) -> "Corrections | NoCorrections":
    """Return the repairs of the document with this SHA-256 (hex)."""
    for entry in files(__package__).iterdir():
        if not entry.name.endswith(".yaml"):
            continue
        text = entry.read_text(encoding="utf-8")
        if digest in text:
            # The schema library takes longer to load than a plan to read.
            from yingshang.domains.plans.parsing.corrections.loading import read_corrections

            return read_corrections(text)
    return NoCorrections()
