"""印章: the register of seals with the log of their uses."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.times import today
from yingshang.licences.actions import seals as actions
from yingshang.licences.actions.renditions import retry_rendition
from yingshang.licences.desk.access import Reads
from yingshang.licences.desk.groups import GROUP
from yingshang.licences.forms import GroundForm, SealForm
from yingshang.licences.labels import SEAL_TONES
from yingshang.licences.models import Seal
from yingshang.licences.permissions import MANAGE_SEALS, READ_SEALS
from yingshang.licences.seals import is_usable, why_not
from yingshang.licences.selectors import (
    get_seal_for,
    list_failed_renditions_for,
    list_seal_uses_for,
    list_seals_for,
)
from yingshang.parties.models import Organ
from yingshang.web.access import OfficialNeeds
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

CHANGES: dict[str, tuple[Callable[..., Seal], object, tuple[str, ...]]] = {
    "suspend": (actions.suspend_seal, _("停用印章"), ("active",)),
    "resume": (actions.resume_seal, _("恢复使用印章"), ("suspended",)),
    "revoke": (actions.revoke_seal, _("废止印章"), ("active", "suspended")),
}


@page(
    "seals/",
    name="desk:seals",
    access=Reads(READ_SEALS),
    title=_("印章"),
    navigation=Navigation(_("印章"), GROUP, 40),
)
def seals(request: PageRequest) -> HttpResponse:
    """List the seals, and the files that could not be sealed."""
    rows = [
        (seal, SEAL_TONES[seal.state], _usability(seal)) for seal in list_seals_for(request.actor)
    ]
    context = {
        "rows": rows,
        "failed": list_failed_renditions_for(request.actor),
        "may_manage": request.actor.may(MANAGE_SEALS) and request.actor.is_official,
    }
    return render(request, "licences/seals.html", context)


def _usability(seal: Seal) -> str:
    return gettext("可用") if is_usable(seal, today()) else why_not(seal, today())


@page(
    "seals/new/",
    name="desk:new-seal",
    access=OfficialNeeds(MANAGE_SEALS),
    title=_("登记印章"),
    methods=("GET", "POST"),
    parent="desk:seals",
)
def new_seal(request: PageRequest) -> HttpResponse:
    """Register a seal of the actor's organ."""
    organ = Organ.objects.get(pk=request.actor.organ_id or 0)
    return answer_form(
        request,
        SealForm(request.POST or None),
        lambda given: actions.register_seal(request.actor, organ=organ.key, **given),
        done=_("印章已登记。"),
        back=reverse("desk:seals"),
        context={
            "title": gettext("登记印章"),
            "lead": gettext("%(organ)s。证书由本平台的演示 CA 签发，仅供演示。")
            % {"organ": organ.name},
            "action_label": gettext("登记印章"),
        },
    )


@page(
    "seals/<str:ref>/",
    name="desk:seal",
    access=Reads(READ_SEALS),
    title=_("印章"),
    parent="desk:seals",
)
def seal_page(request: PageRequest, ref: str) -> HttpResponse:
    """Show one seal with the log of its uses, the last first."""
    seal = get_seal_for(request.actor, ref)
    uses = list_seal_uses_for(request.actor, seal)
    listing = list_page(request, uses, sorts={"used": ("used_at", "pk")}, default="-used")
    own = request.actor.organ_id == seal.organ_id and request.actor.may(MANAGE_SEALS)
    context = {
        "seal": seal,
        "tone": SEAL_TONES[seal.state],
        "usability": _usability(seal),
        "listing": listing,
        "crumb_title": seal.name,
        "changes": [
            (name, label)
            for name, (_act, label, states) in CHANGES.items()
            if own and seal.state in states
        ],
    }
    return render(request, "licences/seal.html", context)


@page(
    "seals/<str:ref>/<str:change>/",
    name="desk:change-seal",
    access=OfficialNeeds(MANAGE_SEALS),
    title=_("变更印章状态"),
    methods=("GET", "POST"),
    parent="desk:seal",
)
def change_seal(request: PageRequest, ref: str, change: str) -> HttpResponse:
    """Suspend, resume or revoke a seal."""
    seal = get_seal_for(request.actor, ref)
    back = reverse("desk:seal", args=[ref])
    if change not in CHANGES:
        return redirect(back)
    act, label, _states = CHANGES[change]
    return answer_form(
        request,
        GroundForm(request.POST or None),
        lambda given: act(request.actor, seal=ref, ground=given["ground"]),
        done=_("印章状态已变更。"),
        back=back,
        context={
            "title": label,
            "lead": seal.name,
            "action_label": label,
            "tone": "danger" if change == "revoke" else "",
        },
    )


@page(
    "renditions/<str:ref>/retry/",
    name="desk:retry-rendition",
    access=OfficialNeeds(MANAGE_SEALS),
    title=_("重新生成文件"),
    methods=("POST",),
    parent="desk:seals",
)
def retry(request: PageRequest, ref: str) -> HttpResponse:
    """Let a file that was given up be made again."""
    retry_rendition(request.actor, rendition=ref)
    return redirect("desk:seals")
