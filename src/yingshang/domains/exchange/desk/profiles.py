"""A subject's facts: its profile, the history of each, who read them, what was evaluated by them."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.desk.acts import address_of_act
from yingshang.domains.exchange.forms import (
    CorrectionForm,
    DisputeForm,
    PurposeForm,
    ReadingForm,
    WithdrawalForm,
)
from yingshang.domains.exchange.presenting import (
    MOST_RELATIONS,
    claims_shown,
    groups_of,
    past_of,
    readings_shown,
)
from yingshang.domains.exchange.reviews import result_text, reviews_for
from yingshang.facts.access import answers_for, get_subject_to_read, owns
from yingshang.facts.actions.claims import claim_value
from yingshang.facts.actions.evaluations import read_evaluation
from yingshang.facts.actions.reading import ReadProfile, read_history, read_profile
from yingshang.facts.actions.recording import correct_value, find_value, withdraw_value
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.models import Evaluation, EvaluationUse, FactValue, relation_of
from yingshang.facts.permissions import (
    CLAIM,
    READ,
    READ_READERS,
    READ_SENSITIVE,
    RECORD,
)
from yingshang.facts.selectors import (
    get_evaluation_for,
    list_claims_in,
    list_evaluations_of,
    list_readings_of,
    list_relations_in,
)
from yingshang.facts.showing import english, label
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import SHANGHAI, now, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject, relation_label
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.listing import Listing, list_page
from yingshang.web.routes import PageRequest, page


@page(
    "subjects/<str:ref>/facts/",
    name="desk:subject-facts",
    access=Needs(READ),
    title=_("数据档案"),
    parent="desk:enterprises",
)
def subject_facts(request: PageRequest, ref: str) -> HttpResponse:
    """Show a subject's profile once a purpose is given; the reading is logged and told to the subject."""
    subject = get_subject_to_read(request.actor, ref)
    may_read_sensitive = request.actor.may(READ_SENSITIVE)
    form = ReadingForm(request.GET or None, may_read_sensitive=may_read_sensitive)
    read = _read(request.actor, subject, form)
    claims = list(list_claims_in(read)) if read else []
    reason = _reason(form) if read else ""

    def address(key: str, is_derived: bool) -> str:
        if is_derived:
            return reverse("desk:fact", args=[key])
        return f"{reverse('desk:fact-history', args=[subject.ref, key])}?{reason}"

    context = {
        "subject": subject,
        "crumb_title": subject.name,
        "form": form,
        "read": read,
        "groups": groups_of(read, claims, href=address) if read else [],
        "claims": claims_shown(current_catalogue(), claims[:20]),
        "relations": list_relations_in(read)[:MOST_RELATIONS] if read else [],
        "evaluations": _evaluations(request.actor, read) if read else [],
        "reason": reason,
        "may_see_readers": request.actor.may(READ_READERS),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exchange/subject_facts.html", context, status=status)


def _read(actor: Actor, subject: Subject, form: ReadingForm) -> ReadProfile | None:
    if not form.is_bound or not form.is_valid():
        return None
    given = form.cleaned_data
    known_at = None
    if given["known_on"]:
        end = datetime.combine(given["known_on"] + timedelta(days=1), time(), SHANGHAI)
        known_at = min(end, now()) if given["known_on"] <= today() else end
    try:
        return read_profile(
            actor,
            subject=subject.ref,
            purpose=given["purpose"],
            ground=given["ground"],
            sensitive=given.get("sensitive", False),
            as_of=given["as_of"],
            known_at=known_at,
        )
    except DomainError as error:
        show_refusal(form, error)
        return None


def _reason(form: PurposeForm) -> str:
    """Return purpose and ground for the links to histories, which are read for the same reason."""
    return urlencode({name: form.cleaned_data[name] for name in ("purpose", "ground")})


def _evaluations(actor: Actor, read: ReadProfile) -> list[tuple[Evaluation, str]]:
    """Return what was evaluated, with its result where the rule reads nothing that was kept back."""
    found = list_evaluations_of(actor, read.subject)[:20]
    return [
        (one, "" if read.withheld.intersection(one.rule.keys) else result_text(one))
        for one in found
    ]


@page(
    "subjects/<str:ref>/facts/<str:key>/",
    name="desk:fact-history",
    access=Needs(READ),
    title=_("数据沿革"),
    parent="desk:subject-facts",
)
def history(request: PageRequest, ref: str, key: str) -> HttpResponse:
    """Show every value that was held of a fact, by both times, once a purpose is given."""
    subject = get_subject_to_read(request.actor, ref)
    catalogue = current_catalogue()
    declared = catalogue.type(key)
    form = PurposeForm(request.GET or None)
    listing = _read_history(request, subject, key, form)
    context = {
        "subject": subject,
        "fact": declared,
        "name": label(declared),
        "crumb_title": label(declared),
        "form": form,
        "listing": listing,
        "past": past_of(catalogue, listing.rows) if listing else [],
        "may_correct": answers_for(request.actor, catalogue, declared.source),
        "may_dispute": request.actor.may(CLAIM),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exchange/history.html", context, status=status)


def _read_history(
    request: PageRequest, subject: Subject, key: str, form: PurposeForm
) -> Listing[FactValue] | None:
    if not form.is_bound or not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        rows = read_history(
            request.actor,
            subject=subject.ref,
            key=key,
            purpose=given["purpose"],
            ground=given["ground"],
        )
    except DomainError as error:
        show_refusal(form, error)
        return None
    return list_page(request, rows, sorts={"recorded": ("recorded_at", "pk")}, default="-recorded")


def _place(request: PageRequest, ref: str, key: str) -> tuple[Subject, FactTypeDeclaration, str]:
    subject = get_subject_to_read(request.actor, ref)
    return subject, current_catalogue().type(key), request.GET.get("item", "")[:64]


def _row_for_owner(
    actor: Actor, subject: Subject, declared: FactTypeDeclaration, item: str
) -> FactValue | None:
    """Return what is on record for whoever answers for the source; others must read it for a purpose."""
    if not answers_for(actor, current_catalogue(), declared.source):
        return None
    return find_value(subject.pk, declared, item, today())


@page(
    "subjects/<str:ref>/facts/<str:key>/correct/",
    name="desk:correct-fact",
    access=Needs(RECORD),
    title=_("更正数据"),
    methods=("GET", "POST"),
    parent="desk:fact-history",
)
def correct(request: PageRequest, ref: str, key: str) -> HttpResponse:
    """Put a value right, as the owner of its source."""
    subject, declared, item = _place(request, ref, key)
    row = _row_for_owner(request.actor, subject, declared, item)
    content = row.content if row else None
    form = CorrectionForm(request.POST or None, current_catalogue(), declared, content)
    form.fields["held"].initial = row.pk if row else 0
    return answer_form(
        request,
        form,
        lambda given: correct_value(
            request.actor,
            subject=ref,
            key=key,
            item=item,
            content=form.content(),
            reason=given["reason"],
            held=given["held"] or 0,
        ),
        done=_("数据已更正，用到它的核对已重新计算。"),
        back=reverse("desk:fact-history", args=[ref, key]),
        onward=address_of_act,
        context={
            "title": _("更正“%(fact)s”") % {"fact": label(declared)},
            "lead": f"{subject.name} {item}".strip(),
            "action_label": _("更正"),
        },
    )


@page(
    "subjects/<str:ref>/facts/<str:key>/withdraw/",
    name="desk:withdraw-fact",
    access=Needs(RECORD),
    title=_("撤回数据"),
    methods=("GET", "POST"),
    parent="desk:fact-history",
)
def withdraw(request: PageRequest, ref: str, key: str) -> HttpResponse:
    """Take a value back, as the owner of its source."""
    subject, declared, item = _place(request, ref, key)
    row = _row_for_owner(request.actor, subject, declared, item)
    form = WithdrawalForm(request.POST or None)
    form.fields["held"].initial = row.pk if row else 0
    return answer_form(
        request,
        form,
        lambda given: withdraw_value(
            request.actor,
            subject=ref,
            key=key,
            item=item,
            reason=given["reason"],
            held=given["held"] or 0,
        ),
        done=_("数据已撤回，用到它的核对已重新计算。"),
        back=reverse("desk:fact-history", args=[ref, key]),
        onward=address_of_act,
        context={
            "title": _("撤回“%(fact)s”") % {"fact": label(declared)},
            "lead": f"{subject.name} {item}".strip(),
            "action_label": _("撤回"),
            "tone": "danger",
        },
    )


@page(
    "subjects/<str:ref>/facts/<str:key>/dispute/",
    name="desk:dispute-fact",
    access=Needs(CLAIM),
    title=_("提出数据异议"),
    methods=("GET", "POST"),
    parent="desk:fact-history",
)
def dispute(request: PageRequest, ref: str, key: str) -> HttpResponse:
    """Say that another organ's value is wrong."""
    subject, declared, item = _place(request, ref, key)
    form = DisputeForm(request.POST or None, current_catalogue(), declared)
    return answer_form(
        request,
        form,
        lambda given: claim_value(
            request.actor,
            subject=ref,
            key=key,
            item=item,
            content=None if given["denied"] else form.content(),
            why=given["why"],
        ),
        done=_("异议已提交，由数据来源单位核实。"),
        back=reverse("desk:fact-history", args=[ref, key]),
        context={
            "title": _("对“%(fact)s”提出异议") % {"fact": label(declared)},
            "lead": f"{subject.name} {item}".strip(),
            "action_label": _("提交异议"),
        },
    )


@page(
    "subjects/<str:ref>/readers/",
    name="desk:subject-readers",
    access=Needs(READ_READERS),
    title=_("读取记录"),
    parent="desk:subject-facts",
)
def readers(request: PageRequest, ref: str) -> HttpResponse:
    """List who read a subject's facts, for which purpose, deferred ones included."""
    subject = get_subject_to_read(request.actor, ref, permission=READ_READERS)
    listing = list_page(
        request,
        list_readings_of(request.actor, subject),
        sorts={"read": ("read_at", "pk")},
        default="-read",
    )
    context = {
        "subject": subject,
        "listing": listing,
        "readings": readings_shown(current_catalogue(), listing.rows),
        "today": today(),
    }
    return render(request, "exchange/readers.html", context)


@page(
    "evaluations/<str:ref>/",
    name="desk:evaluation",
    access=Needs(READ),
    title=_("核对记录"),
    parent="desk:enterprises",
)
def evaluation(request: PageRequest, ref: str) -> HttpResponse:
    """Show what a rule said of a subject once a purpose is given, on what it rested, what came of it."""
    found = get_evaluation_for(request.actor, ref)
    form = PurposeForm(request.GET or None)
    is_read = _read_evaluation(request.actor, found, form)
    context = {
        "evaluation": found,
        "crumb_title": found.rule.title,
        "form": form,
        "is_read": is_read,
        **(_evaluation_shown(request.actor, found, form) if is_read else {}),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "exchange/evaluation.html", context, status=status)


def _read_evaluation(actor: Actor, found: Evaluation, form: PurposeForm) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    try:
        read_evaluation(actor, evaluation=found.ref, **form.cleaned_data)
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _evaluation_shown(actor: Actor, found: Evaluation, form: PurposeForm) -> dict[str, Any]:
    catalogue = current_catalogue()
    uses = found.uses.select_related("value", "subject", "related").order_by("key", "pk")
    cause = found.cause
    return {
        "said": result_text(found),
        "reason": _reason(form),
        "uses": [(_use_label(catalogue, use), use) for use in uses],
        "cause_reason": cause.reason if cause and owns(actor, catalogue, cause.source) else "",
        "cause_relation": relation_label(cause.relation) if cause and cause.relation else "",
        "revisions": [(one, result_text(one)) for one in found.revisions.order_by("pk")],
        "reviews": reviews_for(actor, found),
    }


def _use_label(catalogue: Catalogue, use: EvaluationUse) -> str:
    """Say what was looked at: a fact, or a sort of related subjects."""
    relation = relation_of(use.key)
    if relation:
        return relation_label(relation)
    return catalogue.label_of(use.key, english=english())


def _some_value() -> dict[str, Any]:
    row = FactValue.objects.filter(key="enterprise.employees", superseded_at=None)
    return {"ref": row.select_related("subject").order_by("pk")[0].subject.ref}


_KEYED = {"key": "enterprise.employees"}
example("desk:subject-facts", _some_value, query="?purpose=service", visitor="bureau")
example(
    "desk:fact-history",
    lambda: {**_some_value(), **_KEYED},
    query="?purpose=service",
    visitor="bureau",
)
for _name in ("correct-fact", "withdraw-fact", "dispute-fact"):
    example(f"desk:{_name}", lambda: {**_some_value(), **_KEYED}, visitor="bureau")
example("desk:subject-readers", _some_value, visitor="dispatcher")
example(
    "desk:evaluation",
    lambda: {"ref": Evaluation.objects.order_by("pk")[0].ref},
    query="?purpose=policy",
    visitor="plan",
)
