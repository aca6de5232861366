"""The database itself refuses to change or remove submissions and the marks on them."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("yingshang_forms_submission", "yingshang_forms_fieldmark")
REFUSAL = "submissions are append-only"

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION forms_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION forms_refuse()
"""


def protect(connection: BaseDatabaseWrapper, verbs: tuple[str, ...] = ("update", "delete")) -> None:
    """Add the triggers; they must not be there yet."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not sqlite:
            cursor.execute(_POSTGRESQL_FUNCTION.format(refusal=REFUSAL))
        for table in TABLES:
            for verb in verbs:
                template = _SQLITE if sqlite else _POSTGRESQL
                cursor.execute(template.format(table=table, verb=verb, refusal=REFUSAL))


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers, for a migration that is taken back."""
    with connection.cursor() as cursor:
        for table in TABLES:
            suffix = "" if connection.vendor == "sqlite" else f" ON {table}"
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{suffix}")
