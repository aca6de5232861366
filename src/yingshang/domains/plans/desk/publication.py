"""Publishing a plan, taking it back, and opening a revision."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.imports import start_revision
from yingshang.domains.plans.actions.publication import publish_plan, unpublish_plan
from yingshang.domains.plans.errors import DraftExists
from yingshang.domains.plans.permissions import IMPORT, PUBLISH
from yingshang.domains.plans.selectors.library import get_plan_for
from yingshang.web.access import Needs
from yingshang.web.routes import PageRequest, page


class ReasonForm(forms.Form):
    """Why a plan is taken back."""

    reason = forms.CharField(label=_("撤回理由"), max_length=200)


@page(
    "plans/<str:ref>/publish/",
    name="desk:plan-publish",
    access=Needs(PUBLISH),
    title=_("公开方案"),
    parent="desk:plan",
    methods=("GET", "POST"),
)
def publish(request: PageRequest, ref: str) -> HttpResponse:
    """Ask, and publish."""
    found = get_plan_for(request.actor, ref)
    if request.method == "POST":
        publish_plan(request.actor, document=ref)
        messages.success(request, gettext("已在门户公开。"))
        return redirect("desk:plan", ref=ref)
    context = {
        "title": gettext("公开《%(title)s》") % {"title": found.title},
        "consequences": [
            gettext("任何人都可以在门户上查看方案全文和每条举措。"),
            gettext("以后确认的新版本会自动更新到门户。"),
            gettext("内部的任务、进度和审核记录不公开。"),
        ],
        "action_label": gettext("公开"),
        "cancel": reverse("desk:plan", args=[ref]),
    }
    return render(request, "web/confirm.html", context)


@page(
    "plans/<str:ref>/unpublish/",
    name="desk:plan-unpublish",
    access=Needs(PUBLISH),
    title=_("撤回公开"),
    parent="desk:plan",
    methods=("GET", "POST"),
)
def unpublish(request: PageRequest, ref: str) -> HttpResponse:
    """Ask for the reason, and take the plan off the portal."""
    found = get_plan_for(request.actor, ref)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unpublish_plan(request.actor, document=ref, reason=form.cleaned_data["reason"])
        messages.success(request, gettext("已从门户撤回。"))
        return redirect("desk:plan", ref=ref)
    context = {
        "title": gettext("从门户撤回《%(title)s》") % {"title": found.title},
        "consequences": [
            gettext("门户上的方案页面和举措页面将无法打开。"),
            gettext("撤回理由记入存证账本。"),
        ],
        "form": form,
        "action_label": gettext("撤回"),
        "cancel": reverse("desk:plan", args=[ref]),
        "tone": "danger",
    }
    status = 422 if form.errors else 200
    return render(request, "web/confirm.html", context, status=status)


@page(
    "plans/<str:ref>/revise/",
    name="desk:plan-revise",
    access=Needs(IMPORT),
    title=_("修订方案"),
    parent="desk:plan",
    methods=("GET", "POST"),
)
def revise(request: PageRequest, ref: str) -> HttpResponse:
    """Open a draft with the current version, or go on with the one that is open."""
    found = get_plan_for(request.actor, ref)
    if request.method == "POST":
        try:
            draft = start_revision(request.actor, document=ref)
        except DraftExists as error:
            messages.info(request, gettext("这份方案已有一份正在进行的修订。"))
            draft = error.params["draft"]
        return redirect("desk:plan-draft", ref=draft)
    context = {
        "title": gettext("修订《%(title)s》") % {"title": found.title},
        "consequences": [
            gettext("以现行版本为底稿新建一份草稿，逐条更正。"),
            gettext("确认之前，现行版本不变；确认之后形成新的版次，已有任务保留。"),
        ],
        "action_label": gettext("开始修订"),
        "cancel": reverse("desk:plan", args=[ref]),
    }
    return render(request, "web/confirm.html", context)
