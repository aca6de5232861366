"""The shape of a JSON export, checked when it comes back."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PlainSerializer

Day = Annotated[date, PlainSerializer(lambda day: day.isoformat())]
Place = Annotated[list[int], Field(min_length=2, max_length=2)]


class ExportedUnit(BaseModel):
    """A unit as written."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    group: bool = False
    role: Literal["lead", "cooperate"] | None = None


class ExportedTarget(BaseModel):
    """A figure with what a person said about it."""

    indicator: Annotated[str, Field(min_length=1, max_length=200)]
    comparator: Literal[">=", "<=", "=", "~="]
    value: float
    unit: str = ""
    deadline: Day | None = None
    baseline: float | None = None
    span: Place = [0, 0]
    status: Literal["proposed", "confirmed", "rejected"] = "proposed"


class ExportedMeasure(BaseModel):
    """One measure; ``ref`` is the platform's own name for it, if it has one already."""

    ref: str | None = None
    number: Annotated[int, Field(gt=0, lt=1_000_000)] | None = None
    chapter: str | None = None
    section: str | None = None
    action: str | None = None
    reform_item: str | None = None
    title: str | None = None
    text: Annotated[str, Field(min_length=1)]
    raw: str = ""
    at: str = ""
    line: int | None = None
    units: list[ExportedUnit] = []
    due: Day | None = None
    due_text: str | None = None
    starred: bool = False
    unsure: list[str] = []
    targets: list[ExportedTarget] = []
    sentences: list[Place] = []


class ExportedPlan(BaseModel):
    """A plan with all its measures."""

    document: str | None = None
    title: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    issued_on: Day | None = None
    year: int | None = None
    measures: Annotated[list[ExportedMeasure], Field(min_length=1)]
    noise: list[dict[str, str]] = []
