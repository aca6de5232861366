"""Cells that a spreadsheet does not take for formulas, and small lists inside one cell."""

import re
from collections.abc import Iterable

SEPARATOR = "｜"
_RISKY = re.compile(r"'*[=+\-@\t\r]")


def guard(value: str) -> str:
    """Return ``value`` so that no spreadsheet computes it: a leading apostrophe before = + - @ and tab.

    The way back is :func:`unguard`; texts that begin with such an apostrophe themselves survive.
    Cf. OWASP, "CSV injection".
    """
    return f"'{value}" if _RISKY.match(value) else value


def unguard(value: str) -> str:
    """Return what :func:`guard` was given."""
    return value[1:] if value.startswith("'") and _RISKY.match(value) else value


def join(fields: Iterable[str]) -> str:
    """Return fields as one line, without the empty ones at its end."""
    escaped = [
        field.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}").replace("\n", " ")
        for field in fields
    ]
    return SEPARATOR.join(escaped).rstrip(SEPARATOR)


def split(line: str) -> list[str]:
    """Return the fields of a line that :func:`join` made or a person typed."""
    fields, field, escaped = [], "", False
    for character in line:
        if escaped or character not in ("\\", SEPARATOR):
            field, escaped = field + character, False
        elif character == "\\":
            escaped = True
        else:
            fields.append(field)
            field = ""
    return [*fields, field]
