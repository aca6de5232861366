"""What an enterprise looks after itself: who may act for it."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.administration.forms import Granting, NewColleague
from yingshang.domains.administration.revoking import answer_revocation
from yingshang.kernel.times import today
from yingshang.parties.actions.accounts import create_account, create_person
from yingshang.parties.actions.mandates import grant_mandate
from yingshang.parties.actors import Actor
from yingshang.parties.models import Mandate, PartySort, Subject
from yingshang.parties.permissions import GRANT_MANDATES, MANAGE_ACCOUNTS
from yingshang.parties.selectors import (
    get_active_account,
    list_mandates_for,
    list_roles_for,
)
from yingshang.web.access import SubjectNeeds
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page


@page(
    "authorisations/",
    name="portal:authorisations",
    access=SubjectNeeds(GRANT_MANDATES),
    title=_("企业授权"),
    navigation=Navigation(_("企业授权"), OWN, 80),
)
def authorisations(request: PageRequest) -> HttpResponse:
    """List who may act for the enterprise."""
    listing = list_page(
        request,
        list_mandates_for(request.actor),
        sorts={"person": ("person__name", "pk")},
        default="person",
    )
    context = {"listing": listing, "today": today()}
    return render(request, "administration/authorisations.html", context)


@page(
    "authorisations/new/",
    name="portal:new-authorisation",
    access=SubjectNeeds(GRANT_MANDATES),
    title=_("授权已有账号"),
    methods=("GET", "POST"),
    parent="portal:authorisations",
)
def new_authorisation(request: PageRequest) -> HttpResponse:
    """Let somebody who has an account act for the enterprise."""

    def act(given: dict[str, Any]) -> None:
        person = get_active_account(given["username"]).person
        grant_mandate(request.actor, person=person.ref, **_mandate_of(request.actor, given))

    return answer_form(
        request,
        Granting(request.POST or None, roles=_roles(request.actor)),
        act,
        done=_("授权已生效。"),
        back=reverse("portal:authorisations"),
        context={"title": _("授权已有账号"), "action_label": _("授权")},
    )


@page(
    "authorisations/colleague/",
    name="portal:new-colleague",
    access=SubjectNeeds(MANAGE_ACCOUNTS),
    title=_("为同事开立账号"),
    methods=("GET", "POST"),
    parent="portal:authorisations",
)
def new_colleague(request: PageRequest) -> HttpResponse:
    """Enter a colleague with an account and a first mandate for the enterprise."""

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
        NewColleague(request.POST or None, roles=_roles(request.actor)),
        act,
        done=_("账号已开立。"),
        back=reverse("portal:authorisations"),
        context={"title": _("为同事开立账号"), "action_label": _("开立账号")},
    )


@page(
    "authorisations/<str:ref>/revoke/",
    name="portal:revoke-authorisation",
    access=SubjectNeeds(GRANT_MANDATES),
    title=_("撤销授权"),
    methods=("GET", "POST"),
    parent="portal:authorisations",
)
def revoke_authorisation(request: PageRequest, ref: str) -> HttpResponse:
    """Take a mandate for the enterprise back."""
    return answer_revocation(request, ref, back=reverse("portal:authorisations"))


def show_once(request: PageRequest, username: str, password: str) -> None:
    """Show a one-time password in the next page's notices, and nowhere else."""
    text = gettext("“%(username)s”的一次性密码：%(password)s。请当面告知本人，离开本页后不再显示。")
    messages.warning(request, text % {"username": username, "password": password})


def _roles(actor: Actor) -> Any:
    return list_roles_for(actor, PartySort.SUBJECT)


def _mandate_of(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    subject = Subject.objects.filter(pk=actor.subject_id or 0).first()
    return {
        "subject": subject.ref if subject else None,
        "roles": tuple(given["roles"]),
        "valid_from": given["valid_from"],
        "valid_to": given["valid_to"],
        "ground": given["ground"],
    }


def _mandate_of_account(username: str) -> dict[str, Any]:
    return {"ref": Mandate.objects.get(person__accounts__username=username).ref}


_PAGE = "portal:revoke-authorisation"
example(_PAGE, lambda: _mandate_of_account("handler"), visitor="legal")
example(f"{_PAGE}#other", lambda: _mandate_of_account("legal2"))
