"""``manage work``: a worker of the database queue that beats and leaves when its parent is gone."""

import os
import signal
import socket
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from yingshang.jobs.models import WorkerBeat
from yingshang.jobs.reaping import forget_worker
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now

BEAT_SECONDS = 5
POLL_SECONDS = 0.5


class Command(BaseCommand):
    """Works off the queue."""

    help = "work off the queue, beating every few seconds"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the worker's name, and the process to live with."""
        parser.add_argument("--worker-id", default=new_ref(24))
        parser.add_argument("--parent", type=int, default=0, help="end when this process is gone")
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")

    def handle(self, *, worker_id: str, parent: int, batch: bool, **_options: Any) -> None:
        """Beat beside the work; the last word takes the beat away."""
        moment = now()
        WorkerBeat.objects.create(
            worker_id=worker_id,
            host=socket.gethostname()[:120],
            pid=os.getpid(),
            started_at=moment,
            seen_at=moment,
        )
        stopped = threading.Event()
        threading.Thread(target=_beat, args=(worker_id, parent, stopped), daemon=True).start()
        worker = Worker(
            queue_names=["*"],
            interval=POLL_SECONDS,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            stopped.set()
            forget_worker(worker_id)


def _beat(worker_id: str, parent: int, stopped: threading.Event) -> None:
    while not stopped.wait(BEAT_SECONDS):
        if parent and os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        close_old_connections()
        try:
            WorkerBeat.objects.filter(worker_id=worker_id).update(seen_at=now())
        except DatabaseError:
            continue
