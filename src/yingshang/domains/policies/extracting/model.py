"""What is proposed from a policy's wording; every clause is a piece of the text with its place."""

from dataclasses import dataclass, field
from typing import Any, Literal

Op = Literal[">=", ">", "<=", "<", "==", "in", "not in", "is true", "is false"]
Form = Literal["fixed", "rate", "up_to", "ceiling", "uplift"]
Logic = dict[str, list[Any]]
"""``{"all": […]}`` or ``{"any": […]}`` of numbers of conditions and of logics."""


@dataclass(frozen=True, order=True)
class Piece:
    """A half-open range of the text, in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words."""
        return text[self.start : self.end]


@dataclass
class Condition:
    """Something that must be true of the applicant; ``fact`` is None where no fact says the same.

    ``statement`` numbers the statement that it stands in, ``bundle`` the promise that it stands before;
    ``refused`` marks what excludes, ``exempts`` an exception.
    """

    fact: str | None
    op: Op
    value: Any
    unit: str | None
    piece: Piece
    statement: int = 0
    bundle: int = 0
    refused: bool = False
    exempts: bool = False


@dataclass
class Cap:
    """A limit told in the same sentence as an amount."""

    value: int | float
    unit: str
    per: list[str] = field(default_factory=list)


@dataclass
class Amount:
    """What the applicant gets or is spared; ``when`` are numbers of the conditions of this amount alone."""

    form: Form
    value: int | float
    unit: str
    piece: Piece
    of: Piece | None = None
    per: list[str] = field(default_factory=list)
    slice: dict[str, Any] | None = None
    caps: list[Cap] = field(default_factory=list)
    floor: int | float | None = None
    duration: dict[str, Any] | None = None
    instalments: list[int | float] | None = None
    group: int | None = None
    when: Logic | None = None
    statement: int = 0
    bundle: int = 0


@dataclass(frozen=True)
class Window:
    """When one may apply."""

    kind: Literal["dates", "yearly", "within", "always"]
    piece: Piece
    periods: tuple[tuple[str | None, str | None], ...] = ()
    value: int | float | None = None
    unit: str | None = None
    after: Piece | None = None


@dataclass
class Proposal:
    """All that is proposed for a person to confirm, in the order of the text."""

    text: str
    conditions: list[Condition]
    logic: Logic
    amounts: list[Amount]
    window: Window | None
    materials: list[Piece]
