"""A throw-away PostgreSQL cluster: a unix socket, no durability, gone with the tests."""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote


def find_binaries() -> Path | None:
    """Return the newest folder that holds ``initdb`` and ``postgres``, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda p: float(p.parent.parent.name),
        reverse=True,
    )
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path and shutil.which("postgres") else None


def start_cluster(connections: int = 60) -> str:
    """Start a cluster for so many at once and return its address for ``YINGSHANG_DATABASE_URL``.

    PostgreSQL refuses to run as root, so root hands the work to the ``postgres`` account. Raises
    ``RuntimeError`` with the server's own words when it does not come up.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="yspg-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name, account = _account_for(folder)
    _make(binaries, folder, name, account)
    _serve(binaries, folder, account, connections)
    return f"postgresql://{name}@{quote(str(folder), safe='')}/postgres"


def _account_for(folder: Path) -> tuple[str, dict[str, Any]]:
    """Return the name of who runs the server, and what makes a child process theirs."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid()).pw_name, {}
    entry = pwd.getpwnam("postgres")
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return "postgres", {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _make(binaries: Path, folder: Path, name: str, account: dict[str, Any]) -> None:
    command = [binaries / "initdb", "-D", folder / "data", "-U", name, "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, check=False, **account
    )
    if made.returncode:
        raise RuntimeError(made.stderr)


def _serve(binaries: Path, folder: Path, account: dict[str, Any], connections: int) -> None:
    options = {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": str(connections),
        "shared_buffers": "128MB",
        "autovacuum": "off",  # it would learn of rolled-back tests that every table is empty
    }
    settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
    command = [binaries / "postgres", "-D", folder / "data", *settings]
    log = (folder / "log").open("wb")
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
    atexit.register(server.terminate)
    ready = folder / ".s.PGSQL.5432"
    for _ in range(100):
        if ready.exists() or server.poll() is not None:
            break
        time.sleep(0.05)
    if not ready.exists():
        raise RuntimeError((folder / "log").read_text(errors="replace"))
