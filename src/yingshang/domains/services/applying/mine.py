"""What services bring to the enterprise's own page: applications under way, and what waits for it."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from yingshang.cases.labels import label, state_of_case
from yingshang.cases.models import Case
from yingshang.domains.services.applying.presenting import application_line, draft_names
from yingshang.domains.services.applying.selectors import list_applications_for
from yingshang.domains.services.permissions import APPLY
from yingshang.forms.selectors import list_drafts_awaiting, list_drafts_for
from yingshang.messages.todos import TODOS, Todo
from yingshang.parties.actors import Actor
from yingshang.web.access import SubjectNeeds
from yingshang.web.blocks import Figure, home_block, home_figure
from yingshang.web.routes import PageRequest

MOST = 6


@TODOS.named("services.applications")
def applications_to_act_on(actor: Actor) -> Iterator[Todo]:
    """Tell of applications in which it is the applicant's turn, until when it can act."""
    if not actor.may(APPLY):
        return
    for case in list_applications_for(actor).filter(closed_at=None, turn=None)[:MOST]:
        said = label(state_of_case(case))
        href = reverse("portal:application", args=[case.ref])
        yield Todo(case.title, said, case.expires_on or case.due_on, href)


@TODOS.named("services.drafts")
def drafts_to_finish(actor: Actor) -> Iterator[Todo]:
    """Tell of applications that are filled but not handed in, and of filings to be confirmed."""
    if not actor.may(APPLY):
        return
    drafts = list(list_drafts_for(actor).filter(context__has_key="service")[:MOST])
    for draft, name in zip(drafts, draft_names(drafts), strict=True):
        href = reverse("portal:fill-application", args=[draft.ref])
        yield Todo(name, _("填写后还没有提交，到期后草稿不再保留"), draft.expires_on, href)
    awaiting = list(list_drafts_awaiting(actor)[:MOST])
    for draft, name in zip(awaiting, draft_names(awaiting), strict=True):
        href = reverse("portal:confirm-filing", args=[draft.ref])
        said = _("确认窗口代填的申请：%(name)s") % {"name": name}
        yield Todo(said, str(draft.on_behalf or ""), draft.expires_on, href)


def _under_way(request: PageRequest) -> list[Case]:
    found: list[Case] | None = getattr(request, "_under_way", None)
    if found is None:
        found = list(list_applications_for(request.actor).filter(closed_at=None)[: MOST + 1])
        request._under_way = found  # type: ignore[attr-defined]
    return found


@home_figure("portal:mine", order=30, access=SubjectNeeds(APPLY))
def under_way(request: PageRequest) -> Figure:
    """Say how many applications are under way."""
    count = len(_under_way(request))
    shown = f"{MOST}+" if count > MOST else count
    return Figure(_("办理中"), shown, _("件"), "", reverse("portal:applications"))


@home_block("portal:mine", order=30, width="two-thirds", access=SubjectNeeds(APPLY))
def applications(request: PageRequest) -> str:
    """Show the applications under way with their lights."""
    lines = [application_line(case) for case in _under_way(request)[:MOST]]
    return render_to_string("services/blocks/under_way.html", {"lines": lines}, request)
