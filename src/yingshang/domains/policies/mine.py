"""What policies bring to the enterprise's own page: hearings that wait for its opinion."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from yingshang.domains.policies.models import Candidate
from yingshang.domains.policies.permissions import OPINE
from yingshang.kernel.times import today
from yingshang.messages.todos import TODOS, Todo
from yingshang.parties.actors import Actor

MOST = 6


@TODOS.named("policies.hearings")
def hearings_to_answer(actor: Actor) -> Iterator[Todo]:
    """Tell of hearings for which the enterprise was drawn and has not spoken yet."""
    if not actor.may(OPINE) or actor.subject_id is None:
        return
    waiting = Candidate.objects.filter(
        subject_id=actor.subject_id,
        invited_at__isnull=False,
        hearing__closed_at=None,
        hearing__ends_on__gte=today(),
        opinions=None,
    ).select_related("hearing__draft")
    for one in waiting.order_by("hearing__ends_on")[:MOST]:
        href = reverse("portal:hearing", args=[one.hearing.ref])
        text = _("请对政策草案提出意见")
        yield Todo(one.hearing.draft.title, text, one.hearing.ends_on, href)
