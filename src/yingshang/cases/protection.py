"""The database itself refuses to change or remove case events.

Someone with the rights to drop a trigger can still do so; then the ledger shows it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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


def protect(connection: BaseDatabaseWrapper, verbs: tuple[str, ...] = ("update", "delete")) -> None:
    """Add the triggers; they must not be there yet."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(_POSTGRESQL_FUNCTION.format(table=TABLE, refusal=REFUSAL))
        for verb in verbs:
            template = _SQLITE if sqlite else _POSTGRESQL
            cursor.execute(template.format(table=TABLE, verb=verb, refusal=REFUSAL))


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers, for a migration that is taken back."""
    suffix = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}{suffix}")
