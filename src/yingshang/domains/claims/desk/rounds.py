"""The panel of a round of review: its pool, the draw, who stepped back."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.desk.lists import _first
from yingshang.domains.claims.errors import ListMissing
from yingshang.domains.claims.forms import NumbersForm, RecusalForm, SourceForm
from yingshang.domains.claims.lists.drawing import commit_lot, draw_lot, find_result, newest_result
from yingshang.domains.claims.lists.records import record_file
from yingshang.domains.claims.models import ListSort
from yingshang.domains.claims.permissions import LIST, READ
from yingshang.domains.claims.reviews.actions import (
    AnnouncedSource,
    commit_panel,
    draw_panel,
    recuse,
)
from yingshang.domains.claims.selectors import get_list_for
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


@page(
    "policy-claims/lists/<str:ref>/pool/",
    name="desk:claim-pool",
    access=Needs(LIST),
    title=_("锁定专家名单"),
    methods=("GET", "POST"),
    parent="desk:claim-list",
)
def pool(request: PageRequest, ref: str) -> HttpResponse:
    """Freeze the pool of experts, or those who stand equal, naming a public number that does not exist yet."""
    found = get_list_for(request.actor, ref)
    lot = found.sort == ListSort.AUTOMATIC

    def act(values: dict[str, Any]) -> Any:
        source = AnnouncedSource(name=values["name"], on=values["on"])
        commit = commit_lot if lot else commit_panel
        return commit(request.actor, listed=found.ref, sources=(source,))

    return answer_form(
        request,
        SourceForm(request.POST or None),
        act,
        done=gettext("名单已锁定并存证，随机数公布后再抽取。"),
        back=reverse("desk:claim-list", args=[ref]),
        context={
            "title": gettext("锁定抽签名单") if lot else gettext("锁定专家名单"),
            "lead": gettext("名单锁定后不能再改；随机数必须在以后才公布，任何人都能重新验算。"),
            "action_label": gettext("锁定"),
        },
    )


@page(
    "policy-claims/lists/<str:ref>/draw/",
    name="desk:claim-draw",
    access=Needs(LIST),
    title=_("抽取专家"),
    methods=("GET", "POST"),
    parent="desk:claim-list",
)
def draw(request: PageRequest, ref: str) -> HttpResponse:
    """Draw the experts, or among those who stand equal, with the numbers that were published."""
    found = get_list_for(request.actor, ref)
    lot = found.sort == ListSort.AUTOMATIC

    def act(values: dict[str, Any]) -> Any:
        draw = draw_lot if lot else draw_panel
        return draw(request.actor, listed=found.ref, numbers=(values["numbers"],))

    return answer_form(
        request,
        NumbersForm(request.POST or None),
        act,
        done=gettext("已抽签，企业会收到消息。") if lot else gettext("专家已抽出。"),
        back=reverse("desk:claim-list", args=[ref]),
        context={
            "title": gettext("并列抽签") if lot else gettext("抽取专家"),
            "action_label": gettext("抽取"),
        },
    )


@page(
    "policy-claims/lists/<str:ref>/seats/<str:seat>/recuse/",
    name="desk:claim-recuse",
    access=Needs(LIST),
    title=_("专家回避"),
    methods=("GET", "POST"),
    parent="desk:claim-list",
)
def recuse_page(request: PageRequest, ref: str, seat: str) -> HttpResponse:
    """Have an expert step back; whoever is next in the draw takes the seat."""
    get_list_for(request.actor, ref)

    def act(values: dict[str, Any]) -> Any:
        return recuse(request.actor, seat=seat, ground=values["ground"])

    return answer_form(
        request,
        RecusalForm(request.POST or None),
        act,
        done=gettext("已回避，由抽签次序中的下一位递补。"),
        back=reverse("desk:claim-list", args=[ref]),
        context={"title": gettext("专家回避"), "action_label": gettext("确定回避")},
    )


@page(
    "policy-claims/lists/<str:ref>/draw.json",
    name="desk:claim-draw-record",
    access=Needs(READ),
    title=_("抽取记录"),
    parent="desk:claim-list",
)
def record(request: PageRequest, ref: str) -> HttpResponse:
    """Hand out what is needed to make the draw of a list's lots, or of a round's experts, again."""
    found = get_list_for(request.actor, ref)
    panel = getattr(found, "panel", None)
    result = newest_result(panel.draw) if panel is not None else find_result(found)
    if result is None:
        raise ListMissing
    return record_file(result)


def _round() -> dict[str, str]:
    return {"ref": _first(ListSort.SCORED).ref}


def _seat() -> dict[str, str]:
    listed = _first(ListSort.SCORED)
    return {"ref": listed.ref, "seat": listed.panel.seats.order_by("pk")[0].ref}


example("desk:claim-pool", _round, visitor="claims")
example("desk:claim-draw", _round, visitor="claims")
example("desk:claim-draw-record", _round, visitor="claims")
example("desk:claim-recuse", _seat, visitor="claims")
