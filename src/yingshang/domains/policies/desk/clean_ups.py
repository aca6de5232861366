"""Clean-ups on the desk: opening one, answering for one's own texts, publishing the result."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.cleaning import (
    answer_clean_up,
    get_clean_up_for,
    list_clean_ups_for,
    open_clean_up,
    publish_clean_up,
)
from yingshang.domains.policies.desk.library import GROUP
from yingshang.domains.policies.errors import NotYourText
from yingshang.domains.policies.forms import CleanUpAnswerForm, CleanUpForm
from yingshang.domains.policies.models import CleanUp, CleanUpItem
from yingshang.domains.policies.permissions import ANSWER, CLEAN_UP, READ
from yingshang.domains.policies.presenting import clean_up_rows
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "policy-clean-ups/",
    name="desk:clean-ups",
    access=Needs(READ),
    title=_("政策清理"),
    navigation=Navigation(_("政策清理"), GROUP, 330),
)
def clean_ups(request: PageRequest) -> HttpResponse:
    """List the clean-ups with how many texts are answered."""
    listing = list_page(
        request, list_clean_ups_for(request.actor), sorts={"at": ("-pk",)}, default="at"
    )
    counted = CleanUpItem.objects.filter(clean_up__in=[one.pk for one in listing.rows])
    counts = {
        pk: (listed, answered)
        for pk, listed, answered in counted.values_list("clean_up").annotate(
            listed=Count("pk"), answered=Count("pk", filter=~Q(answer=""))
        )
    }
    rows = [
        {"clean_up": one, "all": counts[one.pk][0], "answered": counts[one.pk][1]}
        for one in listing.rows
    ]
    return render(request, "policies/desk/clean_ups.html", {"listing": listing, "rows": rows})


@page(
    "policy-clean-up/new/",
    name="desk:clean-up-new",
    access=Needs(CLEAN_UP),
    title=_("开始清理"),
    parent="desk:clean-ups",
    methods=("GET", "POST"),
)
def clean_up_new(request: PageRequest) -> HttpResponse:
    """Say by which rule texts are listed, and until when organs answer."""
    form = CleanUpForm(request.POST or None)

    def act(cleaned: dict[str, Any]) -> CleanUp:
        numbers = {k: cleaned[k] or 0 for k in ("expiring_days", "older_than_years")}
        return open_clean_up(request.actor, **{**cleaned, **numbers})

    return answer_form(
        request,
        form,
        act,
        done=gettext("清单已列出，等待各单位答复"),
        back=reverse("desk:clean-ups"),
        onward=lambda one: reverse("desk:clean-up", args=[one.ref]),
        context={
            "title": gettext("开始清理"),
            "lead": gettext("符合任何一项条件的政策都会列入；已废止的不再列入。"),
            "action_label": gettext("列出清单"),
        },
    )


@page(
    "policy-clean-ups/<str:ref>/",
    name="desk:clean-up",
    access=Needs(READ),
    title=_("政策清理"),
    parent="desk:clean-ups",
)
def clean_up(request: PageRequest, ref: str) -> HttpResponse:
    """Show a clean-up with its answers and lights."""
    found = get_clean_up_for(request.actor, ref)
    is_open = found.published_at is None
    rows = clean_up_rows(found)
    for row in rows:
        row["may_answer"] = (
            is_open and request.actor.may(ANSWER) and row["item"].organ_id == request.actor.organ_id
        )
    own = found.organ_id == request.actor.organ_id and request.actor.may(CLEAN_UP)
    context = {
        "clean_up": found,
        "rows": rows,
        "desk": True,
        "may_publish": is_open and own,
        "figures": {
            "all": len(rows),
            "answered": sum(1 for row in rows if row["item"].answer),
            "late": sum(1 for row in rows if row["light"] == "red"),
            "changed": sum(1 for row in rows if row["item"].answer == "change" and row["changed"]),
            "to_change": sum(1 for row in rows if row["item"].answer == "change"),
        },
        "crumb_title": found.title,
    }
    return render(request, "policies/desk/clean_up.html", context)


@page(
    "policy-clean-ups/<str:ref>/answers/<str:text>/",
    name="desk:clean-up-answer",
    access=Needs(ANSWER),
    title=_("答复清理意见"),
    parent="desk:clean-up",
    methods=("GET", "POST"),
)
def answer(request: PageRequest, ref: str, text: str) -> HttpResponse:
    """Say what is to become of one's own text."""
    found = get_clean_up_for(request.actor, ref)
    item = found.items.filter(text=text, organ_id=request.actor.organ_id or 0).first()
    if item is None:
        raise NotYourText
    form = CleanUpAnswerForm(
        request.POST or None,
        initial={"answer": item.answer, "reason": item.reason, "ends_from": item.ends_from},
    )

    def act(cleaned: dict[str, Any]) -> CleanUpItem:
        return answer_clean_up(request.actor, clean_up=ref, text=text, **cleaned)

    return answer_form(
        request,
        form,
        act,
        done=gettext("已答复"),
        back=reverse("desk:clean-up", args=[ref]),
        context={"title": item.title, "lead": found.title, "action_label": gettext("答复")},
    )


@page(
    "policy-clean-ups/<str:ref>/publish/",
    name="desk:clean-up-publish",
    access=Needs(CLEAN_UP),
    title=_("公布清理结果"),
    parent="desk:clean-up",
    methods=("GET", "POST"),
)
def publish(request: PageRequest, ref: str) -> HttpResponse:
    """Publish the result; what is to be abolished ends."""
    found = get_clean_up_for(request.actor, ref)
    if request.method == "POST":
        publish_clean_up(request.actor, clean_up=ref)
        messages.success(request, gettext("清理结果已公布"))
        return redirect("desk:clean-up", ref=ref)
    context = {
        "title": gettext("公布清理结果"),
        "consequences": [
            gettext("结果向社会公布，各单位不能再改答复。"),
            gettext("答复为废止的政策连同其规则，自所写之日起失效。"),
        ],
        "action_label": gettext("公布"),
        "cancel": reverse("desk:clean-up", args=[found.ref]),
        "tone": "danger",
    }
    return render(request, "web/confirm.html", context)


def _open_one() -> CleanUp:
    return CleanUp.objects.filter(published_at=None).order_by("pk")[0]


def _answerable() -> dict[str, Any]:
    item = CleanUpItem.objects.filter(clean_up=_open_one(), organ__key="qj-science")[0]
    return {"ref": item.clean_up.ref, "text": item.text}


example("desk:clean-up", lambda: {"ref": _open_one().ref}, visitor="plan")
example("desk:clean-up-publish", lambda: {"ref": _open_one().ref}, visitor="plan")
example("desk:clean-up-answer", _answerable, visitor="sciencehead")
