"""Reminding who is entitled and has not claimed before the window closes: a to-do, and two messages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.matching.closing import ABOUT, Closing, list_closing
from yingshang.domains.matching.files import stored_spells
from yingshang.domains.matching.models import RunPolicy
from yingshang.domains.matching.permissions import RUN
from yingshang.domains.matching.public import entitlements_of
from yingshang.domains.matching.spells import UNKNOWN_FEN
from yingshang.domains.matching.standing import newest_run
from yingshang.facts.permissions import READ_OWN
from yingshang.facts.showing import english
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.messages.sending import Outgoing, send_many
from yingshang.messages.sorts import ABOUTS, sort
from yingshang.messages.todos import TODOS, Todo
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.web.dates import day_en, day_text, day_zh

STEPS: Final = (3, 14)
"""So many days before the last one an enterprise is reminded; once at each step."""

TODO_DAYS: Final = 30
NAMED: Final = 3

SORT = sort(
    "policy-closing",
    _("申报即将截止"),
    text=_("符合条件还没有申报或者确认的，截止前14天、3天各提醒一次"),
    gathered=True,
)

Owed = tuple[int, Closing]
"""Fen (-1 where not known) and what closes."""


@action("matching.remind", permission=RUN)
def remind(actor: Actor, *, day: date | None = None) -> int:
    """Remind everybody who is entitled by the last run and has not claimed what closes soon.

    One message for all that closes on the same day; the same step again sends nothing. Returns how
    many messages were sent.
    """
    on = day or today()
    groups: dict[date, list[Closing]] = defaultdict(list)
    for one in list_closing(on):
        if (one.until - on).days <= max(STEPS):
            groups[one.until].append(one)
    sent = sum(_tell(until, _step(until, on), group) for until, group in groups.items())
    if not sent:
        raise AlreadyDone(0)
    record(
        "matching.reminded",
        actor=actor.ref,
        subject="match-runs:all",
        payload={"day": on.isoformat(), "messages": sent},
    )
    return sent


def _step(until: date, on: date) -> int:
    return min(step for step in STEPS if (until - on).days <= step)


def _tell(until: date, step: int, closings: Sequence[Closing]) -> int:
    owed: dict[int, list[Owed]] = defaultdict(list)
    for one in closings:
        for subject, fen in _waited_for(one):
            owed[subject].append((fen, one))
    return send_many(_message(subject, rows, until, step) for subject, rows in owed.items())


def _waited_for(closing: Closing) -> Iterable[tuple[int, int]]:
    """Return row ids of those who can still claim, with their fen."""
    run = newest_run()
    found = RunPolicy.objects.filter(run=run, policy=closing.policy).first() if run else None
    fen: Mapping[int, int] = {}
    if run is not None and found is not None:
        spells = stored_spells(run.ref).at(found.place)
        pairs = zip(spells.subject.tolist(), spells.amount.tolist(), strict=True)
        fen = {subject: -1 if amount == UNKNOWN_FEN else amount for subject, amount in pairs}
    if closing.waiting is not None:
        return [(subject, fen.get(subject, -1)) for subject in closing.waiting]
    return [(subject, amount) for subject, amount in fen.items() if subject not in closing.done]


def _message(subject: int, owed: list[Owed], until: date, step: int) -> Outgoing:
    """Return one reminder, in both languages: its reader is not there yet."""
    owed.sort(key=lambda row: (-row[0], row[1].policy))
    named = [one for _fen, one in owed[:NAMED]]
    more = len(owed) > len(named)
    zh = "、".join(f"“{one.label}”" for one in named) + (f"等 {len(owed)} 项" if more else "")
    en = "; ".join(one.label_en or one.label for one in named)
    en += f" and {len(owed) - len(named)} more" if more else ""
    day, day_english = day_zh(until), day_en(until)
    return Outgoing(
        subject=subject,
        sort=SORT,
        title=f"{day}截止：您符合条件，还没有申报或者确认",
        title_en=f"Closing on {day_english}: you qualify and have not claimed",
        text=f"{zh}。{day}之后不再受理。",
        text_en=f"{en}. Nothing is accepted after {day_english}.",
        href=named[0].href if len(owed) == 1 else reverse("portal:check-up"),
        about=f"{ABOUT}:{until.isoformat()}",
        key=f"closing:{until.isoformat()}:{step}",
    )


@ABOUTS.named(ABOUT)
def _names(refs: Sequence[str]) -> Mapping[str, str]:
    return {
        ref: gettext("%(day)s 截止的申报") % {"day": day_text(date.fromisoformat(ref))}
        for ref in refs
    }


@TODOS.named("matching.closing")
def closing_soon(actor: Actor) -> Iterator[Todo]:
    """Tell what the enterprise is entitled to, has not applied for and cannot for much longer."""
    if not actor.may(READ_OWN) or actor.subject_id is None:
        return
    soon = [
        one
        for one in list_closing(today(), actor.subject_id)
        if (one.until - today()).days <= TODO_DAYS
        and one.waiting is None
        and actor.subject_id not in one.done
    ]
    entitled = {one.policy for one in entitlements_of(actor.subject_id)} if soon else set()
    for one in soon:
        if one.policy in entitled:
            item = one.label_en if english() and one.label_en else one.label
            label = gettext("申报“%(item)s”") % {"item": item}
            yield Todo(label, _("您符合条件"), one.until, one.href)
