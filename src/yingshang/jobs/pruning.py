"""Forgets old runs."""

from datetime import timedelta

from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from yingshang.jobs.models import JobSlot, Outcome, WorkerBeat
from yingshang.kernel.times import now

KEEP = timedelta(days=2)
KEEP_FAILED = timedelta(days=30)


def prune() -> None:
    """Drop finished slots and tasks after two days, failed ones after thirty; keep each job's last success."""
    moment = now()
    last = JobSlot.objects.filter(outcome=Outcome.DONE).values("job").annotate(last=Max("pk"))
    done = JobSlot.objects.filter(outcome=Outcome.DONE, finished_at__lt=moment - KEEP)
    done.exclude(pk__in=[row["last"] for row in last]).delete()
    JobSlot.objects.exclude(outcome="").filter(finished_at__lt=moment - KEEP_FAILED).exclude(
        outcome=Outcome.DONE
    ).delete()
    tasks = DBTaskResult.objects
    tasks.successful().filter(finished_at__lt=moment - KEEP).delete()
    tasks.failed().filter(finished_at__lt=moment - KEEP_FAILED).delete()
    WorkerBeat.objects.filter(seen_at__lt=moment - KEEP).delete()
