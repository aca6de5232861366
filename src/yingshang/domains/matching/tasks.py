"""Background work: the daily run after the snapshot, missed days first; clearing away old files."""

import logging
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django_tasks import task

from yingshang.domains.matching import files
from yingshang.domains.matching.errors import NoSnapshot
from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.reminding import remind
from yingshang.domains.matching.running import run_matching, stamp_of
from yingshang.facts.permissions import READ, READ_SENSITIVE
from yingshang.facts.purposes import POLICY
from yingshang.facts.snapshots import write_logged_snapshot
from yingshang.facts.tasks import snapshot_path
from yingshang.parties.actors import Actor, system_actor
from yingshang.rulebook.reach import Snapshot, find_snapshot

log = logging.getLogger(__name__)

MOST_MISSED: Final = 7
"""So many missed days are caught up; what lies further back is one step."""

KEPT: Final = 35
"""The files of so many runs are kept, and of the first run of every month."""


def run_due() -> MatchRun | None:
    """Match the newest snapshot unless that was done; days missed since the last run come first."""
    newest, last = find_snapshot(), MatchRun.objects.order_by("-sequence").first()
    if newest is None or (last and last.snapshot_stamp == stamp_of(newest.path)):
        return None
    for day in _missed(last, newest):
        run_matching(_actor(), snapshot=_snapshot_of(day), as_of=day, telling=False)
    run = run_matching(_actor(), snapshot=newest.path, as_of=newest.as_of)
    clear_old()
    return run


@task()
def run_now(accepted: int = 0) -> None:
    """Match the newest snapshot with the rules as they are now; see :mod:`.asking`."""
    newest = find_snapshot()
    if newest is None:
        raise NoSnapshot
    run_matching(_actor(), snapshot=newest.path, as_of=newest.as_of, accepted=accepted)


def remind_due() -> None:
    """Remind of what closes soon; whoever was reminded already is not again."""
    remind(_actor())


def _actor() -> Actor:
    return system_actor("matching", RUN, READ, READ_SENSITIVE)


def _missed(last: MatchRun | None, newest: Snapshot) -> list[date]:
    if last is None:
        return []
    days = (newest.as_of - last.as_of).days
    found = [last.as_of + timedelta(days=n) for n in range(1, days)]
    return found[-MOST_MISSED:]


def _snapshot_of(day: date) -> Path:
    """Return the snapshot of a missed day; one that was never written is made from what is known now."""
    path = snapshot_path(day)
    if not path.is_file():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_logged_snapshot(
            _actor(), path, purpose=POLICY, ground="补做漏跑日期的惠企政策全量匹配", as_of=day
        )
    return path


def clear_old() -> int:
    """Clear away the files of runs that need not be kept any longer; return how many runs."""
    runs = list(MatchRun.objects.filter(is_kept=True).order_by("-sequence"))
    first_of_month: dict[tuple[int, int], int] = {}
    for run in reversed(runs):
        first_of_month.setdefault((run.as_of.year, run.as_of.month), run.pk)
    old = [run for run in runs[KEPT:] if run.pk not in first_of_month.values()]
    MatchRun.objects.filter(pk__in=[run.pk for run in old]).update(is_kept=False)
    for run in old:
        shutil.rmtree(files.folder_of(run.ref), ignore_errors=True)
    return len(old)
