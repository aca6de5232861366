"""Organs, their relations and the names under which documents mention them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.administration.forms import (
    GroupMembers,
    Merging,
    NewAlias,
    NewOrgan,
    OrganFilter,
    Renaming,
)
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.actions.aliases import add_alias, remove_alias, set_group_members
from yingshang.parties.actions.organs import create_organ, merge_organ, rename_organ
from yingshang.parties.models import Organ, OrganAlias
from yingshang.parties.permissions import MANAGE_ALIASES, MANAGE_ORGANS, READ_AUDIT, READ_ORGANS
from yingshang.parties.selectors import (
    get_alias_for,
    get_organ_for,
    list_aliases_for,
    list_organs_for,
    list_relations_of,
)
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("平台管理")
SORTS = {"order": ("order", "key"), "name": ("name", "pk")}


@page(
    "organs/",
    name="desk:organs",
    access=Needs(READ_ORGANS),
    title=_("机构名录"),
    navigation=Navigation(_("机构名录"), GROUP, 900),
)
def organs(request: PageRequest) -> HttpResponse:
    """List the organs of today."""
    form = OrganFilter(request.GET or None)
    rows = form.apply(list_organs_for(request.actor))
    listing = list_page(request, rows, sorts=SORTS, default="order")
    context = {"listing": listing, "form": form, "may_manage": request.actor.may(MANAGE_ORGANS)}
    return render(request, "administration/organs.html", context)


@page(
    "organs/new/",
    name="desk:new-organ",
    access=Needs(MANAGE_ORGANS),
    title=_("新增机构"),
    methods=("GET", "POST"),
    parent="desk:organs",
)
def new_organ(request: PageRequest) -> HttpResponse:
    """Enter an organ."""
    return answer_form(
        request,
        NewOrgan(request.POST or None),
        lambda given: create_organ(request.actor, **given),
        done=_("机构已登记。"),
        back=reverse("desk:organs"),
        context={"title": _("新增机构"), "action_label": _("登记")},
    )


@page(
    "organs/<str:ref>/",
    name="desk:organ",
    access=Needs(READ_ORGANS),
    title=_("机构"),
    parent="desk:organs",
)
def organ(request: PageRequest, ref: str) -> HttpResponse:
    """Show an organ with its relations and names."""
    return _show(request, get_organ_for(request.actor, ref), NewAlias())


def _show(request: PageRequest, organ: Organ, form: NewAlias) -> HttpResponse:
    names = {organ.name, organ.short_name}
    context = {
        "organ": organ,
        "is_open": organ.is_valid_on(today()),
        "relations": list_relations_of(organ),
        "aliases": [(a, a.name in names) for a in organ.aliases.order_by("name")],
        "groups": organ.group_aliases.order_by("name"),
        "predecessors": organ.predecessors.order_by("name"),
        "form": form,
        "may_manage": request.actor.may(MANAGE_ORGANS),
        "may_alias": request.actor.may(MANAGE_ALIASES),
        "may_audit": request.actor.may(READ_AUDIT),
        "crumb_title": str(organ),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/organ.html", context, status=status)


@page(
    "organs/<str:ref>/aliases/",
    name="desk:add-alias",
    access=Needs(MANAGE_ALIASES),
    title=_("增加别名"),
    methods=("POST",),
    parent="desk:organ",
)
def add_name(request: PageRequest, ref: str) -> HttpResponse:
    """Add a name to an organ."""
    found = get_organ_for(request.actor, ref)
    form = NewAlias(request.POST)
    if form.is_valid():
        try:
            add_alias(request.actor, organ=found.key, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, gettext("别名已加入。"))
            return redirect("desk:organ", ref=ref)
    return _show(request, found, form)


@page(
    "organs/<str:ref>/aliases/remove/",
    name="desk:remove-alias",
    access=Needs(MANAGE_ALIASES),
    title=_("删除别名"),
    methods=("POST",),
    parent="desk:organ",
)
def remove_name(request: PageRequest, ref: str) -> HttpResponse:
    """Take a name away from an organ."""
    found = get_organ_for(request.actor, ref)
    name = request.POST.get("name", "")
    remove_alias(request.actor, division=found.division, name=name)
    messages.success(request, gettext("别名已删除。"))
    return redirect("desk:organ", ref=ref)


@page(
    "organs/<str:ref>/rename/",
    name="desk:rename-organ",
    access=Needs(MANAGE_ORGANS),
    title=_("机构更名"),
    methods=("GET", "POST"),
    parent="desk:organ",
)
def rename(request: PageRequest, ref: str) -> HttpResponse:
    """Give an organ a new name."""
    found = get_organ_for(request.actor, ref)
    initial = {"name": found.name, "short_name": found.short_name}
    return answer_form(
        request,
        Renaming(request.POST or None, initial=initial),
        lambda given: rename_organ(request.actor, organ=found.key, **given),
        done=_("机构已更名，原名称保留为别名。"),
        back=reverse("desk:organ", args=[ref]),
        context={"title": _("机构更名"), "lead": found.name, "action_label": _("更名")},
    )


@page(
    "organs/<str:ref>/merge/",
    name="desk:merge-organ",
    access=Needs(MANAGE_ORGANS),
    title=_("机构合并"),
    methods=("GET", "POST"),
    parent="desk:organ",
)
def merge(request: PageRequest, ref: str) -> HttpResponse:
    """End an organ in favour of another."""
    found = get_organ_for(request.actor, ref)
    others = list_organs_for(request.actor).exclude(pk=found.pk)
    return answer_form(
        request,
        Merging(request.POST or None, organs=others),
        lambda given: merge_organ(request.actor, organ=found.key, **given),
        done=_("机构已合并。"),
        back=reverse("desk:organ", args=[ref]),
        context={
            "title": _("机构合并"),
            "lead": _("“%(name)s”的名称和别名从此指向并入的机构。") % {"name": found.name},
            "action_label": _("合并"),
            "tone": "danger",
        },
    )


@page(
    "aliases/",
    name="desk:aliases",
    access=Needs(READ_ORGANS),
    title=_("机构别名"),
    navigation=Navigation(_("机构别名"), GROUP, 910),
)
def aliases(request: PageRequest) -> HttpResponse:
    """List the alias table; group names first."""
    sorts = {"name": ("name", "pk"), "group": ("-is_group", "name", "pk")}
    listing = list_page(request, list_aliases_for(request.actor), sorts=sorts, default="group")
    context = {"listing": listing, "may_alias": request.actor.may(MANAGE_ALIASES)}
    return render(request, "administration/aliases.html", context)


@page(
    "aliases/<int:pk>/members/",
    name="desk:group-members",
    access=Needs(MANAGE_ALIASES),
    title=_("集合名称的成员"),
    methods=("GET", "POST"),
    parent="desk:aliases",
)
def group_members(request: PageRequest, pk: int) -> HttpResponse:
    """Say which organs a group name means."""
    alias = get_alias_for(request.actor, pk)
    initial = {"organs": [member.key for member in alias.members.all()]}

    def act(given: dict[str, Any]) -> OrganAlias:
        return set_group_members(
            request.actor,
            division=alias.division,
            name=alias.name,
            organs=tuple(given["organs"]),
        )

    return answer_form(
        request,
        GroupMembers(
            request.POST or None,
            initial=initial,
            organs=list_organs_for(request.actor).filter(division=alias.division),
        ),
        act,
        done=_("成员已保存。"),
        back=reverse("desk:aliases"),
        context={
            "title": alias.name,
            "lead": _("文件中写到这个名称时，指的是下列机构。"),
            "action_label": _("保存"),
            "crumb_title": alias.name,
        },
    )


def _some_organ() -> dict[str, Any]:
    return {"ref": Organ.objects.get(key="qj-market").ref}


def _some_group() -> dict[str, Any]:
    return {"pk": OrganAlias.objects.filter(is_group=True).order_by("name")[0].pk}


for _name in ("organ", "add-alias", "remove-alias", "rename-organ", "merge-organ"):
    example(f"desk:{_name}", _some_organ)
example("desk:group-members", _some_group)
