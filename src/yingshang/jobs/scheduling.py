"""Turns due slots into tasks, exactly once however many processes do it."""

import logging
import threading
from datetime import datetime

from django.db import DatabaseError, IntegrityError, close_old_connections, transaction

from yingshang.jobs.models import JobSlot
from yingshang.jobs.reaping import reap
from yingshang.jobs.tasks import run_slot
from yingshang.kernel.jobs import JOBS, Job
from yingshang.kernel.times import now

log = logging.getLogger(__name__)


def enqueue_due(moment: datetime | None = None) -> list[str]:
    """Enqueue every job whose current slot nobody has taken; return the names of those enqueued here.

    A job whose earlier slot is still waiting or running is passed over, so that a stopped worker
    does not leave a pile behind.
    """
    moment = moment or now()
    busy = set(JobSlot.objects.filter(outcome="").values_list("job", flat=True))
    due = [job for name, job in JOBS if name not in busy and not _is_taken(job, moment)]
    return [job.name for job in due if _enqueue(job, moment)]


def _is_taken(job: Job, moment: datetime) -> bool:
    return JobSlot.objects.filter(job=job.name, slot=job.slot_at(moment)).exists()


def _enqueue(job: Job, moment: datetime) -> bool:
    """Take the slot and enqueue its task in one transaction; False when another process was faster."""
    try:
        with transaction.atomic():
            slot = JobSlot.objects.create(
                job=job.name, slot=job.slot_at(moment), enqueued_at=moment
            )
            slot.task_id = run_slot.enqueue(slot.pk).id
            slot.save(update_fields=["task_id"])
    except IntegrityError:
        return False
    return True


class Scheduler(threading.Thread):
    """Looks for due slots and dead workers once a second until it is stopped."""

    def __init__(self, interval: float = 1.0) -> None:
        super().__init__(name="scheduler", daemon=True)
        self.interval = interval
        self._stopped = threading.Event()

    def run(self) -> None:
        """Loop; a database that does not answer is tried again."""
        while not self._stopped.wait(self.interval):
            close_old_connections()
            try:
                enqueue_due()
                reap()
            except DatabaseError as error:
                log.warning("scheduler: %s; trying again", error)
        close_old_connections()

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stopped.set()
