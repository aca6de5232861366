"""Officials read and try forms, see what is asked needlessly, file for applicants, mark what is wrong."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.facts.catalogue import current_catalogue
from yingshang.forms.book import (
    compiled,
    compiled_all,
    current_form,
    current_forms,
    current_materials,
    form_of,
    pinned_form,
)
from yingshang.forms.burden import burden_of
from yingshang.forms.drafts import start_draft
from yingshang.forms.errors import NothingMarked
from yingshang.forms.homes import home_of
from yingshang.forms.models import Draft, Submission
from yingshang.forms.needless import needless_of
from yingshang.forms.pages import fill, preview
from yingshang.forms.permissions import FILE_FOR, MARK, READ_DEFINITIONS, READ_SUBMISSIONS
from yingshang.forms.presenting import pick
from yingshang.forms.reviewing import material_lines, submitted
from yingshang.forms.selectors import (
    get_draft_for,
    get_submission_for,
    list_drafts_for,
    list_forms_for,
    marks_of,
)
from yingshang.forms.submitting import Marked, mark_fields, submit_draft
from yingshang.kernel.errors import DomainError
from yingshang.parties.models import Subject
from yingshang.parties.selectors import list_subjects_for
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.routes import Navigation, PageRequest, page

SORTS = {
    "known": (_("平台已有，不应再问"), "bad"),
    "excused": (_("平台已有，已说明理由"), "idle"),
    "same_question": (_("多张表单重复询问"), "warn"),
    "same_material": (_("多张表单重复要求材料"), "warn"),
}


@page(
    "forms/",
    name="desk:forms",
    access=Needs(READ_DEFINITIONS),
    title=_("表单"),
    navigation=Navigation(_("表单"), _("政务服务"), 300),
)
def form_list(request: PageRequest) -> HttpResponse:
    """List the forms in force with what they cost who fills them."""
    rows = []
    versions = list_forms_for(request.actor)
    for version, ready in zip(versions, compiled_all(versions), strict=True):
        rows.append(
            {
                "version": version,
                "label": pick(ready.form),
                "burden": burden_of(ready, ready.fact_keys),
            }
        )
    return render(request, "forms/forms.html", {"rows": rows})


@page(
    "forms/needless/",
    name="desk:needless-questions",
    access=Needs(READ_DEFINITIONS),
    title=_("重复索要"),
    navigation=Navigation(_("重复索要"), _("政务服务"), 310),
    parent="desk:forms",
)
def needless(request: PageRequest) -> HttpResponse:
    """Say which forms and materials ask for what the platform knows, and what is asked twice."""
    versions = list_forms_for(request.actor)
    forms_in_force = [form_of(one) for one in versions]
    labels = {one.key: pick(one) for one in forms_in_force}
    found = needless_of(forms_in_force, current_materials(), current_catalogue())
    rows = [
        {
            "sort": SORTS[one.sort],
            "what": one.what,
            "forms": [labels[key] for key in one.forms],
            "why": one.why,
        }
        for one in found
    ]
    return render(request, "forms/needless.html", {"rows": rows})


@page(
    "forms/<str:key>/",
    name="desk:form-preview",
    access=Needs(READ_DEFINITIONS),
    title=_("试填"),
    methods=("GET", "POST"),
    parent="desk:forms",
)
def try_form(request: PageRequest, key: str) -> HttpResponse:
    """Try a form: the same engine as for applicants, nothing is kept."""
    return preview(request, current_form(key), back=reverse("desk:forms"))


class FilingForm(forms.Form):
    """Which form to file, and for whom."""

    form = forms.ChoiceField(label=_("表单"))
    subject = forms.CharField(
        label=_("申请人"),
        max_length=120,
        help_text=_("企业完整的名称或统一社会信用代码。"),
    )


@page(
    "filings/",
    name="desk:filings",
    access=Needs(FILE_FOR),
    title=_("代为填报"),
    methods=("GET", "POST"),
    parent="desk:forms",
)
def filings(request: PageRequest) -> HttpResponse:
    """List what this organ files on behalf of applicants, and begin another."""
    given = FilingForm(request.POST or None)
    given.fields["form"] = forms.ChoiceField(
        label=_("表单"), choices=[(v.key, pick(form_of(v))) for v in current_forms()]
    )
    if request.method == "POST" and given.is_valid():
        try:
            draft = start_draft(
                request.actor,
                form=given.cleaned_data["form"],
                subject=_subject_ref(request, given.cleaned_data["subject"]),
                purpose=given.cleaned_data["form"],
            )
        except DomainError as error:
            show_refusal(given, error)
        else:
            return redirect("desk:filing", draft.ref)
    drafts = [one for one in list_drafts_for(request.actor)[:50] if one.on_behalf_id]
    context = {
        "form": given,
        "rows": [{"draft": one, "label": pick(pinned_form(one.form))} for one in drafts],
    }
    status = 422 if given.is_bound and given.errors else 200
    return render(request, "forms/filings.html", context, status=status)


def _subject_ref(request: PageRequest, text: str) -> str:
    """Return the one subject of this name or code; where there is none, a reference of nobody."""
    subjects, wanted = list_subjects_for(request.actor), text.strip()
    found: list[Subject] = list(subjects.filter(code=wanted.upper())[:2])
    found = found or list(subjects.filter(name=wanted)[:2])
    return found[0].ref if len(found) == 1 else "-"


@page(
    "filings/<str:ref>/",
    name="desk:filing",
    access=Needs(FILE_FOR),
    title=_("代为填报"),
    methods=("GET", "POST"),
    parent="desk:filings",
)
def filing(request: PageRequest, ref: str) -> HttpResponse:
    """Fill a form on behalf of an applicant."""
    draft = get_draft_for(request.actor, ref)
    if address := home_of(request.actor, draft):
        return redirect(address)
    title = f"{pick(pinned_form(draft.form))}：{draft.subject}" if draft.subject else ""
    return fill(request, draft, after=_hand_in, leave=reverse("desk:filings"), title=title)


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    made = submit_draft(request.actor, draft=draft.ref)
    messages.success(request, _("已代为提交。"))
    return redirect("desk:submission", made.ref)


@page(
    "submissions/<str:ref>/",
    name="desk:submission",
    access=Needs(READ_SUBMISSIONS),
    title=_("申请材料"),
    methods=("GET", "POST"),
)
def submission(request: PageRequest, ref: str) -> HttpResponse:
    """Show what was handed in, and mark what is wrong with a remark each."""
    found = get_submission_for(request.actor, ref)
    refused = ""
    if request.method == "POST":
        try:
            mark_fields(request.actor, submission=found.ref, marks=_marks(request))
        except NothingMarked as error:
            refused = str(error)
        else:
            messages.success(request, _("已标出，申请人只能改动这些内容。"))
            return redirect("desk:submission", ref)
    form = compiled(found.form)
    context = {
        "submission": found,
        "form_label": pick(form.form),
        "sections": submitted(form, found),
        "materials": material_lines(form, found.body["materials"]),
        "marks": {one.path: one for one in marks_of(found)},
        "refused": refused,
        "may_mark": request.actor.may(MARK),
        "crumb_title": pick(form.form),
    }
    return render(request, "forms/desk_submission.html", context, status=422 if refused else 200)


def _marks(request: PageRequest) -> tuple[Marked, ...]:
    """Return the remarks on the page, each for its path."""
    return tuple(
        Marked(path=name.removeprefix("mark.")[:160], remark=text.strip()[:500])
        for name, text in request.POST.items()
        if name.startswith("mark.")
        and isinstance(text, str)
        and text.strip()
        and len(name) > len("mark.")
    )


example("desk:form-preview", lambda: {"key": "food-business-licence"}, visitor="clerk")
example(
    "desk:filing",
    lambda: {"ref": Draft.objects.filter(on_behalf__isnull=False, state="open")[0].ref},
    visitor="clerk",
)
example(
    "desk:submission",
    lambda: {
        "ref": Submission.objects.filter(purpose__startswith="service:").order_by("pk")[0].ref
    },
    visitor="approver",
)
