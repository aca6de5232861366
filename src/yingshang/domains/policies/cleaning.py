"""Clean-ups (清理): texts listed by a rule, their organs' answers, and what follows from them.

优化营商环境条例 (2019) and 盐湖区2022 51: what should change changes, what should go goes. The organs
answer by a day; when the result is published, what is to be abolished ends with its rules.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from yingshang.domains.policies.ending import abolish
from yingshang.domains.policies.errors import (
    AnswerIncomplete,
    CleanUpOver,
    CleanUpRuns,
    NoSuchCleanUp,
    NothingToCleanUp,
    NotYourText,
)
from yingshang.domains.policies.library import Library, Text, current_library
from yingshang.domains.policies.models import CleanUp, CleanUpAnswer, CleanUpItem
from yingshang.domains.policies.permissions import ANSWER, CLEAN_UP, READ
from yingshang.domains.policies.publishing import publisher
from yingshang.kernel.times import now, today
from yingshang.kernel.workdays import add_months
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ
from yingshang.web.parts import Light

GROUNDS: Final = {
    "expiring": _("即将到期"),
    "over": _("已过期"),
    "old": _("施行多年"),
    "rests_on_abolished": _("所依据的文件已废止"),
    "replaced": _("已被替代"),
    "chosen": _("指定清理"),
}


@dataclass(frozen=True)
class Criteria:
    """By what a clean-up lists texts; any one of them is enough.

    Texts that end within ``expiring_days``, that have been in force for ``older_than_years``, that rest
    on abolished ones, that are over or replaced, of these ``topics`` and ``issuers`` only where named.
    """

    expiring_days: int = 0
    older_than_years: int = 0
    rests_on_abolished: bool = False
    over: bool = False
    topics: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def listed_by(criteria: Criteria, library: Library, day: date) -> Iterator[tuple[Text, list[str]]]:
    """Yield the texts that criteria list on a day, each with its grounds; abolished ones never."""
    for text in library.newest_first:
        one = text.declaration
        if (
            text.state_on(day) == "abolished"
            or (criteria.topics and not set(criteria.topics).intersection(one.topics))
            or (criteria.issuers and one.issuer not in criteria.issuers)
        ):
            continue
        if grounds := list(_grounds(text, criteria, library, day)):
            yield text, grounds


def _grounds(text: Text, criteria: Criteria, library: Library, day: date) -> Iterator[str]:
    one = text.declaration
    ends = one.valid_to
    if criteria.expiring_days and ends and day <= ends <= day + timedelta(criteria.expiring_days):
        yield "expiring"
    if criteria.over and text.state_on(day) == "over":
        yield "over"
    years = criteria.older_than_years
    if years and add_months(one.valid_from, 12 * years) <= day:
        yield "old"
    if criteria.rests_on_abolished and any(_is_gone(key, library, day) for key in one.rests_on):
        yield "rests_on_abolished"
    if text.key in criteria.keys:
        yield "chosen"


def _is_gone(key: str, library: Library, day: date) -> bool:
    found = library.texts.get(key)
    return found is not None and found.state_on(day) in ("abolished", "over")


@action("policies.open_clean_up", permission=CLEAN_UP)
def open_clean_up(
    actor: Actor, *, title: str, due_on: date, expiring_days: int = 0, older_than_years: int = 0,
    rests_on_abolished: bool = False, over: bool = False, topics: tuple[str, ...] = (),
    issuers: tuple[str, ...] = (), keys: tuple[str, ...] = (),
) -> CleanUp:  # fmt: skip
    """List the texts that the criteria name and ask their organs; raises :class:`NothingToCleanUp`."""
    criteria = Criteria(
        expiring_days, older_than_years, rests_on_abolished, over, topics, issuers, keys
    )
    listed = list(listed_by(criteria, current_library(), today()))
    organs = {
        organ.key: organ
        for organ in Organ.objects.filter(key__in={t.declaration.issuer for t, _g in listed})
    }
    listed = [(text, grounds) for text, grounds in listed if text.declaration.issuer in organs]
    if not listed or actor.organ_id is None or not title.strip():
        raise NothingToCleanUp
    opened = CleanUp.objects.create(
        title=title.strip()[:200], criteria=_plain(criteria), organ_id=actor.organ_id, due_on=due_on
    )
    CleanUpItem.objects.bulk_create(
        CleanUpItem(
            clean_up=opened, text=text.key, title=text.declaration.title, grounds=grounds,
            organ=organs[text.declaration.issuer], digest=text.version.digest,
        )
        for text, grounds in listed
    )  # fmt: skip
    record(
        "policies.clean_up_opened",
        actor=actor.ref,
        subject=f"policy_clean_up:{opened.ref}",
        payload={"criteria": opened.criteria, "texts": [text.key for text, _grounds in listed]},
    )
    return opened


def _plain(criteria: Criteria) -> dict[str, Any]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in vars(criteria).items()
        if value
    }


@action("policies.answer_clean_up", permission=ANSWER)
def answer_clean_up(
    actor: Actor, *, clean_up: str, text: str, answer: CleanUpAnswer, reason: str,
    ends_from: date | None = None,
) -> CleanUpItem:  # fmt: skip
    """Say what is to become of the organ's own text, and why; may be changed until the result is out.

    Raises :class:`NoSuchCleanUp`, :class:`CleanUpOver`, :class:`NotYourText`, :class:`AnswerIncomplete`.
    """
    found = _open(clean_up)
    item = found.items.select_for_update().filter(text=text, organ_id=actor.organ_id or 0).first()
    if item is None:
        raise NotYourText
    answer = CleanUpAnswer(answer)
    if not reason.strip():
        raise AnswerIncomplete(field="reason")
    if (answer is CleanUpAnswer.ABOLISH) != (ends_from is not None):
        raise AnswerIncomplete(field="ends_from")
    item.answer, item.reason, item.ends_from = answer, reason.strip()[:4000], ends_from
    item.answered_by_name, item.answered_at = actor.name[:60], now()
    item.save()
    record(
        "policies.clean_up_answered",
        actor=actor.ref,
        subject=f"policy_clean_up:{found.ref}",
        payload={"text": text, "answer": str(answer), "ends_from": ends_from},
    )
    return item


def _open(ref: str) -> CleanUp:
    found = CleanUp.objects.select_for_update(of=("self",)).filter(ref=ref).first()
    if found is None:
        raise NoSuchCleanUp
    if found.published_at is not None:
        raise CleanUpOver
    return found


@action("policies.publish_clean_up", permission=CLEAN_UP)
def publish_clean_up(actor: Actor, *, clean_up: str) -> CleanUp:
    """Publish the result once all have answered or the day is over; abolished texts end with their rules.

    A text whose day has passed meanwhile ends today. Raises :class:`NoSuchCleanUp`,
    :class:`CleanUpOver`, :class:`CleanUpRuns`.
    """
    found = _open(clean_up)
    if found.organ_id != actor.organ_id:
        raise NoSuchCleanUp
    waiting = found.items.filter(answer="").count()
    if waiting and today() <= found.due_on:
        raise CleanUpRuns(params={"count": waiting})
    ended = list(found.items.filter(answer=CleanUpAnswer.ABOLISH))
    _abolish(publisher(actor), found, ended)
    found.published_at = now()
    found.save(update_fields=["published_at"])
    record(
        "policies.clean_up_published",
        actor=actor.ref,
        subject=f"policy_clean_up:{found.ref}",
        payload={"abolished": [item.text for item in ended], "unanswered": waiting},
    )
    return found


def _abolish(actor: Actor, clean_up: CleanUp, items: Iterable[CleanUpItem]) -> None:
    library = current_library()
    for item in items:
        text = library.texts.get(item.text)
        if text is not None and text.declaration.abolished is None:
            assert item.ends_from is not None
            start = max(item.ends_from, today())
            abolish(actor, text, start=start, by=clean_up.title, reason=item.reason)


def get_clean_up_for(actor: Actor, ref: str) -> CleanUp:
    """Return a clean-up: one whose result is out for everybody, else for officials who may read texts.

    Raises :class:`NoSuchCleanUp`.
    """
    found = list_clean_ups_for(actor).filter(ref=ref).first()
    if found is None:
        raise NoSuchCleanUp
    return found


def list_clean_ups_for(actor: Actor) -> QuerySet[CleanUp]:
    """Return the clean-ups that an actor may read of, the newest first."""
    found = CleanUp.objects.select_related("organ").order_by("-pk")
    return found if actor.may(READ) else found.exclude(published_at=None)


def is_changed(item: CleanUpItem, library: Library) -> bool:
    """Tell whether a text that was to change has changed: another wording, or a text in its place."""
    found = library.texts.get(item.text)
    if found is None:
        return True
    return found.version.digest != item.digest or bool(found.replaced_by)


def light_of(item: CleanUpItem, clean_up: CleanUp, day: date) -> Light:
    """Return how an answer stands: green given, yellow due within a week, red overdue."""
    if item.answer:
        return Light.GREEN
    if day > clean_up.due_on:
        return Light.RED
    return Light.YELLOW if (clean_up.due_on - day).days <= 7 else Light.GREY
