"""One installation on one machine: the web server, a supervised worker, the scheduler."""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType
from typing import Any, NoReturn

import click

GRACE_SECONDS = 10
LONGEST_PAUSE = 30.0


class WorkerKeeper(threading.Thread):
    """Keeps one worker process running; starts it again, with growing pauses while it keeps dying."""

    def __init__(self) -> None:
        super().__init__(name="worker-keeper", daemon=True)
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start, wait, forget, start again."""
        pause = 0.5
        while not self._stopping.is_set():
            started = time.monotonic()
            worker_id = secrets.token_hex(12)
            self._process = self._start(worker_id)
            self._process.wait()
            if self._stopping.is_set():
                return
            _forget(worker_id)
            pause = 0.5 if time.monotonic() - started > LONGEST_PAUSE else pause * 2
            click.echo(f"worker ended with {self._process.returncode}; starting another", err=True)
            self._stopping.wait(min(pause, LONGEST_PAUSE))

    @staticmethod
    def _start(worker_id: str) -> subprocess.Popen[bytes]:
        arguments = ["manage", "work", "--worker-id", worker_id, "--parent", str(os.getpid())]
        return subprocess.Popen(
            [sys.executable, "-m", "yingshang", *arguments],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Ask the worker to finish what it does; end it after :data:`GRACE_SECONDS`."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _forget(worker_id: str) -> None:
    from django.db import DatabaseError, connection

    from yingshang.jobs.reaping import forget_worker

    try:
        forget_worker(worker_id)
    except DatabaseError:
        return  # the silence of its beat will tell
    finally:
        connection.close()


def claim_port(host: str, port: int) -> socket.socket:
    """Bind the address before anything slow happens; say plainly when it is taken and exit 2."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1)
    except OSError as error:
        bound.close()
        _refuse_address(host, port, error)
    return bound


def _refuse_address(host: str, port: int, error: OSError) -> NoReturn:
    reasons = {
        errno.EADDRINUSE: f"port {port} is in use; end the other program or choose --port {port + 1}",
        errno.EACCES: f"port {port} needs more rights; choose one above 1023 with --port",
        errno.EADDRNOTAVAIL: f"this machine has no address {host}; choose another with --host",
    }
    click.echo(reasons.get(error.errno or 0, f"cannot listen on {host}:{port}: {error}"), err=True)
    raise SystemExit(2)


def web_server(bound: socket.socket, threads: int) -> Any:
    """Return the server of pages; it believes ``X-Forwarded-For`` and ``-Proto`` of one proxy at most."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress.server import create_server

    proxy: dict[str, Any] = {}
    if settings.TRUSTED_PROXY:
        believed = {"x-forwarded-for", "x-forwarded-proto"}
        proxy = {"trusted_proxy": settings.TRUSTED_PROXY, "trusted_proxy_headers": believed}
    return create_server(
        get_wsgi_application(),
        sockets=[bound],
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=64 * 1024 * 1024,
        **proxy,
    )


def serve(bound: socket.socket, *, threads: int, with_worker: bool) -> None:
    """Serve until SIGINT or SIGTERM; then let running requests and tasks finish."""
    from yingshang.jobs.scheduling import Scheduler

    server = web_server(bound, threads)
    helpers: tuple[WorkerKeeper | Scheduler, ...] = ()
    if with_worker:
        helpers = (WorkerKeeper(), Scheduler())
    signal.signal(signal.SIGTERM, _leave)
    for helper in helpers:
        helper.start()
    try:
        server.run()
    finally:
        for helper in helpers:
            helper.stop()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def prepare() -> None:
    """Bring the database and the static files to this version; sets the framework up."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def load_packs_for(*further: str) -> None:
    """Load every pack of the content folders but demonstrations, and the ``further`` ones; a fault ends with 2."""
    from yingshang.content.actions import load_packs
    from yingshang.content.packs import pack_folders
    from yingshang.content.permissions import LOAD
    from yingshang.kernel.errors import DomainError
    from yingshang.parties.actors import system_actor

    names = [name for name in pack_folders() if not name.startswith("demo-")]
    try:
        load_packs(system_actor("start", LOAD), names=(*names, *further))
    except DomainError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error
