"""The database itself refuses to change or remove case events.

Someone with the rights to drop a trigger can still do so; then the ledger shows it.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "cases_caseevent"
REFUSAL = "case events are append-only"

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
"""


def protect(
    editor: BaseDatabaseSchemaEditor, verbs: tuple[str, ...] = ("update", "delete")
) -> None:
    """Add the triggers; they must not be there yet."""
    sqlite = editor.connection.vendor == "sqlite"
    if not sqlite:
        editor.execute(_POSTGRESQL_FUNCTION.format(table=TABLE, refusal=REFUSAL))
    for verb in verbs:
        template = _SQLITE if sqlite else _POSTGRESQL
        editor.execute(template.format(table=TABLE, verb=verb, refusal=REFUSAL))


def unprotect(
    editor: BaseDatabaseSchemaEditor, verbs: tuple[str, ...] = ("update", "delete")
) -> None:
    """Remove the triggers, for a migration that is taken back."""
    suffix = "" if editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    for verb in verbs:
        editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}{suffix}")
