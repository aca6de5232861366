"""统一收件: what is handed in at a window, its receipt, and the back office that takes it over."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.actions.papers import Paper, receive_papers, take_over_papers
from yingshang.domains.counters.desk.windows import GROUP
from yingshang.domains.counters.models import Receipt, Ticket
from yingshang.domains.counters.permissions import RECEIVE, TAKE_OVER
from yingshang.domains.counters.presenting import local, organ_name, service_names
from yingshang.domains.counters.register import get_hall, list_services, window_numbers
from yingshang.domains.counters.selectors import get_receipt_for, list_receipts_for
from yingshang.kernel.errors import DomainError
from yingshang.parties.models import Subject
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

MOST_COPIES = 99


class ReceiptForm(forms.Form):
    """What was handed in, for which service, by whom."""

    service = forms.ChoiceField(label=_("办理事项"))
    applicant = forms.CharField(
        label=_("申请人"), max_length=120, help_text=_("企业名称或申请人姓名。")
    )
    code = forms.CharField(
        label=_("统一社会信用代码"),
        required=False,
        max_length=18,
        help_text=_("填写后与平台上的企业关联。"),
    )
    submitter = forms.CharField(label=_("递交人"), max_length=60)
    papers = forms.CharField(
        label=_("材料"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("每行一份：名称，份数，原件或复印件，用竖线隔开，如“章程|1|原件”。"),
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=300)

    def __init__(self, data: Any, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        names = service_names()
        offered = [(one.key, names[one.key]) for one in list_services()]
        self.fields["service"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]

    def clean_papers(self) -> list[Paper]:
        """Return the papers, one a line."""
        lines = [one.strip() for one in self.cleaned_data["papers"].splitlines()]
        return [_paper(one.replace("｜", "|")) for one in lines if one]

    def clean_code(self) -> str:
        """Return the reference of the enterprise, or nothing."""
        code = self.cleaned_data["code"].strip().upper()
        if not code:
            return ""
        found = Subject.objects.filter(code=code).first()
        if found is None:
            raise forms.ValidationError(_("平台上没有这个统一社会信用代码，请核对或留空。"))
        return found.ref


def _paper(line: str) -> Paper:
    parts = [one.strip() for one in line.split("|")]
    what, copies, sort = [*parts, "", ""][:3]
    number = int(copies) if copies.isdecimal() else 1
    if not what or len(what) > 120 or not 1 <= number <= MOST_COPIES or len(parts) > 3:
        raise forms.ValidationError(
            _("“%(line)s”应写成“名称|份数|原件”"), params={"line": line[:60]}
        )
    return Paper(
        what=what, copies=number, original=sort.lower() in {"original", gettext("原件").lower()}
    )


@page(
    "receipts/",
    name="desk:receipts",
    access=NeedsOneOf(RECEIVE, TAKE_OVER),
    title=_("统一收件"),
    navigation=Navigation(_("统一收件"), GROUP, 314),
)
def receipts(request: PageRequest) -> HttpResponse:
    """List what was handed in, the latest first: at one's halls, or for one's organ."""
    listing = list_page(
        request,
        list_receipts_for(request.actor),
        sorts={"received": ("received_at", "pk")},
        default="-received",
    )
    names = service_names()
    rows = [
        (one, names.get(one.service, one.service_name), organ_name(one.routed_to))
        for one in listing.rows
    ]
    context = {
        "listing": listing,
        "rows": rows,
        "may_receive": request.actor.may(RECEIVE),
    }
    return render(request, "counters/desk/receipts.html", context)


@page(
    "receipts/new/",
    name="desk:receive",
    access=Needs(RECEIVE),
    title=_("收件"),
    parent="desk:receipts",
    methods=("GET", "POST"),
)
def receive(request: PageRequest) -> HttpResponse:
    """Take papers in at one's window and show the receipt."""
    ticket = request.GET.get("ticket", "")[:24]
    form = ReceiptForm(request.POST or None, initial=_from_ticket(ticket))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = receive_papers(
                request.actor,
                service=given["service"],
                applicant=given["applicant"],
                submitter=given["submitter"],
                papers=given["papers"],
                subject=given["code"],
                ticket=ticket,
                note=given["note"],
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:receipt", made.ref)
    context = {
        "form": form,
        "title": _("收件"),
        "lead": _("收件后按事项的办理单位转交，并给递交人收件凭证。"),
        "action_label": _("收件"),
        "cancel": reverse("desk:receipts"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


def _from_ticket(ref: str) -> dict[str, Any]:
    ticket = (
        Ticket.objects.filter(ref=ref).select_related("booking__subject").first() if ref else None
    )
    if ticket is None:
        return {}
    service = next((one.key for one in list_services() if one.item == ticket.item), "")
    subject = ticket.booking.subject if ticket.booking else None
    return {
        "service": service,
        "submitter": ticket.name,
        "applicant": subject.name if subject else ticket.name,
        "code": (subject.code or "") if subject else "",
    }


@page(
    "receipts/<str:ref>/",
    name="desk:receipt",
    access=NeedsOneOf(RECEIVE, TAKE_OVER),
    title=_("收件凭证"),
    parent="desk:receipts",
)
def receipt(request: PageRequest, ref: str) -> HttpResponse:
    """Show the receipt, ready to print."""
    found = get_receipt_for(request.actor, ref)
    hall = get_hall(found.hall)
    own = found.routed_to_id == request.actor.organ_id and request.actor.may(TAKE_OVER)
    context = {
        "receipt": found,
        "hall": hall,
        "hall_name": local(hall, "label"),
        "place": local(hall, "place"),
        "window": window_numbers(hall.key).get(found.window),
        "service": service_names().get(found.service, found.service_name),
        "organ": organ_name(found.routed_to),
        "may_take_over": own and found.taken_over_at is None,
        "crumb_title": found.number,
    }
    return render(request, "counters/desk/receipt.html", context)


@page(
    "receipts/<str:ref>/take-over/",
    name="desk:receipt-take-over",
    access=Needs(TAKE_OVER),
    title=_("接收材料"),
    parent="desk:receipt",
    methods=("GET", "POST"),
)
def take_over(request: PageRequest, ref: str) -> HttpResponse:
    """Confirm that one's organ has the papers."""
    found = get_receipt_for(request.actor, ref)
    return answer_form(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda _given: take_over_papers(request.actor, receipt=ref),
        done=_("已接收。"),
        back=reverse("desk:receipt", args=[ref]),
        context={
            "title": _("接收材料"),
            "consequences": [f"{found.number} {found.service_name} {found.applicant}"],
            "action_label": _("确认接收"),
        },
        template="web/confirm.html",
    )


def _a_receipt() -> dict[str, Any]:
    return {"ref": Receipt.objects.filter(routed_to__key="qj-approval").order_by("-pk")[0].ref}


example("desk:receipt", _a_receipt, visitor="clerk")
example("desk:receipt-take-over", _a_receipt, visitor="approver")
