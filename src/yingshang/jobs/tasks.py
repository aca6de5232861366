"""The one task of the queue that runs periodic jobs."""

from types import TracebackType
from typing import Self

from django.utils.module_loading import import_string
from django_tasks import task

from yingshang.jobs.models import JobSlot, Outcome
from yingshang.kernel.jobs import JOBS
from yingshang.kernel.times import now


class _Report:
    """Writes down how the slot ended, and lets an error pass on to the queue."""

    def __init__(self, slot_id: int) -> None:
        self.slot_id = slot_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        JobSlot.objects.filter(pk=self.slot_id).update(
            finished_at=now(),
            outcome=Outcome.DONE if error is None else Outcome.FAILED,
            error="" if error is None else f"{type(error).__name__}: {error}"[:300],
        )


@task()
def run_slot(slot_id: int) -> None:
    """Run the job of one slot and report; a slot that is done already is left alone."""
    slot = JobSlot.objects.get(pk=slot_id)
    if slot.outcome == Outcome.DONE:
        return
    with _Report(slot_id):
        import_string(JOBS.get(slot.job).run.replace(":", "."))()
