"""统一出件: what waits at a counter, and handing it to whoever came for it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yingshang.domains.counters.actions.papers import hand_over, lay_out_for_pick_up
from yingshang.domains.counters.desk.windows import GROUP
from yingshang.domains.counters.models import IdentityCheck, PickUp, Signature
from yingshang.domains.counters.permissions import HAND_OVER, TAKE_OVER
from yingshang.domains.counters.presenting import local, organ_name
from yingshang.domains.counters.register import get_hall, list_halls
from yingshang.domains.counters.selectors import get_pick_up_for, list_pick_ups_for
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import now
from yingshang.parties.models import Subject
from yingshang.web.access import Needs, NeedsOneOf
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page


class HandOverForm(forms.Form):
    """Who came, how the clerk saw who it is, and how they signed."""

    receiver = forms.CharField(label=_("领取人"), max_length=60)
    is_agent = forms.BooleanField(
        label=_("代领"), required=False, help_text=_("代领的，须查验授权委托书。")
    )
    identity = forms.ChoiceField(label=_("身份核验"), choices=IdentityCheck.choices)
    identity_tail = forms.RegexField(
        r"^[0-9A-Za-z]{4}$", label=_("证件号码后四位"), help_text=_("平台只保存后四位。")
    )
    signature = forms.ChoiceField(label=_("签收方式"), choices=Signature.choices)
    also = forms.MultipleChoiceField(
        label=_("一并出件"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("同一持有人在本大厅待领的，核验一次、签收一次。"),
    )

    def __init__(self, data: Any, others: Sequence[PickUp]) -> None:
        super().__init__(data)
        offered = [(one.ref, f"{one.number} {one.what}") for one in others]
        self.fields["also"].choices = offered  # type: ignore[attr-defined]
        self.fields["also"].initial = [one.ref for one in others]
        if not others:
            del self.fields["also"]


class LayOutForm(forms.Form):
    """What one's organ brings to a hall."""

    hall = forms.ChoiceField(label=_("大厅"))
    what = forms.CharField(label=_("证照或文书"), max_length=160)
    holder = forms.CharField(label=_("持有人"), max_length=120)
    code = forms.CharField(label=_("统一社会信用代码"), required=False, max_length=18)
    origin = forms.CharField(
        label=_("办件或收件编号"), max_length=160, help_text=_("这份证照或文书由哪个办件产生。")
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        halls = [(one.key, local(one, "label")) for one in list_halls()]
        self.fields["hall"].choices = halls  # type: ignore[attr-defined]


@page(
    "pick-ups/",
    name="desk:pick-ups",
    access=NeedsOneOf(HAND_OVER, TAKE_OVER),
    title=_("统一出件"),
    navigation=Navigation(_("统一出件"), GROUP, 315),
)
def pick_ups(request: PageRequest) -> HttpResponse:
    """List what waits to be picked up; with ``?done`` what was."""
    done = "done" in request.GET
    listing = list_page(
        request,
        list_pick_ups_for(request.actor).filter(handed_over_at__isnull=not done),
        sorts={"ready": ("ready_at", "pk")},
        default="-ready" if done else "ready",
    )
    halls = {one.key: local(one, "label") for one in list_halls()}
    moment = now()
    rows = [(one, halls.get(one.hall, one.hall), one.days_waiting(moment)) for one in listing.rows]
    context = {
        "listing": listing,
        "rows": rows,
        "done": done,
        "may_lay_out": request.actor.may(TAKE_OVER),
        "may_hand_over": request.actor.may(HAND_OVER),
    }
    return render(request, "counters/desk/pick_ups.html", context)


@page(
    "pick-ups/new/",
    name="desk:pick-up-new",
    access=Needs(TAKE_OVER),
    title=_("送交待领件"),
    parent="desk:pick-ups",
    methods=("GET", "POST"),
)
def lay_out(request: PageRequest) -> HttpResponse:
    """Bring something of one's organ to a hall."""

    def act(given: dict[str, Any]) -> None:
        subject = Subject.objects.filter(code=given["code"].strip().upper() or None).first()
        lay_out_for_pick_up(
            request.actor,
            hall=given["hall"],
            origin=given["origin"],
            what=given["what"],
            holder=given["holder"],
            subject=subject.ref if subject and given["code"].strip() else "",
        )

    return answer_form(
        request,
        LayOutForm(request.POST or None),
        act,
        done=_("已登记，等待领取。"),
        back=reverse("desk:pick-ups"),
        context={
            "title": _("送交待领件"),
            "lead": _("登记后，企业在“我的预约”里可以看到，到大厅领取。"),
            "action_label": _("登记"),
        },
    )


@page(
    "pick-ups/<str:ref>/hand-over/",
    name="desk:pick-up-hand-over",
    access=Needs(HAND_OVER),
    title=_("出件"),
    parent="desk:pick-ups",
    methods=("GET", "POST"),
)
def hand(request: PageRequest, ref: str) -> HttpResponse:
    """Hand something over and show the slip."""
    found = get_pick_up_for(request.actor, ref)
    waiting = list_pick_ups_for(request.actor).filter(handed_over_at=None, hall=found.hall)
    others = waiting.filter(holder=found.holder).exclude(pk=found.pk).order_by("pk")[:20]
    form = HandOverForm(request.POST or None, list(others))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hand_over(
                request.actor,
                pick_up=ref,
                receiver=given["receiver"],
                identity=IdentityCheck(given["identity"]),
                identity_tail=given["identity_tail"],
                signature=Signature(given["signature"]),
                is_agent=given["is_agent"],
                also=tuple(given.get("also", ())),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect("desk:pick-up", ref)
    context = {
        "form": form,
        "title": _("出件"),
        "lead": f"{found.number} {found.what} {found.holder}",
        "action_label": _("核验无误，出件"),
        "cancel": reverse("desk:pick-ups"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/form_page.html", context, status=status)


@page(
    "pick-ups/<str:ref>/",
    name="desk:pick-up",
    access=NeedsOneOf(HAND_OVER, TAKE_OVER),
    title=_("领取凭证"),
    parent="desk:pick-ups",
)
def pick_up(request: PageRequest, ref: str) -> HttpResponse:
    """Show the slip of something that waits or was handed over, ready to print."""
    found = get_pick_up_for(request.actor, ref)
    hall = get_hall(found.hall)
    context = {
        "one": found,
        "hall": local(hall, "label"),
        "organ": organ_name(found.organ),
        "crumb_title": found.number,
        "may_hand_over": found.handed_over_at is None and request.actor.may(HAND_OVER),
    }
    return render(request, "counters/desk/pick_up.html", context)


def _waiting() -> dict[str, Any]:
    return {"ref": PickUp.objects.filter(handed_over_at=None).order_by("-pk")[0].ref}


example("desk:pick-up", _waiting, visitor="clerk")
example("desk:pick-up-hand-over", _waiting, visitor="clerk")
