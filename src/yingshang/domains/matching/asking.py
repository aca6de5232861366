"""Asking for a run at once."""

from dataclasses import dataclass
from datetime import date

import pyarrow.parquet as pq

from yingshang.domains.matching.errors import SnapshotChanged
from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.permissions import READ, RUN
from yingshang.domains.matching.standing import is_shrunk
from yingshang.facts.errors import ReasonMissing
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.rulebook.reach import find_snapshot


@dataclass(frozen=True)
class Shrunk:
    """The newest snapshot, which has much fewer enterprises (``now``) than the last run (``then``)."""

    as_of: date
    now: int
    then: int


def shrunk_snapshot_for(actor: Actor) -> Shrunk | None:
    """Return the newest snapshot where it is not matched before somebody checked it; raises ``NotPermitted``."""
    actor.require(READ)
    newest, last = find_snapshot(), MatchRun.objects.order_by("-sequence").first()
    if newest is None or last is None:
        return None
    size = pq.read_metadata(newest.path).num_rows
    return Shrunk(newest.as_of, size, last.subjects) if is_shrunk(size, last) else None


@action("matching.request_run", permission=RUN)
def request_run(actor: Actor) -> None:
    """Let the worker match the newest snapshot with the rules as they are now.

    With the same facts and rules as the last run it changes nothing.
    """
    from yingshang.domains.matching.tasks import run_now

    record("matching.run_requested", actor=actor.ref, subject="match-runs:all", payload={})
    run_now.enqueue()


@action("matching.accept_snapshot", permission=RUN)
def accept_snapshot(actor: Actor, *, subjects: int, ground: str) -> None:
    """Let the worker match the newest snapshot although it has much fewer enterprises than the last run.

    ``subjects`` is how many were found right, ``ground`` why: those who are gone lose what they were
    entitled to. Raises ``ReasonMissing``, :class:`SnapshotChanged`.
    """
    from yingshang.domains.matching.tasks import run_now

    found = shrunk_snapshot_for(actor)
    if not ground.strip():
        raise ReasonMissing(field="ground")
    if found is None or found.now != subjects:
        raise SnapshotChanged
    record(
        "matching.snapshot_accepted",
        actor=actor.ref,
        subject="match-runs:all",
        payload={"now": found.now, "then": found.then, "ground": ground.strip()[:300]},
    )
    run_now.enqueue(found.now)
