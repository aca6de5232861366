"""Amending a text of the library, and which drafts of rules are published with a text."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.amending import amend_text
from yingshang.domains.policies.drafts import drop_rule, get_draft_for, take_rule
from yingshang.domains.policies.errors import NoSuchRuleHere
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import TextDraft
from yingshang.domains.policies.permissions import DRAFT
from yingshang.domains.policies.presenting import title_of
from yingshang.rulebook.drafting import title_of as rule_title
from yingshang.rulebook.models import RuleDraft
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "policies/<str:key>/amend/",
    name="desk:policy-amend",
    access=Needs(DRAFT),
    title=_("修订"),
    parent="desk:policy-text",
    methods=("GET", "POST"),
)
def amend(request: PageRequest, key: str) -> HttpResponse:
    """Open the case of an amendment of a text."""
    text = current_library().get(key)
    title = gettext("修订《%(title)s》") % {"title": title_of(text.declaration)}
    if request.method == "POST":
        draft = amend_text(request.actor, text=key)
        messages.success(request, gettext("已经开始修订，请改条款和规则草稿"))
        return redirect("desk:policy-draft", ref=draft.ref)
    context = {
        "title": title,
        "consequences": [
            gettext("现有条款和规则成为草案，可以修改；施行以前，现行文本和规则不变。"),
            gettext("修订同样要听取企业意见，通过公平竞争审查、合法性审核和一致性评估。"),
            gettext("印发后一个月内连同解读公布，到施行日接替现行文本。"),
        ],
        "action_label": gettext("开始修订"),
        "cancel": reverse("desk:policy-text", args=[key]),
        "crumb_title": gettext("修订"),
    }
    return render(request, "web/confirm.html", context)


class TakingForm(forms.Form):
    """Which draft of a rule is published with the text."""

    rule = forms.ModelChoiceField(
        RuleDraft.objects.none(), label=_("规则草稿"), to_field_name="ref",
        help_text=_("同一条规则原有的草稿由它代替。"),
    )  # fmt: skip

    def __init__(self, *args: Any, drafts: QuerySet[RuleDraft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = drafts
        field.label_from_instance = _named  # type: ignore[method-assign,assignment]


def _named(draft: RuleDraft) -> str:
    return f"{rule_title(draft.text) or draft.key}（{draft.key} · {draft.ref}）"


def takeable(draft: TextDraft) -> QuerySet[RuleDraft]:
    """Return the open drafts of rules of a text's organ that are not published with it yet."""
    own = RuleDraft.objects.filter(organ_id=draft.organ_id, published_as=None, given_up_at=None)
    return own.exclude(ref__in=draft.rules).exclude(key="").order_by("-pk")


@page(
    "policy-drafts/<str:ref>/rules/take/",
    name="desk:policy-take-rule",
    access=Needs(DRAFT),
    title=_("并入规则草稿"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def take(request: PageRequest, ref: str) -> HttpResponse:
    """Take a draft that was written in the rule builder into the text's case."""
    found = get_draft_for(request.actor, ref)
    form = TakingForm(request.POST or None, drafts=takeable(found))

    def act(cleaned: dict[str, Any]) -> TextDraft:
        return take_rule(request.actor, draft=ref, rule=cleaned["rule"].ref)

    return answer_form(
        request,
        form,
        act,
        done=gettext("已并入"),
        back=reverse("desk:policy-draft", args=[ref]),
        context={
            "title": gettext("并入规则草稿"),
            "lead": gettext("规则草稿随文本一起听取意见、审查和公布。"),
            "action_label": gettext("并入"),
            "crumb_title": gettext("并入规则草稿"),
        },
    )


@page(
    "policy-drafts/<str:ref>/rules/<str:rule>/drop/",
    name="desk:policy-drop-rule",
    access=Needs(DRAFT),
    title=_("移出规则草稿"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def drop(request: PageRequest, ref: str, rule: str) -> HttpResponse:
    """Publish a text without one of its drafts of rules."""
    found = get_draft_for(request.actor, ref)
    if rule not in found.rules:
        raise NoSuchRuleHere
    if request.method == "POST":
        drop_rule(request.actor, draft=ref, rule=rule)
        messages.success(request, gettext("已移出"))
        return redirect("desk:policy-draft", ref=ref)
    drafted = RuleDraft.objects.get(ref=rule)
    lines = [gettext("这份规则草稿不随文本公布，以后可以再并入。")]
    if drafted.key in current_library().policies:
        lines.append(gettext("现行的这条规则到施行日的前一天终止。"))
    context = {
        "title": gettext("移出规则草稿：%(title)s") % {"title": _named(drafted)},
        "consequences": lines,
        "action_label": gettext("移出"),
        "cancel": reverse("desk:policy-draft", args=[ref]),
        "crumb_title": gettext("移出规则草稿"),
    }
    return render(request, "web/confirm.html", context)


def _with_rule() -> dict[str, str]:
    drafts = TextDraft.objects.filter(published="").order_by("-pk")
    found = next(one for one in drafts if one.rules)
    return {"ref": found.ref, "rule": found.rules[0]}


example("desk:policy-amend", lambda: {"key": "qj-2026-rd"}, visitor="science")
example("desk:policy-take-rule", lambda: {"ref": _with_rule()["ref"]}, visitor="science")
example("desk:policy-drop-rule", _with_rule, visitor="science")
