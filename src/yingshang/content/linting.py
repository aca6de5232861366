"""What is wrong in packs, found before they are loaded."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from yingshang.content.packs import Declared, Pack, PackFinding, pack_folders, read_packs
from yingshang.kernel.times import today


def lint_packs(names: Iterable[str] = ()) -> list[PackFinding]:
    """Return the findings of the named packs and what they require, or of every pack there is."""
    return findings_of(read_packs(names or sorted(pack_folders())))


_last_linted: dict[tuple[object, ...], tuple[list[Pack], list[PackFinding]]] = {}
"""Findings by day and the packs read, which are kept so that no other pack takes their identity."""

REMEMBERED = 16


def findings_of(packs: Iterable[Pack]) -> list[PackFinding]:
    """Return what reading found and what each kind's own checks find, in the order of places.

    What has been checked today in this process and was not read anew since is not checked again.
    """
    packs = list(packs)
    same = (today(), *map(id, packs))
    if same not in _last_linted:
        if len(_last_linted) >= REMEMBERED:
            _last_linted.clear()
        _last_linted[same] = (packs, _check(packs))
    return list(_last_linted[same][1])


def _check(packs: list[Pack]) -> list[PackFinding]:
    known = _known(packs)
    found = [finding for pack in packs for finding in pack.findings]
    found += _declared_twice(packs)
    for pack in packs:
        for declared in pack.declared:
            found += _lint(declared, known)
    return sorted(found, key=lambda f: (f.path, f.line, f.code))


def _known(packs: Iterable[Pack]) -> Mapping[str, Mapping[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for pack in packs:
        for declared in pack.declared:
            known.setdefault(declared.kind.name, {})[declared.value.key] = declared.value
    return known


def _lint(declared: Declared, known: Mapping[str, Mapping[str, Any]]) -> Iterator[PackFinding]:
    if declared.kind.lint is None:
        return
    for remark in declared.kind.lint(declared.value, known):
        place = remark[2] if len(remark) == 3 else ()
        yield _finding(declared, remark[0], remark[1], place)


def _finding(
    declared: Declared, code: str, message: str, place: tuple[str | int, ...]
) -> PackFinding:
    return PackFinding(
        declared.path,
        declared.document.line_of(place),
        declared.pack,
        declared.kind.name,
        declared.value.key,
        code,
        message,
    )


def _declared_twice(packs: Iterable[Pack]) -> Iterator[PackFinding]:
    """Find one key of one kind in two packs that are loaded together; rehearsals are per pack."""
    first: dict[tuple[str, str], Declared] = {}
    for pack in packs:
        for declared in pack.declared:
            if declared.kind.name == "rehearsal":
                continue
            other = first.setdefault((declared.kind.name, declared.value.key), declared)
            if other is not declared:
                message = f"标识 {declared.value.key} 在 {other.path} 里已经声明"
                yield _finding(declared, "key_in_two_packs", message, ("key",))
