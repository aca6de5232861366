"""Messages and to-dos as programs read them."""

from datetime import date, datetime
from typing import Annotated

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.messages.actions import (
    choose_messages,
    clear_messages,
    follow_message,
    open_message,
)
from yingshang.messages.models import Message
from yingshang.messages.permissions import RECEIVE
from yingshang.messages.selectors import get_message_for, list_choices_for, list_messages_for
from yingshang.messages.todos import list_todos_for
from yingshang.parties.actors import Actor
from yingshang.web.access import SubjectNeeds
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

MESSAGES = _("消息")


class MessageRead(Answer):
    """A message; its address leads through us, so that following it is noted."""

    ref: str
    sort: str
    title: str
    title_en: str
    text: str
    text_en: str
    about: str
    href: str
    sent_at: datetime
    read_at: datetime | None
    clicked_at: datetime | None
    acted_at: datetime | None


def message_of(_actor: Actor, one: Message) -> MessageRead:
    """Return what is told of a message."""
    return MessageRead(
        ref=one.ref,
        sort=one.sort,
        title=one.title,
        title_en=one.title_en,
        text=one.text,
        text_en=one.text_en,
        about=one.about,
        href=reverse("portal:message-go", args=[one.ref]) if one.href else "",
        sent_at=one.sent_at,
        read_at=one.read_at,
        clicked_at=one.clicked_at,
        acted_at=one.acted_at,
    )


class TodoRead(Answer):
    """Something to be done; ``due`` is the last day, ``href`` the page on which it is done."""

    label: str
    text: str
    due: date | None
    href: str
    tone: str


class ChoiceRead(Answer):
    """A sort of message; one with ``legal`` cannot be declined."""

    sort: str
    label: str
    legal: str
    wanted: bool


class Cleared(Answer):
    """How many messages were put among the read ones."""

    messages: int


class Chosen(Answer):
    """The sorts that are not wanted."""

    declined: list[str]


@read(
    "messages",
    name="messages.list",
    access=SubjectNeeds(RECEIVE),
    tag=MESSAGES,
    summary=_("本主体的消息，最新的在前；列出不算已读"),
)
def all_messages(actor: Actor, query: Paged) -> Listed[MessageRead]:
    """List the subject's messages."""
    rows = list_messages_for(actor)
    return listed(rows, ("-sent_at", "-pk"), query, lambda one: message_of(actor, one))


@read(
    "messages/<str:message>",
    name="messages.get",
    access=SubjectNeeds(RECEIVE),
    tag=MESSAGES,
    summary=_("一条消息；不改变是否已读"),
)
def one_message(actor: Actor, message: str) -> MessageRead:
    """Show one message."""
    return message_of(actor, get_message_for(actor, message))


@read(
    "todos",
    name="messages.todos",
    access=SubjectNeeds(RECEIVE),
    tag=MESSAGES,
    summary=_("本主体的待办，最急的在前"),
)
def all_todos(actor: Actor) -> list[TodoRead]:
    """List what the subject has to do."""
    return [
        TodoRead(
            label=str(todo.label),
            text=str(todo.text),
            due=todo.due,
            href=todo.href,
            tone=todo.shown_tone,
        )
        for todo in list_todos_for(actor)
    ]


@read(
    "message-choices",
    name="messages.choices",
    access=SubjectNeeds(RECEIVE),
    tag=MESSAGES,
    summary=_("想收到哪几类消息"),
)
def all_choices(actor: Actor) -> list[ChoiceRead]:
    """List the sorts of message and whether the subject gets them."""
    return [
        ChoiceRead(sort=one.name, label=str(one.label), legal=str(one.legal), wanted=wanted)
        for one, wanted in list_choices_for(actor)
    ]


def _cleared(_actor: Actor, count: int) -> Cleared:
    return Cleared(messages=count)


def _chosen(_actor: Actor, declined: tuple[str, ...]) -> Chosen:
    return Chosen(declined=list(declined))


write(
    "POST",
    "messages/<str:message>/open",
    open_message,
    tag=MESSAGES,
    summary=_("打开消息（记为已读）"),
    show=message_of,
    access=SubjectNeeds(RECEIVE),
)
write(
    "POST",
    "messages/<str:message>/follow",
    follow_message,
    tag=MESSAGES,
    summary=_("记下已前往消息所指的页面"),
    show=message_of,
    access=SubjectNeeds(RECEIVE),
)
write(
    "POST",
    "messages/clear",
    clear_messages,
    tag=MESSAGES,
    summary=_("全部标为已读"),
    show=_cleared,
    access=SubjectNeeds(RECEIVE),
)
write(
    "PUT",
    "message-choices",
    choose_messages,
    tag=MESSAGES,
    summary=_("选择不想收到的消息类别"),
    show=_chosen,
    access=SubjectNeeds(RECEIVE),
    bounds={
        "declined": Annotated[
            tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=200)
        ]
    },
)
