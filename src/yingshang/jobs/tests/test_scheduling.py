"""Slots run exactly once, a dead worker's work is handed out again, and lateness shows."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from yingshang.jobs import scheduling
from yingshang.jobs.models import JobSlot, Outcome, WorkerBeat
from yingshang.jobs.permissions import READ_JOBS
from yingshang.jobs.pruning import prune
from yingshang.jobs.reaping import ATTEMPTS, SILENCE, reap
from yingshang.jobs.scheduling import enqueue_due
from yingshang.jobs.selectors import list_job_statuses_for
from yingshang.kernel.jobs import JOBS, Job
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import now
from yingshang.parties.actors import ANONYMOUS, NotPermitted, system_actor

RAN: list[str] = []
READER = system_actor("test", READ_JOBS)


def note() -> None:
    RAN.append("note")


def fail() -> None:
    raise ValueError("the source did not answer")


@pytest.fixture
def jobs(monkeypatch):
    """Two jobs of this test's own in place of the platform's; the first one always fails."""
    own: Registry[Job] = Registry("periodic job")
    for name, run in (("a.fails", "fail"), ("b.notes", "note")):
        own.add(name, Job(name, timedelta(minutes=1), f"{__name__}:{run}"))
    for module in ("scheduling", "tasks", "selectors"):
        monkeypatch.setattr(f"yingshang.jobs.{module}.JOBS", own)
    RAN.clear()
    return own


def work() -> None:
    call_command("work", batch=True)


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_reported_and_does_not_stop_the_other(jobs) -> None:
    assert enqueue_due() == ["a.fails", "b.notes"]
    work()
    assert RAN == ["note"]
    failed, noted = JobSlot.objects.order_by("job")
    assert (failed.outcome, failed.error) == ("failed", "ValueError: the source did not answer")
    assert noted.outcome == Outcome.DONE


@pytest.mark.django_db(transaction=True)
def test_a_slot_is_enqueued_once_and_the_next_slot_again(jobs) -> None:
    start = now()
    assert len(enqueue_due(start)) == 2
    assert enqueue_due(start) == []
    work()
    assert enqueue_due(start) == []
    assert len(enqueue_due(start + timedelta(minutes=1))) == 2


@pytest.mark.django_db
def test_no_pile_grows_while_no_worker_runs(jobs) -> None:
    start = now()
    for minute in range(10):
        enqueue_due(start + timedelta(minutes=minute))
    assert JobSlot.objects.count() == 2


@pytest.mark.django_db
def test_whoever_comes_second_for_a_slot_enqueues_nothing(jobs, monkeypatch) -> None:
    monkeypatch.setattr(scheduling, "_is_taken", lambda job, moment: False)
    start = now()
    enqueue_due(start)
    JobSlot.objects.update(outcome=Outcome.DONE)
    assert enqueue_due(start) == []
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_three_schedulers_at_once_enqueue_each_slot_once(jobs) -> None:
    start = now()
    gate = threading.Barrier(3)

    def schedule() -> None:
        gate.wait()
        for minute in range(10):
            enqueue_due(start + timedelta(minutes=minute))
            JobSlot.objects.filter(outcome="").update(outcome=Outcome.DONE)
        connections.close_all()

    threads = [threading.Thread(target=schedule) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert JobSlot.objects.count() == DBTaskResult.objects.count()
    assert JobSlot.objects.count() == 20


def take(worker_id: str) -> DBTaskResult:
    """Let a worker take the next task and stop there, as if it were killed."""
    task = DBTaskResult.objects.ready().first()
    assert task
    task.claim(worker_id)
    return task


@pytest.mark.django_db(transaction=True)
def test_the_work_of_a_silent_worker_is_done_by_another(jobs) -> None:
    enqueue_due()
    moment = now()
    WorkerBeat.objects.create(
        worker_id="w1", host="h", pid=1, started_at=moment, seen_at=moment - SILENCE * 2
    )
    DBTaskResult.objects.exclude(pk=JobSlot.objects.get(job="b.notes").task_id).delete()
    take("w1")
    assert reap() == 1
    work()
    assert RAN == ["note"]


@pytest.mark.django_db
def test_the_work_of_a_beating_worker_is_left_alone(jobs) -> None:
    enqueue_due()
    moment = now()
    WorkerBeat.objects.create(worker_id="w1", host="h", pid=1, started_at=moment, seen_at=moment)
    task = take("w1")
    assert reap() == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.RUNNING


@pytest.mark.django_db
def test_a_task_that_keeps_killing_workers_is_given_up(jobs) -> None:
    enqueue_due()
    DBTaskResult.objects.exclude(pk=JobSlot.objects.get(job="b.notes").task_id).delete()
    for attempt in range(ATTEMPTS):
        task = take(f"w{attempt}")
        reap()
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    assert JobSlot.objects.get(job="b.notes").outcome == Outcome.LOST


@pytest.mark.django_db(transaction=True)
def test_a_job_without_success_becomes_late(jobs) -> None:
    start = now()
    assert all(s.is_late for s in list_job_statuses_for(READER)), "never ran at all"
    enqueue_due(start)
    work()
    on_time = list_job_statuses_for(READER, start + timedelta(minutes=2))
    assert [s.is_late for s in on_time] == [False, False]
    later = list_job_statuses_for(READER, now() + timedelta(minutes=5))
    assert [s.is_late for s in later] == [True, True]
    assert later[0].last_error == "ValueError: the source did not answer"
    assert later[1].last_success_at is not None


@pytest.mark.django_db
def test_only_those_with_the_permission_see_the_jobs() -> None:
    with pytest.raises(NotPermitted):
        list_job_statuses_for(ANONYMOUS)


@pytest.mark.django_db
def test_old_runs_are_forgotten_but_the_last_success_stays(jobs) -> None:
    for slot in range(3):
        old = now() - timedelta(days=10 - slot)
        JobSlot.objects.create(
            job="b.notes", slot=slot, enqueued_at=old, finished_at=old, outcome=Outcome.DONE
        )
    prune()
    assert [s.slot for s in JobSlot.objects.all()] == [2]


@pytest.mark.django_db
def test_every_declared_job_names_a_function_that_runs() -> None:
    from django.utils.module_loading import import_string

    assert "jobs.prune" in JOBS
    for name, job in JOBS:
        function = import_string(job.run.replace(":", "."))
        if name in {"jobs.prune", "parties.clear_sessions"}:
            function()
        assert callable(function)
