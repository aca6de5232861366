"""待办: one worklist over all sorts of cases, narrowed and counted, and walked through case by case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.assigning import assign_case, is_turn_of
from yingshang.cases.facets import Facets, count_worklist
from yingshang.cases.labels import LIGHT_LABELS, label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.permissions import READ
from yingshang.cases.powers import list_colleagues
from yingshang.cases.presenting import Row, rows_of
from yingshang.cases.procedure import Procedure
from yingshang.cases.selectors import (
    LIGHTS,
    NARROWINGS,
    ORDER,
    Filters,
    get_case_for,
    list_worklist_for,
)
from yingshang.content.selectors import list_current
from yingshang.kernel.times import SHANGHAI, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, Person
from yingshang.web.access import Needs
from yingshang.web.listing import list_page
from yingshang.web.parts import Tab
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("办件")
SORTS = {"due": ORDER}
WALK = "worklist"
"""Where the browser's session keeps which worklist was looked at last."""
SINCE = (3, 7, 15, 30)
SHOWN_LIGHTS = ("overdue", "red", "yellow", "green", "paused", "none")
assert set(SHOWN_LIGHTS) == set(LIGHTS)


class WorkForm(forms.Form):
    """Narrows the worklist; each choice says how many cases it would leave once counted."""

    procedure = forms.ChoiceField(label=_("类型"), required=False)
    state = forms.ChoiceField(label=_("状态"), required=False)
    assignee = forms.ChoiceField(label=_("经办人"), required=False)
    since = forms.ChoiceField(label=_("已等候"), required=False)
    organ = forms.ModelChoiceField(
        label=_("承办单位"),
        required=False,
        queryset=Organ.objects.none(),
        to_field_name="ref",
        empty_label=_("全部"),
    )
    subject = forms.CharField(label=_("企业名称或代码"), required=False, max_length=60)
    light = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data or None)
        self.known = {
            one.key: one for one in (procedure_of(version) for version in list_current("procedure"))
        }
        self._offer("procedure", [(one.key, label(one)) for one in self.known.values()])
        chosen = self.known.get(str(self.data.get("procedure", "")))
        self._offer("state", _states(chosen))
        if chosen is None:
            del self.fields["state"]
        self._offer(
            "assignee", [("mine", gettext("我经办的")), ("nobody", gettext("还没有人经办"))]
        )
        days = [(str(n), gettext("%(n)s 天以上") % {"n": n}) for n in SINCE]
        self._offer("since", days)
        self._offer("light", [(one, str(LIGHT_LABELS[one])) for one in SHOWN_LIGHTS])
        self.fields["organ"].queryset = Organ.objects.all()  # type: ignore[attr-defined]
        for name, one in NARROWINGS:
            field = forms.ChoiceField(label=one.label, required=False)
            field.choices = [("", gettext("全部")), *one.choices()]
            self.fields[name] = field
        self.order_fields(("procedure", "state", *(name for name, _one in NARROWINGS)))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", gettext("全部")), *choices]  # type: ignore[attr-defined]

    def filters(self, day: date) -> Filters:
        """Return what was chosen; a choice that is none narrows nothing."""
        self.is_valid()
        chosen: Mapping[str, Any] = self.cleaned_data if self.is_bound else {}
        organ, since = chosen.get("organ"), chosen.get("since")
        return Filters(
            procedure=chosen.get("procedure", ""),
            state=chosen.get("state", ""),
            light=chosen.get("light", ""),
            organ_id=organ.pk if organ else None,
            assignee=chosen.get("assignee") or "",
            subject=chosen.get("subject", ""),
            opened_until=day - timedelta(days=int(since)) if since else None,
            narrowed=tuple((n, chosen[n]) for n, _one in NARROWINGS if chosen.get(n)),
        )

    def show_counts(self, facets: Facets) -> None:
        """Put the counts behind the choices and leave out those that would leave nothing."""
        for name, counts in (
            ("procedure", facets.procedures),
            ("state", facets.states),
            ("assignee", facets.assignees),
        ):
            field = self.fields.get(name)
            if field is None:
                continue
            kept = str(self.data.get(name, ""))
            field.choices = [  # type: ignore[attr-defined]
                (key, f"{text}（{counts.get(key, 0)}）" if key else text)
                for key, text in field.choices  # type: ignore[attr-defined]
                if not key or counts.get(key) or key == kept
            ]


def _states(procedure: Procedure | None) -> list[tuple[str, str]]:
    if procedure is None:
        return []
    return [(one.key, label(one)) for one in procedure.states if not one.final]


def _asked(query: QueryDict) -> WorkForm:
    names = {*WorkForm.base_fields, *(name for name, _one in NARROWINGS)}
    return WorkForm({name: query[name] for name in names if name in query})


@dataclass(frozen=True)
class WorkRow:
    """One line of the worklist, and for how many days it has waited since it was opened."""

    row: Row
    days: int


@page(
    "worklist/",
    name="desk:worklist",
    access=Needs(READ),
    title=_("待办"),
    navigation=Navigation(_("待办"), GROUP, 10),
)
def worklist(request: PageRequest) -> HttpResponse:
    """Show what waits for the actor, the most urgent first, with what each choice would leave."""
    form, day = _asked(request.GET), today()
    filters = form.filters(day)
    facets = count_worklist(request.actor, filters)
    form.show_counts(facets)
    found = list_worklist_for(request.actor, filters)
    listing = list_page(request, found, sorts=SORTS, default="due")
    _remember(request)
    context = {
        "listing": listing,
        "form": form,
        "tabs": _tabs(request, facets, filters.light),
        "bounded": facets.is_bounded,
        "rows": [WorkRow(row, _days(row.case, day)) for row in rows_of(listing.rows)],
        "first": listing.rows[0] if listing.rows else None,
    }
    return render(request, "cases/worklist.html", context)


def _days(case: Case, day: date) -> int:
    return (day - case.opened_at.astimezone(SHANGHAI).date()).days


def _tabs(request: PageRequest, facets: Facets, chosen: str) -> list[Tab]:
    lights = [one for one in SHOWN_LIGHTS if facets.lights.get(one) or one == chosen]
    every = Tab(pgettext("lights", "全部"), _href(request, ""), not chosen, facets.total)
    return [
        every,
        *(
            Tab(LIGHT_LABELS[one], _href(request, one), one == chosen, facets.lights.get(one, 0))
            for one in lights
        ),
    ]


def _href(request: PageRequest, light: str) -> str:
    query = request.GET.copy()
    query.pop("from", None)
    query.pop("light", None)
    if light:
        query["light"] = light
    return f"?{query.urlencode()}"


def _remember(request: PageRequest) -> None:
    """Keep which worklist is looked at, so that the pages of its cases lead on to the next."""
    query = request.GET.copy()
    query.pop("from", None)
    if request.session.get(WALK) != query.urlencode():
        request.session[WALK] = query.urlencode()


@dataclass(frozen=True)
class Walk:
    """Where the worklist leads on from a case: to the one before, the one after, and back to the list."""

    before: Case | None
    after: Case | None
    query: str


def walk_from(request: PageRequest, case: Case) -> Walk | None:
    """Return where the worklist that was looked at last leads on from a case; None where none was.

    A case that has left the list keeps its place by its deadline, so that the walk goes on from there.
    After the last comes the first.
    """
    kept = request.session.get(WALK)
    if kept is None:
        return None
    filters = _asked(QueryDict(kept)).filters(today())
    found = list_worklist_for(request.actor, filters).exclude(pk=case.pk).prefetch_related(None)
    later = Q(sort_on__gt=case.sort_on) | Q(sort_on=case.sort_on, pk__gt=case.pk)
    earlier = Q(sort_on__lt=case.sort_on) | Q(sort_on=case.sort_on, pk__lt=case.pk)
    after = found.filter(later).order_by(*ORDER).first()
    before = found.filter(earlier).order_by("-sort_on", "-pk").first()
    if after is None and before is not None:
        after = found.order_by(*ORDER).first()
    return Walk(before, after, kept)


@dataclass(frozen=True)
class Assigning:
    """Who works on a case, and to whom of the organ it can be given."""

    assignee: Person | None
    people: tuple[Person, ...]
    is_mine: bool


def assigning_of(actor: Actor, case: Case) -> Assigning | None:
    """Return who works on a case in which it is the turn of the actor's organ; else None."""
    if not is_turn_of(actor, case):
        return None
    people = tuple(list_colleagues(actor))
    return Assigning(case.assignee, people, case.assignee_id == actor.person_id)


@page(
    "cases/<str:ref>/assign/",
    name="desk:case_assign",
    access=Needs(READ),
    title=_("指定经办人"),
    methods=("POST",),
    parent="desk:case",
)
def assign(request: PageRequest, ref: str) -> HttpResponse:
    """Take a case on, or give it to a colleague."""
    case = get_case_for(request.actor, ref)
    assign_case(request.actor, case=case.ref, person=request.POST.get("person", ""))
    return redirect("desk:case", ref=ref)
