"""Starting the framework for a command, on the installation's database or on a throw-away one."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path


def start() -> None:
    """Load the settings and every app; safe to call twice."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    import django

    django.setup()


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Start the framework on a fresh, migrated SQLite database that is gone afterwards.

    Must be the first use of the framework in the process; the installation's own data folder and
    database are not touched.
    """
    with tempfile.TemporaryDirectory(prefix="yingshang-rehearse-") as folder:
        os.environ["YINGSHANG_DATA_DIR"] = str(Path(folder))
        os.environ.pop("YINGSHANG_DATABASE_URL", None)
        start()
        from django.db import connections

        migrate_empty(Path(connections["default"].settings_dict["NAME"]))
        try:
            yield
        finally:
            connections.close_all()


def migrate_empty(database: Path) -> None:
    """Bring the SQLite database of this process, a file that is not there yet, to this version.

    Going through every migration takes seconds, so an empty database that did is kept in
    ``YINGSHANG_CACHE_DIR`` (otherwise the account's own cache folder) under the digest of all
    migrations and later copied. A cache that cannot be written to is done without.
    """
    from django.core.management import call_command
    from django.db import connections

    made = _cache() / f"empty-{_digest_of_migrations()}.sqlite3"
    if made.exists():
        shutil.copyfile(made, database)
        return
    call_command("migrate", verbosity=0)
    connections.close_all()  # the last connection moves what was written from the log into the file
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=made.parent, delete=False) as half:
            half.write(database.read_bytes())
    except OSError:
        return
    Path(half.name).replace(made)


def _cache() -> Path:
    own = os.environ.get("YINGSHANG_CACHE_DIR")
    return (
        Path(own)
        if own
        else Path(os.environ.get("XDG_CACHE_HOME", "~/.cache"), "yingshang").expanduser()
    )


def _digest_of_migrations() -> str:
    """Return a digest of the text of every migration of every app."""
    from django.apps import apps

    digest = sha256()
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}/{path.name}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
