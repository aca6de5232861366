"""Meetings on the desk: recording them, and following what they decided."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.documents.actions import upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.errors import FileTooLarge
from yingshang.documents.selectors import list_attachments
from yingshang.domains.plans.actions.meetings import (
    Decided,
    assign_decision,
    record_meeting,
)
from yingshang.domains.plans.desk.work_overview import GROUP
from yingshang.domains.plans.errors import DecisionMissing
from yingshang.domains.plans.permissions import MEET, READ_MEETINGS
from yingshang.domains.plans.selectors.meetings import (
    DecisionStanding,
    decisions_of,
    get_meeting_for,
    list_meetings_for,
)
from yingshang.domains.plans.showing import case_href, shown, state_label
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.parties.models import Organ
from yingshang.parties.selectors import home_division
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

ROWS = 6
"""Decisions that the form has room for; more are added to the meeting's next record."""


def organ_choices() -> list[tuple[str, str]]:
    """Return the district's organs for a choice, by key."""
    organs = Organ.objects.filter(division__startswith=home_division()).order_by("order", "key")
    return [(organ.key, str(organ)) for organ in organs]


@page(
    "meetings/",
    name="desk:meetings",
    access=Needs(READ_MEETINGS),
    title=_("会议与议定事项"),
    navigation=Navigation(_("会议与议定事项"), GROUP, 90),
)
def meetings(request: PageRequest) -> HttpResponse:
    """List the meetings that the actor's organ kept or sat in."""
    listing = list_page(
        request,
        list_meetings_for(request.actor),
        sorts={"held": ("-held_on", "-pk")},
        default="held",
    )
    return render(
        request,
        "plans/work/meetings.html",
        {"listing": listing, "may_record": request.actor.may(MEET)},
    )


class MeetingForm(forms.Form):
    """A meeting; each decision has its own row of the page."""

    title = forms.CharField(label=_("会议名称"), max_length=200)
    held_on = forms.DateField(
        label=_("召开日期"), widget=forms.DateInput(attrs={"type": "date"}), initial=today
    )
    chair = forms.CharField(label=_("主持人"), max_length=60)
    organs = forms.MultipleChoiceField(
        label=_("参会单位"), widget=forms.CheckboxSelectMultiple, choices=organ_choices
    )
    minutes = forms.CharField(
        label=_("会议纪要"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    attachment = forms.FileField(
        label=_("纪要附件"), required=False, help_text=_("pdf 或 docx，不超过 10 MB。")
    )


class DecisionForm(forms.Form):
    """One decision; without organs or a day it waits to be assigned."""

    text = forms.CharField(
        label=_("议定内容"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=2000,
    )
    lead = forms.ChoiceField(label=_("牵头单位"), required=False)
    cooperate = forms.MultipleChoiceField(label=_("配合单位"), required=False)
    due = forms.DateField(
        label=_("完成时限"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        lead, cooperate = self.fields["lead"], self.fields["cooperate"]
        assert isinstance(lead, forms.ChoiceField)
        assert isinstance(cooperate, forms.ChoiceField)
        lead.choices = [("", _t("暂不明确")), *choices]
        cooperate.choices = list(choices)

    def organs(self) -> list[str]:
        """Return the organs chosen, the lead first; none without a lead."""
        lead, others = self.cleaned_data["lead"], self.cleaned_data["cooperate"]
        return [lead, *(key for key in others if key != lead)] if lead else []


@page(
    "meetings/new/",
    name="desk:meeting-new",
    access=Needs(MEET),
    title=_("登记会议"),
    parent="desk:meetings",
    methods=("GET", "POST"),
)
def meeting_new(request: PageRequest) -> HttpResponse:
    """Record a meeting with its decisions."""
    form = MeetingForm(request.POST or None, request.FILES or None)
    choices = organ_choices()
    rows = [
        DecisionForm(request.POST or None, prefix=f"d{n}", choices=choices)
        for n in range(1, ROWS + 1)
    ]
    if request.method == "POST" and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        try:
            ref = _record(request, form, [row for row in rows if row.cleaned_data["text"]])
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _t("会议已登记，议定事项已经立项。"))
            return redirect("desk:meeting", ref=ref)
    refused = bool(form.errors or any(row.errors for row in rows))
    return render(
        request,
        "plans/work/meeting_new.html",
        {"form": form, "rows": rows},
        status=422 if refused else 200,
    )


def _record(request: PageRequest, form: MeetingForm, rows: Sequence[DecisionForm]) -> str:
    given = form.cleaned_data
    file = given["attachment"]
    attachments = []
    if file is not None:
        if file.size > MAX_SIZE:
            params = {"name": file.name, "limit": MAX_SIZE // 2**20}
            raise FileTooLarge(field="attachment", params=params)
        attachments.append(upload(request.actor, name=file.name, content=file.read()).ref)
    return record_meeting(
        request.actor,
        title=given["title"],
        held_on=given["held_on"],
        chair=given["chair"],
        organs=given["organs"],
        minutes=given["minutes"],
        attachments=attachments,
        decisions=[
            Decided(
                text=row.cleaned_data["text"],
                organs=tuple(row.organs()),
                due=row.cleaned_data["due"],
            )
            for row in rows
        ],
    )


@page(
    "meetings/<str:ref>/",
    name="desk:meeting",
    access=Needs(READ_MEETINGS),
    title=_("会议"),
    parent="desk:meetings",
)
def meeting(request: PageRequest, ref: str) -> HttpResponse:
    """Show a meeting and what became of each of its decisions."""
    found = get_meeting_for(request.actor, ref)
    may_assign = request.actor.may(MEET) and request.actor.organ_id == found.organ_id
    standings = decisions_of(found)
    return render(
        request,
        "plans/work/meeting.html",
        {
            "meeting": found,
            "crumb_title": found.title,
            "files": list(list_attachments(found.attachments).values()),
            "organs": "、".join(str(organ) for organ in found.organs.all()),
            "decisions": [_decision(standing, may_assign=may_assign) for standing in standings],
        },
    )


def _decision(standing: DecisionStanding, *, may_assign: bool) -> dict[str, Any]:
    case = standing.case
    return {
        "order": standing.decision.order,
        "case": case,
        "text": case.data.get("decision", case.title),
        "outcome": case.data.get("outcome", ""),
        "state": state_label(case),
        "tone": "good" if case.closed_at else "active",
        "href": case_href(case.ref),
        "tasks": shown(standing.tasks),
        "done": standing.done,
        "may_assign": may_assign and case.state == "recorded",
    }


class AssignForm(forms.Form):
    """Who does what was decided, and by when."""

    lead = forms.ChoiceField(label=_("牵头单位"), choices=organ_choices)
    cooperate = forms.MultipleChoiceField(
        label=_("配合单位"),
        choices=organ_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due = forms.DateField(label=_("完成时限"), widget=forms.DateInput(attrs={"type": "date"}))


@page(
    "meetings/<str:ref>/decisions/<int:order>/",
    name="desk:decision-assign",
    access=Needs(MEET),
    title=_("交办议定事项"),
    parent="desk:meeting",
    methods=("GET", "POST"),
)
def decision_assign(request: PageRequest, ref: str, order: int) -> HttpResponse:
    """Turn a decision into tasks."""
    found = get_meeting_for(request.actor, ref)
    decision = next((d for d in decisions_of(found) if d.decision.order == order), None)
    if decision is None:
        raise DecisionMissing
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        others = [key for key in given["cooperate"] if key != given["lead"]]
        try:
            assign_decision(
                request.actor,
                meeting=ref,
                order=order,
                organs=[given["lead"], *others],
                due=given["due"],
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _t("已交办，任务已下达到各承办单位。"))
            return redirect("desk:meeting", ref=ref)
    context = {
        "title": _t("交办议定事项"),
        "lead": decision.case.data.get("decision", ""),
        "form": form,
        "action_label": _t("交办"),
        "cancel": request.path.rsplit("decisions/", 1)[0],
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)
