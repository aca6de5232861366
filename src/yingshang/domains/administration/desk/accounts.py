"""Accounts and mandates: an organ's administrator sees its own, the platform's sees all."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.administration.desk.organs import GROUP
from yingshang.domains.administration.forms import Granting, NewColleague, Reason
from yingshang.domains.administration.portal import show_once
from yingshang.domains.administration.revoking import answer_revocation
from yingshang.kernel.times import today
from yingshang.parties.actions.accounts import (
    create_account,
    create_person,
    disable_account,
    enable_account,
    reset_password,
)
from yingshang.parties.actions.mandates import grant_mandate
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account, Mandate, Organ, PartySort
from yingshang.parties.permissions import ADMINISTER_ALL, GRANT_MANDATES, MANAGE_ACCOUNTS
from yingshang.parties.selectors import (
    get_account_for,
    get_active_account,
    list_accounts_for,
    list_mandates_for,
    list_organs_for,
    list_roles_for,
)
from yingshang.web.access import OfficialNeeds
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "accounts/",
    name="desk:accounts",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("账号"),
    navigation=Navigation(_("账号"), GROUP, 920),
)
def accounts(request: PageRequest) -> HttpResponse:
    """List the accounts that the actor looks after."""
    rows = list_accounts_for(request.actor).prefetch_related("person__mandates__roles")
    listing = list_page(request, rows, sorts={"username": ("username",)}, default="username")
    context = {"listing": listing, "may_grant": request.actor.may(GRANT_MANDATES)}
    return render(request, "administration/accounts.html", context)


@page(
    "accounts/new/",
    name="desk:new-account",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("新增账号"),
    methods=("GET", "POST"),
    parent="desk:accounts",
)
def new_account(request: PageRequest) -> HttpResponse:
    """Enter a colleague with an account and a first mandate; the one-time password is shown once."""

    def act(given: dict[str, Any]) -> None:
        with transaction.atomic():
            person = create_person(
                request.actor,
                name=given["name"],
                phone=given["phone"],
                identity_number=given["identity_number"],
            )
            made = create_account(request.actor, person=person.ref, username=given["username"])
            grant_mandate(request.actor, person=person.ref, **_mandate_of(request.actor, given))
        show_once(request, given["username"], made.initial_password)

    return answer_form(
        request,
        NewColleague(request.POST or None, **_choices(request.actor)),
        act,
        done=_("账号已开立。"),
        back=reverse("desk:accounts"),
        context={"title": _("新增账号"), "action_label": _("开立账号")},
    )


@page(
    "accounts/<str:ref>/",
    name="desk:account",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("账号"),
    parent="desk:accounts",
)
def account(request: PageRequest, ref: str) -> HttpResponse:
    """Show an account with its holder's mandates."""
    found = get_account_for(request.actor, ref)
    may_grant = request.actor.may(GRANT_MANDATES)
    mandates = list_mandates_for(request.actor) if may_grant else Mandate.objects.none()
    context = {
        "account": found,
        "mandates": mandates.filter(person=found.person),
        "today": today(),
        "crumb_title": found.username,
    }
    return render(request, "administration/account.html", context)


@page(
    "accounts/<str:ref>/reset/",
    name="desk:reset-password",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("重置密码"),
    methods=("GET", "POST"),
    parent="desk:account",
)
def reset(request: PageRequest, ref: str) -> HttpResponse:
    """Replace a password by a one-time one."""
    found = get_account_for(request.actor, ref)
    back = reverse("desk:account", args=[ref])
    if request.method == "POST":
        made = reset_password(request.actor, account=ref)
        show_once(request, found.username, made.initial_password)
        return redirect(back)
    return render(
        request,
        "web/confirm.html",
        {
            "title": _("重置“%(username)s”的密码") % {"username": found.username},
            "consequences": [
                _("原密码立即失效，此人在所有设备上退出登录；"),
                _("系统显示一次性密码，此人首次登录时必须修改。"),
            ],
            "action_label": _("重置密码"),
            "cancel": back,
            "tone": "danger",
        },
    )


@page(
    "accounts/<str:ref>/disable/",
    name="desk:disable-account",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("停用账号"),
    methods=("GET", "POST"),
    parent="desk:account",
)
def disable(request: PageRequest, ref: str) -> HttpResponse:
    """Take an account out of use."""
    found = get_account_for(request.actor, ref)
    return answer_form(
        request,
        Reason(request.POST or None),
        lambda given: disable_account(request.actor, account=ref, **given),
        done=_("账号已停用。"),
        back=reverse("desk:account", args=[ref]),
        context={
            "title": _("停用账号“%(username)s”") % {"username": found.username},
            "action_label": _("停用"),
            "tone": "danger",
        },
    )


@page(
    "accounts/<str:ref>/enable/",
    name="desk:enable-account",
    access=OfficialNeeds(MANAGE_ACCOUNTS),
    title=_("启用账号"),
    methods=("POST",),
    parent="desk:account",
)
def enable(request: PageRequest, ref: str) -> HttpResponse:
    """Put an account back into use."""
    enable_account(request.actor, account=ref)
    messages.success(request, gettext("账号已启用。"))
    return redirect("desk:account", ref=ref)


@page(
    "mandates/",
    name="desk:mandates",
    access=OfficialNeeds(GRANT_MANDATES),
    title=_("授权"),
    navigation=Navigation(_("授权"), GROUP, 930),
)
def mandates(request: PageRequest) -> HttpResponse:
    """List who may act for the parties that the actor looks after."""
    listing = list_page(
        request,
        list_mandates_for(request.actor),
        sorts={"party": ("organ__order", "subject__name", "pk"), "person": ("person__name", "pk")},
        default="party",
    )
    return render(request, "administration/mandates.html", {"listing": listing, "today": today()})


@page(
    "mandates/new/",
    name="desk:new-mandate",
    access=OfficialNeeds(GRANT_MANDATES),
    title=_("新增授权"),
    methods=("GET", "POST"),
    parent="desk:mandates",
)
def new_mandate(request: PageRequest) -> HttpResponse:
    """Let somebody who has an account act for a party of the actor's."""

    def act(given: dict[str, Any]) -> None:
        holder = get_active_account(given["username"])
        values = _mandate_of(request.actor, given)
        grant_mandate(request.actor, person=holder.person.ref, **values)

    return answer_form(
        request,
        Granting(request.POST or None, **_choices(request.actor)),
        act,
        done=_("授权已生效。"),
        back=reverse("desk:mandates"),
        context={"title": _("新增授权"), "action_label": _("授权")},
    )


@page(
    "mandates/<str:ref>/revoke/",
    name="desk:revoke-mandate",
    access=OfficialNeeds(GRANT_MANDATES),
    title=_("撤销授权"),
    methods=("GET", "POST"),
    parent="desk:mandates",
)
def revoke(request: PageRequest, ref: str) -> HttpResponse:
    """Take a mandate back at once."""
    return answer_revocation(request, ref, back=reverse("desk:mandates"))


def _choices(actor: Actor) -> dict[str, Any]:
    """Return what a mandate form offers: roles, and for whoever administers all the organs too."""
    offered: dict[str, Any] = {"roles": list_roles_for(actor, PartySort.ORGAN)}
    if actor.may(ADMINISTER_ALL):
        offered["organs"] = list_organs_for(actor)
    return offered


def _mandate_of(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "organ": given.get("organ") or _own_organ(actor),
        "roles": tuple(given["roles"]),
        "valid_from": given["valid_from"],
        "valid_to": given["valid_to"],
        "ground": given["ground"],
    }


def _own_organ(actor: Actor) -> str | None:
    keys: QuerySet[Organ, str] = Organ.objects.values_list("key", flat=True)
    return keys.filter(pk=actor.organ_id or 0).first()


def _account_of(username: str) -> dict[str, Any]:
    return {"ref": Account.objects.get(username=username).ref}


def _mandate_of_account(username: str) -> dict[str, Any]:
    return {"ref": Mandate.objects.get(person__accounts__username=username).ref}


for _name in ("account", "reset-password", "disable-account", "enable-account"):
    example(f"desk:{_name}", lambda: _account_of("inspector"), visitor="bureauadmin")
    example(f"desk:{_name}#other", lambda: _account_of("plan"))
example("desk:revoke-mandate", lambda: _mandate_of_account("inspector"), visitor="bureauadmin")
example("desk:revoke-mandate#other", lambda: _mandate_of_account("plan"))
