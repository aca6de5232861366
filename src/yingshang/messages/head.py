"""The number of unread messages in the head of every page."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yingshang.messages.permissions import RECEIVE
from yingshang.messages.selectors import MOST_COUNTED, count_unread_for
from yingshang.parties.actors import Actor
from yingshang.web.head import HeadLink, head_link


@head_link("messages", order=10)
def unread(actor: Actor) -> HeadLink | None:
    """Lead to the messages, with how many are unread."""
    if actor.subject_id is None or not actor.may(RECEIVE):
        return None
    count = count_unread_for(actor)
    shown = f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else str(count or "")
    spoken = ngettext("%(count)d 条未读消息", "%(count)d 条未读消息", count) % {"count": count}
    return HeadLink(_("消息"), reverse("portal:messages"), shown, spoken if count else "")
