"""What a new version of a plan changes: measures matched by path and text, never by number."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from yingshang.domains.plans.drafting.state import DraftMeasure
from yingshang.domains.plans.similarity import VERSION_THRESHOLD, Item, match, normalise

Change = Literal["kept", "changed", "new", "dropped"]

COMPARED = (
    "number",
    "chapter",
    "section",
    "action",
    "reform_item",
    "title",
    "text",
    "due",
    "due_text",
    "starred",
)


TargetValue = tuple[str, ...]


@dataclass(frozen=True)
class Former:
    """A measure of the version before, with the same fields as a draft's measure.

    ``targets`` holds what each figure says and what was decided about it.
    """

    ref: str
    fields: Mapping[str, object]
    units: tuple[tuple[str, str | None], ...]
    targets: tuple[tuple[TargetValue, str], ...] = ()


@dataclass(frozen=True)
class Difference:
    """One measure across the versions; ``fields`` names what changed.

    A measure that only got another number is kept: inserting one above it changed nothing in it.
    """

    change: Change
    draft_id: str | None
    former_ref: str | None
    similarity: float | None = None
    fields: tuple[str, ...] = ()
    decided: bool = False


def heading_path(fields: Mapping[str, object]) -> str:
    """Return the headings above a measure as one path; the reform item is not part of it."""
    names = ("chapter", "section", "action")
    return " / ".join(str(fields[name]) for name in names if fields.get(name))


def path_key(fields: Mapping[str, object]) -> str:
    """Return the stable key of a measure: headings and text without signs and blanks, no number."""
    path = "/".join(normalise(str(fields.get(n) or "")) for n in ("chapter", "section", "action"))
    anchor = normalise(f"{fields.get('title') or ''}{fields.get('text') or ''}")
    return hashlib.sha256(f"{path}\n{anchor}".encode()).hexdigest()[:32]


def full_text(fields: Mapping[str, object]) -> str:
    """Return title and text together, as the comparison sees them."""
    return f"{fields.get('title') or ''} {fields.get('text') or ''}"


def compare_versions(
    former: Sequence[Former],
    measures: Sequence[DraftMeasure],
    links: Mapping[str, str | None],
) -> list[Difference]:
    """Return the differences in the new order, the dropped ones last.

    ``links`` holds what a person decided: draft id to former ref, or to None for a new measure.
    """
    linked = [(ref, ident) for ident, ref in links.items() if ref is not None]
    isolated = {ident for ident, ref in links.items() if ref is None}
    matching = match(
        [Item(f.ref, full_text(f.fields), heading_path(f.fields)) for f in former],
        [Item(m["id"], full_text(m), heading_path(m)) for m in measures if m["id"] not in isolated],
        linked=linked,
        threshold=VERSION_THRESHOLD,
    )
    by_draft = {pair.right: pair for pair in matching.pairs}
    by_ref = {f.ref: f for f in former}
    found: list[Difference] = []
    for measure in measures:
        pair = by_draft.get(measure["id"])
        if pair is None:
            found.append(Difference("new", measure["id"], None, decided=measure["id"] in isolated))
            continue
        fields = changed_fields(by_ref[pair.left], measure)
        change: Change = "changed" if set(fields) - {"number"} else "kept"
        found.append(
            Difference(change, measure["id"], pair.left, pair.similarity, fields, pair.decided)
        )
    return found + [Difference("dropped", None, ref) for ref in matching.left_only]


def changed_fields(former: Former, measure: DraftMeasure) -> tuple[str, ...]:
    """Name the fields in which the measure differs from its former version."""
    names = [
        name
        for name in COMPARED
        if (former.fields.get(name) or None) != (measure[name] or None)  # type: ignore[literal-required]
    ]
    if "text" not in names and former.fields.get("sentences") != measure["sentences"]:
        names.append("sentences")
    if former.units != unit_pairs(measure["units"]):
        names.append("units")
    if _targets_differ(former, measure):
        names.append("targets")
    return tuple(names)


def _targets_differ(former: Former, measure: DraftMeasure) -> bool:
    """A figure that nobody decided in the draft keeps what was decided about it before."""
    known = dict(former.targets)
    present = [
        (value, t["status"] if t["status"] != "proposed" else known.get(value, "proposed"))
        for t in measure["targets"]
        for value in [target_value(t)]
    ]
    return sorted(map(repr, former.targets)) != sorted(map(repr, present))


def unit_pairs(units: Iterable[Mapping[str, object]]) -> tuple[tuple[str, str | None], ...]:
    """Return names with the roles that the document states."""
    return tuple((str(u["name"]), str(u["role"]) if u["role"] else None) for u in units)


def target_value(target: Mapping[str, object]) -> TargetValue:
    """Return what a figure says, without its place and its status."""
    return (
        str(target["indicator"]),
        str(target["comparator"]),
        f"{float(str(target['value'])):.4f}",
        str(target["unit"] or ""),
        str(target["deadline"] or ""),
        "" if target["baseline"] is None else f"{float(str(target['baseline'])):.4f}",
    )


def count_changes(differences: Iterable[Difference]) -> dict[str, int]:
    """Return how many measures were kept, changed, are new and were dropped."""
    counts = {"kept": 0, "changed": 0, "new": 0, "dropped": 0}
    for difference in differences:
        counts[difference.change] += 1
    return counts
