"""The platform as it is really started: one command, a worker that comes back, a clean end."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.migrated import copy_migrated
from yingshang.cli.supervision import web_server

ROOT = Path(__file__).resolve().parent.parent
THOROUGH = os.environ.get("YINGSHANG_EVERY_PAGE") == "1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment(data: Path) -> dict[str, str]:
    """Return an environment as a person's shell would have it, without the test run's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YINGSHANG_", "DJANGO_"))}
    return kept | {"YINGSHANG_DATA_DIR": str(data), "PYTHONPATH": str(ROOT / "src")}


def yingshang(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "yingshang", *arguments]


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


class Running:
    """A started platform and the questions that the tests ask it."""

    def __init__(self, process: subprocess.Popen[str], port: int, data: Path) -> None:
        self.process, self.port, self.data = process, port, data

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.data / "yingshang.sqlite3", timeout=20) as database:
            return database.execute(query).fetchall()

    def worker(self) -> int:
        rows = self.ask("select pid from jobs_workerbeat")
        return int(str(rows[0][0])) if rows else 0


@pytest.fixture
def platform(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    """A started platform: from nothing in a thorough run, else on the empty database of this process."""
    if not THOROUGH and connection.vendor == "sqlite":
        request.getfixturevalue("django_db_setup")
        copy_migrated(tmp_path / "yingshang.sqlite3")
    port = free_port()
    process = subprocess.Popen(
        yingshang("run", "--port", str(port)),
        env=clean_environment(tmp_path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Running(process, port, tmp_path)
    try:
        wait_for(lambda: process.poll() is not None or running.answers(), "the first page")
        assert process.poll() is None, process.stdout and process.stdout.read()
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


@pytest.mark.long
def test_pages_jobs_a_killed_worker_and_a_clean_end(platform: Running) -> None:
    done = "select count(*) from jobs_jobslot where outcome = 'done'"
    wait_for(lambda: platform.ask(done)[0][0] != 0, "a periodic job to be done")
    first = platform.worker()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: platform.worker() not in {0, first}, "another worker")
    assert platform.answers()
    second = platform.worker()

    platform.process.send_signal(signal.SIGTERM)
    assert platform.process.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = subprocess.run(
            yingshang("run", "--port", str(port)),
            env=clean_environment(tmp_path),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 2
    assert f"port {port} is in use" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_demonstration_does_not_move_into_a_folder_with_other_data(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    run = subprocess.run(
        yingshang("demo", "--build-only", "--reset", "--data", str(tmp_path)),
        env=clean_environment(tmp_path),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "holds something else" in run.stderr
    assert (tmp_path / "something").exists()


def end_the_loop(server: Any) -> None:
    """Close the server in its own loop.

    The lock is held until the pipe is written to: a loop that another wake-up had already brought
    here would otherwise close that pipe first.
    """
    with server.trigger.lock:
        server.trigger.thunks.append(server.close)
        server.trigger.pull_trigger()


@pytest.mark.one_database
@pytest.mark.parametrize(("trusted", "status"), [("127.0.0.1", 200), ("10.0.0.1", 301), ("", 301)])
def test_only_the_trusted_proxy_may_say_that_a_request_came_by_tls(
    settings, trusted: str, status: int
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXY = trusted
    bound = socket.create_server(("127.0.0.1", 0))
    server = web_server(bound, threads=1)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", bound.getsockname()[1], timeout=20)
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https"}
        connection.request("GET", "/accessibility/", headers=headers)
        assert connection.getresponse().status == status
        connection.close()
    finally:
        end_the_loop(server)
        serving.join(timeout=10)


@pytest.mark.one_database
@pytest.mark.parametrize("address", ["/accessibility/", "/nowhere/"])
def test_nothing_follows_the_headers_of_an_answer_to_head(address: str) -> None:
    bound = socket.create_server(("127.0.0.1", 0))
    server = web_server(bound, threads=1)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    ask = f"HEAD {address} HTTP/1.1\r\nHost: localhost\r\n"
    try:
        with socket.create_connection(bound.getsockname(), timeout=20) as connection:
            connection.sendall(f"{ask}\r\n{ask}Connection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.count(b"HTTP/1.1 ") == 2
        assert b"Content-Length: 0" not in answer
        assert b"<html" not in answer
    finally:
        end_the_loop(server)
        serving.join(timeout=10)
