from typing import Any

from django.db import migrations

# Without it PostgreSQL takes an organ's open cases for a fortieth of what they are, since it holds state
# and turn to be independent, and sorts them all where it could read a thousand along the index.
TELL = "CREATE STATISTICS case_waiting (mcv) ON turn_id, closed_at, state FROM cases_case"
FORGET = "DROP STATISTICS IF EXISTS case_waiting"


def _on_postgresql(statement: str) -> Any:
    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_who_works_on_a_case")]
    operations = [migrations.RunPython(_on_postgresql(TELL), _on_postgresql(FORGET))]
