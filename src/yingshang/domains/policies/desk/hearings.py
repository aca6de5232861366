"""Hearing enterprises, from the officials' side: opening, drawing, answering, closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.drafts import get_draft_for
from yingshang.domains.policies.errors import NoSuchOpinion
from yingshang.domains.policies.forms import HearingForm, NumbersForm, ReplyForm
from yingshang.domains.policies.hearing import (
    close_hearing,
    draw_hearing,
    earliest_end,
    get_hearing_for,
    heard_in,
    open_hearing,
    reply_opinion,
    unanswered,
)
from yingshang.domains.policies.models import Hearing, Opinion
from yingshang.domains.policies.permissions import DRAFT, READ
from yingshang.draws.drawing import draw_record
from yingshang.draws.models import Commitment, Result
from yingshang.kernel.times import today
from yingshang.web.access import Needs
from yingshang.web.downloads import download
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "policy-drafts/<str:ref>/hear/",
    name="desk:policy-hear",
    access=Needs(DRAFT),
    title=_("开始听取意见"),
    parent="desk:policy-draft",
    methods=("GET", "POST"),
)
def hear(request: PageRequest, ref: str) -> HttpResponse:
    """Freeze the pool and announce the number that decides."""
    found = get_draft_for(request.actor, ref)
    form = HearingForm(request.POST or None, initial={"ends_on": earliest_end()})

    def act(cleaned: dict[str, Any]) -> Hearing:
        source = {"name": cleaned["source"], "on": cleaned["source_on"]}
        return open_hearing(
            request.actor,
            draft=ref,
            wanted=cleaned["wanted"],
            ends_on=cleaned["ends_on"],
            sources=[source],
            short=cleaned["short"],
        )

    return answer_form(
        request,
        form,
        act,
        done=gettext("名单已锁定；号码公布后抽取企业"),
        back=reverse("desk:policy-draft", args=[found.ref]),
        onward=lambda hearing: reverse("desk:policy-hearing", args=[hearing.ref]),
        context={
            "title": gettext("开始听取意见"),
            "lead": gettext(
                "从企业名录中按规模、控股情况和行业分层，由尚未出现的公开号码决定邀请哪些企业。"
            ),
            "action_label": gettext("锁定名单"),
        },
    )


@page(
    "policy-hearings/<str:ref>/",
    name="desk:policy-hearing",
    access=Needs(READ),
    title=_("听取意见"),
    methods=("GET", "POST"),
    parent="desk:policy-drafts",
)
def hearing(request: PageRequest, ref: str) -> HttpResponse:
    """Show a hearing: strata, who was drawn, what was said and answered; draw with the numbers."""
    found = get_hearing_for(request.actor, ref)
    own = found.draft.organ_id == request.actor.organ_id and request.actor.may(DRAFT)
    commitment = Commitment.objects.get(ref=found.commitment)
    form = NumbersForm(request.POST or None) if own and found.drawn_at is None else None
    context = {
        "hearing": found,
        "crumb_title": found.draft.title,
        "heard": heard_in(found),
        "unanswered": unanswered(found),
        "strata": sorted(
            ((s["name"], len(s["members"]), s["pick"]) for s in commitment.strata),
            key=lambda row: (-row[2], row[0]),
        ),
        "sources": commitment.sources,
        "digest": commitment.pool_digest,
        "opinions": _opinions(found),
        "own": own,
        "may_close": own and found.closed_at is None and found.drawn_at and today() > found.ends_on,
    }
    if form is None:
        return render(request, "policies/desk/hearing.html", context)

    def act(cleaned: dict[str, Any]) -> list[str]:
        return draw_hearing(request.actor, hearing=ref, numbers=[cleaned["numbers"]])

    return answer_form(
        request,
        form,
        act,
        done=_drawn,
        back=reverse("desk:policy-hearing", args=[ref]),
        context=context,
        template="policies/desk/hearing.html",
    )


def _drawn(picked: list[str]) -> str:
    return ngettext("已邀请 %(n)s 家企业", "已邀请 %(n)s 家企业", len(picked)) % {"n": len(picked)}


def _opinions(hearing: Hearing) -> list[Opinion]:
    """Return the opinions, those that wait for a reply first, by clause."""
    found = Opinion.objects.filter(candidate__hearing=hearing).select_related("candidate__subject")
    order = {clause["label"]: n for n, clause in enumerate(hearing.clauses, start=1)}
    return sorted(
        found,
        key=lambda one: (not (one.text and not one.adoption), order.get(one.clause, 0), one.pk),
    )


@page(
    "policy-hearings/<str:ref>/draw.json",
    name="desk:policy-hearing-draw",
    access=Needs(READ),
    title=_("抽取记录"),
    parent="desk:policy-hearing",
)
def draw(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out everything that is needed to make the draw again."""
    import json

    found = get_hearing_for(request.actor, ref)
    result = Result.objects.filter(commitment__ref=found.commitment).order_by("-pk").first()
    if result is None:
        raise NoSuchOpinion
    content = json.dumps(draw_record(result), ensure_ascii=False, indent=1).encode()
    return download(content, f"draw-{found.ref}.json", "application/json")


@page(
    "policy-hearings/<str:ref>/close/",
    name="desk:policy-hearing-close",
    access=Needs(DRAFT),
    title=_("结束听取意见"),
    parent="desk:policy-hearing",
    methods=("GET", "POST"),
)
def close(request: PageRequest, ref: str) -> HttpResponse:
    """End a hearing whose last day is over."""
    found = get_hearing_for(request.actor, ref)
    if request.method == "POST":
        close_hearing(request.actor, hearing=ref)
        messages.success(request, gettext("听取意见已结束"))
        return redirect("desk:policy-hearing", ref=ref)
    context = {
        "title": gettext("结束听取意见"),
        "consequences": [gettext("不再接受意见，草案可以修改；意见和采纳情况向社会公开。")],
        "action_label": gettext("结束听取意见"),
        "cancel": reverse("desk:policy-hearing", args=[found.ref]),
    }
    return render(request, "web/confirm.html", context)


@page(
    "policy-opinions/<str:ref>/",
    name="desk:policy-opinion",
    access=Needs(DRAFT),
    title=_("答复意见"),
    parent="desk:policy-drafts",
    methods=("GET", "POST"),
)
def opinion(request: PageRequest, ref: str) -> HttpResponse:
    """Say what became of an opinion."""
    found = (
        Opinion.objects.select_related("candidate__hearing__draft", "candidate__subject")
        .filter(ref=ref, candidate__hearing__draft__organ_id=request.actor.organ_id or 0)
        .first()
    )
    if found is None:
        raise NoSuchOpinion
    form = ReplyForm(
        request.POST or None, initial={"adoption": found.adoption, "reply": found.reply}
    )

    def act(cleaned: dict[str, Any]) -> Opinion:
        return reply_opinion(request.actor, opinion=ref, **cleaned)

    clause = found.clause or gettext("整份政策")
    return answer_form(
        request,
        form,
        act,
        done=gettext("已答复"),
        back=reverse("desk:policy-hearing", args=[found.candidate.hearing.ref]),
        context={
            "title": gettext("答复意见"),
            "lead": f"{found.candidate.subject.name} · {clause} · "
            f"{found.get_stance_display()} {found.text}",
            "action_label": gettext("答复"),
        },
    )


def _hearing() -> Hearing:
    return Hearing.objects.exclude(drawn_at=None).order_by("pk")[0]


example("desk:policy-hear", lambda: {"ref": _hearing().draft.ref}, visitor="science")
example("desk:policy-hearing", lambda: {"ref": _hearing().ref}, visitor="science")
example("desk:policy-hearing-draw", lambda: {"ref": _hearing().ref}, visitor="science")
example("desk:policy-hearing-close", lambda: {"ref": _hearing().ref}, visitor="science")
example(
    "desk:policy-opinion", lambda: {"ref": Opinion.objects.order_by("pk")[0].ref}, visitor="science"
)
