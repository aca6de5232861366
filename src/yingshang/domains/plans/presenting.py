"""How plans and measures are laid out on pages: chapters, marked text, panels that others bring."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from yingshang.domains.plans.models import MeasureVersion
from yingshang.kernel.registry import Registry

if TYPE_CHECKING:
    from yingshang.web.routes import PageRequest


@dataclass(frozen=True)
class Section:
    """Measures under one heading below a chapter; an empty title where there is none."""

    title: str
    wordings: list[MeasureVersion]


@dataclass(frozen=True)
class Chapter:
    """A chapter with its sections; ``anchor`` is its place on the page."""

    anchor: str
    title: str
    sections: list[Section] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many measures the chapter has."""
        return sum(len(section.wordings) for section in self.sections)


def chapters_of(wordings: Iterable[MeasureVersion]) -> list[Chapter]:
    """Return measures, given in order, by chapter and section or action.

    Where a plan has no chapters its sections or actions take their place.
    """
    chapters: list[Chapter] = []
    for title, members in groupby(wordings, key=lambda w: w.chapter or w.section or w.action):
        chapter = Chapter(f"chapter-{len(chapters) + 1}", title)
        for heading, rows in groupby(members, key=_heading_below_chapter):
            chapter.sections.append(Section(heading, list(rows)))
        chapters.append(chapter)
    return chapters


def _heading_below_chapter(wording: MeasureVersion) -> str:
    return (wording.section or wording.action) if wording.chapter else ""


@dataclass(frozen=True)
class Stretch:
    """A run of a measure's text; ``target`` numbers the figure that it states, from 1."""

    text: str
    target: int | None = None


def marked_text(text: str, spans: Sequence[tuple[int, int]]) -> list[Stretch]:
    """Return the text in runs, the given spans marked; a span that overlaps an earlier one is left out."""
    placed = sorted(
        (start, end, number)
        for number, (start, end) in enumerate(spans, start=1)
        if 0 <= start < end <= len(text)
    )
    stretches: list[Stretch] = []
    done = 0
    for start, end, number in placed:
        if start < done:
            continue
        if start > done:
            stretches.append(Stretch(text[done:start]))
        stretches.append(Stretch(text[start:end], number))
        done = end
    if done < len(text):
        stretches.append(Stretch(text[done:]))
    return stretches


@dataclass(frozen=True)
class MeasurePanel:
    """A part of the measure's page that another module brings, such as its tasks.

    ``render`` gets the request and the wording and returns HTML, or an empty text for nothing.
    """

    order: int
    render: "Callable[[PageRequest, MeasureVersion], str]"


MEASURE_PANELS: Registry[MeasurePanel] = Registry("measure panel")


def show_panels(request: "PageRequest", wording: MeasureVersion) -> list[str]:
    """Return the panels of a measure's page in order."""
    panels = sorted((panel for _, panel in MEASURE_PANELS), key=lambda panel: panel.order)
    shown = [panel.render(request, wording) for panel in panels]
    return [html for html in shown if html.strip()]
