"""Enterprises: looked up, entered, cancelled."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.administration.forms import Cancelling, EnterpriseFilter, NewEnterprise
from yingshang.facts.permissions import READ as READ_FACTS
from yingshang.kernel.times import today
from yingshang.parties.actions.subjects import cancel_enterprise, register_enterprise
from yingshang.parties.models import Subject
from yingshang.parties.permissions import READ_AUDIT, READ_SUBJECTS, REGISTER_SUBJECTS
from yingshang.parties.selectors import (
    get_subject_for,
    list_representatives_of,
    list_subjects_for,
)
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "enterprises/",
    name="desk:enterprises",
    access=Needs(READ_SUBJECTS),
    title=_("企业"),
    navigation=Navigation(_("企业"), _("主体"), 800),
)
def enterprises(request: PageRequest) -> HttpResponse:
    """List enterprises."""
    form = EnterpriseFilter(request.GET or None)
    listing = list_page(
        request,
        form.apply(list_subjects_for(request.actor)),
        sorts={"name": ("name", "pk"), "code": ("code", "pk")},
        default="name",
    )
    context = {
        "listing": listing,
        "form": form,
        "today": today(),
        "may_register": request.actor.may(REGISTER_SUBJECTS),
    }
    return render(request, "administration/enterprises.html", context)


@page(
    "enterprises/new/",
    name="desk:new-enterprise",
    access=Needs(REGISTER_SUBJECTS),
    title=_("登记企业"),
    methods=("GET", "POST"),
    parent="desk:enterprises",
)
def new_enterprise(request: PageRequest) -> HttpResponse:
    """Enter an enterprise."""
    return answer_form(
        request,
        NewEnterprise(request.POST or None),
        lambda given: register_enterprise(request.actor, **given),
        done=_("企业已登记。"),
        back=reverse("desk:enterprises"),
        context={"title": _("登记企业"), "action_label": _("登记")},
    )


@page(
    "enterprises/<str:ref>/",
    name="desk:enterprise",
    access=Needs(READ_SUBJECTS),
    title=_("企业"),
    parent="desk:enterprises",
)
def enterprise(request: PageRequest, ref: str) -> HttpResponse:
    """Show an enterprise and who acts for it today."""
    found = get_subject_for(request.actor, ref)
    is_open = found.is_valid_on(today())
    context = {
        "enterprise": found,
        "is_open": is_open,
        "representatives": list_representatives_of(found),
        "may_cancel": is_open and request.actor.may(REGISTER_SUBJECTS),
        "may_audit": request.actor.may(READ_AUDIT),
        "may_read_facts": request.actor.may(READ_FACTS),
        "crumb_title": found.name,
    }
    return render(request, "administration/enterprise.html", context)


@page(
    "enterprises/<str:ref>/cancel/",
    name="desk:cancel-enterprise",
    access=Needs(REGISTER_SUBJECTS),
    title=_("注销企业"),
    methods=("GET", "POST"),
    parent="desk:enterprise",
)
def cancel(request: PageRequest, ref: str) -> HttpResponse:
    """End an enterprise."""
    found = get_subject_for(request.actor, ref)
    return answer_form(
        request,
        Cancelling(request.POST or None),
        lambda given: cancel_enterprise(request.actor, subject=ref, **given),
        done=_("企业已登记注销，其全部授权至注销之日为止。"),
        back=reverse("desk:enterprise", args=[ref]),
        context={
            "title": _("注销企业"),
            "lead": found.name,
            "action_label": _("注销"),
            "tone": "danger",
        },
    )


def _some_enterprise() -> dict[str, Any]:
    return {"ref": Subject.objects.order_by("pk")[0].ref}


for _name in ("enterprise", "cancel-enterprise"):
    example(f"desk:{_name}", _some_enterprise)
