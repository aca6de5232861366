"""What many tests begin with is made once in a run; later tests get the same rows and files by copying.

``YINGSHANG_TEST_BUILT`` names the folder in which several runs share what was made; they must then sign
with one key (``YINGSHANG_LEDGER_KEY``).
"""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from yingshang.kernel.times import today

Made = TypeVar("Made")
KEPT_BY_THE_FRAMEWORK = {"django_migrations", "django_content_type", "auth_permission"}
FOLDERS = ("files", "ledger", "licences", "matching", "outside", "snapshots")
"""What of the data folder belongs to the rows."""
LONG = 50
"""From so many rows on PostgreSQL is told how many a table holds; it guesses at shorter ones."""
WORDS = "search_words"
"""A virtual table on SQLite, whose own tables follow it."""


def kept(name: str, make: Callable[[], Made]) -> Made:
    """Do ``make`` in the present, empty database, or copy what it left there and returned earlier.

    ``name`` stands for all that ``make`` depends on but the day and the database.
    """
    folder = shared_folder() / f"{connection.vendor}-{name}-{today()}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "rows").exists():
            made = make()
            _keep(folder, made)
            return made
    return _copy(folder)  # type: ignore[no-any-return]


def shared_folder() -> Path:
    """Return the folder in which the processes of a run share what was made."""
    return Path(os.environ["YINGSHANG_TEST_BUILT"])


def _keep(folder: Path, made: object) -> None:
    tables = {name: _read(name) for name in sorted(_tables())}
    with connection.cursor() as cursor:
        _let_the_server_plan(cursor, tables)
    for name in FOLDERS:
        _replace(Path(settings.DATA_DIR) / name, folder / name)
    (folder / "rows.new").write_bytes(pickle.dumps((tables, made)))
    (folder / "rows.new").rename(folder / "rows")


def _copy(folder: Path) -> Any:
    """Fill the present database and folders; the test's own database holds only what migrations made."""
    tables, made = pickle.loads((folder / "rows").read_bytes())
    with transaction.atomic(), connection.cursor() as cursor:
        for name, (columns, rows) in tables.items():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
            _fill(cursor, name, columns, rows)
        for statement in _counting_on():
            cursor.execute(statement)
        _let_the_server_plan(cursor, tables)
    for name in FOLDERS:
        _replace(folder / name, Path(settings.DATA_DIR) / name)
    return made


def _fill(cursor: Any, name: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(name)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    if connection.vendor == "postgresql":
        with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    values = ", ".join(["%s"] * len(columns))
    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)


def _let_the_server_plan(cursor: Any, tables: dict[str, tuple[list[str], list[Any]]]) -> None:
    """Count the rows of the longer tables, and of no catalogue: processes would wait for one another."""
    long = [name for name, (_columns, rows) in tables.items() if len(rows) >= LONG]
    if connection.vendor == "postgresql" and long:
        cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(name) for name in long)}")


def _counting_on() -> list[str]:
    """Let PostgreSQL count on after the copied rows; SQLite does so by itself."""
    models = apps.get_models(include_auto_created=True)
    return connection.ops.sequence_reset_sql(no_style(), models)


def _tables() -> set[str]:
    found = set(connection.introspection.table_names()) - KEPT_BY_THE_FRAMEWORK
    return {name for name in found if not name.startswith(f"{WORDS}_")}


def _read(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        first = "rowid, " if table == WORDS and connection.vendor == "sqlite" else ""
        cursor.execute(f"SELECT {first}* FROM {connection.ops.quote_name(table)}")
        return [column[0] for column in cursor.description], [tuple(r) for r in cursor.fetchall()]


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)
    else:
        target.mkdir(parents=True)
