"""Officials on applications: sending back what is wrong, and filing for somebody at the counter."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.forms import CaseForm, action_form
from yingshang.cases.log import procedure_of
from yingshang.cases.selectors import available_actions
from yingshang.cases.working import find_action
from yingshang.domains.services.applying.actions import (
    CORRECTION,
    hand_in,
    send_back,
    start_application,
)
from yingshang.domains.services.applying.names import submission_of
from yingshang.domains.services.applying.presenting import (
    answers_shown,
    draft_names,
    evaluations_of,
    materials_shown,
)
from yingshang.domains.services.applying.selectors import get_application_for
from yingshang.domains.services.bundles.actions import apply_for_bundle, start_bundle
from yingshang.domains.services.bundles.reading import get_matter, list_matters
from yingshang.domains.services.catalogue.presenting import line_of, local
from yingshang.domains.services.catalogue.reading import list_services
from yingshang.domains.services.delivering.forms import AtCounterForm
from yingshang.domains.services.errors import ApplicationMissing
from yingshang.domains.services.permissions import ACCEPT
from yingshang.facts.actions.evaluations import replay_evaluation
from yingshang.facts.permissions import EVALUATE
from yingshang.facts.purposes import SERVICE
from yingshang.forms.models import Draft
from yingshang.forms.pages import fill
from yingshang.forms.permissions import FILE_FOR
from yingshang.forms.selectors import get_draft_for, list_drafts_for
from yingshang.forms.submitting import Marked
from yingshang.kernel.errors import DomainError
from yingshang.rulebook.trying import find_enterprise
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

GROUP = _("政务服务")
REMARK = "remark:"


@page(
    "cases/<str:ref>/send-back/",
    name="desk:send-back",
    access=Needs(ACCEPT),
    title=_("一次性告知补正"),
    methods=("GET", "POST"),
    parent="desk:case",
)
def send_back_page(request: PageRequest, ref: str) -> HttpResponse:
    """Mark what is wrong field by field, and send the application back, once."""
    case = get_application_for(request.actor, ref)
    submission = submission_of(case.data)
    procedure = procedure_of(case.version)
    wanted = find_action(procedure, CORRECTION)
    if wanted not in available_actions(request.actor, case):
        return redirect("desk:case", ref=ref)
    given: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    form = action_form(request.actor, procedure, wanted, case, late=False, **given)
    for name in ("correction", "reason"):
        form.fields.pop(name, None)
    marks = _marks(request)
    if request.method == "POST" and form.is_valid():
        if not marks:
            form.add_error(NON_FIELD_ERRORS, gettext("请在需要补正的内容后写明问题。"))
        elif _sent_back(request, ref, form, marks):
            return redirect("desk:case", ref=ref)
    context = {
        "case": case,
        "form": form,
        "sections": answers_shown(submission),
        "materials": materials_shown(submission),
        "remarks": {one.path: one.remark for one in marks},
        "crumb_title": gettext("一次性告知补正"),
    }
    status = 422 if form.errors else 200
    return render(request, "services/desk/send_back.html", context, status=status)


def _marks(request: PageRequest) -> tuple[Marked, ...]:
    given = [
        (name.removeprefix(REMARK)[:160], str(text).strip()[:500])
        for name, text in request.POST.items()
        if name.startswith(REMARK)
    ]
    return tuple(Marked(path=path, remark=text) for path, text in given if path and text)


def _sent_back(request: PageRequest, ref: str, form: CaseForm, marks: tuple[Marked, ...]) -> bool:
    told = "\n".join(f"{number}. {one.remark}" for number, one in enumerate(marks, start=1))
    parameters = form.parameters()
    try:
        send_back(
            request.actor,
            case=ref,
            marks=marks,
            data={**(parameters.get("data") or {}), "correction": told},
            expected_seq=parameters.get("expected_seq"),
            idempotency_key=parameters.get("idempotency_key") or "",
        )
    except DomainError as error:
        show_refusal(form, error)
        return False
    messages.success(request, gettext("已一次性告知申请人补正。"))
    return True


BUNDLES = "bundle:"
"""Before the key of a whole matter among the choices of what to file."""


@page(
    "cases/<str:ref>/replay/<str:evaluation>/",
    name="desk:replay-evaluation",
    access=Needs(EVALUATE),
    title=_("重新验算"),
    methods=("POST",),
    parent="desk:case",
)
def replay_page(request: PageRequest, ref: str, evaluation: str) -> HttpResponse:
    """Do again what the rules said of an application, as it was done, and tell whether it is the same."""
    case = get_application_for(request.actor, ref)
    if evaluation not in {one.ref for one in evaluations_of(case)}:
        raise ApplicationMissing
    done = replay_evaluation(
        request.actor, evaluation=evaluation, purpose=SERVICE, ground=case.title
    )
    if done.same:
        told = gettext("已按当时的规则、数据和答案重新验算，结果与留存的完全一致。")
        messages.success(request, told)
    else:
        told = gettext("已按当时的规则、数据和答案重新验算，结果与留存的不一致，请报告管理人员。")
        messages.error(request, told)
    return redirect("desk:case", ref=ref)


class FileForForm(AtCounterForm):
    """For whom, which service or whole matter, who came, and how the result is delivered."""

    service = forms.ChoiceField(label=_("办理事项"))
    subject = forms.CharField(
        label=_("企业名称或统一社会信用代码"),
        max_length=120,
        required=False,
        help_text=_("写全称或 18 位代码；个人办理或企业尚未设立的不填。"),
    )
    field_order = ("service", "subject", "name", "identity", "identity_tail", "is_agent", "how")

    def __init__(self, data: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        online = [line_of(one) for one in list_services() if one.is_online]
        services = [(line.service.key, f"{line.name}（{line.organ}）") for line in online]
        matters = [
            (BUNDLES + one.bundle.key, local(one.bundle, "label"))
            for one in list_matters()
            if one.is_online
        ]
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", gettext("请选择")),
            (gettext("单个事项"), services),
            (gettext("高效办成一件事"), matters),
        ]


@page(
    "file-for/",
    name="desk:apply-for",
    access=Needs(FILE_FOR),
    title=_("窗口代填"),
    methods=("GET", "POST"),
    navigation=Navigation(_("窗口代填"), GROUP, 290),
)
def file_for(request: PageRequest) -> HttpResponse:
    """Begin to file for an applicant who stands at the counter; go on with what was begun."""
    named = {name: request.GET.get(name, "") for name in ("service", "subject", "name")}
    form = FileForForm(request.POST or None, initial=named)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begin_for(request, form)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:fill-for", draft=draft.ref)
    drafts = [
        one
        for one in list_drafts_for(request.actor)[:30]
        if one.context.keys() & {"service", "bundle"}
    ]
    context = {"form": form, "drafts": list(zip(drafts, draft_names(drafts), strict=True))}
    status = 422 if form.errors else 200
    return render(request, "services/desk/file_for.html", context, status=status)


def _begin_for(request: PageRequest, form: FileForForm) -> Draft:
    """Begin the draft that a valid form asks for."""
    named, wanted = form.cleaned_data["subject"].strip(), form.cleaned_data["service"]
    subject = find_enterprise(request.actor, named).ref if named else ""
    wish, who = form.wish(), form.at_counter()
    if wanted.startswith(BUNDLES):
        bundle = wanted.removeprefix(BUNDLES)
        optional = tuple(one.item for one in get_matter(bundle).steps if one.optional)
        return start_bundle(
            request.actor,
            bundle=bundle,
            optional=optional,
            subject=subject,
            wish=wish,
            at_counter=who,
        )
    return start_application(
        request.actor, service=wanted, subject=subject, wish=wish, at_counter=who
    )


@page(
    "file-for/<str:draft>/",
    name="desk:fill-for",
    access=Needs(FILE_FOR),
    title=_("代填申请"),
    methods=("GET", "POST"),
    parent="desk:apply-for",
)
def fill_for(request: PageRequest, draft: str) -> HttpResponse:
    """Fill an application for somebody else, who confirms it."""
    filled = get_draft_for(request.actor, draft)
    leave = reverse("desk:apply-for")
    return fill(request, filled, after=_hand_in, leave=leave, title=draft_names([filled])[0])


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    if "bundle" in draft.context:
        case = apply_for_bundle(request.actor, draft=draft.ref)
    else:
        case = hand_in(request.actor, draft)
    messages.success(request, gettext("已代为提交，办件编号 %(ref)s。") % {"ref": case.ref})
    return redirect("desk:case", ref=case.ref)
