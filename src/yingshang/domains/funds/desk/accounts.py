"""The funds, a fund's statement by line and year, its journal, its workbook, and the end of its year."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.actions import close_year
from yingshang.domains.funds.exporting import workbook_of
from yingshang.domains.funds.forms import GroundForm, YearForm
from yingshang.domains.funds.models import YearEnd
from yingshang.domains.funds.permissions import CLOSE_YEAR, PROPOSE_BUDGET, READ, READ_ALL
from yingshang.domains.funds.presenting import fund_name, line_name, local, origin_name
from yingshang.domains.funds.reporting import months_of, statement_of, total_of, years_of
from yingshang.domains.funds.selectors import (
    demand_fund,
    keys_for,
    list_entries_for,
    list_funds_for,
    list_payments_for,
)
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.downloads import download
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page
from yingshang.web.workbooks import XLSX

GROUP = _("涉企资金")
ENTRIES_SHOWN = 10


def year_of(request: PageRequest) -> tuple[YearForm, int]:
    """Return the choice of the year and what was chosen; this year is always offered."""
    years = sorted({today().year, *years_of(keys_for(request.actor))}, reverse=True)
    form = YearForm(request.GET if "year" in request.GET else {"year": today().year}, years)
    chosen = form.cleaned_data["year"] if form.is_valid() else None
    return form, chosen or today().year


@page(
    "funds/",
    name="desk:funds",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金账"),
    navigation=Navigation(_("资金账"), GROUP, 40),
)
def funds(request: PageRequest) -> HttpResponse:
    """List the actor's funds with what of them is left, committed and paid in a year."""
    form, year = year_of(request)
    statements = [statement_of(one, year) for one in list_funds_for(request.actor)]
    owners = {
        one.key: one for one in Organ.objects.filter(key__in={s.fund.owner for s in statements})
    }
    rows = [
        {
            "key": one.fund.key,
            "name": fund_name(one.fund),
            "owner": _organ_name(owners.get(one.fund.owner), one.fund.owner),
            "total": one.total,
            "is_closed": one.is_closed,
        }
        for one in statements
    ]
    whole = total_of(one.total for one in statements)
    context = {"form": form, "year": year, "rows": rows, "whole": whole}
    return render(request, "funds/desk/funds.html", context)


def _organ_name(organ: Organ | None, key: str) -> str:
    return local(organ.short_name or organ.name, organ.name_en) if organ else key


@page(
    "funds/<slug:key>/",
    name="desk:fund",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金收支"),
    parent="desk:funds",
)
def fund(request: PageRequest, key: str) -> HttpResponse:
    """Show a fund's statement by budget line, month by month, and its last entries."""
    found = demand_fund(request.actor, key)
    form, year = year_of(request)
    statement = statement_of(found, year)
    months = months_of(key, year)
    entries = list_entries_for(request.actor).filter(fund=key, year=year)
    end = YearEnd.objects.filter(fund=key, year=year).first()
    context = {
        "fund": found,
        "name": fund_name(found),
        "form": form,
        "year": year,
        "total": statement.total,
        "lines": [(local(one[1], one[2]), standing) for one, standing in statement.lines],
        "months": months,
        "most": max((paid for _month, paid, _returned in months), default=0),
        "entries": entries[:ENTRIES_SHOWN],
        "end": end,
        "may_propose": request.actor.may(PROPOSE_BUDGET) and end is None,
        "may_close": request.actor.may(CLOSE_YEAR) and end is None and year < today().year,
        "crumb_title": fund_name(found),
    }
    return render(request, "funds/desk/fund.html", context)


@page(
    "funds/<slug:key>/journal/",
    name="desk:fund-journal",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金分录"),
    parent="desk:fund",
)
def journal(request: PageRequest, key: str) -> HttpResponse:
    """Show a fund's journal of a year with both sides of every entry."""
    found = demand_fund(request.actor, key)
    form, year = year_of(request)
    entries = list_entries_for(request.actor).filter(fund=key, year=year)
    listing = list_page(
        request,
        entries.prefetch_related("postings__account"),
        sorts={"at": ("pk",)},
        default="-at",
    )
    rows = [
        (
            one,
            [(line_name(found, p.account.line), p) for p in one.postings.all()],
            origin_name(one.origin),
        )
        for one in listing.rows
    ]
    context = {
        "listing": listing,
        "rows": rows,
        "form": form,
        "name": fund_name(found),
        "fund": found,
        "year": year,
    }
    return render(request, "funds/desk/journal.html", context)


@page(
    "funds/<slug:key>/export/",
    name="desk:fund-export",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("导出资金账"),
    parent="desk:fund",
)
def export(request: PageRequest, key: str) -> HttpResponse:
    """Hand out a fund's year as a workbook."""
    found = demand_fund(request.actor, key)
    _form, year = year_of(request)
    entries = list_entries_for(request.actor).filter(fund=key, year=year)
    entries = entries.order_by("pk").prefetch_related("postings__account")
    payments = list_payments_for(request.actor).filter(account__fund=key, account__year=year)
    content = workbook_of(statement_of(found, year), entries, payments.order_by("pk"))
    return download(content, f"{fund_name(found)}-{year}.xlsx", XLSX)


@page(
    "funds/<slug:key>/<int:year>/close/",
    name="desk:fund-close",
    access=Needs(CLOSE_YEAR),
    title=_("年终结账"),
    parent="desk:fund",
    methods=("GET", "POST"),
)
def close(request: PageRequest, key: str, year: int) -> HttpResponse:
    """Close a fund's year after saying what becomes of what is left."""
    found = demand_fund(request.actor, key)
    total = statement_of(found, year).total
    amount = f"{(total.available + total.committed) / 100:,.2f}"
    lead = (
        _t("可用和已占用的 %(amount)s 元结转到下一年度，占用随之转入。")
        if found.may_carry_over
        else _t("可用和已占用的 %(amount)s 元收回预算，占用随之失效。")
    )
    return answer_form(
        request,
        GroundForm(request.POST if request.method == "POST" else None),
        lambda given: close_year(request.actor, fund=key, year=year, ground=given["ground"]),
        done=_("已结账。"),
        back=reverse("desk:fund", kwargs={"key": key}) + f"?year={year}",
        context={
            "title": _t("年终结账：%(fund)s %(year)s") % {"fund": fund_name(found), "year": year},
            "lead": lead % {"amount": amount},
            "action_label": _t("结账"),
        },
    )


example("desk:fund", lambda: {"key": "innovation"}, visitor="funds")
example("desk:fund-journal", lambda: {"key": "innovation"}, visitor="funds")
example("desk:fund-export", lambda: {"key": "innovation"}, visitor="funds")
example("desk:fund-close", lambda: {"key": "commerce", "year": 2025}, visitor="funds")
