"""What keeps the platform honest and running: traces of actions, periodic jobs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.administration.desk.organs import GROUP
from yingshang.domains.administration.selectors import list_traces_for
from yingshang.jobs.permissions import READ_JOBS
from yingshang.jobs.selectors import list_job_statuses_for
from yingshang.parties.permissions import READ_AUDIT
from yingshang.web.access import Needs
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "jobs/",
    name="desk:jobs",
    access=Needs(READ_JOBS),
    title=_("定时任务"),
    navigation=Navigation(_("定时任务"), GROUP, 950),
)
def jobs(request: PageRequest) -> HttpResponse:
    """Show every periodic job and which are late."""
    return render(
        request, "administration/jobs.html", {"statuses": list_job_statuses_for(request.actor)}
    )


@page(
    "traces/",
    name="desk:traces",
    access=Needs(READ_AUDIT),
    title=_("操作留痕"),
    navigation=Navigation(_("操作留痕"), GROUP, 940),
)
def traces(request: PageRequest) -> HttpResponse:
    """Show what was done, the latest first; ``?subject=organ:<ref>`` narrows it to one thing."""
    subject = request.GET.get("subject", "").replace("\x00", "") or None
    listing = list_page(
        request,
        list_traces_for(request.actor, subject=subject),
        sorts={"time": ("-pk",)},
        default="time",
    )
    return render(request, "administration/traces.html", {"listing": listing, "subject": subject})
