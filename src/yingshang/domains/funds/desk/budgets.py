"""Budgets in: proposed by one, approved by another."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.actions import (
    appropriate,
    approve_budget,
    refuse_budget,
    transfer_budget,
)
from yingshang.domains.funds.desk.accounts import GROUP
from yingshang.domains.funds.forms import BudgetForm, DecideForm
from yingshang.domains.funds.models import BudgetProposal, ProposalState
from yingshang.domains.funds.permissions import APPROVE_BUDGET, PROPOSE_BUDGET, READ, READ_ALL
from yingshang.domains.funds.presenting import (
    PROPOSAL_TONES,
    fund_name,
    funds_by_key,
    line_name,
)
from yingshang.domains.funds.selectors import (
    demand_fund,
    get_proposal_for,
    list_proposals_for,
)
from yingshang.kernel.times import today
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.money import yuan
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "fund-budgets/",
    name="desk:fund-budgets",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金预算"),
    navigation=Navigation(_("资金预算"), GROUP, 41),
)
def budgets(request: PageRequest) -> HttpResponse:
    """List the budgets that were proposed, the latest first."""
    listing = list_page(
        request, list_proposals_for(request.actor), sorts={"proposed": ("pk",)}, default="-proposed"
    )
    funds = funds_by_key()
    rows = [_shown(one, funds) for one in listing.rows]
    context = {"listing": listing, "rows": rows, "may_decide": request.actor.may(APPROVE_BUDGET)}
    return render(request, "funds/desk/budgets.html", context)


def _shown(one: BudgetProposal, funds: Any) -> dict[str, Any]:
    fund = funds.get(one.fund)
    return {
        "one": one,
        "fund": fund_name(fund) if fund else one.fund,
        "line": line_name(fund, one.line) if fund else one.line,
        "from_line": line_name(fund, one.from_line) if fund and one.from_line else "",
        "tone": PROPOSAL_TONES[ProposalState(one.state)],
        "is_open": one.state == ProposalState.PROPOSED,
    }


@page(
    "funds/<slug:key>/budget/",
    name="desk:fund-budget-new",
    access=Needs(PROPOSE_BUDGET),
    title=_("提出预算"),
    parent="desk:fund",
    methods=("GET", "POST"),
)
def propose(request: PageRequest, key: str) -> HttpResponse:
    """Propose a budget for a line, or to move one."""
    found = demand_fund(request.actor, key)
    form = BudgetForm(request.POST if request.method == "POST" else None, found, today().year)

    def act(given: dict[str, Any]) -> BudgetProposal:
        taken = {
            "fund": key,
            "line": given["line"],
            "year": given["year"],
            "amount_fen": given["amount"],
            "document": given["document"],
            "ground": given["ground"],
        }
        if given["from_line"]:
            return transfer_budget(request.actor, from_line=given["from_line"], **taken)
        return appropriate(request.actor, **taken)

    return answer_form(
        request,
        form,
        act,
        done=_("已提出，等待另一位人员批准。"),
        back=reverse("desk:fund-budgets"),
        context={
            "title": _t("提出预算"),
            "lead": fund_name(found),
            "action_label": _t("提出"),
        },
    )


@page(
    "fund-budgets/<slug:ref>/",
    name="desk:fund-budget",
    access=Needs(APPROVE_BUDGET),
    title=_("批准预算"),
    parent="desk:fund-budgets",
    methods=("GET", "POST"),
)
def decide(request: PageRequest, ref: str) -> HttpResponse:
    """Approve or refuse a budget that somebody else proposed."""
    found = get_proposal_for(request.actor, ref)
    shown = _shown(found, funds_by_key())

    def act(given: dict[str, Any]) -> BudgetProposal:
        if given["decision"] == "approve":
            return approve_budget(request.actor, proposal=ref, remark=given["remark"])
        return refuse_budget(request.actor, proposal=ref, remark=given["remark"])

    return answer_form(
        request,
        DecideForm(request.POST if request.method == "POST" else None),
        act,
        done=_("已记录决定。"),
        back=reverse("desk:fund-budgets"),
        context={
            "title": _t("批准预算"),
            "lead": _lead(found, shown),
            "action_label": _t("提交决定"),
        },
    )


def _lead(found: BudgetProposal, shown: dict[str, Any]) -> str:
    """Say what is to be approved: from which line to which, how much, by which paper, who proposed it and why."""
    line = shown["line"]
    if shown["from_line"]:
        line = _t("%(from)s 调剂到 %(to)s") % {"from": shown["from_line"], "to": line}
    parts = [shown["fund"], line, str(found.year), yuan(found.amount_fen), found.document]
    return " · ".join(filter(None, [*parts, found.proposed_name, found.ground]))


def _open_proposal() -> dict[str, Any]:
    found = list_proposals_for(demo_actor("finance")).filter(state=ProposalState.PROPOSED)
    return {"ref": found[0].ref}


example("desk:fund-budget-new", lambda: {"key": "innovation"}, visitor="funds")
example("desk:fund-budget", _open_proposal, visitor="finance")
