"""公示公告: what is announced, objecting to it, and the receipt of an objection."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.services.errors import TooManyObjections
from yingshang.domains.services.notices.forms import ObjectionForm
from yingshang.domains.services.notices.objecting import WITHIN, lodge_objection
from yingshang.domains.services.notices.presenting import (
    ground_label,
    line_of,
    listed_name,
    notice_shown,
)
from yingshang.domains.services.notices.publishing import declared_of
from yingshang.domains.services.notices.reading import (
    get_acknowledged,
    get_notice_for,
    list_notices_for,
    receipt_code,
)
from yingshang.kernel.errors import DomainError
from yingshang.web.access import Anyone, Officials
from yingshang.web.errors import too_many
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.parts import Tab
from yingshang.web.routes import Navigation, PageRequest, page

OVER = "over"


@page(
    "notices/",
    name="portal:notices",
    access=Anyone(),
    title=_("公示公告"),
    navigation=Navigation(_("公示公告"), order=57),
)
def notices(request: PageRequest) -> HttpResponse:
    """List what is announced to the public, and what was."""
    return _list(request, reverse("portal:notices"), gettext("公示公告"))


@page(
    "public-notices/",
    name="desk:notices",
    access=Officials(),
    title=_("公示和征询"),
    navigation=Navigation(_("公示和征询"), _("政务服务"), 295),
)
def notices_for_organs(request: PageRequest) -> HttpResponse:
    """List the same with what is put to organs alone."""
    return _list(request, reverse("desk:notices"), gettext("公示和征询"))


def _list(request: PageRequest, here: str, title: str) -> HttpResponse:
    is_over = request.GET.get("in") == OVER
    listing = list_page(
        request,
        list_notices_for(request.actor, is_over=is_over),
        sorts={"published": ("published_at", "pk")},
        default="-published",
        size=30,
    )
    context = {
        "title": title,
        "listing": listing,
        "lines": [line_of(one) for one in listing.rows],
        "is_over": is_over,
        "tabs": [
            Tab(_("公示中"), here, current=not is_over),
            Tab(_("已结束"), f"{here}?in={OVER}", current=is_over),
        ],
    }
    return render(request, "services/notices/notices.html", context)


@page(
    "notices/<str:ref>/",
    name="portal:notice",
    access=Anyone(),
    title=_("公告"),
    parent="portal:notices",
)
def notice(request: PageRequest, ref: str) -> HttpResponse:
    """Show one notice: what is announced, until when, who may object."""
    found = get_notice_for(request.actor, ref)
    context = {
        "notice": found,
        "shown": notice_shown(request.actor, found),
        "crumb_title": found.title,
    }
    return render(request, "services/notices/notice.html", context)


@page(
    "notices/<str:ref>/object/",
    name="portal:object",
    access=Anyone(),
    title=_("提出意见或异议"),
    methods=("GET", "POST"),
    parent="portal:notice",
)
def objecting(request: PageRequest, ref: str) -> HttpResponse:
    """Object to a notice, signed in or not."""
    found = get_notice_for(request.actor, ref)
    if request.method == "GET" and not notice_shown(request.actor, found).accepts:
        return redirect("portal:notice", ref=ref)
    form = ObjectionForm(request.POST or None, declared_of(found), request.actor, found.listed)
    if request.method == "POST" and form.is_valid():
        try:
            made = lodge_objection(
                request.actor,
                notice=ref,
                address=request.META.get("REMOTE_ADDR", ""),
                **form.cleaned_data,
            )
        except TooManyObjections as error:
            return too_many(request, str(error), retry_seconds=int(WITHIN.total_seconds()))
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("portal:objection", ref=made.ref, code=receipt_code(made.ref))
    context = {
        "form": form,
        "title": gettext("提出意见或异议"),
        "lead": found.title,
        "action_label": gettext("提交意见或异议"),
        "cancel": reverse("portal:notice", args=[ref]),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


@page(
    "notices/objections/<str:ref>/<str:code>/",
    name="portal:objection",
    access=Anyone(),
    title=_("异议回执"),
    parent="portal:notices",
)
def objection(request: PageRequest, ref: str, code: str) -> HttpResponse:
    """Show the receipt of an objection to whoever holds its address, and what became of the notice."""
    found = get_acknowledged(ref, code)
    context = {
        "objection": found,
        "ground": ground_label(found),
        "about": listed_name(found),
        "line": line_of(found.notice),
        "crumb_title": gettext("异议回执"),
    }
    response = render(request, "services/notices/receipt.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
