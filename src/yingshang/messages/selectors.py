"""Reads about messages: a subject its own, officials how many were read and acted on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from yingshang.messages.errors import NoSuchMessage
from yingshang.messages.models import Declined, Message
from yingshang.messages.permissions import READ_FUNNEL, RECEIVE
from yingshang.messages.sorts import SORTS, Sort
from yingshang.parties.actors import Actor
from yingshang.parties.prepared import Prepared

UNREAD = Q(read_at__isnull=True, cleared_at__isnull=True)
MOST_COUNTED = 100

_UNREAD_OF: Prepared[int] = Prepared(
    lambda subject: Message.objects.filter(UNREAD, subject=subject).values_list("pk", flat=True)[
        :MOST_COUNTED
    ],
    int,
)


def list_messages_for(actor: Actor) -> "QuerySet[Message]":
    """Return the messages to the subject for which the actor acts, each with ``is_done`` for sorting."""
    actor.require(RECEIVE)
    own = Message.objects.filter(subject=actor.subject_id or 0)
    return own.annotate(is_done=ExpressionWrapper(~UNREAD, output_field=BooleanField()))


def list_latest_for(actor: Actor, most: int) -> list[Message]:
    """Return the last messages, unread ones first."""
    found: QuerySet[Any] = list_messages_for(actor)
    return list(found.order_by("is_done", "-sent_at", "-pk")[:most])


def get_message_for(actor: Actor, ref: str) -> Message:
    """Return one of these messages; raises :class:`~yingshang.messages.errors.NoSuchMessage`."""
    found = list_messages_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchMessage
    return found


def count_unread_for(actor: Actor) -> int:
    """Return how many messages nobody opened yet, 100 for all that are more; none for other actors."""
    if actor.subject_id is None or not actor.may(RECEIVE):
        return 0
    return len(_UNREAD_OF(actor.subject_id))


def list_choices_for(actor: Actor) -> list[tuple[Sort, bool]]:
    """Return every sort of message and whether the actor's subject gets it, the required ones last."""
    actor.require(RECEIVE)
    rows = Declined.objects.filter(subject=actor.subject_id or 0)
    declined = set(rows.values_list("sort", flat=True))
    ordered = sorted((one for _name, one in SORTS), key=lambda one: (bool(one.legal), one.name))
    return [(one, bool(one.legal) or one.name not in declined) for one in ordered]


@dataclass(frozen=True)
class Funnel:
    """How many messages were sent, opened, followed and acted on; each step counts by itself."""

    sent: int = 0
    read: int = 0
    clicked: int = 0
    acted: int = 0

    def __add__(self, other: "Funnel") -> "Funnel":
        return Funnel(
            self.sent + other.sent,
            self.read + other.read,
            self.clicked + other.clicked,
            self.acted + other.acted,
        )

    @property
    def read_share(self) -> str:
        """Return those opened as percent of those sent."""
        return self._share(self.read)

    @property
    def clicked_share(self) -> str:
        """Return those followed as percent of those sent."""
        return self._share(self.clicked)

    @property
    def acted_share(self) -> str:
        """Return those acted on as percent of those sent."""
        return self._share(self.acted)

    def _share(self, count: int) -> str:
        return f"{100 * count / self.sent:.1f}%" if self.sent else ""


NOTHING = Funnel()
STEPS = {
    "sent": Q(),
    "read": Q(read_at__isnull=False),
    "clicked": Q(clicked_at__isnull=False),
    "acted": Q(acted_at__isnull=False),
}
"""Each step has an index of its own, in which alone it is counted."""


def funnels_by_sort_for(actor: Actor, start: date, end: date) -> dict[str, Funnel]:
    """Return the funnel of each sort of message sent on these days; raises ``NotPermitted``."""
    return _funnels(_sent_between(actor, start, end), "sort")


def funnels_by_about_for(
    actor: Actor, sort: str, start: date, end: date, most: int = 100
) -> dict[str, Funnel]:
    """Return the funnel of each thing that messages of a sort are about, the most often sent first."""
    found = _funnels(_sent_between(actor, start, end).filter(sort=sort), "about")
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].sent, pair[0]))
    return dict(ordered[:most])


def funnels_by_month_for(
    actor: Actor, start: date, end: date, *, sort: str = "", about: str = ""
) -> dict[date, Funnel]:
    """Return the funnel by month of sending, of one sort or one thing where they are given."""
    sent = _sent_between(actor, start, end)
    sent = sent.filter(sort=sort) if sort else sent
    sent = sent.filter(about=about) if about else sent
    by_month: dict[date, Funnel] = {}
    for day, funnel in _funnels(sent, "sent_on").items():
        month = day.replace(day=1)
        by_month[month] = by_month.get(month, NOTHING) + funnel
    return by_month


def _sent_between(actor: Actor, start: date, end: date) -> "QuerySet[Message]":
    actor.require(READ_FUNNEL)
    return Message.objects.filter(sent_on__gte=start, sent_on__lte=end)


def _funnels(sent: "QuerySet[Message]", by: str) -> dict[Any, Funnel]:
    counts: dict[Any, dict[str, int]] = {}
    for step, reached in STEPS.items():
        rows = sent.filter(reached).order_by(by).values_list(by).annotate(count=Count("*"))
        for value, count in rows:
            counts.setdefault(value, {})[step] = count
    return {value: Funnel(**found) for value, found in counts.items()}


def readers_of(
    *,
    sort: str = "",
    about: "Iterable[str] | QuerySet[Any] | None" = None,
    naming: Iterable[str] = (),
) -> frozenset[int]:
    """Return the row ids of the subjects that opened a message: of a sort, about things, naming words.

    ``about`` may be a query of one column. A message whose text holds one of the words of ``naming`` is
    enough where any are given. Messages that were only cleared away count for nobody.
    """
    found = Message.objects.filter(read_at__isnull=False)
    if sort:
        found = found.filter(sort=sort)
    if about is not None:
        found = found.filter(about__in=about if isinstance(about, QuerySet) else list(about))
    said = Q()
    for words in naming:
        said |= Q(text__contains=words)
    return frozenset(found.filter(said).values_list("subject_id", flat=True))


def name_of_sort(name: str) -> str:
    """Return what a sort of message is called; its own name where it is no longer known."""
    found = SORTS.find(name)
    return str(found.label) if found else name


def gathered_sorts() -> Sequence[Sort]:
    """Return the sorts that are measured for each thing that they are about."""
    return [one for _name, one in SORTS if one.gathered]
