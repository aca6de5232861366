"""What a verification can find, and how it is reported."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from yingshang.ledger.heads import SignedHead


class FindingCode(StrEnum):
    """The sorts of findings; ``docs/algorithms/ledger.md`` says what each one means."""

    PAYLOAD_CHANGED = "payload_changed"
    PAYLOAD_MISSING = "payload_missing"
    ERASED_PAYLOAD_BACK = "erased_payload_back"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_DROPPED = "entry_dropped"
    ENTRY_INSERTED = "entry_inserted"
    ENTRY_MOVED = "entry_moved"
    RANGE_ALTERED = "range_altered"
    TAIL_CUT = "tail_cut"
    UNSEQUENCED_ALTERED = "unsequenced_altered"
    HEAD_FORGED = "head_forged"
    HEAD_MISSING = "head_missing"
    HEAD_CONTRADICTED = "head_contradicted"
    HEAD_NOT_FILED = "head_not_filed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """One contradiction.

    ``entry`` is the event's reference and ``position`` its place, where they are known; ``between``
    holds the sizes of the two signed heads between which it lies: the events at the positions from
    the first up to, not including, the second.
    """

    code: FindingCode
    why: str
    position: int | None = None
    entry: str | None = None
    between: tuple[int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as it is printed."""
        return {
            "code": self.code.value,
            "position": self.position,
            "entry": self.entry,
            "between": list(self.between) if self.between else None,
            "why": self.why,
        }


@dataclass
class Report:
    """The outcome of a verification; ``head`` is the last one signed."""

    size: int = 0
    head: SignedHead | None = None
    heads: int = 0
    unsequenced: int = 0
    overdue: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Say whether nothing was found."""
        return not self.findings

    def as_json(self, most: int = 1000) -> dict[str, Any]:
        """Return the report as it is printed, with at most ``most`` findings in full."""
        head = self.head
        return {
            "ok": self.ok,
            "size": self.size,
            "head": {"size": head.size, "root": head.root.hex(), "at": head.at} if head else None,
            "heads": self.heads,
            "unsequenced": self.unsequenced,
            "overdue": self.overdue,
            "findings": [finding.as_json() for finding in self.findings[:most]],
            "findings_total": len(self.findings),
        }
