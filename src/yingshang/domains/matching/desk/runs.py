"""匹配运行: each run with its counts, inputs and time; any of its answers done again for one enterprise."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.asking import (
    Shrunk,
    accept_snapshot,
    request_run,
    shrunk_snapshot_for,
)
from yingshang.domains.matching.explaining import Replayed, get_run_for, replay_for
from yingshang.domains.matching.models import MatchRun
from yingshang.domains.matching.permissions import READ, RUN
from yingshang.domains.matching.presenting import ANSWERS, GROUP, PHASES
from yingshang.domains.matching.radar import policy_names
from yingshang.domains.matching.selectors import list_outcomes_for, list_runs_for
from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.kernel.errors import DomainError
from yingshang.rulebook.book import Entry, current_book
from yingshang.rulebook.permissions import TRY
from yingshang.rulebook.showing import Reader
from yingshang.rulebook.trying import Trial, find_enterprise
from yingshang.web.access import OfficialNeeds
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "match-runs/",
    name="desk:match-runs",
    access=OfficialNeeds(READ),
    title=_("匹配运行"),
    navigation=Navigation(_("匹配运行"), GROUP, 70),
    methods=("GET", "POST"),
)
def runs(request: PageRequest) -> HttpResponse:
    """List the runs, the newest first; ask for one more, or for one over a snapshot that shrank."""
    shrunk = shrunk_snapshot_for(request.actor)
    form = Accepting(request.POST if "subjects" in request.POST else None, shrunk)
    if request.method == "POST" and _asked(request, form):
        messages.success(request, gettext("已排队，完成后出现在本页。"))
        return HttpResponseRedirect(reverse("desk:match-runs"))
    listing = list_page(
        request, list_runs_for(request.actor), sorts={"run": ("sequence",)}, default="-run"
    )
    may_run = request.actor.may(RUN)
    context = {"listing": listing, "may_run": may_run, "shrunk": shrunk, "form": form}
    return render(request, "matching/runs.html", context, status=422 if form.errors else 200)


class Accepting(forms.Form):
    """Why the newest snapshot is right although it has much fewer enterprises than the last run."""

    subjects = forms.IntegerField(widget=forms.HiddenInput)
    ground = forms.CharField(label=_("核查情况"), max_length=300)

    def __init__(self, given: Any, shrunk: Shrunk | None) -> None:
        super().__init__(given, initial={"subjects": shrunk.now if shrunk else 0})


def _asked(request: PageRequest, form: Accepting) -> bool:
    if not form.is_bound:
        request_run(request.actor)
        return True
    if not form.is_valid():
        return False
    try:
        accept_snapshot(request.actor, **form.cleaned_data)
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


class Replaying(forms.Form):
    """Which answer of a run is to be done again."""

    policy = forms.ChoiceField(label=_("政策"))
    subject = forms.CharField(
        label=_("企业"),
        max_length=120,
        help_text=_("完整的名称或统一社会信用代码；读取数据会留痕，并告知该企业。"),
    )
    ground = forms.CharField(
        label=_("读取敏感数据的理由"),
        required=False,
        max_length=300,
        help_text=_("不写理由，敏感数据不读取，按未知处理。"),
    )

    def __init__(self, given: Any, run: MatchRun) -> None:
        super().__init__(given)
        bodies = run.book.body["policies"]
        choices = [(key, body.get("title", key)) for key, body in sorted(bodies.items())]
        self.fields["policy"].choices = choices  # type: ignore[attr-defined]


@page(
    "match-runs/<str:ref>/",
    name="desk:match-run",
    access=OfficialNeeds(READ),
    title=_("匹配运行"),
    parent="desk:match-runs",
    methods=("GET", "POST"),
)
def run(request: PageRequest, ref: str) -> HttpResponse:
    """Show a run: what went in, what came out by policy, and one answer done again."""
    found = get_run_for(request.actor, ref)
    form = Replaying(request.POST or None, found)
    if not request.actor.may(READ_SENSITIVE):
        del form.fields["ground"]
    replayed = _replay(request, found, form) if request.method == "POST" else None
    titles, _issuers = policy_names()
    context = {
        "run": found,
        "phases": [(PHASES.get(name, name), spent) for name, spent in found.phases.items()],
        "outcomes": [
            (one, titles.get(one.policy, one.policy))
            for one in list_outcomes_for(request.actor, found)
        ],
        "unfit": [(titles.get(key, key), why) for key, why in found.unfit.items()],
        "form": form if request.actor.may(TRY) else None,
        "crumb_title": found.as_of.isoformat(),
        **(_told(replayed) if replayed else {}),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "matching/run.html", context, status=status)


def _replay(request: PageRequest, run: MatchRun, form: Replaying) -> Replayed | None:
    request.actor.require(TRY)
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        subject = find_enterprise(request.actor, given["subject"])
        ground = given.get("ground", "")
        return replay_for(
            request.actor, run, policy=given["policy"], subject=subject, ground=ground
        )
    except DomainError as error:
        show_refusal(form, error)
        return None


def _told(replayed: Replayed) -> dict[str, Any]:
    """Return what the page says of an answer; the words are those of the book as of the run's day."""
    book = current_book(replayed.run.as_of)
    reader = Reader(book)
    entry = book.entries.get(replayed.rule.id)
    parts = None
    if entry is not None and entry.rule is not None:
        trial = Trial(
            Entry(entry.version, entry.declaration, replayed.rule),
            replayed.subject,
            replayed.run.as_of,
            replayed.verdict,
            replayed.explained,
            None,
            replayed.withheld,
        )
        parts = reader.tried(trial)
    return {
        "replayed": replayed,
        "kept": ANSWERS[replayed.kept],
        "again": ANSWERS[replayed.verdict.result],
        "parts": parts,
        "missing": [reader.name(key) for key in replayed.verdict.missing],
        "withheld": [reader.name(key) for key in replayed.withheld],
    }


def _newest() -> dict[str, str]:
    return {"ref": MatchRun.objects.order_by("-sequence").values_list("ref", flat=True)[0]}


example("desk:match-run", _newest, visitor="plan")
