"""How the periodic jobs are doing."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, QuerySet

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
    by_job = JobSlot.objects.order_by().values_list("job")
    first = dict(by_job.annotate(at=Min("enqueued_at")))
    success = dict(by_job.filter(outcome=Outcome.DONE).annotate(at=Max("finished_at")))
    failed = JobSlot.objects.filter(pk__in=_latest_failures())
    failure = {slot.job: slot for slot in failed}
    return [
        _status(job, moment or now(), first.get(name), success.get(name), failure.get(name))
        for name, job in JOBS
    ]


def _latest_failures() -> "QuerySet[JobSlot, int]":
    ended = JobSlot.objects.exclude(outcome__in=("", Outcome.DONE)).order_by()
    return ended.values("job").annotate(last=Max("pk")).values_list("last", flat=True)


def _status(
    job: Job,
    moment: datetime,
    first: datetime | None,
    success: datetime | None,
    failure: JobSlot | None,
) -> JobStatus:
    since = success or first
    return JobStatus(
        job=job,
        last_success_at=success,
        last_failure_at=failure.finished_at if failure else None,
        last_error=failure.error if failure else "",
        is_late=since is None or moment - since > job.patience,
    )
