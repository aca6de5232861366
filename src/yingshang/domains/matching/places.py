"""In which street, town or park an enterprise is: by the name of the place in its registered address."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yingshang.domains.matching.spells import Array
from yingshang.parties.models import Organ, OrganType

ADDRESS: Final = "enterprise.address"
ELSEWHERE: Final = -1
"""Stands for an address that names none of the places, or none at all."""


def list_places() -> list[Any]:
    """Return the organs of streets and towns of the district, in their order."""
    return list(
        Organ.objects.filter(type__in=[OrganType.STREET, OrganType.TOWN]).order_by("order", "key")
    )


def places_of(snapshot: Path, names: list[str]) -> Array:
    """Return for every row of a snapshot the index of the place that its address names."""
    file = pq.ParquetFile(snapshot)
    found = np.full(file.metadata.num_rows, ELSEWHERE, np.int16)
    if ADDRESS not in file.schema_arrow.names:
        return found
    addresses = file.read(columns=[ADDRESS]).column(0).cast(pa.string())
    for place, name in enumerate(names):
        here = pc.fill_null(pc.match_substring(addresses, name), False).to_numpy()
        found[here & (found == ELSEWHERE)] = place
    return found
