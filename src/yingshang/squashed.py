"""Operations of squashed migrations: a fresh database is made in seconds, not in half a minute.

Django renders all models that hang together anew after each operation, and here nearly all hang on
persons, organs and subjects. These operations have them rendered once for a package.
"""

from collections.abc import Callable

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

Change = Callable[[BaseDatabaseSchemaEditor], None]


class CreateTables(Operation):
    """Create several models, whose references may go in any direction, and render them once."""

    category = OperationCategory.ADDITION

    def __init__(self, tables: list[CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all models, then render them and what they hang together with."""
        apps = state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)
        if apps is not None:
            state.__dict__["apps"] = apps
            added = [(app_label, table.name_lower) for table in self.tables]
            state.reload_models(added, delay=False)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables; a constraint to one that comes later is added when all are there."""
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Remove the tables, the last first."""
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Name the models."""
        return "Create " + ", ".join(table.name for table in self.tables)


class OnDatabase(Operation):
    """Call functions that need the connection and no models, so that none are rendered for them."""

    category = OperationCategory.PYTHON
    reduces_to_sql = False

    def __init__(self, forwards: Change, backwards: Change) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the change."""
        self.forwards(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take the change back."""
        self.backwards(schema_editor)

    def describe(self) -> str:
        """Name the function."""
        return f"Call {self.forwards.__name__}"


def refused(editor: BaseDatabaseSchemaEditor) -> tuple[str, ...]:
    """Return what an append-only table refuses; tests on SQLite empty tables by deleting rows."""
    testing = settings.TESTING and editor.connection.vendor == "sqlite"
    return ("update",) if testing else ("update", "delete")
