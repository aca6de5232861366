"""Squashed migrations say what the ones say that they stand for, and a half-way database goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState

SOME = ("licences", "facts", "search", "content")
HALF_WAY = [
    ("licences", "0004_uses_of_seals_are_append_only"),
    ("facts", "0003_files_handed_in"),
]


def _own_models(squashed: bool) -> dict[str, Any]:
    """Return what the migrations make of each model of ours; without the squashed ones all go step by step."""
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("yingshang")}
    loader = MigrationLoader(None, replace_migrations=squashed)
    leaves = loader.graph.leaf_nodes()
    if not squashed:
        leaves = [leaf for leaf in leaves if "squashed" not in leaf[1]]
    state = loader.project_state(leaves)
    return {f"{a}.{m}": _said(model) for (a, m), model in state.models.items() if a in own}


def _said(model: ModelState) -> dict[str, Any]:
    said: dict[str, Any] = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    lists = ("indexes", "constraints")
    said |= {f"of {n}": sorted(map(repr, model.options.get(n, ()))) for n in lists}
    said["other options"] = {k: v for k, v in model.options.items() if k not in lists}
    return said | {"bases": model.bases}


def test_the_squashed_migrations_end_where_the_single_ones_do() -> None:
    step_by_step = _own_models(squashed=False)
    assert _own_models(squashed=True) == step_by_step
    assert len(step_by_step) > 140


@pytest.fixture
def another_database(django_db_blocker: Any, tmp_path: Path) -> Iterator[Any]:
    """Give aliases of empty SQLite files beside the test's own database."""
    made = []

    def make(name: str) -> Any:
        made.append(name)
        like = connections["default"].settings_dict
        connections.databases[name] = like | {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(tmp_path / f"{name}.sqlite3"),
            "OPTIONS": {},
        }
        return connections[name]

    with django_db_blocker.unblock():
        yield make
        for name in made:
            connections[name].close()
            del connections[name]
            del connections.databases[name]


def _schema(connection: Any) -> set[tuple[str, ...]]:
    """Return columns, indexes and triggers; a column's place in its table says nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master")
        rows = cursor.fetchall()
        found = {row for row in rows if row[0] != "table" and "autoindex" not in row[1]}
        for table in (name for sort, name, _ in rows if sort == "table"):
            cursor.execute(f'PRAGMA table_info("{table}")')
            found |= {(table, *map(str, column[1:])) for column in cursor.fetchall()}
            cursor.execute(f'PRAGMA foreign_key_list("{table}")')
            found |= {(table, *map(str, key[2:])) for key in cursor.fetchall()}
    return found


def _finish(connection: Any) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in SOME])


def test_a_database_left_half_way_goes_on_and_ends_like_a_fresh_one(another_database: Any) -> None:
    half = another_database("half")
    before = MigrationExecutor(half)
    before.loader = MigrationLoader(half, replace_migrations=False)
    before.migrate(HALF_WAY)
    with half.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        assert cursor.fetchone()[0] > 0
    _finish(half)
    fresh = another_database("fresh")
    _finish(fresh)
    assert _schema(half) == _schema(fresh)
    applied = {name for _, name in MigrationLoader(fresh).applied_migrations}
    assert any("squashed" in name for name in applied)
    verbs = 1 if settings.TESTING else 2
    assert sum("_no_" in row[1] for row in _schema(half) if row[0] == "trigger") == 4 * verbs


def test_a_database_that_has_all_single_migrations_has_nothing_left_to_do(
    another_database: Any,
) -> None:
    old = another_database("old")
    before = MigrationExecutor(old)
    before.loader = MigrationLoader(old, replace_migrations=False)
    before.migrate([("facts", "0009_loads_in_parts")])
    now = MigrationExecutor(old)
    assert now.migration_plan(now.loader.graph.leaf_nodes("facts")) == []
