"""A measure while it is being read, and what the two ways of reading share."""

from dataclasses import dataclass, field
from datetime import date

from yingshang.domains.plans.parsing.model import Extra, NoiseEntry, Unit
from yingshang.domains.plans.parsing.numbering import Style
from yingshang.domains.plans.parsing.units import Tail


@dataclass
class Draft:
    """The fields of a measure as far as they are known."""

    at: str
    line: int | None = None
    printed: str | None = None
    value: int | None = None
    style: Style | None = None
    chapter: str | None = None
    section: str | None = None
    action: str | None = None
    reform_item: str | None = None
    title: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    due_text: str | None = None
    due: date | None = None
    starred: bool = False
    number: int = 0
    unsure: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """Return the text; paragraphs of their own stay lines of their own."""
        return "\n".join(part for part in self.paragraphs if part)

    def take(self, tail: Tail) -> list[NoiseEntry]:
        """Add the units and the deadline of a tail; return its remarks."""
        self.units += [unit for unit in tail.units if unit not in self.units]
        self.due_text = self.due_text or tail.due_text
        self.unsure |= tail.unsure
        return [NoiseEntry(self.at, what) for what in tail.noise]


@dataclass
class Reading:
    """What one way of reading found in the blocks."""

    drafts: list[Draft] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)
    noise: list[NoiseEntry] = field(default_factory=list)
    has_units: bool = False

    def add(self, other: "Reading") -> None:
        """Append what another part of the document gave."""
        self.drafts += other.drafts
        self.extras += other.extras
        self.noise += other.noise
        self.has_units = self.has_units or other.has_units
