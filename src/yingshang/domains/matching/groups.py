"""How the entitled spread over size, ownership, industry and street, small groups kept back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext

from yingshang.domains.matching.places import ELSEWHERE, list_places, places_of
from yingshang.domains.matching.spells import UNKNOWN_FEN, Array
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.showing import english, label

SMALL: Final = 5
"""Groups of fewer enterprises are shown as such to those only who may read facts (小组别保护)."""

SIZE, HOLDING, INDUSTRY = "enterprise.size", "enterprise.holding", "enterprise.industry"


def shown_count(count: int, may_see: bool) -> int | None:
    """Return a count as a reader may see it: None below the threshold, also nought, else in steps of it.

    In steps, so that two counts that differ by one firm look alike.
    """
    if may_see:
        return count
    return None if count < SMALL else count - count % SMALL


def shown_fen(fen: int, count: int, may_see: bool) -> int | None:
    """Return money of so many as a reader may see it: None where they are too few, else two digits of it."""
    if may_see:
        return fen
    return None if count < SMALL else two_digits(fen)


def two_digits(fen: int) -> int:
    """Return an amount by its first two digits."""
    unit: int = 10 ** max(0, len(str(abs(fen))) - 2)
    return round(fen / unit) * unit


@dataclass(frozen=True)
class Group:
    """A part of the population: how many are in it, how many of them entitled, fen as far as known.

    ``entitled`` and ``fen`` are None where the group is too small to be shown.
    """

    label: str
    size: int
    entitled: int | None
    fen: int | None

    @property
    def share(self) -> float | None:
        """The entitled in percent of the group."""
        return None if self.entitled is None or not self.size else 100 * self.entitled / self.size


@dataclass(frozen=True)
class Spread:
    """One way to divide the entitled."""

    title: str
    groups: list[Group]


def spreads_of(
    snapshot: Path, rows: Array, fen: Array, catalogue: Catalogue, *, may_see_small: bool
) -> list[Spread]:
    """Return how the entitled (rows of a snapshot, with fen) spread in four ways."""
    ways = [
        (gettext("规模"), *_codes(snapshot, SIZE, catalogue)),
        (gettext("控股情况"), *_codes(snapshot, HOLDING, catalogue)),
        (gettext("行业门类"), *_codes(snapshot, INDUSTRY, catalogue, top=True)),
        (gettext("街镇"), *_streets(snapshot)),
    ]
    return [
        Spread(title, guarded(_counted(codes, labels, rows, fen), may_see_small=may_see_small))
        for title, codes, labels in ways
    ]


def _counted(codes: Array, labels: Sequence[str], rows: Array, fen: Array) -> list[Group]:
    sizes = np.bincount(codes, minlength=len(labels))
    entitled = np.bincount(codes[rows], minlength=len(labels))
    sums = np.zeros(len(labels), np.int64)
    np.add.at(sums, codes[rows], np.where(fen == UNKNOWN_FEN, 0, fen))
    groups = [
        Group(name, int(sizes[at]), int(entitled[at]), int(sums[at]))
        for at, name in enumerate(labels)
    ]
    return [one for one in groups if one.size]


def guarded(groups: list[Group], *, may_see_small: bool) -> list[Group]:
    """Return the groups with small numbers kept back; never one alone, which the sum would give away."""
    if may_see_small:
        return groups
    small = [n for n, one in enumerate(groups) if (one.entitled or 0) < SMALL]
    if len(small) == 1:
        rest = [n for n in range(len(groups)) if n not in small]
        small += sorted(rest, key=lambda n: groups[n].entitled or 0)[:1]
    return [
        replace(one, entitled=None, fen=None) if n in small else _coarse(one)
        for n, one in enumerate(groups)
    ]


def _coarse(one: Group) -> Group:
    count = one.entitled or 0
    return replace(
        one, entitled=shown_count(count, False), fen=shown_fen(one.fen or 0, count, False)
    )


def _codes(
    snapshot: Path, key: str, catalogue: Catalogue, *, top: bool = False
) -> tuple[Array, list[str]]:
    """Return a code for every row and the labels of the codes; the last stands for unknown."""
    file = pq.ParquetFile(snapshot)
    if key not in file.schema_arrow.names:
        return np.zeros(file.metadata.num_rows, np.int64), [gettext("未知")]
    column = file.read(columns=[key]).column(0).cast("string").combine_chunks()
    words = column.dictionary_encode()
    found = words.dictionary.to_pylist()
    named = [_named(catalogue, key, code, top=top) for code in found]
    labels = sorted(set(named))
    places = np.array([labels.index(name) for name in named] + [len(labels)], np.int64)
    indices = pc.fill_null(words.indices, len(found)).to_numpy(zero_copy_only=False)
    return places[indices], [*labels, gettext("未知")]


def _named(catalogue: Catalogue, key: str, code: str, *, top: bool) -> str:
    code_list = catalogue.types[key].code_list if key in catalogue.types else ""
    found = catalogue.code(code_list, code)
    while top and found is not None and found.parent:
        found = catalogue.code(code_list, found.parent)
    if found is None:
        return gettext("不在代码表中") if top else code
    return label(found)


def _streets(snapshot: Path) -> tuple[Array, list[str]]:
    organs = list_places()
    codes = places_of(snapshot, [str(one) for one in organs]).astype(np.int64)
    codes[codes == ELSEWHERE] = len(organs)
    names = [(english() and one.name_en) or str(one) for one in organs]
    return codes, [*names, gettext("地址未载明街镇")]


def known_fen(fen: Array) -> Array:
    """Return the amounts that are known."""
    known: Array = fen[fen != UNKNOWN_FEN]
    return known
