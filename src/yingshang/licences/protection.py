"""The database itself refuses to change or remove what is the truth here: records, events, uses of seals.

Someone with the rights to drop a trigger can still do so; then signatures and the ledger show it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

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
    connection: BaseDatabaseWrapper, table: str, verbs: tuple[str, ...] = ("update", "delete")
) -> None:
    """Add the triggers to a table; they must not be there yet."""
    sqlite, refusal = connection.vendor == "sqlite", f"{table} is append-only"
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(_POSTGRESQL_FUNCTION.format(table=table, refusal=refusal))
        for verb in verbs:
            template = _SQLITE if sqlite else _POSTGRESQL
            cursor.execute(template.format(table=table, verb=verb, refusal=refusal))


def unprotect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove the triggers, for a migration that is taken back."""
    suffix = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}")
