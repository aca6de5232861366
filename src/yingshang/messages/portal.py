"""消息: what the subject was told, one message, which sorts it wants; and its to-dos for other pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.messages.actions import (
    choose_messages,
    clear_messages,
    follow_message,
    open_message,
)
from yingshang.messages.addresses import check_address, is_our_page
from yingshang.messages.models import Message
from yingshang.messages.permissions import RECEIVE
from yingshang.messages.selectors import (
    MOST_COUNTED,
    UNREAD,
    count_unread_for,
    get_message_for,
    list_choices_for,
    list_latest_for,
    list_messages_for,
    name_of_sort,
)
from yingshang.messages.sorts import SORTS
from yingshang.messages.todos import Todo, list_todos_for
from yingshang.web.access import SubjectNeeds
from yingshang.web.blocks import Figure, home_block, home_figure
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.parts import Tab
from yingshang.web.routes import PageRequest, page


@page(
    "messages/",
    name="portal:messages",
    access=SubjectNeeds(RECEIVE),
    title=_("消息"),
    parent="portal:mine",
)
def messages_(request: PageRequest) -> HttpResponse:
    """List the subject's messages, unread ones first, the newest first; listing them reads none."""
    found = list_messages_for(request.actor)
    chosen = request.GET.get("sort", "")
    rows = found.filter(sort=chosen) if chosen in SORTS else found
    listing = list_page(
        request, rows, sorts={"new": ("is_done", "-sent_at", "-pk")}, default="new", size=30
    )
    context = {
        "listing": listing,
        "rows": [shown(one) for one in listing.rows],
        "tabs": _tabs(request, chosen),
        "has_unread": found.filter(UNREAD).exists(),
    }
    return render(request, "messages/messages.html", context)


def _tabs(request: PageRequest, chosen: str) -> list[Tab]:
    """Return a tab for each sort of which the subject has a message, none where there is one sort only."""
    names = list_messages_for(request.actor).order_by("sort").values_list("sort", flat=True)
    held = [name for name in names.distinct() if name in SORTS]
    if len(held) < 2:
        return []
    own = reverse("portal:messages")
    each = [Tab(SORTS.get(name).label, f"{own}?sort={name}", name == chosen) for name in held]
    return [Tab(_("全部"), own, chosen not in held), *each]


def shown(message: Message) -> dict[str, Any]:
    """Return a message in the reader's language, as far as its sender wrote it in English."""
    english = (get_language() or "").startswith("en")
    return {
        "message": message,
        "title": (message.title_en if english else "") or message.title,
        "text": (message.text_en if english else "") or message.text,
        "lang": "zh-Hans" if english and not message.title_en else "",
        "sort": name_of_sort(message.sort),
        "href": reverse("portal:message", args=[message.ref]),
    }


@page(
    "messages/<str:ref>/",
    name="portal:message",
    access=SubjectNeeds(RECEIVE),
    title=_("消息"),
    parent="portal:messages",
)
def one_message(request: PageRequest, ref: str) -> HttpResponse:
    """Show one message; opening it is reading it."""
    found = get_message_for(request.actor, ref)
    if request.method == "GET":
        found = open_message(request.actor, message=ref)
    context = shown(found)
    return render(request, "messages/message.html", {**context, "crumb_title": context["title"]})


@page(
    "messages/<str:ref>/go/",
    name="portal:message-go",
    access=SubjectNeeds(RECEIVE),
    title=_("前往办理"),
    parent="portal:message",
)
def follow(request: PageRequest, ref: str) -> HttpResponseBase:
    """Lead on to the page that a message is about, which is always one of ours, and note that."""
    found = get_message_for(request.actor, ref)
    if request.method == "GET":
        follow_message(request.actor, message=ref)
    if not found.href or not is_our_page(check_address(found.href)):
        messages.warning(request, gettext("这条消息所指的页面已经不在了。"))
        return redirect("portal:message", ref=ref)
    return redirect(found.href)


@page(
    "messages/clear/",
    name="portal:clear-messages",
    access=SubjectNeeds(RECEIVE),
    title=_("全部标为已读"),
    methods=("POST",),
    parent="portal:messages",
)
def clear(request: PageRequest) -> HttpResponse:
    """Put all unread messages among the read ones."""
    count = clear_messages(request.actor)
    said = ngettext("已将 %(count)d 条消息标为已读。", "已将 %(count)d 条消息标为已读。", count)
    messages.success(request, said % {"count": count})
    return redirect("portal:messages")


class ChoiceForm(forms.Form):
    """The sorts of message that can be declined, ticked where they are wanted."""

    wanted = forms.MultipleChoiceField(
        label=_("我想收到的消息"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, given: Any, free: list[tuple[str, Any]], wanted: list[str]) -> None:
        super().__init__(given, initial={"wanted": wanted})
        self.fields["wanted"].choices = free  # type: ignore[attr-defined]


@page(
    "messages/choices/",
    name="portal:message-choices",
    access=SubjectNeeds(RECEIVE),
    title=_("消息设置"),
    methods=("GET", "POST"),
    parent="portal:messages",
)
def choices(request: PageRequest) -> HttpResponse:
    """Choose which sorts of message the subject gets; what the law requires always comes."""
    known = list_choices_for(request.actor)
    free = [(one.name, one.label) for one, _on in known if not one.legal]
    wanted = [one.name for one, is_on in known if is_on and not one.legal]
    form = ChoiceForm(request.POST if request.method == "POST" else None, free, wanted)

    def choose(given: dict[str, Any]) -> None:
        declined = [name for name, _label in free if name not in given["wanted"]]
        choose_messages(request.actor, declined=tuple(declined))

    return answer_form(
        request,
        form,
        choose,
        done=gettext("已保存。以后只向您发送选中的消息，以及依法必须告知的消息。"),
        back=reverse("portal:messages"),
        context={"required": [one for one, _on in known if one.legal], "free": free},
        template="messages/choices.html",
    )


def own_todos(request: PageRequest) -> list[Todo]:
    """Return what the actor's subject has to do; asked once for a page."""
    found: list[Todo] | None = getattr(request, "_todos", None)
    if found is None:
        found = list_todos_for(request.actor)
        request._todos = found  # type: ignore[attr-defined]
    return found


@home_figure("portal:mine", order=10, access=SubjectNeeds(RECEIVE))
def to_do(request: PageRequest) -> Figure:
    """Say how much must be done, and the day of the most pressing."""
    found = own_todos(request)
    first = found[0] if found else None
    tone = first.shown_tone if first and first.shown_tone in ("warn", "bad") else ""
    hint = first.days_said if first else ""
    return Figure(_("待办"), len(found), _("件"), hint, "#todos" if found else "", tone)


@home_figure("portal:mine", order=40, access=SubjectNeeds(RECEIVE))
def unread(request: PageRequest) -> Figure:
    """Say how many messages are unread."""
    count = count_unread_for(request.actor)
    shown = f"{MOST_COUNTED - 1}+" if count == MOST_COUNTED else count
    return Figure(_("未读消息"), shown, _("条"), "", reverse("portal:messages"))


@home_block("portal:mine", order=10, width="two-thirds", access=SubjectNeeds(RECEIVE))
def todos(request: PageRequest) -> str:
    """Show what must be done, the most pressing first; that nothing waits is worth saying too."""
    context = {"todos": own_todos(request)}
    return render_to_string("messages/blocks/todos.html", context, request)


@home_block("portal:mine", order=50, width="third", access=SubjectNeeds(RECEIVE))
def latest(request: PageRequest) -> str:
    """Show the last messages, unread ones first."""
    context = {"rows": [shown(one) for one in list_latest_for(request.actor, 5)]}
    return render_to_string("messages/blocks/latest.html", context, request)


def _some_message() -> dict[str, Any]:
    found = Message.objects.filter(subject__mandates__person__accounts__username="handler").first()
    return {"ref": found.ref if found else "nothing"}


example("portal:message", _some_message, visitor="handler")
example("portal:message-go", _some_message, visitor="handler")
