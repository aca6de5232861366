"""Further parts of the case page, brought by domains.

::

    @case_panel("plans.source", title=_("举措原文"), procedures=("plan-task",), order=20)
    def source(request: PageRequest, case: Case) -> str:
        return render_to_string("plans/panels/source.html", {...}, request)

A panel returns its HTML, or an empty text where it has nothing to say. The actor may read the case;
what else the panel shows it must ask its own selectors for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from yingshang.cases.models import Case
from yingshang.kernel.registry import Registry
from yingshang.web.routes import PageRequest

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Render = Callable[[PageRequest, Case], str]


@dataclass(frozen=True)
class Panel:
    """One part of the page of cases of some procedures; without any, of all."""

    title: "_StrOrPromise"
    render: Render
    procedures: tuple[str, ...] = ()
    order: int = 100


@dataclass(frozen=True)
class ShownPanel:
    """A panel's title and HTML."""

    title: "_StrOrPromise"
    html: str


Address = Callable[[Case], str]

ACTION_PAGES: Registry[Address] = Registry("page of a case action")
"""Pages of their own for actions that need more than a form of their fields, by the action's key."""


def action_page(action: str) -> Callable[[Address], Address]:
    """Register where an action is done on cases for which the function returns an address, not empty."""
    return ACTION_PAGES.named(action)


def address_of_action(case: Case, action: str) -> str:
    """Return where an action on a case is done on the desk."""
    own = ACTION_PAGES.find(action)
    return (own(case) if own else "") or reverse("desk:case_act", args=[case.ref, action])


PANELS: Registry[Panel] = Registry("case panel")


def case_panel(
    name: str, *, title: "_StrOrPromise", procedures: tuple[str, ...] = (), order: int = 100
) -> Callable[[Render], Render]:
    """Register a panel; lower orders come first."""

    def decorate(render: Render) -> Render:
        PANELS.add(name, Panel(title, render, procedures, order))
        return render

    return decorate


def show_panels(request: PageRequest, case: Case) -> list[ShownPanel]:
    """Return what the panels have to say about a case that the actor may read, in order."""
    chosen = [p for _, p in PANELS if not p.procedures or case.procedure in p.procedures]
    shown = [
        ShownPanel(panel.title, panel.render(request, case))
        for panel in sorted(chosen, key=lambda p: p.order)
    ]
    return [panel for panel in shown if panel.html.strip()]
