"""Settlements with partner regions: drawn, confirmed by the other side, set off and paid."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.desk.accounts import GROUP
from yingshang.domains.funds.permissions import READ, READ_ALL
from yingshang.domains.funds.vouchers.actions import (
    confirm_settlement,
    draw_settlement,
    pay_settlement,
)
from yingshang.domains.funds.vouchers.exporting import statement_workbook
from yingshang.domains.funds.vouchers.forms import (
    ConfirmForm,
    PayRegionForm,
    PeriodForm,
    ReceiptForm,
)
from yingshang.domains.funds.vouchers.models import Settlement, SettlementState
from yingshang.domains.funds.vouchers.permissions import SETTLE
from yingshang.domains.funds.vouchers.presenting import (
    SETTLEMENT_TONES,
    region_name,
    scheme_names,
)
from yingshang.domains.funds.vouchers.selectors import (
    get_settlement_for,
    list_schemes_for,
    list_settlements_for,
)
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.downloads import download
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.money import yuan
from yingshang.web.routes import Navigation, PageRequest, page
from yingshang.web.workbooks import XLSX


def _shown(one: Settlement, schemes: dict[str, str]) -> dict[str, Any]:
    return {
        "one": one,
        "region": region_name(one.region),
        "scheme": schemes.get(one.scheme, one.scheme),
        "tone": SETTLEMENT_TONES[SettlementState(one.state)],
        "owed": max(0, one.net_fen),
        "owing": max(0, -one.net_fen),
    }


@page(
    "settlements/",
    name="desk:settlements",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("双创券结算"),
    navigation=Navigation(_("双创券结算"), GROUP, 45),
)
def settlements(request: PageRequest) -> HttpResponse:
    """List the settlements with partner regions, the latest first."""
    listing = list_page(
        request, list_settlements_for(request.actor), sorts={"drawn": ("pk",)}, default="-drawn"
    )
    schemes = scheme_names()
    context = {
        "listing": listing,
        "rows": [_shown(one, schemes) for one in listing.rows],
        "may_settle": request.actor.may(SETTLE),
    }
    return render(request, "funds/desk/settlements.html", context)


@page(
    "settlements/new/",
    name="desk:settlement-new",
    access=Needs(SETTLE),
    title=_("编制结算"),
    parent="desk:settlements",
    methods=("GET", "POST"),
)
def draw(request: PageRequest) -> HttpResponse:
    """Draw the settlement of a period with a region."""
    form = PeriodForm(
        request.POST if request.method == "POST" else None, list_schemes_for(request.actor)
    )
    return answer_form(
        request,
        form,
        lambda given: draw_settlement(request.actor, **given),
        done=_("已编制，请把结算单送对方确认。"),
        back=reverse("desk:settlements"),
        onward=lambda made: reverse("desk:settlement", kwargs={"ref": made.ref}),
        context={
            "title": _t("编制结算"),
            "lead": _t("截至期末尚未结算的用券，双方轧差后支付净额。"),
            "action_label": _t("编制"),
        },
    )


@page(
    "settlements/<slug:ref>/",
    name="desk:settlement",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("结算单"),
    parent="desk:settlements",
)
def settlement(request: PageRequest, ref: str) -> HttpResponse:
    """Show a settlement's statement: every use on both sides, and the net."""
    found = get_settlement_for(request.actor, ref)
    rows = found.redemptions.select_related("provider").order_by("direction", "pk")
    may = request.actor.may(SETTLE)
    context = {
        **_shown(found, scheme_names()),
        "rows": rows,
        "may_confirm": may and found.state == SettlementState.DRAWN,
        "may_pay": may and found.state == SettlementState.CONFIRMED,
        "crumb_title": region_name(found.region),
    }
    return render(request, "funds/desk/settlement.html", context)


@page(
    "settlements/<slug:ref>/statement/",
    name="desk:settlement-statement",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("导出结算单"),
    parent="desk:settlement",
)
def statement(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out the statement as a workbook, for the other region."""
    found = get_settlement_for(request.actor, ref)
    name = f"{region_name(found.region)}-{found.ends_on.isoformat()}.xlsx"
    return download(statement_workbook(found), name, XLSX)


@page(
    "settlements/<slug:ref>/confirm/",
    name="desk:settlement-confirm",
    access=Needs(SETTLE),
    title=_("登记对方确认"),
    parent="desk:settlement",
    methods=("GET", "POST"),
)
def confirm(request: PageRequest, ref: str) -> HttpResponse:
    """Record that the other region confirmed the statement."""
    found = get_settlement_for(request.actor, ref)
    uses = [
        (one.ref, f"{one.get_direction_display()} {one.number} {yuan(one.amount_fen)}")
        for one in found.redemptions.order_by("direction", "pk")
    ]
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None, uses),
        lambda given: confirm_settlement(
            request.actor, settlement=ref, **{**given, "contested": tuple(given["contested"])}
        ),
        done=_("已登记确认。"),
        back=reverse("desk:settlement", kwargs={"ref": ref}),
        context={
            "title": _t("登记对方确认"),
            "lead": region_name(found.region),
            "action_label": _t("登记"),
        },
    )


@page(
    "settlements/<slug:ref>/pay/",
    name="desk:settlement-pay",
    access=Needs(SETTLE),
    title=_("结清"),
    parent="desk:settlement",
    methods=("GET", "POST"),
)
def pay(request: PageRequest, ref: str) -> HttpResponse:
    """Set off both sides and pay, or book, what is left."""
    found = get_settlement_for(request.actor, ref)
    sort = PayRegionForm if found.net_fen > 0 else ReceiptForm
    lead = _t("轧差后我方应付 %(net)s。") if found.net_fen > 0 else _t("轧差后对方应付 %(net)s。")
    return answer_form(
        request,
        sort(request.POST if request.method == "POST" else None),
        lambda given: pay_settlement(request.actor, settlement=ref, **given),
        done=_("已轧差；应付的净额已向国库申请支付。"),
        back=reverse("desk:settlement", kwargs={"ref": ref}),
        context={
            "title": _t("结清"),
            "lead": lead % {"net": yuan(abs(found.net_fen))},
            "action_label": _t("结清"),
        },
    )


def _demo(*states: SettlementState) -> dict[str, Any]:
    found = list_settlements_for(demo_actor("funds")).filter(state__in=states)
    return {"ref": found[0].ref}


for _name in ("desk:settlement", "desk:settlement-statement", "desk:settlement-confirm"):
    example(_name, lambda: _demo(SettlementState.DRAWN), visitor="funds")
example("desk:settlement-pay", lambda: _demo(*SettlementState), visitor="funds")
