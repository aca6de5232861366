"""The shape of a draft and how it begins."""

import re
import unicodedata
from typing import Any, TypedDict

from yingshang.domains.plans.drafting.sentences import sentence_spans
from yingshang.domains.plans.parsing import ParsedPlan, to_json


class DraftTarget(TypedDict):
    """A figure; ``span`` counts into the measure's text, ``[0, 0]`` when it has no place there."""

    id: str
    indicator: str
    comparator: str
    value: float
    unit: str
    deadline: str | None
    baseline: float | None
    span: list[int]
    status: str


class DraftUnit(TypedDict):
    """A unit as written; ``role`` is lead, cooperate or null where the document does not say."""

    name: str
    group: bool
    role: str | None


class DraftMeasure(TypedDict):
    """One measure; ``id`` is stable within the draft, ``sentences`` divide ``text`` into sub-actions."""

    id: str
    number: int | None
    chapter: str | None
    section: str | None
    action: str | None
    reform_item: str | None
    title: str | None
    text: str
    raw: str
    at: str
    line: int | None
    units: list[DraftUnit]
    due: str | None
    due_text: str | None
    starred: bool
    unsure: list[str]
    targets: list[DraftTarget]
    sentences: list[list[int]]


class Resolution(TypedDict):
    """Whom a written name means: keys of organs; ``remember`` keeps it for later documents."""

    organs: list[str]
    group: bool
    remember: bool


class DraftState(TypedDict):
    """The whole draft.

    ``links`` tells for measures that a person matched with the former version: the former
    measure's ref, or null for "none of them".
    """

    title: str | None
    issuer: str | None
    document_number: str | None
    issued_on: str | None
    year: int | None
    measures: list[DraftMeasure]
    noise: list[dict[str, str]]
    links: dict[str, str | None]
    resolutions: dict[str, Resolution]


HEADINGS = ("chapter", "section", "action", "reform_item")


def from_parsed(plan: ParsedPlan) -> DraftState:
    """Return the draft with which the review of a parsed document begins."""
    said = to_json(plan)
    measures = [
        draft_measure(f"m{place}", {**value, "raw": read.raw, "at": read.at, "line": read.line})
        for place, (value, read) in enumerate(zip(said["measures"], plan.measures, strict=True), 1)
    ]
    return {
        "title": said["title"],
        "issuer": said["issuer"],
        "document_number": said["document_number"],
        "issued_on": said["issued_on"],
        "year": year_of(plan),
        "measures": measures,
        "noise": said["noise"],
        "links": {},
        "resolutions": {},
    }


def year_of(plan: ParsedPlan) -> int | None:
    """Return the year that the plan is for: the first in its title, else that of its date."""
    named = re.search(r"(?<!\d)(20\d\d)(?!\d)", unicodedata.normalize("NFKC", plan.title or ""))
    if named:
        return int(named[1])
    return plan.issued_on.year if plan.issued_on else None


def draft_measure(ident: str, value: dict[str, Any]) -> DraftMeasure:
    """Return a measure in the draft's shape; what ``value`` does not say is empty.

    A line break in the text becomes a blank, character for character, so that places still count:
    a sub-action is one line wherever people edit the text.
    """
    text = str(value.get("text") or "").replace("\r", " ").replace("\n", " ")
    return {
        "id": ident,
        "number": value.get("number"),
        "chapter": value.get("chapter"),
        "section": value.get("section"),
        "action": value.get("action"),
        "reform_item": value.get("reform_item"),
        "title": value.get("title"),
        "text": text,
        "raw": str(value.get("raw") or ""),
        "at": str(value.get("at") or ""),
        "line": value.get("line"),
        "units": list(value.get("units") or []),
        "due": value.get("due"),
        "due_text": value.get("due_text"),
        "starred": bool(value.get("starred")),
        "unsure": list(value.get("unsure") or []),
        "targets": [
            draft_target(f"{ident}t{n}", target)
            for n, target in enumerate(value.get("targets") or [], 1)
        ],
        "sentences": value.get("sentences") or [list(span) for span in sentence_spans(text)],
    }


def draft_target(ident: str, value: dict[str, Any]) -> DraftTarget:
    """Return a target in the draft's shape."""
    return {
        "id": ident,
        "indicator": str(value.get("indicator") or ""),
        "comparator": str(value.get("comparator") or "="),
        "value": value["value"],
        "unit": str(value.get("unit") or ""),
        "deadline": value.get("deadline"),
        "baseline": value.get("baseline"),
        "span": list(value.get("span") or [0, 0]),
        "status": str(value.get("status") or "proposed"),
    }
