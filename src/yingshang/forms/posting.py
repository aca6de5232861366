"""From what a page posts to raw answers: names of inputs, rows, and what a search found."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledField
from yingshang.forms.definition import FormField
from yingshang.forms.evaluating import LEFT_EMPTY, rows_of

ANSWER, REASON, FIND, ROWS = "a.", "why.", "find.", "rows."
MOST_FOUND = 20
PARTS: Mapping[str, tuple[str, ...]] = {
    "person": ("name", "id_number", "phone"),
    "address": ("division", "detail"),
}
"""The inputs of which an answer is made."""


def read_posted(fields: Iterable[CompiledField], post: QueryDict) -> dict[str, Any]:
    """Return the raw answers of these fields; one without any input on the page is left out."""
    found = {}
    for one in fields:
        asked = one.asked
        if asked.type == "group" and ROWS + asked.key in post:
            found[asked.key] = _rows(asked, post)
        elif asked.type not in ("group", "file") and _is_posted(asked.key, post):
            found[asked.key] = _answer(asked, asked.key, post)
    return found


def _is_posted(path: str, post: QueryDict) -> bool:
    """Tell whether the page had an input for it: each field has a hidden one that says so."""
    return f"has.{path}" in post


def _rows(asked: Asked, post: QueryDict) -> list[dict[str, Any]]:
    assert isinstance(asked.declared, FormField)
    count = post.get(ROWS + asked.key, "")
    number = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    rows = []
    for n in range(min(number, asked.declared.most_rows)):
        row = {}
        for inner in asked.rows:
            path = inner.path(n)
            if inner.type not in ("group", "file") and _is_posted(path, post):
                value = _answer(inner, path, post)
                if value is not None:
                    row[inner.key] = value
        rows.append(row)
    return rows


def _answer(asked: Asked, path: str, post: QueryDict) -> Any:
    value = _given(asked, path, post)
    reason = post.get(REASON + path, "").strip()
    if reason and value is None:
        return {LEFT_EMPTY: reason}
    return value


def _given(asked: Asked, path: str, post: QueryDict) -> Any:
    name = ANSWER + path
    if asked.type in PARTS:
        parts = {part: post.get(f"{name}.{part}", "").strip() for part in PARTS[asked.type]}
        return {part: text for part, text in parts.items() if text} or None
    if asked.type == "choices":
        return [one for one in post.getlist(name) if one] or None
    text = post.get(name, "")
    if not text.strip() and asked.is_searched:
        text = post.get(FIND + path, "")
    return text if text.strip() else None


def with_row(answers: Mapping[str, Any], group: str) -> list[Any]:
    """Return a group's rows with one more, empty."""
    return [*rows_of(answers.get(group)), {}]


def without_row(answers: Mapping[str, Any], group: str, number: int) -> list[Any]:
    """Return a group's rows without one."""
    return [row for n, row in enumerate(rows_of(answers.get(group))) if n != number]


def matches(asked: Asked, text: str) -> list[tuple[str, str]]:
    """Return the codes that a search finds, at most twenty: by code, then by words of the label."""
    wanted = text.strip().casefold()[:60]
    if not wanted or asked.choices is None:
        return []
    by_code, by_label = [], []
    for code in asked.choices.codes:
        if code.code.casefold().startswith(wanted):
            by_code.append((code.code, code.label))
        elif all(w in f"{code.label} {code.label_en}".casefold() for w in wanted.split()):
            by_label.append((code.code, code.label))
    return (by_code + by_label)[:MOST_FOUND]
