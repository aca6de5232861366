"""What a plan document says, as plain immutable values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """The part that a unit plays in a measure, where the document says so."""

    LEAD = "lead"
    COOPERATE = "cooperate"


@dataclass(frozen=True)
class Unit:
    """A responsible unit as the document names it.

    ``group`` marks names that stand for several bodies (各镇、园区) and that a person must expand.
    """

    name: str
    group: bool = False
    role: Role | None = None


@dataclass(frozen=True)
class Target:
    """A figure that a measure promises, proposed for a person to confirm.

    ``comparator`` is one of ``>=``, ``<=``, ``=`` and ``~=`` (基本实现); ``unit`` is written as in
    the document, a share counts in ``%``; ``span`` is [start, end) in the measure's ``text``;
    ``baseline`` is the value before the change (由15个工作日缩短至5个).
    """

    indicator: str
    comparator: str
    value: float
    unit: str
    span: tuple[int, int]
    deadline: date | None = None
    baseline: float | None = None


@dataclass(frozen=True)
class Measure:
    """One measure (举措) of a plan.

    ``number`` runs through the document from 1; ``printed_number`` is what the paper shows. ``text``
    has neither number, title nor unit tail; ``raw`` is everything as it stood. ``unsure`` names the
    fields that a person should look at.
    """

    number: int
    text: str
    raw: str
    at: str
    line: int | None = None
    printed_number: str | None = None
    chapter: str | None = None
    section: str | None = None
    action: str | None = None
    reform_item: str | None = None
    title: str | None = None
    units: tuple[Unit, ...] = ()
    due: date | None = None
    due_text: str | None = None
    starred: bool = False
    unsure: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Extra:
    """Something of the document that is no measure.

    ``kind`` is one of ``front`` (addressees, preface), ``summary`` (the sentence after a heading),
    ``principle`` (基本原则), ``goal`` (年度目标), ``guarantee`` (保障措施), ``body`` and ``footer``.
    """

    kind: str
    text: str
    at: str
    heading: str | None = None


@dataclass(frozen=True)
class NoiseEntry:
    """One repair or remark: where in the source, and what was done or could not be done."""

    at: str
    what: str


@dataclass(frozen=True)
class ParsedPlan:
    """A plan document, read.

    ``digest`` is the SHA-256 of the bytes in hex; ``format`` is txt, html, docx, xlsx or pdf.
    """

    digest: str
    filename: str
    format: str
    title: str | None
    issuer: str | None
    document_number: str | None
    issued_on: date | None
    measures: tuple[Measure, ...]
    extras: tuple[Extra, ...]
    noise: tuple[NoiseEntry, ...]
