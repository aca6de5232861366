"""政策体检: what the enterprise gets, nearly gets, cannot be told and does not get, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.checkups.checking import Report, check_up
from yingshang.domains.checkups.findings import ENTITLED, NEARLY, NO, STATES, UNKNOWN, Finding
from yingshang.domains.checkups.offers import Offer, offers_for
from yingshang.domains.checkups.presenting import PARTS, detail_of
from yingshang.domains.checkups.printing import find_printed, print_report
from yingshang.domains.checkups.tags import Tag, tags_of
from yingshang.facts.permissions import READ_OWN
from yingshang.kernel.times import today
from yingshang.parties.models import Subject
from yingshang.rulebook.book import current_book
from yingshang.web.access import Anyone, SubjectNeeds
from yingshang.web.downloads import download
from yingshang.web.examples import example
from yingshang.web.parts import Tab
from yingshang.web.routes import OWN, Navigation, PageRequest, page

AT_FIRST = {ENTITLED: 30, NEARLY: 10, UNKNOWN: 10, NO: 10}
"""How many of each part stand on the page of all; the part's own pages show every one."""

PER_PAGE = 50


def own_subject(request: PageRequest) -> Subject:
    """Return the enterprise for which the actor acts."""
    return Subject.objects.get(pk=request.actor.subject_id or 0)


def own_report(request: PageRequest) -> Report:
    """Return the enterprise's check-up of this moment; worked out once for a page."""
    made: Report | None = getattr(request, "_check_up", None)
    if made is None:
        made = check_up(request.actor, own_subject(request))
        request._check_up = made  # type: ignore[attr-defined]
    return made


@dataclass(frozen=True)
class Turned:
    """A page of one part of a check-up, from 1 on, with what the tag ``pager`` asks for."""

    part: str
    page: int
    pages: int

    @classmethod
    def to(cls, request: PageRequest, found: Report) -> "Turned":
        """Return the page that is asked for, the nearest that there is."""
        part, asked = request.GET["part"], request.GET.get("page", "")
        pages = max(1, -(-len(getattr(found, part)) // PER_PAGE))
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
        return cls(part, max(1, min(number, pages)), pages)

    @property
    def places(self) -> slice:
        """Return where its findings stand in the part."""
        return slice((self.page - 1) * PER_PAGE, self.page * PER_PAGE)

    @property
    def first_href(self) -> str:
        """Return the address of the first page."""
        return f"?part={self.part}"

    @property
    def previous_href(self) -> str:
        """Return the address of the page before this, or nothing."""
        return f"{self.first_href}&page={self.page - 1}" if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        """Return the address of the page after this, or nothing."""
        return f"{self.first_href}&page={self.page + 1}" if self.page < self.pages else ""


@dataclass(frozen=True)
class Line:
    """A finding in a list, with what can be done about it."""

    finding: Finding
    offer: Offer | None = None


def lines_of(request: PageRequest, findings: Sequence[Finding]) -> list[Line]:
    """Return findings with the offers that domains make on them."""
    can = [one for one in findings if one.state != NO]
    made = offers_for(request.actor, own_report(request).subject, can) if can else {}
    return [Line(one, made.get(one.policy)) for one in findings]


@page(
    "check-up/",
    name="portal:check-up",
    access=SubjectNeeds(READ_OWN),
    title=_("政策体检"),
    navigation=Navigation(_("政策体检"), OWN, 12),
)
def report(request: PageRequest) -> HttpResponse:
    """Show the check-up in its four parts, or one of them page by page."""
    found = own_report(request)
    chosen = request.GET.get("part", "")
    turned = Turned.to(request, found) if chosen in STATES else None
    shown = (
        {chosen: getattr(found, chosen)[turned.places]}
        if turned
        else {state: getattr(found, state)[: AT_FIRST[state]] for state in STATES}
    )
    lines = lines_of(request, [one for findings in shown.values() for one in findings])
    parts = [
        {
            "state": state,
            "label": PARTS[state].label,
            "lead": PARTS[state].lead,
            "lines": [line for line in lines if line.finding.state == state],
            "more": 0 if turned else len(getattr(found, state)) - len(findings),
        }
        for state, findings in shown.items()
    ]
    context = {"report": found, "parts": parts, "tabs": _tabs(found, chosen), "turned": turned}
    return render(request, "checkups/report.html", context)


def _tabs(found: Report, chosen: str) -> list[Tab]:
    each = [
        Tab(PARTS[state].label, f"?part={state}", chosen == state, len(getattr(found, state)))
        for state in STATES
    ]
    return [Tab(_("全部"), "?", chosen not in STATES, found.size), *each]


@page(
    "check-up/of/<str:key>/",
    name="portal:check-up-policy",
    access=SubjectNeeds(READ_OWN),
    title=_("政策体检依据"),
    parent="portal:check-up",
)
def finding(request: PageRequest, key: str) -> HttpResponse:
    """Show why: every condition with its facts, their values, sources, days and grades."""
    found = own_report(request).get(key)
    (line,) = lines_of(request, (found,))
    context = {"line": line, "detail": detail_of(found), "crumb_title": found.title}
    return render(request, "checkups/finding.html", context)


@page(
    "check-up/print/",
    name="portal:check-up-print",
    access=SubjectNeeds(READ_OWN),
    title=_("打印体检报告"),
    methods=("POST",),
    parent="portal:check-up",
)
def printed(request: PageRequest) -> HttpResponse:
    """Send the check-up as a PDF that can be verified."""
    made = print_report(request.actor, subject=own_subject(request).ref)
    name = gettext("政策体检报告-%(day)s.pdf") % {"day": made.as_of.isoformat()}
    return download(made.content, name, "application/pdf")


@page("check-up/verify/", name="portal:verify-check-up", access=Anyone(), title=_("核验体检报告"))
def verify(request: PageRequest) -> HttpResponse:
    """Say whether a printed check-up came from here, by its code; nothing about the enterprise is told."""
    code = request.GET.get("code", "").strip().lower()[:40]
    found = find_printed(code) if code else None
    context = {"code": code, "found": found}
    return render(
        request, "checkups/verify.html", context, status=404 if code and not found else 200
    )


@page(
    "my-tags/",
    name="portal:my-tags",
    access=SubjectNeeds(READ_OWN),
    title=_("企业标签"),
    parent="portal:check-up",
)
def tags(request: PageRequest) -> HttpResponse:
    """Show the enterprise's tags and from what each follows."""
    return render(request, "checkups/tags.html", {"tags": own_tags(request)})


def own_tags(request: PageRequest) -> list[Tag]:
    """Return the tags of the actor's enterprise."""
    found = own_report(request)
    return tags_of(found.profile, current_book(found.as_of))


def _some_policy() -> dict[str, Any]:
    keys = [rule.id for rule in current_book(today()).rules if rule.in_force]
    return {"key": "rd-investment" if "rd-investment" in keys else next(iter(keys), "nothing")}


example("portal:check-up-policy", _some_policy, visitor="handler")
