"""为企业做体检: an official checks one enterprise for a named purpose; each look is logged and shown to it."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.domains.checkups.checking import Report, check_up
from yingshang.domains.checkups.errors import NoSuchPolicy
from yingshang.domains.checkups.findings import STATES
from yingshang.domains.checkups.permissions import CHECK
from yingshang.domains.checkups.presenting import PARTS, detail_of
from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.facts.purposes import CORRECTION, POLICY, PURPOSES, SERVICE
from yingshang.kernel.errors import DomainError
from yingshang.parties.actors import Actor
from yingshang.rulebook.trying import find_enterprise
from yingshang.web.access import OfficialNeeds
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

OFFERED = (POLICY, SERVICE, CORRECTION)


class CheckUpForm(forms.Form):
    """Which enterprise, for which purpose, on which ground sensitive facts are read."""

    subject = forms.CharField(
        label=_("企业"), help_text=_("统一社会信用代码或全称"), max_length=120
    )
    purpose = forms.ChoiceField(label=_("读取目的"), initial=POLICY)
    ground = forms.CharField(
        label=_("读取敏感数据的依据"),
        help_text=_("不填则敏感数据按未知处理。"),
        max_length=300,
        required=False,
    )

    def __init__(self, actor: Actor, given: object) -> None:
        super().__init__(given)  # type: ignore[arg-type]
        choices = [(name, PURPOSES.get(name).label) for name in OFFERED]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]
        if not actor.may(READ_SENSITIVE):
            del self.fields["ground"]


@page(
    "check-up/",
    name="desk:check-up",
    access=OfficialNeeds(CHECK),
    title=_("企业政策体检"),
    navigation=Navigation(_("企业政策体检"), _("惠企政策"), 70),
    methods=("GET", "POST"),
    parent="desk:home",
)
def check(request: PageRequest) -> HttpResponse:
    """Check one enterprise; the form names the purpose, and the reading is logged."""
    form = CheckUpForm(request.actor, request.POST if request.method == "POST" else None)
    report = _report(request, form) if form.is_bound and form.is_valid() else None
    context: dict[str, object] = {"form": form, "report": report}
    if report is not None:
        policy = request.POST.get("policy", "")
        context |= {"parts": _parts(report), "asked": form.cleaned_data}
        try:
            context["detail"] = detail_of(report.get(policy)) if policy else None
        except NoSuchPolicy as error:
            show_refusal(form, error)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "checkups/desk/check.html", context, status=status)


def _report(request: PageRequest, form: CheckUpForm) -> Report | None:
    given = form.cleaned_data
    try:
        subject = find_enterprise(request.actor, given["subject"])
        return check_up(
            request.actor, subject, purpose=given["purpose"], ground=given.get("ground", "")
        )
    except DomainError as error:
        show_refusal(form, error)
        return None


def _parts(report: Report) -> list[dict[str, object]]:
    return [
        {
            "state": state,
            "label": PARTS[state].label,
            "lead": PARTS[state].lead,
            "findings": getattr(report, state),
        }
        for state in STATES
    ]
