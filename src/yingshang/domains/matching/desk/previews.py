"""发布前测算: whom a rule would reach and at what cost, with one threshold moved, ranked, and on earlier days."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.backtests import (
    list_back_tests_for,
    sees_exactly_for,
    start_back_test,
    suggested_days,
)
from yingshang.domains.matching.desk.curves import curve
from yingshang.domains.matching.groups import SMALL, shown_count, shown_fen
from yingshang.domains.matching.permissions import PREVIEW
from yingshang.domains.matching.presenting import GROUP, RANK_REASONS, small
from yingshang.domains.matching.previews import (
    Preview,
    Source,
    declared_step,
    get_source_for,
    list_sources_for,
    preview,
    rule_of,
)
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.rulebook.book import Book, current_book
from yingshang.rulebook.showing import Reader
from yingshang.rules.columns import to_stored
from yingshang.rules.ranking import TIES
from yingshang.rules.sweeps import Threshold, between, list_thresholds
from yingshang.rules.types import DATE, DOUBLE, INT
from yingshang.web.access import OfficialNeeds
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}
TIE_LABELS = {"include": _("并列的都进"), "exclude": _("并列的都不进"), "draw": _("并列的抽签")}


@page(
    "previews/",
    name="desk:previews",
    access=OfficialNeeds(PREVIEW),
    title=_("发布前测算"),
    navigation=Navigation(_("发布前测算"), GROUP, 30),
)
def previews(request: PageRequest) -> HttpResponse:
    """List what can be previewed: the organ's drafts, and the policies of the book."""
    form = Sought(request.GET)
    words = form.cleaned_data["q"].strip().casefold() if form.is_valid() else ""
    rows = [
        one
        for one in list_sources_for(request.actor)
        if words in one[2].casefold() or words in one[3].casefold()
    ]
    return render(request, "matching/previews.html", {"rows": rows, "form": form})


class Sought(forms.Form):
    """Which rules to list."""

    q = forms.CharField(label=_("规则名称或者依据"), required=False, max_length=80)


class Asking(forms.Form):
    """What is to be computed: one threshold moved over a range, and a ranking step."""

    threshold = forms.ChoiceField(label=_("移动哪个门槛"), required=False)
    low = forms.CharField(label=_("从"), required=False, max_length=30)
    high = forms.CharField(
        label=_("到"),
        required=False,
        max_length=30,
        help_text=_("金额写元，比例写 5%，日期写 2026-01-31；不写就按企业的分布取。"),
    )
    by = forms.ChoiceField(label=_("择优按"), required=False)
    order = forms.ChoiceField(
        label=_("次序"),
        required=False,
        choices=[("descending", _("从高到低")), ("ascending", _("从低到高"))],
    )
    quota = forms.IntegerField(label=_("名额"), required=False, min_value=0, max_value=10**7)
    budget = forms.DecimalField(
        label=_("预算（元）"), required=False, min_value=0, max_digits=15, decimal_places=2
    )
    ties = forms.ChoiceField(
        label=_("并列"), required=False, choices=[(one, TIE_LABELS[one]) for one in TIES]
    )

    def __init__(
        self, given: Any, book: Book, thresholds: Sequence[Threshold], policy: str
    ) -> None:
        declared = declared_step(policy)
        first: Mapping[str, str] = next(iter(declared.get("by", [])), {})
        budget = declared.get("budget")
        super().__init__(
            given,
            initial={
                "by": first.get("text", ""),
                "order": first.get("order", "descending"),
                "quota": declared.get("quota"),
                "budget": None if budget is None else budget / 100,
                "ties": declared.get("ties", "include"),
            },
        )
        reader = Reader(book)
        moved = [(str(n), threshold_label(reader, one)) for n, one in enumerate(thresholds)]
        self.fields["threshold"].choices = [("", _("不移动")), *moved]  # type: ignore[attr-defined]
        numbers = [
            (key, reader.name(key))
            for key, one in book.catalogue.columns_of("enterprise").items()
            if one.rule_type in (INT, DOUBLE, DATE)
        ]
        self.fields["by"].choices = [("", _("不择优")), *numbers]  # type: ignore[attr-defined]
        self.thresholds, self.book = thresholds, book

    def values(self) -> list[Any]:
        """Return the values to which the threshold is moved, none where the range is left open."""
        place, low, high = (self.cleaned_data.get(name) for name in ("threshold", "low", "high"))
        if not place or not low or not high:
            return []
        threshold = self.thresholds[int(place)]
        ends = [_value(threshold, text, is_money(self.book, threshold)) for text in (low, high)]
        return between(threshold.type, min(ends), max(ends))

    def clean(self) -> dict[str, Any]:
        """Check that the ends of the range can be read."""
        found = super().clean() or {}
        self.cleaned_data = found
        try:
            self.values()
        except (ValueError, OverflowError):
            self.add_error("low", _("读不懂这个范围"))
        return found


def _value(threshold: Threshold, text: str, money: bool) -> Any:
    plain = text.strip().replace(",", "")
    if threshold.type == DATE:
        return date.fromisoformat(plain)
    number = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
    if threshold.type == DOUBLE:
        return number
    return round(number * 100) if money else round(number)


def is_money(book: Book, threshold: Threshold) -> bool:
    """Whether a threshold is an amount in fen."""
    columns = book.catalogue.columns
    kinds = {columns[key].type for key in threshold.facts if key in columns}
    return kinds == {"money"}


def threshold_label(reader: Reader, threshold: Threshold) -> str:
    """Return what a threshold is called, with its clause and its present value."""
    name = threshold.label or gettext("、").join(
        reader.name(key.partition("@")[0]) for key in sorted(threshold.facts)
    )
    value = said(reader, threshold, threshold.value)
    clause = f"〔{threshold.clause}〕" if threshold.clause else ""
    return f"{name} {SIGNS.get(threshold.sign, threshold.sign)} {value}{clause}"


def said(reader: Reader, threshold: Threshold, value: Any) -> str:
    """Return a value of a threshold in the unit of what is compared."""
    keys = sorted(threshold.facts)
    plain = value.item() if hasattr(value, "item") else value
    if is_money(reader.book, threshold):
        return reader.value(keys[0], plain)
    if isinstance(plain, float):
        return reader.value(keys[0], plain) if len(keys) == 1 else f"{plain:.4g}"
    return plain.isoformat() if isinstance(plain, date) else str(plain)


@page(
    "previews/<str:sort>/<str:ref>/",
    name="desk:preview",
    access=OfficialNeeds(PREVIEW),
    title=_("发布前测算"),
    parent="desk:previews",
    methods=("GET", "POST"),
)
def one(request: PageRequest, sort: str, ref: str) -> HttpResponse:
    """Ask what is to be computed, and show it; computing reads facts, so that it is a POST."""
    source = get_source_for(request.actor, sort, ref)
    book = current_book(today())
    thresholds = list_thresholds(rule_of(source.declaration, book).condition)
    form = Asking(request.POST or None, book, thresholds, source.key)
    found = _compute(request, source, form) if request.method == "POST" else None
    context = {
        "source": source,
        "form": form,
        "days": ", ".join(day.isoformat() for day in suggested_days()),
        "back_tests": _back_tests(request, source),
        "crumb_title": source.title,
        "small": SMALL,
        **(_shown(book, found) if found else {}),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "matching/preview.html", context, status=status)


def _compute(request: PageRequest, source: Source, form: Asking) -> Preview | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    budget = given.get("budget")
    try:
        return preview(
            request.actor,
            sort=source.sort,
            ref=source.ref,
            threshold=int(given["threshold"]) if given.get("threshold") else None,
            values=tuple(form.values()),
            by=given.get("by") or "",
            order=given.get("order") or "descending",
            quota=given.get("quota"),
            budget=None if budget is None else int(budget * 100),
            ties=given.get("ties") or "include",
        )
    except DomainError as error:
        show_refusal(form, error)
        return None


def _shown(book: Book, found: Preview) -> dict[str, Any]:
    reader, see = Reader(book), found.may_see_small
    context: dict[str, Any] = {
        "found": found,
        "entitled": small(found.entitled, see),
        "unknown": small(found.unknown, see),
        "unknown_amounts": small(found.cost.unknown_amounts, see),
        "before_fen": found.before
        and shown_fen(found.before.fen, min(found.before.entitled, found.entitled), see),
        "before": found.before
        and [
            small(n, see) for n in (found.before.entitled, found.before.gained, found.before.lost)
        ],
    }
    if found.threshold is not None:
        threshold = found.threshold
        rows = [
            {
                "value": said(reader, threshold, point.value),
                "entitled": small(point.entitled, see),
                "fen": shown_fen(point.fen, point.entitled, see),
                "unknown": small(point.unknown, see),
                "present": point.value == threshold.value,
            }
            for point in found.points
        ]
        counts = [shown_count(p.entitled, see) or 0 for p in found.points]
        costs = [shown_fen(p.fen, p.entitled, see) or 0 for p in found.points]
        places = [float(to_stored(p.value)) for p in found.points]
        context |= {
            "points": rows,
            "moved": threshold_label(reader, threshold),
            "curves": [curve(places, counts), curve(places, costs)],
            "ends": (rows[0]["value"], rows[-1]["value"]),
        }
    if found.ranked is not None:
        context |= _ranking(reader, found)
    return context


def _ranking(reader: Reader, found: Preview) -> dict[str, Any]:
    assert found.ranked is not None
    ranking, key = found.ranked.ranking, found.ranked.keys[0]
    edge = [n for n, one in enumerate(ranking.placed) if one.is_chosen]
    last = edge[-1] if edge else -1
    around = ranking.placed[max(0, last - 5) : last + 8] if found.may_see_small else ()
    cut_off = reader.value(key.label, ranking.cut_off[0]) if ranking.cut_off else ""
    return {
        "ranking": ranking,
        "ranked_by": reader.name(key.label),
        "chosen": small(len(ranking.chosen), found.may_see_small),
        "cut_off": cut_off if found.may_see_small else "",
        "tied": small(len(ranking.tied), found.may_see_small),
        "spent": shown_fen(ranking.spent, len(ranking.chosen), found.may_see_small),
        "around": [
            (one, reader.value(key.label, one.candidate.values[0]), RANK_REASONS[one.reason])
            for one in around
            if one.candidate.values[0] is not None
        ],
    }


class DaysForm(forms.Form):
    """On which earlier days."""

    days = forms.CharField(label=_("日期"), max_length=300)

    def clean_days(self) -> list[date]:
        """Return the days."""
        words = self.cleaned_data["days"].replace("，", ",").replace("、", ",").split(",")
        try:
            return [date.fromisoformat(word.strip()) for word in words if word.strip()]
        except ValueError as error:
            raise forms.ValidationError(_("日期写作 2026-01-31，用逗号分开")) from error


@page(
    "previews/<str:sort>/<str:ref>/days/",
    name="desk:preview-days",
    access=OfficialNeeds(PREVIEW),
    title=_("回测"),
    parent="desk:preview",
    methods=("GET", "POST"),
)
def days(request: PageRequest, sort: str, ref: str) -> HttpResponse:
    """Ask for the rule to be tried on earlier days; the worker does it."""
    source = get_source_for(request.actor, sort, ref)
    initial = ", ".join(day.isoformat() for day in suggested_days())
    form = DaysForm(request.POST or None, initial={"days": initial})
    if request.method == "POST" and form.is_valid():
        try:
            start_back_test(
                request.actor, sort=sort, ref=ref, days=tuple(form.cleaned_data["days"])
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:preview", args=[sort, ref]) + "#days")
    context = {
        "title": gettext("在以前的日期上试算"),
        "lead": source.title,
        "form": form,
        "action_label": gettext("开始"),
        "cancel": reverse("desk:preview", args=[sort, ref]),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


def _back_tests(request: PageRequest, source: Source) -> list[dict[str, Any]]:
    return [
        {
            "test": test,
            "rows": [
                {
                    **row,
                    "as_of": date.fromisoformat(row["as_of"]),
                    "entitled": small(row["entitled"], see),
                    "unknown": small(row["unknown"], see),
                    "fen": shown_fen(row["fen"], row["entitled"], see),
                }
                for row in test.results
            ],
        }
        for test in list_back_tests_for(request.actor, source.key)[:3]
        for see in (sees_exactly_for(request.actor, test),)
    ]


example("desk:preview", lambda: {"sort": "policy", "ref": "rd-investment"}, visitor="plan")
example("desk:preview-days", lambda: {"sort": "policy", "ref": "rd-investment"}, visitor="plan")
