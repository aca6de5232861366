"""Matching at once, as things stand now, from a snapshot of its own that is thrown away afterwards."""

import tempfile
from pathlib import Path

from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.running import run_matching
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.facts.purposes import POLICY
from yingshang.facts.snapshots import write_logged_snapshot
from yingshang.kernel.times import today
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor, system_actor


@action("matching.match_today", permission=RUN, in_parts=True)
def match_today(actor: Actor) -> MatchRun:
    """Match every enterprise as it is known at this moment, without waiting for the night; return the run.

    Facts are read by the platform, not by who asks. Raises what
    :func:`~yingshang.domains.matching.running.run_matching` raises.
    """
    system = system_actor("matching", RUN, READ, READ_SENSITIVE)
    with tempfile.TemporaryDirectory(prefix="yingshang-matching-") as folder:
        path = Path(folder) / f"enterprise-{today().isoformat()}.parquet"
        write_logged_snapshot(
            system, path, purpose=POLICY, ground=f"{actor.name}要求的惠企政策匹配", as_of=today()
        )
        return run_matching(system, snapshot=path, as_of=today())
