"""我的草稿、我的材料: what an applicant is filling, has handed in, and keeps for the next time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.forms.book import compiled, current_materials, pinned_form
from yingshang.forms.drafts import content_digest, delete_draft, evaluate_draft
from yingshang.forms.homes import home_of
from yingshang.forms.models import Draft, MaterialItem, Submission
from yingshang.forms.pages import fill
from yingshang.forms.permissions import FILL, MANAGE_SPACE
from yingshang.forms.presenting import Sheet, pick
from yingshang.forms.purposes import purposes_offered
from yingshang.forms.reviewing import material_cards, material_lines, reviewed, submitted
from yingshang.forms.selectors import (
    consents_of,
    get_draft_for,
    get_item_for,
    get_submission_for,
    list_drafts_awaiting,
    list_drafts_for,
    list_items_for,
    list_submissions_for,
    marks_of,
    uses_of,
)
from yingshang.forms.signing import (
    awaited_draft,
    confirm_own_filing,
    confirmation_code,
    invitation,
    invited_draft,
    is_confirmed,
    sign_draft,
    slot_of,
)
from yingshang.forms.space import give_consent, remove_item, withdraw_consent
from yingshang.forms.submitting import start_correction, submit_draft
from yingshang.kernel.times import today
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Organ, valid_on
from yingshang.web.access import SignedIn, SubjectNeeds
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import OWN, Navigation, PageRequest, page


def _address(request: PageRequest, draft: Draft) -> str:
    """Return where a draft is filled: on the page that it belongs to, or ours."""
    own = reverse("portal:my-draft", args=[draft.ref])
    return home_of(request.actor, draft) or own


def _row(request: PageRequest, draft: Draft) -> dict[str, Any]:
    return {
        "draft": draft,
        "label": pick(pinned_form(draft.form)),
        "href": _address(request, draft),
        "ends": (draft.expires_on - today()).days,
    }


@home_block("portal:home", order=15, width="half", access=SignedIn())
def unfinished(request: PageRequest) -> str:
    """Remind of drafts that are open or end soon, and of filings that await a confirmation."""
    if request.actor.is_official:
        return ""
    drafts = [_row(request, one) for one in list_drafts_for(request.actor)[:5]]
    awaiting = [
        {"draft": one, "label": pick(pinned_form(one.form))}
        for one in list_drafts_awaiting(request.actor)[:5]
    ]
    if not drafts and not awaiting:
        return ""
    context = {"rows": drafts, "awaiting": awaiting}
    return render_to_string("forms/unfinished.html", context, request)


@page(
    "my-drafts/",
    name="portal:my-drafts",
    access=SignedIn(),
    title=_("我的草稿"),
)
def my_drafts(request: PageRequest) -> HttpResponse:
    """List what is being filled, what awaits a confirmation, and what was handed in."""
    drafts = [one for one in list_drafts_for(request.actor)[:50] if one.on_behalf_id is None]
    submissions = list_submissions_for(request.actor)[:20]
    context = {
        "rows": [_row(request, one) for one in drafts],
        "awaiting": [
            {"draft": one, "label": pick(pinned_form(one.form))}
            for one in list_drafts_awaiting(request.actor)[:20]
        ],
        "submissions": [
            {"submission": one, "label": pick(pinned_form(one.form))} for one in submissions
        ],
    }
    return render(request, "forms/my_drafts.html", context)


@page(
    "my-drafts/<str:ref>/",
    name="portal:my-draft",
    access=SignedIn(),
    title=_("填写表单"),
    methods=("GET", "POST"),
    parent="portal:my-drafts",
)
def my_draft(request: PageRequest, ref: str) -> HttpResponse:
    """Fill a draft, step by step."""
    draft = get_draft_for(request.actor, ref)
    own = reverse("portal:my-draft", args=[ref])
    if (address := _address(request, draft)) != own:
        return redirect(address)
    return fill(request, draft, after=_hand_in, leave=reverse("portal:my-drafts"))


def _hand_in(request: PageRequest, draft: Draft) -> HttpResponse:
    submission = submit_draft(request.actor, draft=draft.ref)
    messages.success(request, _("已提交。"))
    return redirect("portal:submission", submission.ref)


@page(
    "my-drafts/<str:ref>/delete/",
    name="portal:delete-draft",
    access=SignedIn(),
    title=_("删除草稿"),
    methods=("GET", "POST"),
    parent="portal:my-drafts",
)
def delete(request: PageRequest, ref: str) -> HttpResponse:
    """Throw a draft away."""
    draft = get_draft_for(request.actor, ref)
    return answer_form(
        request,
        forms.Form(request.POST or None),
        lambda _given: delete_draft(request.actor, draft=ref),
        done=_("草稿已删除。"),
        back=reverse("portal:my-drafts"),
        template="web/confirm.html",
        context={
            "title": _("删除“%(form)s”的草稿") % {"form": pick(pinned_form(draft.form))},
            "consequences": [_("填写的内容会全部删除，不能恢复。"), _("已提交过的申请不受影响。")],
            "action_label": _("删除"),
            "tone": "danger",
        },
    )


@page(
    "my-drafts/<str:ref>/confirm/",
    name="portal:confirm-filing",
    access=SubjectNeeds(FILL),
    title=_("确认代为填报的内容"),
    methods=("GET", "POST"),
    parent="portal:my-drafts",
)
def confirm(request: PageRequest, ref: str) -> HttpResponse:
    """Show what an organ files on the firm's behalf, and confirm it or tell the clerk the code."""
    draft = awaited_draft(request.actor, ref)
    if request.method == "POST":
        content = request.POST.get("content", "")[:64]
        confirm_own_filing(request.actor, draft=ref, content=content)
        messages.success(request, _("已确认。内容再有改动时，需要您重新确认。"))
        return redirect("portal:my-drafts")
    context = {
        **_read_only(request, draft),
        "code": confirmation_code(draft),
        "confirmed": is_confirmed(draft),
    }
    return render(request, "forms/confirm_filing.html", context)


def _read_only(request: PageRequest, draft: Draft) -> dict[str, Any]:
    form = compiled(draft.form)
    evaluated = evaluate_draft(draft, form)
    sheet = Sheet(form, draft.answers, draft.known, evaluated)
    return {
        "draft": draft,
        "form_label": pick(form.form),
        "sections": reviewed(sheet),
        "cards": material_cards(request.actor, draft, sheet),
        "content": content_digest(draft),
    }


@page(
    "sign/<str:ref>/<str:slot>/<str:code>/",
    name="portal:sign",
    access=SignedIn(),
    title=_("签名"),
    methods=("GET", "POST"),
)
def sign(request: PageRequest, ref: str, slot: str, code: str) -> HttpResponse:
    """Show what is to be signed to whoever was invited, and take the signature."""
    draft = invited_draft(ref, slot, code)
    wanted = slot_of(evaluate_draft(draft), slot)
    if request.method == "POST":
        content = request.POST.get("content", "")[:64]
        sign_draft(request.actor, draft=ref, slot=slot, content=content, code=code)
        messages.success(request, _("已签名。内容再有改动时，签名会失效。"))
        return redirect("portal:home")
    context = {
        **_read_only(request, draft),
        "slot": wanted,
        "label": pick(wanted.asked),
        "statement": pick(wanted.asked, "statement"),
    }
    return render(request, "forms/sign.html", context)


@page(
    "submissions/<str:ref>/",
    name="portal:submission",
    access=SignedIn(),
    title=_("提交的申请材料"),
    methods=("GET", "POST"),
    parent="portal:my-drafts",
)
def submission(request: PageRequest, ref: str) -> HttpResponse:
    """Show what was handed in, frozen; where something was marked, lead to its correction."""
    found = get_submission_for(request.actor, ref)
    if request.method == "POST":
        draft = start_correction(request.actor, submission=found.ref)
        return redirect(_address(request, draft))
    form = compiled(found.form)
    marks = marks_of(found)
    context = {
        "submission": found,
        "form_label": pick(form.form),
        "sections": submitted(form, found),
        "materials": material_lines(form, found.body["materials"]),
        "marks": [{"mark": one, "label": _marked_label(form, one.path)} for one in marks],
        "may_correct": bool(marks) and not found.corrected_by.exists(),
        "crumb_title": pick(form.form),
    }
    return render(request, "forms/submission.html", context)


def _marked_label(form: Any, path: str) -> str:
    if path.startswith("material:"):
        material = form.materials.get(path.removeprefix("material:"))
        return pick(material) if material else path
    asked = form.find(path) or form.find(path.split(".")[0])
    return asked.label if asked else path


@page(
    "my-materials/",
    name="portal:my-materials",
    access=SubjectNeeds(MANAGE_SPACE),
    title=_("我的材料"),
    navigation=Navigation(_("我的材料"), OWN, 65),
)
def my_materials(request: PageRequest) -> HttpResponse:
    """List the material space: what was handed in once, when, for what, and who may use it."""
    listing = list_page(
        request,
        list_items_for(request.actor),
        sorts={"handed": ("handed_in_at", "pk")},
        default="-handed",
    )
    known = current_materials()
    rows = [
        {"item": one, "label": pick(known[one.material]) if one.material in known else one.material}
        for one in listing.rows
    ]
    return render(request, "forms/my_materials.html", {"listing": listing, "rows": rows})


class ConsentForm(forms.Form):
    """For whom, for what and until when a material may be used."""

    organ = forms.ChoiceField(label=_("哪个单位可以使用"), required=False)
    purpose = forms.CharField(
        label=_("用途"), max_length=120, help_text=_("写明为了办理什么事项。")
    )
    expires_on = forms.DateField(
        label=_("截止日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = Organ.objects.filter(valid_on(today())).order_by("order", "key")
        choices = [("", str(_("任何单位"))), *((one.key, one.name) for one in organs)]
        self.fields["organ"] = forms.ChoiceField(
            label=_("哪个单位可以使用"), required=False, choices=choices
        )
        if offered := purposes_offered():
            self.fields["purpose"] = forms.ChoiceField(label=_("用途"), choices=offered)


@page(
    "my-materials/<str:ref>/",
    name="portal:my-material",
    access=SubjectNeeds(MANAGE_SPACE),
    title=_("材料"),
    methods=("GET", "POST"),
    parent="portal:my-materials",
)
def my_material(request: PageRequest, ref: str) -> HttpResponse:
    """Show one material, its uses and consents; give a consent, withdraw one, or remove it."""
    item = get_item_for(request.actor, ref)
    if request.method == "POST" and (withdrawn := request.POST.get("withdraw", "")):
        withdraw_consent(request.actor, consent=withdrawn[:40])
        messages.success(request, _("已撤回，之后不能再使用这份材料。"))
        return redirect("portal:my-material", ref)
    if request.method == "POST" and request.POST.get("remove"):
        remove_item(request.actor, item=ref)
        messages.success(request, _("已从材料库删除；之前提交的申请不受影响。"))
        return redirect("portal:my-materials")
    known = current_materials().get(item.material)
    label = pick(known) if known else item.material
    form = ConsentForm(request.POST or None)
    return answer_form(
        request,
        form,
        lambda given: give_consent(request.actor, item=ref, **given),
        done=_("已同意，可以随时撤回。"),
        back=reverse("portal:my-material", args=[ref]),
        template="forms/my_material.html",
        context={
            "item": item,
            "label": label,
            "crumb_title": label,
            "consents": consents_of(item)[:50],
            "uses": uses_of(item)[:50],
            "today": today(),
        },
    )


def _own_draft() -> dict[str, Any]:
    """Return a draft of the demonstration's first firm that belongs to these pages."""
    own = Draft.objects.filter(state="open", on_behalf=None, subject__isnull=False, corrects=None)
    return {"ref": own.exclude(context__has_key="service").order_by("pk")[0].ref}


def _own_submission() -> dict[str, Any]:
    own = Submission.objects.filter(subject=demo_actor("handler").subject_id)
    return {"ref": own.order_by("pk")[0].ref}


example(
    "portal:my-draft",
    _own_draft,
    visitor="handler",
)
example(
    "portal:delete-draft",
    _own_draft,
    visitor="handler",
)
example(
    "portal:confirm-filing",
    lambda: {"ref": Draft.objects.filter(on_behalf__isnull=False, state="open")[0].ref},
    visitor="legal",
)
example(
    "portal:submission",
    _own_submission,
    visitor="handler",
)
example(
    "portal:my-material",
    lambda: {"ref": MaterialItem.objects.order_by("pk")[0].ref},
    visitor="handler",
)


def _to_sign() -> dict[str, Any]:
    """Return the invitation of somebody who has not signed the demonstration's resolution yet."""
    draft = Draft.objects.get(form__key="shareholder-resolution")
    return {"ref": draft.ref, "slot": "owners.1", "code": invitation(draft, "owners.1")}


example("portal:sign", _to_sign, visitor="citizen")
