"""How the periodic jobs are doing."""

from dataclasses import dataclass
from datetime import datetime

from yingshang.jobs.models import JobSlot, Outcome
from yingshang.jobs.permissions import READ_JOBS
from yingshang.kernel.jobs import JOBS, Job
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor


@dataclass(frozen=True)
class JobStatus:
    """One job: when it last succeeded and last failed, and whether it is late (the dead-man switch)."""

    job: Job
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str
    is_late: bool


def list_job_statuses_for(actor: Actor, moment: datetime | None = None) -> list[JobStatus]:
    """Return every declared job in the order of its name; raises ``NotPermitted``."""
    actor.require(READ_JOBS)
    return [_status(job, moment or now()) for _, job in JOBS]


def _status(job: Job, moment: datetime) -> JobStatus:
    ended = JobSlot.objects.filter(job=job.name).exclude(outcome="").order_by("-finished_at")
    success = ended.filter(outcome=Outcome.DONE).first()
    failure = ended.exclude(outcome=Outcome.DONE).first()
    first = JobSlot.objects.filter(job=job.name).order_by("enqueued_at").first()
    last_success_at = success.finished_at if success else None
    since = last_success_at or (first.enqueued_at if first else None)
    return JobStatus(
        job=job,
        last_success_at=last_success_at,
        last_failure_at=failure.finished_at if failure else None,
        last_error=failure.error if failure else "",
        is_late=since is None or moment - since > job.patience,
    )
