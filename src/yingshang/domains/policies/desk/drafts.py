"""Texts in the making: importing a wording, checking clauses and proposals, writing the rule."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.selectors import get_case_for
from yingshang.cases.wording import label
from yingshang.domains.plans.public import PlanNotReadable, read_lines
from yingshang.domains.policies.desk.amending import takeable
from yingshang.domains.policies.desk.library import GROUP
from yingshang.domains.policies.drafts import (
    confirm_marks,
    get_draft_for,
    is_writable,
    list_drafts_for,
    save_clause,
    save_masthead,
    settle_proposal,
    start_text,
    write_rule,
)
from yingshang.domains.policies.errors import NoSuchClause, NoSuchProposal
from yingshang.domains.policies.forms import (
    ClauseForm,
    ImportForm,
    MastheadForm,
    ProposalForm,
    RuleForm,
)
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import Decision, Proposal, TextDraft
from yingshang.domains.policies.permissions import DRAFT, READ
from yingshang.domains.policies.presenting import MARKS, title_of, topic_labels
from yingshang.domains.policies.publishing import still_missing
from yingshang.domains.policies.sayings import said_of
from yingshang.rulebook.models import RuleDraft
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


def state_label(case: Case) -> str:
    """Return where a case stands, in the reader's language."""
    return label(procedure_of(case.version).state_by_key[case.state])


@page(
    "policy-drafts/",
    name="desk:policy-drafts",
    access=Needs(DRAFT),
    title=_("政策起草"),
    navigation=Navigation(_("政策起草"), GROUP, 310),
)
def drafts(request: PageRequest) -> HttpResponse:
    """List the organ's texts in the making with where their cases stand."""
    listing = list_page(
        request, list_drafts_for(request.actor), sorts={"at": ("-pk",)}, default="at"
    )
    cases = {
        case.ref: case
        for case in Case.objects.filter(ref__in=[d.case for d in listing.rows]).select_related(
            "version"
        )
    }
    rows = [
        {"draft": one, "case": found, "state": state_label(found) if found else ""}
        for one in listing.rows
        for found in [cases.get(one.case)]
    ]
    return render(request, "policies/desk/drafts.html", {"listing": listing, "rows": rows})


@page(
    "policy-import/",
    name="desk:policy-import",
    access=Needs(DRAFT),
    title=_("导入政策文本"),
    parent="desk:policy-drafts",
    methods=("GET", "POST"),
)
def policy_import(request: PageRequest) -> HttpResponse:
    """Take a file or a pasted text and split it into clauses with proposals."""
    posted = request.method == "POST"
    form = ImportForm(request.POST if posted else None, request.FILES if posted else None)

    def act(cleaned: dict[str, Any]) -> TextDraft:
        file = cleaned.get("file")
        wording = cleaned["wording"]
        if file:
            wording = _read(file.read(), file.name or "policy.txt")
        name = file.name if file else ""
        return start_text(
            request.actor, key=cleaned["key"], wording=wording, source_name=name or ""
        )

    return answer_form(
        request,
        form,
        act,
        done=gettext("已经导入，请逐条核对"),
        back=reverse("desk:policy-drafts"),
        onward=lambda draft: reverse("desk:policy-draft", args=[draft.ref]),
        context={
            "title": gettext("导入政策文本"),
            "lead": gettext("系统按条拆分，提出条件、标准、受理时间和材料的建议，由人逐条核对。"),
            "action_label": gettext("导入"),
        },
    )


def _read(content: bytes, name: str) -> str:
    """Return a file's text; a file that cannot be read is at fault by its field."""
    try:
        return "\n".join(read_lines(content, name))
    except PlanNotReadable as error:
        error.field = "file"
        raise


@page(
    "policy-drafts/<str:ref>/",
    name="desk:policy-draft",
    access=Needs(READ),
    title=_("政策草案"),
    parent="desk:policy-drafts",
)
def draft(request: PageRequest, ref: str) -> HttpResponse:
    """Show a draft: what is missing, its clauses with marks, its proposals, rules, hearings and reviews."""
    found = get_draft_for(request.actor, ref)
    case = get_case_for(request.actor, found.case)
    own = found.organ_id == request.actor.organ_id and request.actor.may(DRAFT)
    proposals = list(found.proposals.order_by("place"))
    context = {
        "draft": found,
        "crumb_title": found.title,
        "case": case,
        "state": state_label(case),
        "may_write": own and is_writable(found),
        "own": own,
        "missing": still_missing(found),
        "amends": not found.published and found.key in current_library().texts,
        "takeable": own and takeable(found).exists(),
        "clauses": [
            {**one, "place": place, "names": [str(MARKS[mark]) for mark in one["marks"]]}
            for place, one in enumerate(found.clauses)
        ],
        "unchecked": any(not one["checked"] for one in found.clauses),
        "proposals": [(one, said_of(one)) for one in proposals],
        "rules": list(RuleDraft.objects.filter(ref__in=found.rules).order_by("pk")),
        "hearings": list(found.hearings.order_by("-pk")),
        "reviews": list(found.reviews.select_related("organ").order_by("pk")),
    }
    return render(request, "policies/desk/draft.html", context)


@page(
    "policy-drafts/<str:ref>/masthead/",
    name="desk:policy-masthead",
    access=Needs(DRAFT),
    title=_("基本信息"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def masthead(request: PageRequest, ref: str) -> HttpResponse:
    """Change what stands above the clauses."""
    found = get_draft_for(request.actor, ref)
    texts = {t.key: title_of(t.declaration) for t in current_library().newest_first}
    form = MastheadForm(
        request.POST or None,
        initial=found.body,
        topics=dict(topic_labels()),
        texts=texts,
    )

    def act(cleaned: dict[str, Any]) -> TextDraft:
        days = {k: cleaned[k].isoformat() if cleaned[k] else "" for k in ("valid_from", "valid_to")}
        return save_masthead(request.actor, draft=ref, masthead={**cleaned, **days})

    return _answer(request, found, form, act, gettext("基本信息"), gettext("已保存"))


def _answer(
    request: PageRequest, draft: TextDraft, form: Any, act: Any, title: str, done: str, lead: str = "",
    following: str = "",
) -> HttpResponse:  # fmt: skip
    own = reverse("desk:policy-draft", args=[draft.ref])
    return answer_form(
        request,
        form,
        act,
        done=done,
        back=following or own,
        context={
            "title": title,
            "lead": lead,
            "cancel": own,
            "action_label": pgettext("policy draft", "保存"),
            "crumb_title": title,
        },
    )


@page(
    "policy-drafts/<str:ref>/clauses/<int:place>/",
    name="desk:policy-clause",
    access=Needs(DRAFT),
    title=_("条款"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def clause(request: PageRequest, ref: str, place: int) -> HttpResponse:
    """Change the words and marks of one clause."""
    found = get_draft_for(request.actor, ref)
    if place >= len(found.clauses):
        raise NoSuchClause(params={"clause": str(place)})
    one = found.clauses[place]
    form = ClauseForm(request.POST or None, initial=one)

    def act(cleaned: dict[str, Any]) -> TextDraft:
        return save_clause(request.actor, draft=ref, clause=one["label"], **cleaned)

    return _answer(request, found, form, act, one["label"], gettext("已保存"))


@page(
    "policy-drafts/<str:ref>/marks/",
    name="desk:policy-marks",
    access=Needs(DRAFT),
    title=_("确认标注"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def marks(request: PageRequest, ref: str) -> HttpResponse:
    """Confirm the marks of all clauses as they stand."""
    found = get_draft_for(request.actor, ref)
    if request.method == "POST":
        confirm_marks(request.actor, draft=ref)
        messages.success(request, gettext("标注已全部确认"))
        return redirect("desk:policy-draft", ref=ref)
    context = {
        "title": gettext("确认标注"),
        "consequences": [gettext("所有条款按现在的标注视为已核对；之后仍可逐条修改。")],
        "action_label": gettext("全部确认"),
        "cancel": reverse("desk:policy-draft", args=[found.ref]),
    }
    return render(request, "web/confirm.html", context)


@page(
    "policy-drafts/<str:ref>/proposals/<int:place>/",
    name="desk:policy-proposal",
    access=Needs(DRAFT),
    title=_("提取建议"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def proposal(request: PageRequest, ref: str, place: int) -> HttpResponse:
    """Confirm, change or reject what was read out of the wording."""
    found = get_draft_for(request.actor, ref)
    one = found.proposals.filter(place=place).first()
    if one is None:
        raise NoSuchProposal
    form = ProposalForm(request.POST or None, one)

    def act(cleaned: dict[str, Any]) -> Proposal:
        return settle_proposal(request.actor, draft=ref, place=place, **cleaned)

    title = f"{one.get_sort_display()}：{said_of(one)}"
    lead = gettext("%(clause)s：“%(words)s”") % {"clause": one.clause, "words": one.words}
    waiting = found.proposals.filter(decision=Decision.OPEN).exclude(place=place).order_by("place")
    after = waiting.filter(place__gt=place).first() or waiting.first()
    done = gettext("已处理，还有 %(n)s 条") % {"n": waiting.count()} if after else gettext("已处理")
    following = "" if after is None else reverse("desk:policy-proposal", args=[ref, after.place])
    return _answer(request, found, form, act, title, done, lead, following)


@page(
    "policy-drafts/<str:ref>/rule/",
    name="desk:policy-rule",
    access=Needs(DRAFT),
    title=_("生成规则草稿"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def rule(request: PageRequest, ref: str) -> HttpResponse:
    """Write the draft of a rule from the confirmed proposals."""
    found = get_draft_for(request.actor, ref)
    form = RuleForm(request.POST or None, initial={"key": found.key, "title": found.title})

    def act(cleaned: dict[str, Any]) -> RuleDraft:
        return write_rule(request.actor, draft=ref, **cleaned)

    lead = gettext(
        "已确认的条件和标准写成规则，逐项注明依据的条款；写不成规则的列为备注，由人补写。"
    )
    return _answer(
        request, found, form, act, gettext("生成规则草稿"), gettext("已生成规则草稿"), lead
    )


def _draft() -> TextDraft:
    return TextDraft.objects.filter(published="").order_by("-pk")[0]


for _name in ("policy-draft", "policy-masthead", "policy-marks", "policy-rule"):
    example(f"desk:{_name}", lambda: {"ref": _draft().ref}, visitor="science")
example("desk:policy-clause", lambda: {"ref": _draft().ref, "place": 0}, visitor="science")
example("desk:policy-proposal", lambda: {"ref": _draft().ref, "place": 1}, visitor="science")
