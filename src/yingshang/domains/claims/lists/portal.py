"""What an enterprise sees of a list that it was left out of, and its objection."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.claims.forms import AccountForm, ObjectionToDecisionForm
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.lists.drawing import find_result
from yingshang.domains.claims.lists.objecting import (
    get_left_out_for,
    may_object_to_list,
    object_list,
)
from yingshang.domains.claims.lists.reasons import WITH_DETAIL, reason_said
from yingshang.domains.claims.lists.records import record_file
from yingshang.domains.claims.lists.values import Values
from yingshang.domains.claims.models import ListEntry
from yingshang.domains.claims.payees import last_account
from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import local
from yingshang.parties.demo import demo_actor
from yingshang.web.access import SubjectNeeds
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.routes import PageRequest, page


class ObjectionWithAccountForm(ObjectionToDecisionForm, AccountForm):
    """Why a list is thought wrong, and the account of an enterprise that never named one."""


@page(
    "policy-claims/lists/<str:ref>/",
    name="portal:claim-left-out",
    access=SubjectNeeds(CLAIM),
    title=_("没有列入名单"),
    methods=("GET", "POST"),
    parent="portal:claims",
)
def left_out(request: PageRequest, ref: str) -> HttpResponse:
    """Say why one's enterprise was left out of a list, and take its objection.

    With ``?record`` hand out what is needed to draw the lots again.
    """
    entry = get_left_out_for(request.actor, ref)
    result = find_result(entry.listed)
    if "record" in request.GET and result is not None:
        return record_file(result)
    item = item_of(entry.listed.item).declared
    knows_account = last_account(entry.subject_id) is not None
    asked = ObjectionToDecisionForm if knows_account else ObjectionWithAccountForm
    values, cut_off = Values(item.ranking), entry.listed.ranking.get("cut_off") or ()
    return answer_form(
        request,
        asked(request.POST or None),
        lambda given: object_list(request.actor, listed=ref, **given),
        done=gettext("已收到异议，复核结果会发消息告知。"),
        back=reverse("portal:claim-left-out", args=[ref]),
        context={
            "entry": entry,
            "name": local(item, "label"),
            "reason": reason_said(entry.reason),
            "detail": entry.detail if entry.reason in WITH_DETAIL else "",
            "told": values.said(entry.told) if entry.place else (),
            "cut_off": values.said(cut_off) if entry.place else (),
            "result": result,
            "may_object": may_object_to_list(entry),
            "crumb_title": local(item, "label"),
            "action_label": gettext("提交异议"),
            "cancel": reverse("portal:claims"),
        },
        template="claims/portal/left_out.html",
    )


def _left_out() -> dict[str, str]:
    own = demo_actor("handler").subject_id
    return {"ref": ListEntry.objects.filter(subject=own, claim=None)[0].listed.ref}


example("portal:claim-left-out", _left_out, visitor="handler")
