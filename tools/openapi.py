"""Write ``docs/openapi.json``, the description of the interface as it was last released, in English.

:func:`breaking_changes` says what a program that was written against it would no longer find. Additions
are no break: the file is written anew when the interface's version rises.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "openapi.json"
Json = Mapping[str, Any]


def released() -> Json:
    """Return the description that programs were written against."""
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def present() -> Json:
    """Return the description as it is now, in English."""
    from django.utils.translation import override

    from yingshang.api.schema import description

    with override("en"):
        return description()


def breaking_changes(before: Json, after: Json) -> Iterator[str]:
    """Yield what was taken away, newly demanded, or means another type now."""
    for path, methods in before["paths"].items():
        for method, one in methods.items():
            where = f"{method.upper()} {path}"
            now = after["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{where} is gone"
                continue
            yield from _parameters(where, one["parameters"], now["parameters"])
            if one["operationId"] != now["operationId"]:
                yield f"{where} is called otherwise"
            yield from _statuses(where, one["responses"], now["responses"])
    answered = _answered(before)
    for name, schema in before["components"]["schemas"].items():
        now = after["components"]["schemas"].get(name)
        if now is None:
            yield f"{name} is gone"
        else:
            yield from _members(name, schema, now, answered=name in answered)


def _parameters(where: str, before: list[Json], after: list[Json]) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in after}
    had = {(one["in"], one["name"]) for one in before}
    for place, name in had - known.keys():
        yield f"{where} no longer takes {name} ({place})"
    for key in known.keys() - had:
        if known[key].get("required"):
            yield f"{where} demands {key[1]} ({key[0]})"


def _statuses(where: str, before: Json, after: Json) -> Iterator[str]:
    for status in before:
        if status < "300" and status not in after:
            yield f"{where} no longer answers {status}"


def _answered(told: Json) -> set[str]:
    """Return the schemas of what is answered, those within them included."""
    pending = [one["responses"] for methods in told["paths"].values() for one in methods.values()]
    found: set[str] = set()
    while pending:
        for name in _references(pending.pop()):
            if name not in found:
                found.add(name)
                pending.append(told["components"]["schemas"].get(name, {}))
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for one in part.values():
            yield from _references(one)
    elif isinstance(part, list):
        for one in part:
            yield from _references(one)


def _members(name: str, before: Json, after: Json, *, answered: bool) -> Iterator[str]:
    had, has = before.get("properties", {}), after.get("properties", {})
    for member in had.keys() - has.keys():
        yield f"{name}.{member} is gone"
    for member in had.keys() & has.keys():
        if had[member].get("type") != has[member].get("type"):
            yield f"{name}.{member} has another type"
    demanded, was = set(after.get("required", ())), set(before.get("required", ()))
    for member in was - demanded if answered else demanded - was:
        yield f"{name}.{member} is {'no longer sure' if answered else 'newly demanded'}"


def main() -> None:
    """Say what breaks, and write the file."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    os.environ.setdefault("YINGSHANG_TESTING", "1")
    import django

    django.setup()
    import yingshang.urls  # noqa: F401  (registers the operations)

    told = present()
    for change in breaking_changes(released(), told) if FILE.exists() else ():
        print(change, file=sys.stderr)
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
