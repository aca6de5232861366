"""What a person does with stuck requests and open differences."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.outside.actions import (
    close_difference,
    record_answer,
    send_again,
    settle_contradiction,
)
from yingshang.outside.bodies import declared_for
from yingshang.outside.fitting import label_of
from yingshang.outside.forms import AnswerForm, GroundForm
from yingshang.outside.models import Delivery, Difference, Request, Stuck
from yingshang.outside.permissions import RESOLVE
from yingshang.outside.selectors import (
    get_difference_for,
    get_request_for,
    list_requests_for,
)
from yingshang.parties.demo import demo_actor
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


def _given(request: PageRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(ref: str) -> str:
    return reverse("desk:outside-request", kwargs={"ref": ref})


@page(
    "outside/requests/<slug:ref>/send-again/",
    name="desk:outside-send-again",
    access=Needs(RESOLVE),
    title=_("重新发送"),
    parent="desk:outside-request",
    methods=("GET", "POST"),
)
def send_again_page(request: PageRequest, ref: str) -> HttpResponse:
    """Have a request sent once more."""
    found = get_request_for(request.actor, ref)
    lead = _t("报文编号不变，对方能识别重复报文。")
    if found.delivery != Delivery.FAILED:
        lead = _t("对方可能已经收到。请先与对方核实没有办理，再重新发送。")
    return answer_form(
        request,
        GroundForm(_given(request)),
        lambda given: send_again(request.actor, request=ref, ground=given["ground"]),
        done=_("已交付重新发送。"),
        back=_back(ref),
        context={"title": _t("重新发送"), "lead": lead, "action_label": _t("重新发送")},
    )


@page(
    "outside/requests/<slug:ref>/answer/",
    name="desk:outside-answer",
    access=Needs(RESOLVE),
    title=_("登记答复"),
    parent="desk:outside-request",
    methods=("GET", "POST"),
)
def answer_page(request: PageRequest, ref: str) -> HttpResponse:
    """Record what the body said by another way."""
    found = get_request_for(request.actor, ref)
    body, message = declared_for(found)
    form = AnswerForm(_given(request), message)
    return answer_form(
        request,
        form,
        lambda given: record_answer(
            request.actor, request=ref, ground=given["ground"], **form.answer
        ),
        done=_("答复已登记。"),
        back=_back(ref),
        context={
            "title": _t("登记答复"),
            "lead": f"{label_of(body)} · {label_of(message)}",
            "action_label": _t("登记"),
        },
    )


@page(
    "outside/requests/<slug:ref>/contradiction/",
    name="desk:outside-contradiction",
    access=Needs(RESOLVE),
    title=_("核对矛盾答复"),
    parent="desk:outside-request",
    methods=("GET", "POST"),
)
def contradiction_page(request: PageRequest, ref: str) -> HttpResponse:
    """Confirm that the answer in effect stands."""
    get_request_for(request.actor, ref)
    return answer_form(
        request,
        GroundForm(_given(request)),
        lambda given: settle_contradiction(request.actor, request=ref, ground=given["ground"]),
        done=_("已确认现行答复，其余答复留存。"),
        back=_back(ref),
        context={
            "title": _t("核对矛盾答复"),
            "lead": _t(
                "请先与对方核实。确认后以已经采用的答复为准；如果已采用的答复有误，请通过办件更正。"
            ),
            "action_label": _t("确认现行答复"),
        },
    )


@page(
    "outside/differences/<slug:ref>/close/",
    name="desk:outside-difference-close",
    access=Needs(RESOLVE),
    title=_("关闭差异"),
    parent="desk:outside-differences",
    methods=("GET", "POST"),
)
def close_page(request: PageRequest, ref: str) -> HttpResponse:
    """Close a difference with its ground."""
    get_difference_for(request.actor, ref)
    return answer_form(
        request,
        GroundForm(_given(request)),
        lambda given: close_difference(request.actor, difference=ref, ground=given["ground"]),
        done=_("差异已关闭。"),
        back=reverse("desk:outside-differences"),
        context={
            "title": _t("关闭差异"),
            "lead": _t("两边再次对上时差异自动关闭；这里只用于已经查明原因的差异。"),
            "action_label": _t("关闭差异"),
        },
    )


def _unsettled() -> dict[str, Any]:
    found = list_requests_for(demo_actor("approver")).filter(settled_at=None)
    return {"ref": found.order_by("pk")[0].ref}


def _contradicted() -> dict[str, Any]:
    return {"ref": Request.objects.filter(stuck=Stuck.CONTRADICTED).order_by("pk")[0].ref}


def _difference() -> dict[str, Any]:
    return {"ref": Difference.objects.filter(closed_at=None).order_by("pk")[0].ref}


example("desk:outside-send-again", _unsettled, visitor="approver")
example("desk:outside-answer", _unsettled, visitor="approver")
example("desk:outside-contradiction", _contradicted, visitor="approver")
example("desk:outside-difference-close", _difference, visitor="approver")
