"""What check-ups bring to the enterprise's own page: what it gets, what it nearly gets, its profile."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yingshang.domains.checkups.findings import ENTITLED, NEARLY
from yingshang.domains.checkups.portal.pages import lines_of, own_report, own_tags
from yingshang.facts.permissions import READ_OWN
from yingshang.web.access import SubjectNeeds
from yingshang.web.blocks import Figure, home_block, home_figure
from yingshang.web.routes import PageRequest

OWN = SubjectNeeds(READ_OWN)
MOST = 5
PROFILE = (
    "enterprise.status", "enterprise.founded_on", "enterprise.industry", "enterprise.size",
    "enterprise.insured_staff", "enterprise.revenue_last_year", "enterprise.credit_grade",
)  # fmt: skip
"""What of a profile stands on the enterprise's own page, as far as it is known."""


@home_figure("portal:mine", order=20, access=OWN)
def entitled(request: PageRequest) -> Figure | None:
    """Say how many policies the enterprise gets, and how much."""
    report = own_report(request)
    return Figure(
        _("可享受政策"),
        len(report.entitled),
        _("项"),
        report.total_said,
        reverse("portal:check-up") + "?part=entitled",
        "good" if report.entitled else "",
    )


@home_block("portal:mine", order=20, width="two-thirds", access=OWN)
def benefits(request: PageRequest) -> str:
    """Show what the enterprise gets, the most first, then what it nearly gets."""
    report = own_report(request)
    lines = lines_of(request, [*report.entitled[:MOST], *report.nearly[:3]])
    context = {
        "report": report,
        "entitled": [line for line in lines if line.finding.state == ENTITLED],
        "more": max(0, len(report.entitled) - MOST),
        "nearly": [line for line in lines if line.finding.state == NEARLY],
    }
    return render_to_string("checkups/blocks/benefits.html", context, request)


@home_block("portal:mine", order=60, width="third", access=OWN)
def profile(request: PageRequest) -> str:
    """Show the enterprise's tags and the most asked of its profile."""
    report = own_report(request)
    reader = report.reader
    known = [(key, report.profile.known(key)) for key in PROFILE if key in report.columns]
    context = {
        "subject": report.subject,
        "tags": own_tags(request),
        "facts": [(reader.name(key), reader.value(key, one.value)) for key, one in known if one],
    }
    return render_to_string("checkups/blocks/profile.html", context, request)
