"""Officials read the book of rules and try a rule on one enterprise."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.content.permissions import PUBLISH as PUBLISH_CONTENT
from yingshang.content.selectors import list_offers
from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.rulebook.book import Book, Entry
from yingshang.rulebook.forms import Trying
from yingshang.rulebook.permissions import DRAFT, READ, TRY
from yingshang.rulebook.reach import Reach, reach_of
from yingshang.rulebook.selectors import book_for
from yingshang.rulebook.showing import Reader
from yingshang.rulebook.trying import Trial, find_enterprise, try_rule
from yingshang.rules.errors import BadFacts
from yingshang.rules.values import to_plain
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

STATES = {
    "in_force": (_("有效"), "good"),
    "future": (_("未到生效日期"), "idle"),
    "over": (_("已失效"), "idle"),
    "faulty": (_("与数据目录不符"), "bad"),
}
RESULTS = {
    "yes": (_("符合"), "good"),
    "no": (_("不符合"), "bad"),
    "unknown": (_("尚不能确定"), "warn"),
    "error": (_("无法计算"), "warn"),
}


@page(
    "rules/",
    name="desk:rules",
    access=Needs(READ),
    title=_("规则"),
    navigation=Navigation(_("规则"), _("公共数据"), 845),
)
def rules(request: PageRequest) -> HttpResponse:
    """List the policies of the book with their state, remarks and reach."""
    book = book_for(request.actor, today())
    reader = Reader(book)
    reached = _reach(book)
    remarks = [key for finding in book.findings() for key in finding.policies]
    rows = [
        {
            "entry": entry,
            "title": reader.title(entry),
            "state": STATES[entry.state_on(book.as_of)],
            "reach": reached.get(entry.key),
            "remarks": remarks.count(entry.key),
        }
        for entry in book.entries.values()
    ]
    offers = len(list_offers()) if request.actor.may(PUBLISH_CONTENT) else 0
    return render(request, "rulebook/rules.html", {"rows": rows, "offers": offers})


@page(
    "rules/<str:key>/",
    name="desk:rule",
    access=Needs(READ),
    title=_("规则"),
    methods=("GET", "POST"),
    parent="desk:rules",
)
def rule(request: PageRequest, key: str) -> HttpResponse:
    """Show a rule: its words, its text, what it reads, remarks, reach, and a trial on one enterprise."""
    book = book_for(request.actor, today())
    entry = book.get(key)
    form = Trying(request.POST or None, initial={"as_of": book.as_of})
    if not request.actor.may(READ_SENSITIVE):
        del form.fields["ground"]
    trial = _try(request, key, form) if request.method == "POST" else None
    reader = Reader(book)
    written = reader.written(entry)
    context = {
        "written": written,
        "entry": entry,
        "state": STATES[entry.state_on(book.as_of)],
        "facts": list(reader.facts(entry)),
        "parameters": list(reader.parameters(entry)),
        "results": list(reader.results(entry)),
        "findings": [finding for finding in book.findings() if key in finding.policies],
        "reach": _reach(book, entry).get(key),
        "form": form if request.actor.may(TRY) and entry.rule else None,
        "crumb_title": written.title,
        "may_draft": request.actor.may(DRAFT) and request.actor.is_official,
        **(told(book, trial) if trial else {}),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "rulebook/rule.html", context, status=status)


def _try(request: PageRequest, key: str, form: Trying) -> Trial | None:
    request.actor.require(TRY)
    if not form.is_valid():
        return None
    try:
        subject = find_enterprise(request.actor, form.cleaned_data["subject"])
        given = {
            name: form.cleaned_data[name] for name in ("as_of", "ground") if name in form.fields
        }
        return try_rule(request.actor, key=key, subject=subject.ref, **given)
    except DomainError as error:
        show_refusal(form, error)
        return None


def told(book: Book, trial: Trial) -> dict[str, Any]:
    """Return what a trial said, ready for a page."""
    reader = Reader(book)
    flip = trial.flip
    changes = [] if flip is None or flip.facts is None else list(flip.facts.items())
    return {
        "trial": trial,
        "outcome": RESULTS[trial.verdict.result],
        "parts": reader.tried(trial),
        "missing": [reader.name(key) for key in trial.verdict.missing],
        "withheld": [reader.name(key) for key in trial.withheld],
        "given": list(reader.given(trial)),
        "changes": [(reader.name(k), reader.value(k, to_plain(v))) for k, v in changes],
        "flip": flip,
    }


def _reach(book: Book, entry: Entry | None = None) -> dict[str, Reach]:
    rules = book.rules if entry is None else tuple(r for r in (entry.rule,) if r is not None)
    try:
        return reach_of(rules, book.catalogue)
    except BadFacts:
        return {}


example("desk:rule", lambda: {"key": "rd-investment"}, visitor="plan")
