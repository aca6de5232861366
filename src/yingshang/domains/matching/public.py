"""Who is entitled to what, since when, as of the last run: for claims, check-ups and indicators."""

from dataclasses import dataclass
from datetime import date

from yingshang.domains.matching.claiming import (
    APPROVED,
    CLAIMED,
    IN_PROGRESS,
    OFFERED,
    PAID,
    REFUSED,
    RETURNED,
    Claimed,
    ClaimsOf,
)
from yingshang.domains.matching.closing import CLOSING, Closing
from yingshang.domains.matching.files import stored_spells
from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.noting import note_claimed
from yingshang.domains.matching.spells import UNKNOWN_FEN, Spells, day_of
from yingshang.domains.matching.standing import newest_run
from yingshang.parties.models import Subject

__all__ = [
    "APPROVED",
    "CLAIMED",
    "CLOSING",
    "IN_PROGRESS",
    "OFFERED",
    "PAID",
    "REFUSED",
    "RETURNED",
    "Claimed",
    "ClaimsOf",
    "Closing",
    "Entitlement",
    "entitled_subjects",
    "entitlement_of",
    "entitlements_of",
    "note_claimed",
]

_CHUNK = 5_000


@dataclass(frozen=True)
class Entitlement:
    """What an enterprise is entitled to under a policy: since when, how much.

    ``exact`` says that ``since`` is the very day; else it was entitled by then at the latest.
    ``amount_fen`` is None where the policy gives no amount or it is not known; ``as_of`` and ``run``
    are the run that says so.
    """

    policy: str
    since: date
    exact: bool
    amount_fen: int | None
    as_of: date
    run: str


def entitlement_of(subject: Subject | int, policy: str) -> Entitlement | None:
    """Return what an enterprise is entitled to by the last run; None where it is not, or none has run."""
    pk = subject if isinstance(subject, int) else subject.pk
    found = RunPolicy.objects.filter(policy=policy, run__in=_latest()).select_related("run").first()
    return None if found is None else _entitlement(found.run, found.policy, found.place, pk)


def entitlements_of(subject: Subject | int) -> list[Entitlement]:
    """Return everything that an enterprise is entitled to by the last run, by policy."""
    pk = subject if isinstance(subject, int) else subject.pk
    if (run := newest_run()) is None:
        return []
    found = RunPolicy.objects.filter(run=run, entitled__gt=0).order_by("policy")
    rows = found.values_list("policy", "place")
    return [e for row in rows if (e := _entitlement(run, *row, pk)) is not None]


def entitled_subjects(policy: str, as_of: date | None = None) -> list[tuple[str, int | None, date]]:
    """Return reference, fen and first day of everybody entitled, by the last run as of that day or before.

    Empty where no run whose files are kept knows the policy.
    """
    run = newest_run(as_of)
    found = RunPolicy.objects.filter(policy=policy, run=run).first() if run else None
    if run is None or found is None:
        return []
    spells = stored_spells(run.ref).at(found.place)
    refs = _refs(spells.subject.tolist())
    return [
        (refs[pk], *_told(spells, place))
        for place, pk in enumerate(spells.subject.tolist())
        if pk in refs
    ]


def _latest() -> list[int]:
    run = newest_run()
    return [run.pk] if run else []


def _entitlement(run: MatchRun, policy: str, at: int, subject: int) -> Entitlement | None:
    spells = stored_spells(run.ref).at(at)
    place = spells.place_of(subject)
    if place is None:
        return None
    fen, since = _told(spells, place)
    exact = bool(spells.exact[place])
    return Entitlement(policy, since, exact, fen, run.as_of, run.ref)


def _told(spells: Spells, place: int) -> tuple[int | None, date]:
    fen = int(spells.amount[place])
    return None if fen == UNKNOWN_FEN else fen, day_of(spells.since[place])


def _refs(subjects: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(subjects), _CHUNK):
        some = Subject.objects.filter(pk__in=subjects[start : start + _CHUNK])
        found.update(some.values_list("pk", "ref"))
    return found
