"""我的评审: an expert's sheets, each seen and filled by that expert alone."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.effects import submission_of
from yingshang.domains.claims.errors import NoSeat
from yingshang.domains.claims.forms import RecusalForm
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.items.declaring import Criterion
from yingshang.domains.claims.models import Claim, Seat
from yingshang.domains.claims.presenting import local
from yingshang.domains.claims.reviews.actions import Given, close_sheet, give_scores, judged, recuse
from yingshang.domains.claims.selectors import seats_of
from yingshang.domains.services.public import answers_shown, materials_shown
from yingshang.kernel.errors import DomainError
from yingshang.parties.demo import demo_actor
from yingshang.web.access import SignedIn
from yingshang.web.blocks import home_block
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page


@home_block("portal:home", order=5, access=SignedIn())
def waiting_reviews(request: PageRequest) -> str:
    """Lead experts to the sheets that wait for them."""
    if request.actor.person_id is None:
        return ""
    found = [one for one in seats_of(request.actor) if _is_open(one)]
    if not found:
        return ""
    return render_to_string("claims/portal/reviews_block.html", {"seats": _shown(found)}, request)


def _is_open(seat: Seat) -> bool:
    scoring = seat.panel.listed.case.state == "scoring"
    return scoring and seat.recused_at is None and seat.closed_at is None


def _shown(seats: list[Seat]) -> list[tuple[Seat, str, bool]]:
    return [
        (one, local(item_of(one.panel.listed.item).declared, "label"), _is_open(one))
        for one in seats
    ]


@page("reviews/", name="portal:reviews", access=SignedIn(), title=_("我的评审"))
def reviews(request: PageRequest) -> HttpResponse:
    """List the panels in which one has a seat, or had."""
    context = {"seats": _shown(seats_of(request.actor))}
    return render(request, "claims/portal/reviews.html", context)


def _own(request: PageRequest, ref: str) -> Seat:
    found = next((one for one in seats_of(request.actor) if one.ref == ref), None)
    if found is None or not _is_open(found):
        raise NoSeat
    return found


class SheetForm(forms.Form):
    """Points for every criterion of one claim, and a comment."""

    def __init__(
        self, data: Any, claim: Claim, criteria: tuple[Criterion, ...], seat: Seat
    ) -> None:
        super().__init__(data, prefix=claim.ref)
        given = {one.criterion: one for one in seat.scores.filter(claim=claim)}
        for one in criteria:
            kept = given.get(one.key)
            self.fields[one.key] = forms.IntegerField(
                label=f"{local(one, 'label')}（0–{one.most}）",
                min_value=0,
                max_value=one.most,
                required=False,
                initial=kept.points if kept else None,
                help_text=local(one, "about"),
            )
        comment = next((one.comment for one in given.values() if one.comment), "")
        self.fields["comment"] = forms.CharField(
            label=_("评语"),
            max_length=1000,
            required=False,
            initial=comment,
            widget=forms.Textarea({"rows": 3}),
        )
        self.claim, self.criteria = claim, criteria

    def clean(self) -> dict[str, Any]:
        """Refuse a comment that stands without points, which would be lost."""
        given = super().clean() or {}
        scored = [one.key for one in self.criteria if given.get(one.key) is not None]
        if given.get("comment", "").strip() and not scored:
            self.add_error("comment", _("请至少评一项分，评语随分数一起保存。"))
        return given

    def given(self) -> list[Given]:
        """Return the points that were filled in; the comment goes with the first of them."""
        found, comment = [], self.cleaned_data.get("comment", "")
        for one in self.criteria:
            points = self.cleaned_data.get(one.key)
            if points is not None:
                found.append(
                    Given(claim=self.claim.ref, criterion=one.key, points=points, comment=comment)
                )
                comment = ""
        return found


@page(
    "reviews/<str:seat>/",
    name="portal:review-sheet",
    access=SignedIn(),
    title=_("评分表"),
    methods=("GET", "POST"),
    parent="portal:reviews",
)
def sheet(request: PageRequest, seat: str) -> HttpResponse:
    """Score the claims of a round; saved as often as one likes, handed in once."""
    found = _own(request, seat)
    scoring = item_of(found.panel.listed.item).declared.scoring
    assert scoring is not None
    data = request.POST if request.method == "POST" else None
    sheets = [SheetForm(data, one, scoring.criteria, found) for one in judged(found.panel.listed)]
    if request.method == "POST" and not [one for one in sheets if not one.is_valid()]:
        try:
            given = tuple(point for one in sheets for point in one.given())
            if given:
                give_scores(request.actor, seat=seat, scores=given)
            if "close" in request.POST:
                close_sheet(request.actor, seat=seat)
                messages.success(request, gettext("评分表已提交，谢谢。"))
                return redirect("portal:reviews")
        except DomainError as error:
            show_refusal(sheets[0], error)
        else:
            messages.success(request, gettext("已保存，提交前可以再改。"))
            return redirect("portal:review-sheet", seat=seat)
    context = {
        "seat": found,
        "scoring": scoring,
        "sheets": [(one, *_told(one.claim)) for one in sheets],
        "crumb_title": local(item_of(found.panel.listed.item).declared, "label"),
    }
    status = 422 if any(one.errors for one in sheets) else 200
    return render(request, "claims/portal/sheet.html", context, status=status)


def _told(claim: Claim) -> tuple[Any, Any]:
    """Return what the applicant handed in, without the account."""
    submission = submission_of(claim.case.data)
    sections = answers_shown(submission)
    return sections[:-1] if len(sections) > 1 else [], materials_shown(submission)


@page(
    "reviews/<str:seat>/recuse/",
    name="portal:review-recuse",
    access=SignedIn(),
    title=_("申请回避"),
    methods=("GET", "POST"),
    parent="portal:reviews",
)
def step_back(request: PageRequest, seat: str) -> HttpResponse:
    """Step back from a panel with a ground."""
    _own(request, seat)
    return answer_form(
        request,
        RecusalForm(request.POST or None),
        lambda values: recuse(request.actor, seat=seat, ground=values["ground"]),
        done=gettext("已回避。"),
        back=reverse("portal:reviews"),
        context={"title": gettext("申请回避"), "action_label": gettext("确定回避")},
    )


def _seat() -> dict[str, str]:
    return {"seat": next(one for one in seats_of(demo_actor("expert")) if _is_open(one)).ref}


example("portal:review-sheet", _seat, visitor="expert")
example("portal:review-recuse", _seat, visitor="expert")
