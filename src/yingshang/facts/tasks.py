"""Background work on facts."""

import logging
from datetime import date
from pathlib import Path

from django.conf import settings
from django_tasks import task

from yingshang.facts.actions.uploads import give_up, run_upload, sweep_uploads
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.parts import finish_abandoned
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.facts.purposes import POLICY
from yingshang.facts.snapshots import write_logged_snapshot
from yingshang.kernel.times import today
from yingshang.parties.actors import system_actor

log = logging.getLogger(__name__)

DEMO_SIZE = 2_000
KEPT = 7
"""So many days of snapshots are kept; any other day's can be made again."""


@task()
def load_upload(pk: int) -> None:
    """Load a file that was handed in; see :func:`run_upload`.

    Whatever fails that nobody thought of is told to who waits for the file, logged, and raised again.
    """
    try:
        run_upload(pk)
    except Exception:
        log.exception("loading upload %s failed", pk)
        give_up(pk)
        raise


@task()
def load_demonstration() -> None:
    """Load the demonstration's made-up enterprises, and write the snapshot anew that the rules match."""
    from yingshang.facts.population import load_made_up
    from yingshang.parties.demo import DIVISION

    load_made_up(DEMO_SIZE, division=DIVISION)
    write_daily_snapshot()


def finish_abandoned_loads() -> None:
    """Take back loads whose recorder died, repeat the evaluations that it left, drop files that nobody waits for."""
    finish_abandoned(system_actor("facts-abandoned"))
    sweep_uploads()


def snapshot_path(as_of: date, namespace: str = "enterprise") -> Path:
    """Return where the snapshot of a day lies, for whatever works on the whole population."""
    return Path(settings.DATA_DIR) / "snapshots" / f"{namespace}-{as_of.isoformat()}.parquet"


def write_daily_snapshot() -> None:
    """Log the reading of every enterprise, write today's snapshot, drop the oldest."""
    day = today()
    if not current_catalogue().columns_of("enterprise"):
        return
    path = snapshot_path(day)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_logged_snapshot(
        system_actor("facts-snapshot", READ, READ_SENSITIVE),
        path,
        purpose=POLICY,
        ground="惠企政策主动匹配所用的全量快照",
        as_of=day,
    )
    for old in sorted(path.parent.glob("enterprise-*.parquet"))[:-KEPT]:
        old.unlink(missing_ok=True)
