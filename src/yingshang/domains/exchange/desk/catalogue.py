"""The catalogue of facts, and how good each source is (一数一源)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.forms import CatalogueFilter, SettlingForm
from yingshang.domains.exchange.presenting import (
    CatalogueLine,
    absence_text,
    catalogue_lines,
    kind_text,
    operator_text,
    owner_names,
    source_label,
)
from yingshang.domains.exchange.uses import count_users, list_rule_uses, read_by
from yingshang.facts.actions.quality import settle_issue
from yingshang.facts.errors import NoSuchFact
from yingshang.facts.models import QualityIssue
from yingshang.facts.permissions import READ_CATALOGUE, RECORD
from yingshang.facts.quality import count_values, quality_of_sources
from yingshang.facts.selectors import (
    catalogue_for,
    get_issue_to_settle,
    list_issues_for,
    list_own_issues_for,
    sources_answered_for,
)
from yingshang.facts.showing import REFRESH, SENSITIVITY, english, label, type_text
from yingshang.rulebook.permissions import READ as READ_RULES
from yingshang.web.access import Needs
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("公共数据")
NEAR = 5
SHORT = 20
"""So many lines are shown at once; more are folded by group."""


@page(
    "facts/",
    name="desk:facts",
    access=Needs(READ_CATALOGUE),
    title=_("数据目录"),
    navigation=Navigation(_("数据目录"), GROUP, 810),
)
def facts(request: PageRequest) -> HttpResponse:
    """List what can be known, from whom, and what is built on it."""
    catalogue = catalogue_for(request.actor)
    form = CatalogueFilter(request.GET or None, catalogue)
    wanted = form.keys()
    users = count_users(catalogue, list_rule_uses(catalogue))
    lines = [
        line for line in catalogue_lines(catalogue, count_values(), users) if line.key in wanted
    ]
    groups: dict[str, list[CatalogueLine]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    context = {"form": form, "groups": groups, "open": len(lines) <= SHORT}
    return render(request, "exchange/facts.html", context)


@page(
    "facts/<str:key>/",
    name="desk:fact",
    access=Needs(READ_CATALOGUE),
    title=_("数据项"),
    parent="desk:facts",
)
def fact(request: PageRequest, key: str) -> HttpResponse:
    """Show one fact type or derivation: what it means, whose it is, what uses it."""
    catalogue = catalogue_for(request.actor)
    declared, derivation = catalogue.types.get(key), catalogue.derivations.get(key)
    part = declared or derivation
    if part is None:
        raise NoSuchFact(params={"key": key})
    rules = [use for use in list_rule_uses(catalogue) if key in read_by(catalogue, use)]
    context: dict[str, Any] = {
        "part": part,
        "name": label(part),
        "crumb_title": label(part),
        "kind": kind_text(catalogue, key),
        "unit": catalogue.columns[key].unit if key in catalogue.columns else "",
        "sensitivity": SENSITIVITY[catalogue.sensitivity_of(key)],
        "derived_by": [one for one in catalogue.derivations.values() if key in one.inputs],
        "rules": rules,
        "may_read_rules": request.actor.may(READ_RULES),
    }
    if declared is not None:
        source = catalogue.sources.get(declared.source)
        refresh = declared.refresh or (source.refresh if source else "event")
        context |= {
            "source": source_label(catalogue, declared),
            "owner": owner_names(catalogue).get(declared.source, ""),
            "refresh": REFRESH[refresh],
            "absence": absence_text(catalogue, declared),
            "values": count_values()[key],
            "fields": [(label(one), type_text(one)) for one in declared.fields],
            "codes": catalogue.codes.get(declared.code_list),
        }
    if derivation is not None:
        context["how"] = operator_text(catalogue, derivation)
    return render(request, "exchange/fact.html", context)


@page(
    "fact-sources/",
    name="desk:fact-sources",
    access=Needs(READ_CATALOGUE),
    title=_("来源质量"),
    navigation=Navigation(_("来源质量"), GROUP, 820),
)
def sources(request: PageRequest) -> HttpResponse:
    """Show each source with its owner, its score and its open issues."""
    catalogue = catalogue_for(request.actor)
    owners = owner_names(catalogue)
    rows = [
        (label(catalogue.sources[one.source]), owners[one.source], one)
        for one in quality_of_sources(request.actor)
    ]
    return render(request, "exchange/sources.html", {"rows": rows})


@page(
    "fact-issues/",
    name="desk:fact-issues",
    access=Needs(READ_CATALOGUE),
    title=_("质量问题"),
    navigation=Navigation(_("质量问题"), GROUP, 830),
)
def issues(request: PageRequest) -> HttpResponse:
    """List open issues, of one source where the address says so; values only to who answers for them."""
    catalogue = catalogue_for(request.actor)
    own = request.GET.get("own") == "1"
    found = (list_own_issues_for if own else list_issues_for)(request.actor)
    if request.GET.get("source") in catalogue.sources:
        found = found.filter(source=request.GET["source"])
    listing = list_page(request, found, sorts={"found": ("found_at", "pk")}, default="-found")
    own_sources = sources_answered_for(request.actor)
    rows = [
        (
            one,
            catalogue.label_of(one.key, english=english()),
            label(catalogue.sources[one.source]) if one.source in catalogue.sources else one.source,
            one.source in own_sources,
        )
        for one in listing.rows
    ]
    return render(request, "exchange/issues.html", {"listing": listing, "rows": rows})


@home_block("desk:home", order=30, width="half", access=Needs(RECORD))
def own_issues(request: PageRequest) -> str:
    """Tell the owner of a source what is wrong with its data; nothing where nothing is."""
    if not (request.actor.is_official and request.actor.may(READ_CATALOGUE)):
        return ""
    found = list(list_own_issues_for(request.actor)[: NEAR + 1])
    if not found:
        return ""
    catalogue = catalogue_for(request.actor)
    rows = [(one, catalogue.label_of(one.key, english=english())) for one in found[:NEAR]]
    context = {"rows": rows, "more": len(found) > NEAR}
    return render_to_string("exchange/own_issues.html", context, request)


@page(
    "fact-issues/<str:ref>/settle/",
    name="desk:settle-fact-issue",
    access=Needs(READ_CATALOGUE),
    title=_("处理质量问题"),
    methods=("GET", "POST"),
    parent="desk:fact-issues",
)
def settle(request: PageRequest, ref: str) -> HttpResponse:
    """Close an issue of a source that the actor answers for."""
    found = get_issue_to_settle(request.actor, ref)
    return answer_form(
        request,
        SettlingForm(request.POST or None),
        lambda given: settle_issue(request.actor, issue=ref, **given),
        done=_("质量问题已办结。"),
        back=reverse("desk:fact-issues"),
        context={
            "title": _("处理质量问题"),
            "lead": f"{found.subject or ''} {catalogue_for(request.actor).label_of(found.key, english=english())}",
            "action_label": _("办结"),
        },
    )


example("desk:fact", lambda: {"key": "enterprise.employees"}, visitor="bureau")
example(
    "desk:settle-fact-issue",
    lambda: {"ref": QualityIssue.objects.filter(resolved_at=None).order_by("pk")[0].ref},
    visitor="bureau",
)
