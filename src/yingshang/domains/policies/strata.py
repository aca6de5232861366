"""The pool from which enterprises are drawn to be heard: strata by size, ownership and industry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from yingshang.facts.actions.reading import log_run
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.purposes import purpose
from yingshang.facts.snapshots import batches_of
from yingshang.kernel.times import now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, SubjectType

HEARING: Final = purpose("hearing", _("政策听取意见的分层抽取"))
KEYS: Final = ("enterprise.size", "enterprise.holding", "enterprise.industry", "enterprise.status")
UNKNOWN: Final = "未知"


@dataclass(frozen=True)
class Firm:
    """An enterprise of the pool with what its stratum is made of; empty where a fact is not known."""

    pk: int
    ref: str
    size: str
    holding: str
    industry: str
    stratum: str


def pool_of(actor: Actor, *, ground: str) -> list[Firm]:
    """Return the active enterprises of the register with their strata; the reading is logged as one run.

    Raises ``NotPermitted`` for who may not read facts.
    """
    catalogue, day = current_catalogue(), today()
    columns = {key: catalogue.columns[key] for key in KEYS if key in catalogue.columns}
    subjects = list(
        Subject.objects.filter(type=SubjectType.ENTERPRISE).order_by("pk").values_list("pk", "ref")
    )
    if not subjects:
        return []
    log_run(
        actor, subject_type=SubjectType.ENTERPRISE, subjects=len(subjects), keys=tuple(columns),
        purpose=HEARING, ground=ground, as_of=day,
    )  # fmt: skip
    rows = (
        row
        for batch in batches_of(catalogue, columns, subjects, as_of=day, known_at=now())
        for row in batch.to_pylist()
    )
    return list(_firms(catalogue, subjects, rows))


def _firms(
    catalogue: Catalogue, subjects: list[tuple[int, str]], rows: Iterator[dict[str, Any]]
) -> Iterator[Firm]:
    for (pk, ref), row in zip(subjects, rows, strict=True):
        if row.get("enterprise.status") not in (None, "active"):
            continue
        size, holding = row.get("enterprise.size") or "", row.get("enterprise.holding") or ""
        industry = (row.get("enterprise.industry") or "")[:1]
        names = (
            _label(catalogue, "enterprise-size", size),
            _label(catalogue, "holding", holding),
            _label(catalogue, "industry", industry),
        )
        yield Firm(pk, ref, size, holding, industry, " · ".join(names)[:120])


def _label(catalogue: Catalogue, code_list: str, code: str) -> str:
    found = catalogue.code(code_list, code) if code else None
    return found.label if found else UNKNOWN


def shares_for(
    sizes: Mapping[str, tuple[int, bool]], wanted: int, *, least_small: int
) -> dict[str, int]:
    """Return how many to draw from each stratum: in proportion, largest remainders first.

    ``sizes`` has members and whether the stratum is small or medium. Of small and medium ones at least
    ``least_small`` are drawn, as far as there are that many.
    """
    small = {name: count for name, (count, is_small) in sizes.items() if is_small}
    other = {name: count for name, (count, is_small) in sizes.items() if not is_small}
    total = sum(small.values()) + sum(other.values())
    fair = round(wanted * sum(small.values()) / total) if total else 0
    for_small = min(
        max(fair, least_small, wanted - sum(other.values())), sum(small.values()), wanted
    )
    return {**_proportional(small, for_small), **_proportional(other, wanted - for_small)}


def _proportional(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    total = sum(sizes.values())
    if not total:
        return {}
    picks = {name: wanted * count // total for name, count in sizes.items()}
    rest = sorted(sizes, key=lambda name: (-(wanted * sizes[name] % total), name))
    for name in rest[: wanted - sum(picks.values())]:
        picks[name] += 1
    return picks
