"""Write ``docs/errors.md``: every condition that may stop an action, with its code."""

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "errors.md"
HEAD = """# Conditions that stop an action

Written by `python -m tools.error_list`. The code is stable and programs may rely on it; the kind decides the
status on the web: invalid 422, forbidden 403, missing 404, conflict 409, unavailable 503.

| code | kind | where | when |
|---|---|---|---|
"""


NOT_CODE = {"tests", "migrations", "__main__", "management"}
NEEDS_EXTRA = {"yingshang.rules.fused": "numba"}
"""Modules that only load where an optional extra is installed."""


def import_everything() -> None:
    """Import every module of the project; those of an extra only where it is installed."""
    import yingshang

    for module in pkgutil.walk_packages(yingshang.__path__, "yingshang."):
        needed = NEEDS_EXTRA.get(module.name)
        if NOT_CODE & set(module.name.split(".")) or (needed and find_spec(needed) is None):
            continue
        importlib.import_module(module.name)


def conditions() -> list[type]:
    """Return every class of refusal that has been imported, tests' own ones aside."""
    from yingshang.kernel.errors import DomainError

    found = [c for c in _below(DomainError) if c.__module__.startswith("yingshang.")]
    ours = {
        c for c in found if ".tests." not in c.__module__ and c.__module__ != DomainError.__module__
    }
    return sorted(ours, key=lambda c: (c.__module__, c.__qualname__))


def _below(parent: type) -> Iterator[type]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def render() -> str:
    """Return the page."""
    lines = []
    for condition in sorted(conditions(), key=lambda c: c.code):
        first = (condition.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
        when = " ".join(first.replace("|", "\\|").split())
        where = condition.__module__.removeprefix("yingshang.").removesuffix(".errors")
        lines.append(f"| `{condition.code}` | {condition.kind} | {where} | {when} |")
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Import everything and write the file."""
    sys.path.insert(0, str(ROOT / "src"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    os.environ.setdefault("YINGSHANG_TESTING", "1")
    import django

    django.setup()
    import_everything()
    FILE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
