"""Lists of drafts, a draft as text, publishing one, and what packs offer under keys published here."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.content.actions import decline_offer, take_offer
from yingshang.content.permissions import PUBLISH as PUBLISH_CONTENT
from yingshang.content.selectors import list_offers
from yingshang.kernel.errors import Conflict, DomainError
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.selectors import list_subjects_for
from yingshang.rulebook.checks import Checking, check_draft
from yingshang.rulebook.clauses import policy_texts
from yingshang.rulebook.comparing import compare
from yingshang.rulebook.drafting import (
    get_draft_for,
    list_drafts_for,
    save_draft,
    start_draft,
    title_of,
)
from yingshang.rulebook.errors import DraftMoved
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.pages import state_of
from yingshang.rulebook.permissions import DRAFT, PUBLISH, READ
from yingshang.rulebook.publishing import publish_draft
from yingshang.rulebook.selectors import book_for
from yingshang.rulebook.showing import Reader
from yingshang.web.access import Needs
from yingshang.web.errors import sentence
from yingshang.web.examples import example
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import PageRequest, page


class NewRule(forms.Form):
    """What a rule from nothing begins with."""

    title = forms.CharField(label=_("名称"), max_length=200)
    title_en = forms.CharField(label=_("英文名称"), max_length=200)
    source = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("文件名称和条款，例如：《某某办法》第五条")
    )
    text = forms.ChoiceField(
        label=_("政策原文"), required=False, help_text=_("选定以后，每项条件可以从原文中选条款。")
    )
    valid_from = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, organ: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(one.key, one.title) for one in policy_texts(organ).values()]
        self.fields["text"].choices = [("", _("（没有选定原文）")), *found]  # type: ignore[attr-defined]

    def document(self) -> dict[str, Any]:
        """Return the beginning of the rule."""
        found = self.cleaned_data
        return {
            "key": f"rule-{new_ref(6)}",
            "title": found["title"],
            "title_en": found["title_en"],
            "source": found["source"],
            **({"text": found["text"]} if found["text"] else {}),
            "valid_from": found["valid_from"].isoformat(),
        }


@page(
    "rules/drafts/",
    name="desk:rule-drafts",
    access=Needs(READ),
    title=_("规则草稿"),
    methods=("GET", "POST"),
    parent="desk:rules",
)
def rule_drafts(request: PageRequest) -> HttpResponse:
    """List drafts, and start one: of a policy in force, or from nothing."""
    based_on = request.POST.get("based_on", "")
    if request.method == "POST" and based_on:
        return redirect("desk:rule-draft", ref=start_draft(request.actor, based_on=based_on).ref)
    may_start = request.actor.may(DRAFT) and request.actor.is_official
    form = (
        NewRule(request.POST or None, initial={"valid_from": today()}, organ=request.actor.organ_id)
        if may_start
        else None
    )
    if request.method == "POST":
        request.actor.require(DRAFT)
        if form is not None and form.is_valid():
            draft = start_draft(request.actor, document=form.document())
            return redirect("desk:rule-draft", ref=draft.ref)
    drafts = (
        list_drafts_for(request.actor) if request.actor.is_official else RuleDraft.objects.none()
    )
    listing = list_page(request, drafts, sorts={"new": ("-pk",)}, default="new")
    rows = [
        {"draft": one, "state": state_of(one), "title": title_of(one.text)} for one in listing.rows
    ]
    status = 422 if form is not None and form.is_bound else 200
    context = {"listing": listing, "rows": rows, "form": form}
    return render(request, "rulebook/drafts.html", context, status=status)


class Typed(forms.Form):
    """A draft as text."""

    text = forms.CharField(
        label=_("规则的文字"), strip=False, widget=forms.Textarea(
            attrs={"class": "rule-text", "spellcheck": "false", "wrap": "off"}
        ),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


@page(
    "rules/drafts/<str:ref>/text/",
    name="desk:rule-draft-text",
    access=Needs(READ),
    title=_("文字"),
    methods=("GET", "POST"),
    parent="desk:rule-draft",
)
def rule_draft_text(request: PageRequest, ref: str) -> HttpResponse:
    """Show a draft as the text that it is, and save it as it is typed, right or wrong."""
    draft = get_draft_for(request.actor, ref)
    book = book_for(request.actor, today())
    form = Typed(request.POST or None, initial={"text": draft.text, "version": draft.version})
    if request.method == "POST" and form.is_valid():
        text = with_line_ends_of(draft.text, form.cleaned_data["text"])
        try:
            draft = save_draft(
                request.actor, draft=ref, text=text, expected_version=form.cleaned_data["version"]
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            if not check_draft(draft.text, book, draft.organ_id).faults:
                return redirect("desk:rule-draft", ref=ref)
            messages.warning(request, gettext("已经保存，但还有问题"))
            return redirect("desk:rule-draft-text", ref=ref)
    checking = check_draft(draft.text, book, draft.organ_id)
    context = {
        "draft": draft,
        "form": form,
        "checking": checking,
        "state": state_of(draft),
        "can_write": draft.is_open
        and request.actor.may(DRAFT)
        and draft.organ_id == request.actor.organ_id,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "rulebook/draft_text.html", context, status=status)


def with_line_ends_of(old: str, typed: str) -> str:
    """Return a typed text with the line ends of another: browsers send their own."""
    text = typed.replace("\r\n", "\n")
    only_other = "\r\n" in old and "\n" not in old.replace("\r\n", "")
    return text.replace("\n", "\r\n") if only_other else text


class Publishing(forms.Form):
    """From which day a draft is in force."""

    valid_from = forms.DateField(
        label=_("从哪天起有效"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


@page(
    "rules/drafts/<str:ref>/publish/",
    name="desk:rule-draft-publish",
    access=Needs(PUBLISH),
    title=_("发布规则"),
    methods=("GET", "POST"),
    parent="desk:rule-draft",
)
def rule_draft_publish(request: PageRequest, ref: str) -> HttpResponse:
    """Publish a draft that somebody else wrote, or give it up."""
    draft = get_draft_for(request.actor, ref)
    form = Publishing(
        request.POST or None, initial={"valid_from": today(), "version": draft.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["version"] != draft.version:
                raise DraftMoved(params={"version": draft.version})
            publish_draft(request.actor, ref, form.cleaned_data["valid_from"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, gettext("规则已经发布"))
            return redirect("desk:rule-draft", ref=ref)
    book = book_for(request.actor, today())
    checking = check_draft(draft.text, book, draft.organ_id)
    remarks = len(checking.doubts) + len(checking.findings)
    said = ngettext("检查中有 %(n)s 条提示，请先看过", "检查中有 %(n)s 条提示，请先看过", remarks)
    aloud = Reader(book).written(checking.entry).aloud if checking.entry is not None else ""
    consequences = [
        *([aloud] if aloud else []),
        gettext("发布以后，新的申请和体检都按这一版判断；已经办的不变。"),
        gettext("以后内容包里的同一规则不会覆盖它，只会提示有新版本。"),
        *_told_to_nobody(draft, checking),
        *([said % {"n": remarks}] if remarks else []),
    ]
    context = {
        "title": gettext("发布规则：%(title)s") % {"title": title_of(draft.text) or draft.key},
        "consequences": consequences,
        "form": form,
        "action_label": gettext("发布"),
        "cancel": reverse("desk:rule-draft", kwargs={"ref": ref}),
        "crumb_title": gettext("发布规则"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/confirm.html", context, status=status)


def _told_to_nobody(draft: RuleDraft, checking: Checking) -> list[str]:
    if draft.based_on_id or checking.entry is None or checking.entry.declaration.text:
        return []
    return [gettext("它没有政策文本，只供试算和比较；有了文本并随文本公布，才会告诉企业。")]


@page(
    "rules/drafts/<str:ref>/compare/",
    name="desk:rule-draft-compare",
    access=Needs(READ),
    title=_("与现行规则比较"),
    parent="desk:rule-draft",
)
def rule_draft_compare(request: PageRequest, ref: str) -> HttpResponse:
    """Show what a draft says otherwise than the rule in force, and who gains and loses by it."""
    draft = get_draft_for(request.actor, ref)
    book = book_for(request.actor, today())
    checking = check_draft(draft.text, book, draft.organ_id)
    found = compare(checking.entry, book) if checking.entry is not None else None
    moved = found.moved if found is not None else None
    context = {
        "draft": draft,
        "state": state_of(draft),
        "found": found,
        "gained": _names(request.actor, moved.gained) if moved else [],
        "lost": _names(request.actor, moved.lost) if moved else [],
        "most": MOST_NAMES,
    }
    return render(request, "rulebook/compare.html", context)


MOST_NAMES = 50
"""So many of those who gain or lose are named."""


def _names(actor: Actor, refs: tuple[str, ...]) -> list[str]:
    """Return the names of the first subjects that the actor may see."""
    first = refs[:MOST_NAMES]
    found = list_subjects_for(actor).filter(Q(code__in=first) | Q(ref__in=first))
    return list(found.order_by("name").values_list("name", flat=True))


@page(
    "content/offers/",
    name="desk:content-offers",
    access=Needs(PUBLISH_CONTENT),
    title=_("内容包的新版本"),
    methods=("GET", "POST"),
    parent="desk:rules",
)
def content_offers(request: PageRequest) -> HttpResponse:
    """Show what packs say under keys that were published here; take or decline it."""
    if request.method == "POST":
        act = take_offer if request.POST.get("do") == "take" else decline_offer
        try:
            act(request.actor, kind=request.POST.get("kind", ""), key=request.POST.get("key", ""))
        except Conflict as refusal:
            messages.error(request, sentence(refusal))
        return redirect("desk:content-offers")
    return render(request, "rulebook/offers.html", {"offers": list_offers()})


def _example() -> dict[str, Any]:
    from yingshang.parties.demo import demo_actor

    own = list_drafts_for(demo_actor("plan")).filter(published_as=None)
    return {"ref": own.order_by("pk")[0].ref}


for _name in ("desk:rule-draft", "desk:rule-draft-text", "desk:rule-draft-compare"):
    example(_name, _example, visitor="plan")
example("desk:rule-draft-publish", _example, visitor="bureau")
