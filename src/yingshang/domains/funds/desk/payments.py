"""Payments as the treasury has them, those that came back, and money that has to come back."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.domains.funds.actions import (
    demand_back,
    give_account,
    order_payment,
    record_received,
    release,
)
from yingshang.domains.funds.desk.accounts import GROUP
from yingshang.domains.funds.forms import (
    UNPAID,
    AccountForm,
    DemandForm,
    GroundForm,
    OrderForm,
    PaymentFilter,
    ReceivedForm,
)
from yingshang.domains.funds.models import (
    BudgetAccount,
    DueBack,
    JournalEntry,
    Payment,
    PaymentState,
)
from yingshang.domains.funds.permissions import GIVE_ACCOUNT, READ, READ_ALL, RECOVER, SPEND
from yingshang.domains.funds.presenting import (
    TONES,
    fund_name,
    funds_by_key,
    line_name,
    origin_name,
    tail_of,
)
from yingshang.domains.funds.public import Payee
from yingshang.domains.funds.redirecting import CAME_BACK, given_by_others
from yingshang.domains.funds.selectors import (
    get_due_for,
    get_payment_for,
    list_dues_for,
    list_payments_for,
)
from yingshang.outside.listeners import describe_about
from yingshang.outside.models import Request
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.money import yuan
from yingshang.web.parts import TimelineEntry
from yingshang.web.routes import Navigation, PageRequest, page


@page(
    "payments/",
    name="desk:payments",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金支付"),
    navigation=Navigation(_("资金支付"), GROUP, 42),
)
def payments(request: PageRequest) -> HttpResponse:
    """List the payments with what the treasury said, the latest first."""
    form = PaymentFilter(request.GET or None)
    found = list_payments_for(request.actor)
    if form.is_valid():
        found = _chosen(found, form.cleaned_data["state"], form.cleaned_data["payee"].strip())
    listing = list_page(request, found, sorts={"ordered": ("pk",)}, default="-ordered")
    funds = funds_by_key()
    rows = [_line(one, funds) for one in listing.rows]
    return render(
        request, "funds/desk/payments.html", {"listing": listing, "rows": rows, "form": form}
    )


def unpaid_of(found: QuerySet[Payment]) -> QuerySet[Payment]:
    """Return those that came back or were refused and whose money still waits to be paid."""
    return found.filter(state__in=CAME_BACK, commitment__open_fen__gt=0)


def _chosen(found: QuerySet[Payment], state: str, payee: str) -> QuerySet[Payment]:
    if payee:
        found = found.filter(Q(payee_name__icontains=payee) | Q(number__iexact=payee))
    if state == UNPAID:
        return unpaid_of(found)
    return found.filter(state=state) if state else found


def _line(one: Payment, funds: Any) -> dict[str, Any]:
    return {
        "one": one,
        "tone": TONES[PaymentState(one.state)],
        "fund": account_name(one.account, funds),
    }


def account_name(account: BudgetAccount, funds: Any) -> str:
    """Return fund and line of an account."""
    fund = funds.get(account.fund)
    return f"{fund_name(fund)} · {line_name(fund, account.line)}" if fund else str(account)


@page(
    "payments/<slug:ref>/",
    name="desk:payment",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("支付"),
    parent="desk:payments",
)
def payment(request: PageRequest, ref: str) -> HttpResponse:
    """Show one payment: what became of it, what is open again, what has to come back."""
    found = get_payment_for(request.actor, ref)
    asked = Request.objects.filter(about=f"funds_payment:{found.ref}").first()
    context = {
        **_line(found, funds_by_key()),
        "payment": found,
        "tail": tail_of(found),
        "history": _history(found),
        "asked": asked if request.actor.may("outside.read") else None,
        "about": describe_about(request.actor, found.commitment.origin),
        "origin": origin_name(found.commitment.origin),
        "open_fen": found.commitment.open_fen,
        "dues": [one.due for one in found.dues.select_related("due").order_by("pk")],
        "is_unpaid": found.state in CAME_BACK and found.commitment.open_fen > 0,
        "may_order": request.actor.may(SPEND),
        "may_give": request.actor.may(GIVE_ACCOUNT),
        "given": found.given_accounts.order_by("-pk"),
        "may_demand": request.actor.may(RECOVER) and found.state == PaymentState.PAID,
        "may_receive": request.actor.may(RECOVER),
        "crumb_title": found.number,
    }
    return render(request, "funds/desk/payment.html", context)


def _history(found: Payment) -> list[TimelineEntry]:
    """Return the entries about a payment's origin, the latest first."""
    entries = JournalEntry.objects.filter(origin=found.commitment.origin).order_by("-pk")[:50]
    return [
        TimelineEntry(
            one.at,
            f"{one.get_kind_display()} {yuan(one.amount_fen)}",
            " · ".join(filter(None, (one.ground, one.document))),
            one.by_name,
            tone="bad" if one.kind in ("refused", "returned") else "active",
        )
        for one in entries
    ]


def _back(found: Payment) -> str:
    return reverse("desk:payment", kwargs={"ref": found.ref})


@page(
    "payments/<slug:ref>/account/",
    name="desk:payment-account",
    access=Needs(GIVE_ACCOUNT),
    title=_("登记新账户"),
    parent="desk:payment",
    methods=("GET", "POST"),
)
def account(request: PageRequest, ref: str) -> HttpResponse:
    """Give another account for a payment that came back; somebody else orders it."""
    found = get_payment_for(request.actor, ref)
    return answer_form(
        request,
        AccountForm(
            request.POST if request.method == "POST" else None, initial={"payee": found.payee_name}
        ),
        lambda given: give_account(request.actor, payment=ref, **given),
        done=_("已登记，请由另一位人员申请支付。"),
        back=_back(found),
        context={
            "title": _t("登记新账户"),
            "lead": f"{found.reason_label} · {yuan(found.amount_fen)}",
            "action_label": _t("登记"),
        },
    )


def _accounts(request: PageRequest, found: Payment) -> dict[str, tuple[str, Payee]]:
    """Return the accounts into which one may order, by what stands for each in the form, with its label."""
    former = Payee(name=found.payee_name, account=found.payee_account, bank=found.payee_bank)
    accounts = {"former": (_t("原账户"), former)}
    for one in given_by_others(request.actor, found.commitment):
        payee = Payee(name=one.payee_name, account=one.number, bank=one.bank)
        accounts[str(one.pk)] = (_t("新账户（%(name)s登记）") % {"name": one.given_name}, payee)
    return accounts


@page(
    "payments/<slug:ref>/again/",
    name="desk:payment-again",
    access=Needs(SPEND),
    title=_("重新支付"),
    parent="desk:payment",
    methods=("GET", "POST"),
)
def again(request: PageRequest, ref: str) -> HttpResponse:
    """Order a payment anew after it was refused or returned, to the same account or one that others gave."""
    found = get_payment_for(request.actor, ref)
    accounts = _accounts(request, found)
    form = OrderForm(
        request.POST if request.method == "POST" else None,
        [
            (key, f"{label} · {one.name} {one.bank} ····{one.account[-4:]}")
            for key, (label, one) in accounts.items()
        ],
    )
    return answer_form(
        request,
        form,
        lambda given: order_payment(
            request.actor,
            commitment=found.commitment.ref,
            payee=accounts[given["into"]][1].name,
            code=found.payee_code,
            bank=accounts[given["into"]][1].bank,
            account=accounts[given["into"]][1].account,
            amount_fen=min(found.amount_fen, found.commitment.open_fen),
            key=f"after:{found.ref}",
        ),
        done=_("已向国库重新申请支付。"),
        back=_back(found),
        onward=_back,
        context={
            "title": _t("重新支付"),
            "lead": f"{found.reason_label} · {yuan(found.amount_fen)}",
            "action_label": _t("申请支付"),
        },
    )


@page(
    "payments/<slug:ref>/release/",
    name="desk:payment-release",
    access=Needs(SPEND),
    title=_("不再支付"),
    parent="desk:payment",
    methods=("GET", "POST"),
)
def give_up(request: PageRequest, ref: str) -> HttpResponse:
    """Give back what is open again after a return, where it is not to be paid any more."""
    found = get_payment_for(request.actor, ref)
    return answer_form(
        request,
        GroundForm(request.POST if request.method == "POST" else None),
        lambda given: release(
            request.actor, commitment=found.commitment.ref, ground=given["ground"]
        ),
        done=_("已释放占用，金额回到可用。"),
        back=_back(found),
        context={
            "title": _t("不再支付"),
            "lead": yuan(found.commitment.open_fen),
            "action_label": _t("释放占用"),
        },
    )


@page(
    "payments/<slug:ref>/demand/",
    name="desk:payment-demand",
    access=Needs(RECOVER),
    title=_("追回资金"),
    parent="desk:payment",
    methods=("GET", "POST"),
)
def demand(request: PageRequest, ref: str) -> HttpResponse:
    """Book that money has to come back."""
    found = get_payment_for(request.actor, ref)
    return answer_form(
        request,
        DemandForm(
            request.POST if request.method == "POST" else None, initial={"seen": found.due_fen}
        ),
        lambda given: demand_back(
            request.actor,
            payment=ref,
            amount_fen=given["amount"],
            ground=given["ground"],
            key=f"{ref}:{given['seen']}" if given["seen"] else "",
        ),
        done=_("已登记应追回的金额。"),
        back=_back(found),
        context={
            "title": _t("追回资金"),
            "lead": f"{found.payee_name} · {yuan(found.amount_fen)}",
            "action_label": _t("登记追回"),
        },
    )


@page(
    "dues/",
    name="desk:fund-dues",
    access=NeedsOneOf(READ, READ_ALL),
    title=_("资金追回"),
    navigation=Navigation(_("资金追回"), GROUP, 43),
)
def dues(request: PageRequest) -> HttpResponse:
    """List what has to come back, and what has."""
    listing = list_page(
        request, list_dues_for(request.actor), sorts={"made": ("pk",)}, default="-made"
    )
    context = {"listing": listing, "may_receive": request.actor.may(RECOVER)}
    return render(request, "funds/desk/dues.html", context)


@page(
    "dues/<slug:ref>/received/",
    name="desk:fund-due-received",
    access=Needs(RECOVER),
    title=_("登记收回"),
    parent="desk:fund-dues",
    methods=("GET", "POST"),
)
def received(request: PageRequest, ref: str) -> HttpResponse:
    """Book that money came back."""
    found: DueBack = get_due_for(request.actor, ref)
    return answer_form(
        request,
        ReceivedForm(request.POST if request.method == "POST" else None),
        lambda given: record_received(
            request.actor, due=ref, amount_fen=given["amount"], document=given["document"]
        ),
        done=_("已登记收回。"),
        back=reverse("desk:fund-dues"),
        context={
            "title": _t("登记收回"),
            "lead": _t("应追回 %(due)s，已收回 %(received)s。")
            % {"due": yuan(found.amount_fen), "received": yuan(found.received_fen)},
            "action_label": _t("登记"),
        },
    )


def _demo_payment(state: PaymentState) -> dict[str, Any]:
    found = list_payments_for(demo_actor("funds")).filter(state=state)
    return {"ref": found[0].ref}


def _demo_due() -> dict[str, Any]:
    return {"ref": list_dues_for(demo_actor("funds")).filter(settled_at=None)[0].ref}


for _name in ("desk:payment-account", "desk:payment-again", "desk:payment-release"):
    example(_name, lambda: _demo_payment(PaymentState.RETURNED), visitor="funds")
for _name in ("desk:payment", "desk:payment-demand"):
    example(_name, lambda: _demo_payment(PaymentState.PAID), visitor="funds")
example("desk:fund-due-received", _demo_due, visitor="funds")
