"""企业档案: an enterprise sees its facts, whence they come, who read them, and disputes what is wrong."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.forms import DeclarationForm, DisputeForm
from yingshang.domains.exchange.presenting import (
    MOST_RELATIONS,
    claims_shown,
    declarable_of,
    groups_of,
    is_declarable,
    past_of,
    readings_shown,
)
from yingshang.facts.actions.claims import claim_value
from yingshang.facts.actions.reading import read_history, read_profile
from yingshang.facts.actions.recording import Recorded, declare_value, find_value
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import GradeNotAccepted
from yingshang.facts.models import FactValue
from yingshang.facts.permissions import CLAIM_OWN, READ_OWN
from yingshang.facts.purposes import OWN
from yingshang.facts.selectors import list_claims_for, list_readings_of, list_relations_in
from yingshang.facts.showing import label
from yingshang.kernel.times import today
from yingshang.parties.models import Subject
from yingshang.web.access import SubjectNeeds
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN as OWN_GROUP
from yingshang.web.routes import Navigation, PageRequest, page


def _own(request: PageRequest) -> Subject:
    return Subject.objects.get(pk=request.actor.subject_id or 0)


@page(
    "my-data/",
    name="portal:my-data",
    access=SubjectNeeds(READ_OWN),
    title=_("企业档案"),
    navigation=Navigation(_("企业档案"), OWN_GROUP, 60),
)
def my_data(request: PageRequest) -> HttpResponse:
    """Show what the government knows of the enterprise, fact by fact with its source."""
    subject = _own(request)
    read = read_profile(request.actor, subject=subject.ref, purpose=OWN)
    claims = list_claims_for(request.actor)
    context = {
        "subject": subject,
        "groups": groups_of(read, claims, href=_address_of),
        "claims": claims_shown(current_catalogue(), claims[:10]),
        "relations": list_relations_in(read)[:MOST_RELATIONS],
        "may_dispute": request.actor.may(CLAIM_OWN),
    }
    return render(request, "exchange/my_data.html", context)


def _address_of(key: str, is_derived: bool) -> str:
    return "" if is_derived else reverse("portal:my-fact", args=[key])


@page(
    "my-data/readers/",
    name="portal:my-data-readers",
    access=SubjectNeeds(READ_OWN),
    title=_("谁读取过我的数据"),
    parent="portal:my-data",
)
def my_readers(request: PageRequest) -> HttpResponse:
    """List who read the enterprise's facts and for which purpose."""
    listing = list_page(
        request,
        list_readings_of(request.actor, _own(request)),
        sorts={"read": ("read_at", "pk")},
        default="-read",
    )
    readings = readings_shown(current_catalogue(), listing.rows)
    return render(request, "exchange/my_readers.html", {"listing": listing, "readings": readings})


@page(
    "my-data/declare/",
    name="portal:declare-facts",
    access=SubjectNeeds(CLAIM_OWN),
    title=_("自行填报"),
    parent="portal:my-data",
)
def declare_facts(request: PageRequest) -> HttpResponse:
    """List what the enterprise may say of itself: first what is not known yet."""
    subject = _own(request)
    read = read_profile(request.actor, subject=subject.ref, purpose=OWN)
    open_, filled = declarable_of(read, href=_declaration_of)
    context = {"subject": subject, "open": open_, "filled": filled}
    return render(request, "exchange/declare_facts.html", context)


def _declaration_of(key: str, _is_derived: bool) -> str:
    return reverse("portal:declare-fact", args=[key])


@page(
    "my-data/<str:key>/",
    name="portal:my-fact",
    access=SubjectNeeds(READ_OWN),
    title=_("数据沿革"),
    parent="portal:my-data",
)
def my_fact(request: PageRequest, key: str) -> HttpResponse:
    """Show every value that was held of one fact, and where each came from."""
    subject, catalogue = _own(request), current_catalogue()
    declared = catalogue.type(key)
    listing = list_page(
        request,
        read_history(request.actor, subject=subject.ref, key=key, purpose=OWN),
        sorts={"recorded": ("recorded_at", "pk")},
        default="-recorded",
    )
    context = {
        "fact": declared,
        "name": label(declared),
        "crumb_title": label(declared),
        "listing": listing,
        "past": past_of(catalogue, listing.rows),
        "may_dispute": request.actor.may(CLAIM_OWN),
        "may_declare": request.actor.may(CLAIM_OWN) and is_declarable(declared),
    }
    return render(request, "exchange/my_fact.html", context)


@page(
    "my-data/<str:key>/declare/",
    name="portal:declare-fact",
    access=SubjectNeeds(CLAIM_OWN),
    title=_("填报数据"),
    methods=("GET", "POST"),
    parent="portal:declare-facts",
)
def declare(request: PageRequest, key: str) -> HttpResponse:
    """Say what one fact of the enterprise is, where its own word is accepted."""
    subject, catalogue = _own(request), current_catalogue()
    declared = catalogue.type(key)
    if not is_declarable(declared):
        raise GradeNotAccepted(field="key", params={"label": label(declared)})
    form = DeclarationForm(request.POST or None, catalogue, declared)
    return answer_form(
        request,
        form,
        lambda given: declare_value(
            request.actor,
            key=key,
            content=form.content(),
            item=given.get("item", ""),
            valid_from=given.get("valid_from"),
            committed=given.get("committed", False),
        ),
        done=_said_of_declaration,
        back=reverse("portal:declare-facts"),
        context={
            "title": _("填报“%(fact)s”") % {"fact": label(declared)},
            "lead": subject.name,
            "action_label": _("提交"),
            "explained": _("填报的值按自行申报记入，权威来源提供数据后以其为准。"),
        },
        template="exchange/declare_fact.html",
    )


def _said_of_declaration(recorded: Recorded) -> str:
    if recorded.claims:
        return gettext("权威来源已有不同的数据。您填的值已作为数据异议，由来源单位核实。")
    return gettext("已记入企业档案，等级为自行申报或承诺。")


@page(
    "my-data/<str:key>/dispute/",
    name="portal:dispute-fact",
    access=SubjectNeeds(CLAIM_OWN),
    title=_("提出数据异议"),
    methods=("GET", "POST"),
    parent="portal:my-fact",
)
def dispute(request: PageRequest, key: str) -> HttpResponse:
    """Say what is wrong about a fact and what is right."""
    subject, catalogue = _own(request), current_catalogue()
    declared = catalogue.type(key)
    item = request.GET.get("item", "")[:64]
    row = find_value(subject.pk, declared, item, today())
    form = DisputeForm(request.POST or None, catalogue, declared, row.content if row else None)
    return answer_form(
        request,
        form,
        lambda given: claim_value(
            request.actor,
            subject=subject.ref,
            key=key,
            item=item,
            content=None if given["denied"] else form.content(),
            why=given["why"],
        ),
        done=_("异议已提交，由数据来源单位核实，结果会显示在本页。"),
        back=reverse("portal:my-data"),
        context={
            "title": _("对“%(fact)s”提出异议") % {"fact": label(declared)},
            "lead": item,
            "action_label": _("提交异议"),
        },
    )


def _some_fact() -> dict[str, Any]:
    """Return a fact of the first enterprise of the demonstration."""
    row = FactValue.objects.filter(key="enterprise.employees", superseded_at=None)
    return {"key": row.order_by("pk")[0].key}


example("portal:declare-fact", _some_fact, visitor="legal")
example("portal:my-fact", _some_fact, visitor="legal")
example("portal:dispute-fact", _some_fact, visitor="legal")
