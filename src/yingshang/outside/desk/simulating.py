"""Where an administrator of the demonstration says how a simulated body behaves."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from yingshang.outside.actions import reconcile, run_round
from yingshang.outside.bodies import get_body
from yingshang.outside.errors import NotSimulated
from yingshang.outside.fitting import label_of
from yingshang.outside.forms import BehaviourForm
from yingshang.outside.permissions import OPERATE, SIMULATE
from yingshang.outside.simulators.actions import reset_behaviour, set_behaviour
from yingshang.outside.simulators.adapter import chosen_behaviour, down_until
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "outside/bodies/<slug:key>/simulator/",
    name="desk:outside-simulator",
    access=Needs(SIMULATE),
    title=_("模拟单位的行为"),
    parent="desk:outside-body",
    methods=("GET", "POST"),
)
def simulator(request: PageRequest, key: str) -> HttpResponse:
    """Set how a simulated body behaves from now on."""
    body = get_body(key)
    if body.adapter != "simulated":
        raise NotSimulated(params={"body": label_of(body)})
    given = request.POST if request.method == "POST" else None
    form = BehaviourForm(given, body, chosen_behaviour(body))

    def act(cleaned: dict[str, Any]) -> None:
        set_behaviour(
            request.actor, body=key, behaviour=form.behaviour, down_minutes=cleaned["down_minutes"]
        )

    context = {
        "title": _t("模拟单位的行为"),
        "lead": label_of(body),
        "action_label": _t("从现在起这样表现"),
        "key": key,
        "down_until": down_until(key),
        "may_operate": request.actor.may(OPERATE),
    }
    return answer_form(
        request,
        form,
        act,
        done=_("已设置，对今后收到的报文生效。"),
        back=reverse("desk:outside-body", kwargs={"key": key}),
        context=context,
        template="outside/simulator.html",
    )


@page(
    "outside/bodies/<slug:key>/reset/",
    name="desk:outside-simulator-reset",
    access=Needs(SIMULATE),
    title=_("恢复声明的行为"),
    methods=("POST",),
)
def reset(request: PageRequest, key: str) -> HttpResponse:
    """Let a simulated body behave as it is declared."""
    reset_behaviour(request.actor, body=key)
    messages.success(request, _("已恢复为内容包声明的行为。"))
    return redirect("desk:outside-simulator", key=key)


@page(
    "outside/bodies/<slug:key>/run/",
    name="desk:outside-run",
    access=Needs(OPERATE),
    title=_("立即收发并对账"),
    methods=("POST",),
)
def run(request: PageRequest, key: str) -> HttpResponse:
    """Do at once what the worker does by and by, and compare today with the body."""
    done = run_round(request.actor, body=key)
    compared = reconcile(request.actor, body=key)
    text = _t("发送 %(sent)s 次，收到答复 %(called)s 次；今日对账 %(agreed)s 项一致。")
    messages.success(request, text % {**done, "agreed": compared.agreed})
    return redirect("desk:outside-body", key=key)


example("desk:outside-simulator", lambda: {"key": "seal-maker"}, visitor="admin")
example("desk:outside-simulator-reset", lambda: {"key": "seal-maker"}, visitor="admin")
example("desk:outside-run", lambda: {"key": "seal-maker"}, visitor="admin")
