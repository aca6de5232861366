"""What licences bring to the enterprise's own page: when they end, and what is to be signed for."""

from collections.abc import Iterator
from datetime import timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yingshang.kernel.times import today
from yingshang.licences.permissions import HOLD
from yingshang.licences.presenting import licence_rows
from yingshang.licences.selectors import list_licences_for, list_servings_for
from yingshang.messages.todos import TODOS, Todo
from yingshang.parties.actors import Actor
from yingshang.web.access import SubjectNeeds
from yingshang.web.blocks import home_block
from yingshang.web.routes import PageRequest

MOST = 6
ENDS_SOON = timedelta(days=90)
"""行政许可法 第五十条: who wants to go on asks thirty days before; this leaves time for it."""


@TODOS.named("licences.ending")
def licences_to_renew(actor: Actor) -> Iterator[Todo]:
    """Tell of licences in force that end within three months."""
    if not actor.may(HOLD):
        return
    own = list_licences_for(actor).filter(subject=actor.subject_id, state="valid")
    ending = own.filter(valid_to__gte=today(), valid_to__lte=today() + ENDS_SOON)
    for row in licence_rows(list(ending.order_by("valid_to", "pk")[:MOST])):
        one, href = row.licence, reverse("portal:my-licence", args=[row.licence.ref])
        yield Todo(
            _("%(licence)s即将到期") % {"licence": row.kind},
            one.number,
            one.valid_to,
            href,
        )


@TODOS.named("licences.servings")
def documents_to_sign_for(actor: Actor) -> Iterator[Todo]:
    """Tell of documents that were served and not signed for."""
    if not actor.may(HOLD):
        return
    own = list_servings_for(actor).filter(subject=actor.subject_id, confirmed_at=None, state="sent")
    for one in own.order_by("-sent_at", "-pk")[:MOST]:
        href = reverse("portal:my-document", args=[one.ref])
        yield Todo(_("签收%(title)s") % {"title": one.title}, one.number, one.deemed_on, href)


@home_block("portal:mine", order=40, width="two-thirds", access=SubjectNeeds(HOLD))
def licences(request: PageRequest) -> str:
    """Show the enterprise's licences in force with their last day, the first to end first."""
    own = list_licences_for(request.actor).filter(subject=request.actor.subject_id, state="valid")
    found = list(own.order_by("valid_to", "pk").exclude(valid_to=None)[:MOST])
    found += own.filter(valid_to=None).order_by("pk")[: MOST - len(found)]
    context = {"rows": licence_rows(found), "soon": today() + ENDS_SOON}
    return render_to_string("licences/blocks/mine.html", context, request)
