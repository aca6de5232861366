"""Periodic jobs by declaration: any package names its own, ``yingshang.jobs`` runs them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingshang.kernel.registry import Registry


@dataclass(frozen=True)
class Job:
    """Something to be done again and again.

    ``run`` names a function without parameters as ``package.module:function``; it must be safe to run
    twice, since a killed worker's job is run again. ``every`` is its period; a job that has not
    succeeded for ``late_after`` (default: three periods and a minute) counts as late.
    """

    name: str
    every: timedelta
    run: str
    label: Any = ""
    late_after: timedelta | None = None

    def slot_at(self, moment: datetime) -> int:
        """Return the number of the period in which ``moment`` lies, the same in every process."""
        return int(moment.timestamp() // self.every.total_seconds())

    @property
    def patience(self) -> timedelta:
        """Return how long after the last success the job counts as late."""
        return self.late_after or 3 * self.every + timedelta(minutes=1)


JOBS: Registry[Job] = Registry("periodic job")


def job(
    name: str,
    *,
    every: timedelta,
    run: str,
    label: Any = "",
    late_after: timedelta | None = None,
) -> Job:
    """Declare a periodic job and return it."""
    return JOBS.add(name, Job(name, every, run, label, late_after))
