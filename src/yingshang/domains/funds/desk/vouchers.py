"""Vouchers at the desk: issued, redeemed, providers, and settlements with partner regions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.desk.accounts import GROUP
from yingshang.domains.funds.permissions import READ, READ_ALL
from yingshang.domains.funds.presenting import local
from yingshang.domains.funds.vouchers.actions import (
    issue_voucher,
    recognise_provider,
    record_redemption,
)
from yingshang.domains.funds.vouchers.forms import IssueForm, ProviderForm, RecordForm
from yingshang.domains.funds.vouchers.issuing import get_scheme
from yingshang.domains.funds.vouchers.models import VoucherState
from yingshang.domains.funds.vouchers.permissions import MANAGE, SETTLE
from yingshang.domains.funds.vouchers.presenting import (
    VOUCHER_TONES,
    region_name,
    scheme_names,
    scope_names,
)
from yingshang.domains.funds.vouchers.selectors import (
    list_providers_for,
    list_schemes_for,
    list_vouchers_for,
)
from yingshang.kernel.times import today
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "vouchers/",
    name="desk:vouchers",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("双创券"),
    navigation=Navigation(_("双创券"), GROUP, 44),
)
def vouchers(request: PageRequest) -> HttpResponse:
    """List the schemes and the vouchers issued, the latest first."""
    listing = list_page(
        request, list_vouchers_for(request.actor), sorts={"issued": ("pk",)}, default="-issued"
    )
    schemes, scopes = scheme_names(), scope_names()
    rows = [
        {
            "one": one,
            "scheme": schemes.get(one.scheme, one.scheme),
            "scope": scopes.get((one.scheme, one.scope), one.scope),
            "tone": VOUCHER_TONES[VoucherState(one.state)],
        }
        for one in listing.rows
    ]
    terms = [
        {
            "key": one.key,
            "name": local(one.label, one.label_en),
            "percent": int(one.rate * 100),
            "cap": one.cap,
            "year_cap": one.year_cap,
            "months": one.valid_months,
            "regions": [region_name(region) for region in one.regions],
            "legal": one.legal,
        }
        for one in list_schemes_for(request.actor)
    ]
    context = {
        "listing": listing,
        "rows": rows,
        "terms": terms,
        "may_manage": request.actor.may(MANAGE),
        "may_settle": request.actor.may(SETTLE),
    }
    return render(request, "funds/desk/vouchers.html", context)


@page(
    "vouchers/<slug:scheme>/providers/",
    name="desk:voucher-providers",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("双创券服务机构"),
    parent="desk:vouchers",
)
def providers(request: PageRequest, scheme: str) -> HttpResponse:
    """List the providers recognised for a scheme, by region."""
    terms, scopes = get_scheme(scheme), scope_names()
    rows = [
        {
            "one": one,
            "region": region_name(one.region),
            "scopes": [scopes.get((scheme, key), key) for key in one.scopes],
            "is_open": one.ended_on is None or one.ended_on > today(),
        }
        for one in list_providers_for(request.actor).filter(scheme=scheme)
    ]
    context = {
        "rows": rows,
        "scheme": scheme,
        "name": local(terms.label, terms.label_en),
        "may_manage": request.actor.may(MANAGE),
    }
    return render(request, "funds/desk/providers.html", context)


def _manage_form(
    request: PageRequest, form: Any, act: Any, *, scheme: str, title: str, label: str, done: Any
) -> HttpResponse:
    """Show one of the officer's forms about a scheme."""
    terms = get_scheme(scheme)
    return answer_form(
        request,
        form,
        act,
        done=done,
        back=reverse("desk:vouchers"),
        context={
            "title": title,
            "lead": local(terms.label, terms.label_en),
            "action_label": label,
        },
    )


@page(
    "vouchers/<slug:scheme>/issue/",
    name="desk:voucher-issue",
    access=Needs(MANAGE),
    title=_("发放双创券"),
    parent="desk:vouchers",
    methods=("GET", "POST"),
)
def issue(request: PageRequest, scheme: str) -> HttpResponse:
    """Issue a voucher to a firm."""
    form = IssueForm(request.POST if request.method == "POST" else None, get_scheme(scheme))
    return _manage_form(
        request,
        form,
        lambda given: issue_voucher(
            request.actor,
            scheme=scheme,
            subject=given["code"],
            scope=given["scope"],
            key=given["key"],
        ),
        scheme=scheme,
        title=_t("发放双创券"),
        label=_t("发放"),
        done=_("已发放，金额已占用。"),
    )


@page(
    "vouchers/<slug:scheme>/providers/new/",
    name="desk:voucher-provider-new",
    access=Needs(MANAGE),
    title=_("认可服务机构"),
    parent="desk:voucher-providers",
    methods=("GET", "POST"),
)
def recognise(request: PageRequest, scheme: str) -> HttpResponse:
    """Recognise a provider."""
    form = ProviderForm(request.POST if request.method == "POST" else None, get_scheme(scheme))
    return _manage_form(
        request,
        form,
        lambda given: recognise_provider(request.actor, scheme=scheme, **given),
        scheme=scheme,
        title=_t("认可服务机构"),
        label=_t("认可"),
        done=_("已认可。"),
    )


@page(
    "vouchers/<slug:scheme>/record/",
    name="desk:voucher-record",
    access=Needs(MANAGE),
    title=_("登记异地用券"),
    parent="desk:vouchers",
    methods=("GET", "POST"),
)
def record(request: PageRequest, scheme: str) -> HttpResponse:
    """Record what a partner region reports of our vouchers."""
    terms = get_scheme(scheme)
    found = list_providers_for(request.actor).filter(scheme=scheme, region__in=terms.regions)
    choices = [(one.ref, f"{one.name}（{region_name(one.region)}）") for one in found]
    form = RecordForm(request.POST if request.method == "POST" else None, choices)
    return _manage_form(
        request,
        form,
        lambda given: record_redemption(request.actor, **given),
        scheme=scheme,
        title=_t("登记异地用券"),
        label=_t("登记"),
        done=_("已登记，待与该地区结算。"),
    )


for _name in (
    "desk:voucher-providers",
    "desk:voucher-issue",
    "desk:voucher-provider-new",
    "desk:voucher-record",
):
    example(_name, lambda: {"scheme": "innovation-voucher"}, visitor="funds")
