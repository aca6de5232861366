"""One check of several commitments of an enterprise: what stands beside a case, and the page that records it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import label
from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.panels import case_panel
from yingshang.cases.presenting import row_of
from yingshang.domains.services.applying.commitments import (
    Checked,
    check_together,
    checkable_together,
    commitments_beside,
    has_post_check,
)
from yingshang.domains.services.applying.names import SUBMISSION, service_of_case
from yingshang.domains.services.applying.selectors import get_application_for
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.permissions import CHECK_COMMITMENT
from yingshang.licences.models import Licence
from yingshang.web.access import Needs
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page

LATER, KEPT, PUT_RIGHT = "later", "kept", "put_right"
RESULTS = [(LATER, _("这次不核查")), (KEPT, _("符合承诺")), (PUT_RIGHT, _("不符，限期整改"))]


@case_panel("services.commitments", title=_("同一企业的告知承诺"), order=35)
def beside(request: PageRequest, case: Case) -> str:
    """Show the enterprise's other commitments, with when each is to be checked."""
    official = request.actor.is_official and request.actor.may(CHECK_COMMITMENT)
    if not (official and case.data.get(SUBMISSION) and has_post_check(case)):
        return ""
    others = [(row_of(one), _called(one), one.holder.name) for one in commitments_beside(case)[:20]]
    if not others:
        return ""
    context = {
        "case": case,
        "others": others,
        "broken": any(row.case.state == "revoked" for row, _name, _organ in others),
        "together": len(checkable_together(request.actor, case)) > 1,
    }
    return render_to_string("services/desk/commitments_panel.html", context, request)


def _called(case: Case) -> str:
    """Return what a commitment is called: the service and the licence that was issued on it."""
    name = local(service_of_case(case).item, "name")
    licence = Licence.objects.filter(origin=f"case:{case.ref}").order_by("-pk").first()
    return f"{name}（{licence.number}）" if licence else name


class TogetherForm(forms.Form):
    """How it was checked, and for each commitment what was found."""

    def __init__(self, cases: list[Case], data: Any) -> None:
        super().__init__(data)
        self.cases = cases
        methods = procedure_of(cases[0].version).field_by_key["check_method"]
        choices = [(one.key, label(one)) for one in methods.choices]
        self.fields["method"] = forms.ChoiceField(label=label(methods), choices=choices)
        for one in cases:
            name = _called(one)
            self.fields[f"result:{one.ref}"] = forms.ChoiceField(
                label=name, choices=RESULTS, initial=KEPT
            )
            self.fields[f"said:{one.ref}"] = forms.CharField(
                label=gettext("%(name)s：核查情况或者整改要求") % {"name": name},
                required=False,
                max_length=2000,
                widget=forms.Textarea({"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """Demand words for each commitment that was checked, and at least one of them."""
        given: dict[str, Any] = super().clean() or {}
        checked = [one.ref for one in self.cases if given.get(f"result:{one.ref}") != LATER]
        for ref in checked:
            if not given.get(f"said:{ref}"):
                self.add_error(f"said:{ref}", gettext("请写明核查情况或者整改要求。"))
        if not checked:
            self.add_error(None, gettext("请至少核查一项。"))
        return given


@page(
    "cases/<str:ref>/check-together/",
    name="desk:check-together",
    access=Needs(CHECK_COMMITMENT),
    title=_("一次核查多项承诺"),
    methods=("GET", "POST"),
    parent="desk:case",
)
def together(request: PageRequest, ref: str) -> HttpResponse:
    """Record one check of several commitments of an enterprise."""
    case = get_application_for(request.actor, ref)
    cases = checkable_together(request.actor, case)
    if len(cases) < 2:
        return redirect("desk:case", ref=ref)

    def record(given: dict[str, Any]) -> list[Case]:
        results = tuple(
            Checked(
                case=one.ref,
                kept=given[f"result:{one.ref}"] == KEPT,
                said=given[f"said:{one.ref}"],
            )
            for one in cases
            if given[f"result:{one.ref}"] != LATER
        )
        return check_together(request.actor, method=given["method"], results=results)

    return answer_form(
        request,
        TogetherForm(cases, request.POST or None),
        record,
        done=lambda done: gettext("已记录 %(n)s 项承诺的核查结果。") % {"n": len(done)},
        back=reverse("desk:case", args=[ref]),
        context={
            "title": gettext("一次核查多项承诺"),
            "lead": case.subject.name if case.subject else case.title,
            "action_label": gettext("记录核查结果"),
        },
    )
