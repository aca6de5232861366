"""Hands out again what a dead worker was doing.

The queue itself never does: a task whose worker was killed stays "running" for ever.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yingshang.jobs.models import JobSlot, Outcome, WorkerBeat
from yingshang.kernel.times import now

SILENCE = timedelta(seconds=90)
"""A worker that has not beaten for this long is dead; longer than any wait for the write lock."""

ATTEMPTS = 3
"""A task that killed so many workers is given up: it is likelier the cause than the victim."""


def reap(moment: datetime | None = None) -> int:
    """Return dead workers' tasks to the queue, give up after :data:`ATTEMPTS`; return how many moved."""
    moment = moment or now()
    alive = set(
        WorkerBeat.objects.filter(seen_at__gte=moment - SILENCE).values_list("worker_id", flat=True)
    )
    running = DBTaskResult.objects.running().values_list("pk", "worker_ids")
    orphans = [pk for pk, workers in running if not workers or workers[-1] not in alive]
    moved = sum(_hand_out_again(pk, moment) for pk in orphans)
    _close_lost_slots(moment)
    return moved


def forget_worker(worker_id: str) -> None:
    """Drop the beat of a worker known to have ended, so that its tasks need not wait for silence."""
    WorkerBeat.objects.filter(worker_id=worker_id).delete()


def _hand_out_again(pk: UUID, moment: datetime) -> int:
    with transaction.atomic():
        task = DBTaskResult.objects.select_for_update().filter(pk=pk).running().first()
        if task is None:
            return 0
        if len(task.worker_ids) < ATTEMPTS:
            task.status = TaskResultStatus.READY
            task.started_at = None
        else:
            task.status = TaskResultStatus.FAILED
            task.finished_at = moment
            task.exception_class_path = "yingshang.jobs.reaping.WorkerKilled"
            task.traceback = f"{ATTEMPTS} workers died while running this task"
        task.save()
    return 1


def _close_lost_slots(moment: datetime) -> None:
    """Close slots whose task ended, or vanished, without a report."""
    waiting = dict(
        JobSlot.objects.filter(outcome="", task_id__isnull=False).values_list("pk", "task_id")
    )
    if not waiting:
        return
    open_tasks = set(
        DBTaskResult.objects.filter(
            Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.RUNNING),
            pk__in=[task_id for task_id in waiting.values() if task_id],
        ).values_list("pk", flat=True)
    )
    lost = [pk for pk, task_id in waiting.items() if task_id not in open_tasks]
    JobSlot.objects.filter(pk__in=lost, outcome="").update(
        outcome=Outcome.LOST, finished_at=moment, error="the worker died"
    )
