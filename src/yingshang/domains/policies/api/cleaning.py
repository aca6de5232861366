"""Clean-ups as programs read them, and the answers that organs give."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.api.texts import POLICIES
from yingshang.domains.policies.cleaning import (
    answer_clean_up,
    get_clean_up_for,
    is_changed,
    light_of,
    list_clean_ups_for,
)
from yingshang.domains.policies.library import Library, current_library
from yingshang.domains.policies.models import CleanUp, CleanUpItem
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.web.access import Anyone
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write


class CleanUpLine(Answer):
    """A clean-up; ``published_at`` is null until its result is out."""

    ref: str
    title: str
    organ: str
    due_on: date
    opened_at: datetime
    published_at: datetime | None


class CleanUpAnswerRead(Answer):
    """What an organ said of its text in a clean-up; empty until it did."""

    text: str
    answer: str
    reason: str
    ends_from: date | None


class CleanUpItemRead(CleanUpAnswerRead):
    """A text on the list: why it is there, how its answer stands, and whether it has changed since."""

    title: str
    organ: str
    grounds: list[str]
    light: str
    changed: bool


class CleanUpRead(CleanUpLine):
    """A clean-up with its list."""

    items: list[CleanUpItemRead]


def _members(one: CleanUp) -> dict[str, object]:
    names = CleanUpLine.model_fields.keys() - {"organ"}
    return {**{name: getattr(one, name) for name in names}, "organ": one.organ.key}


def _line(one: CleanUp) -> CleanUpLine:
    return CleanUpLine.model_validate(_members(one))


@read(
    "policy-clean-ups",
    name="policies.clean_ups",
    access=Anyone(),
    tag=POLICIES,
    summary=_("政策清理"),
)
def clean_ups(actor: Actor, query: Paged) -> Listed[CleanUpLine]:
    """List the clean-ups whose result is out, to officials who read texts also those under way."""
    return listed(list_clean_ups_for(actor), ("-pk",), query, _line)


@read(
    "policy-clean-ups/<str:ref>",
    name="policies.clean_up",
    access=Anyone(),
    tag=POLICIES,
    summary=_("一次政策清理及其清单"),
)
def one_clean_up(actor: Actor, ref: str) -> CleanUpRead:
    """Show a clean-up with what every organ said of its texts."""
    found, library, day = get_clean_up_for(actor, ref), current_library(), today()
    items = found.items.select_related("organ").order_by("organ__order", "text")
    shown = [_item(item, found, library, day) for item in items]
    return CleanUpRead.model_validate({**_members(found), "items": shown})


def _item(item: CleanUpItem, clean_up: CleanUp, library: Library, day: date) -> CleanUpItemRead:
    return CleanUpItemRead(
        text=item.text,
        title=item.title,
        organ=item.organ.key,
        grounds=list(item.grounds),
        answer=item.answer,
        reason=item.reason,
        ends_from=item.ends_from,
        light=light_of(item, clean_up, day).value,
        changed=is_changed(item, library),
    )


def _answer(_actor: Actor, item: CleanUpItem) -> CleanUpAnswerRead:
    return CleanUpAnswerRead(
        text=item.text, answer=item.answer, reason=item.reason, ends_from=item.ends_from
    )


write(
    "PUT",
    "policy-clean-ups/<str:clean_up>/answers/<str:text>",
    answer_clean_up,
    tag=POLICIES,
    summary=_("答复清理意见"),
    show=_answer,
)
