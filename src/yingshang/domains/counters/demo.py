"""The demonstration's halls: some hours of services, the last queue, bookings, papers in and out.

Everything goes through the actions that people use, with the clock set to when it happened; never in
the future. On a day on which the hall is closed, and before it opens, the last open day is shown.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from yingshang.domains.counters.actions.bookings import book
from yingshang.domains.counters.actions.papers import (
    Paper,
    hand_over,
    lay_out_for_pick_up,
    receive_papers,
)
from yingshang.domains.counters.actions.tickets import take_ticket
from yingshang.domains.counters.actions.windows import (
    call_next,
    finish_serving,
    sign_on,
    start_serving,
)
from yingshang.domains.counters.declaring import Hall
from yingshang.domains.counters.errors import NobodyWaits
from yingshang.domains.counters.models import (
    IdentityCheck,
    PickUp,
    Priority,
    Receipt,
    Signature,
    Ticket,
)
from yingshang.domains.counters.opening import is_open_at, slots_on, spans_on
from yingshang.domains.counters.queues import present_clerks
from yingshang.domains.counters.register import get_hall
from yingshang.domains.counters.selectors import days_offered, offers_on
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now
from yingshang.parties.actors import Actor
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Person, Subject

SEED = 20261122
HALL = "qj-centre"
DAYS_BACK = 2
SESSION = timedelta(minutes=100)
HALF_AN_HOUR = timedelta(minutes=30)
LAST_NUMBER = timedelta(minutes=20)
"""Before the hall closes no more numbers are taken."""
NAMES = ("王芳", "李军", "张敏", "刘洋", "陈杰", "杨丽", "黄涛", "吴静", "周强", "徐燕", "孙鹏")


@demo_builder("counters", order=90)
def build() -> None:
    """Let the hall work for some hours on three days, the last up to now at the most."""
    hall, present, chance = get_hall(HALL), now(), random.Random(SEED)  # noqa: S311 (a story, no secret)
    clerk = demo_actor("clerk")
    for begins, ends in _sessions(hall, present):
        with frozen(begins) as clock:
            _session(clerk, hall, chance, clock, ends)
            _papers(clerk, clock)
    _book_ahead(hall)


def _sessions(hall: Hall, present: datetime) -> list[tuple[datetime, datetime]]:
    """Return when the hall was last open, on one day each, the last up to now at the most."""
    day, found = present.astimezone(SHANGHAI).date(), list[tuple[datetime, datetime]]()
    while len(found) <= DAYS_BACK:
        begun = [one for one in spans_on(hall.hours, day) if one.start + HALF_AN_HOUR <= present]
        if begun:
            ends = min(begun[-1].end, present)
            found.append((max(begun[-1].start, ends - SESSION), ends))
        day -= timedelta(days=1)
    return found[::-1]


def _session(
    clerk: Actor, hall: Hall, chance: random.Random, clock: FrozenClock, until: datetime
) -> None:
    """Take numbers and serve them at three windows until a moment; some still wait then."""
    clerks = {
        "qj-centre-1": clerk,
        "qj-centre-2": _another(clerk, "何斌"),
        "qj-centre-6": _another(clerk, "林娜"),
    }
    for window, one in clerks.items():
        if not present_clerks().filter(window=window).exists():
            sign_on(one, window=window)
    busy: dict[str, tuple[Ticket, datetime]] = {}
    items = [item for group in hall.groups for item in group.items]
    closes = until if is_open_at(hall, until) else until - LAST_NUMBER
    while clock.moment < until:
        if chance.random() < 0.62 and clock.moment < closes:
            _arrive(clerk, hall, chance, chance.choice(items))
        for window, one in clerks.items():
            _serve(window, one, busy, chance, clock.moment)
        clock.set(clock.moment + timedelta(minutes=2))


def _another(clerk: Actor, name: str) -> Actor:
    person, _made = Person.objects.get_or_create(name=name, phone="0570-8600109")
    return replace(clerk, person_id=person.pk, name=name, ref=f"system:demo/{person.ref}")


def _arrive(clerk: Actor, hall: Hall, chance: random.Random, item: str) -> None:
    priority = chance.choices(
        [Priority.NONE, Priority.ELDERLY, Priority.SERVICE], weights=[10, 1, 1]
    )[0]
    take_ticket(clerk, hall=hall.key, item=item, priority=priority, name=chance.choice(NAMES))


def _serve(
    window: str,
    clerk: Actor,
    busy: dict[str, tuple[Ticket, datetime]],
    chance: random.Random,
    moment: datetime,
) -> None:
    ticket, ends = busy.get(window, (None, moment))
    if ends > moment:
        return
    if ticket is not None:
        finish_serving(clerk, ticket=ticket.ref)
        del busy[window]
    try:
        called = call_next(clerk)
    except NobodyWaits:
        return
    start_serving(clerk, ticket=called.ref)
    busy[window] = called, moment + timedelta(minutes=round(chance.gammavariate(4, 1.9)) + 2)


def _papers(clerk: Actor, clock: FrozenClock) -> None:
    """Take in an application, and let the licence of an earlier one wait; one was picked up."""
    firm = Subject.objects.exclude(code=None).order_by("pk")[0]
    receive_papers(
        clerk,
        service="qj-prepacked-food-notice",
        applicant=firm.name,
        submitter="陈思远",
        papers=[
            Paper(what="预包装食品备案信息采集表", copies=1, original=True),
            Paper(what="营业场所照片", copies=2),
        ],
        subject=firm.ref,
    )
    receipt = Receipt.objects.order_by("-pk")[0]
    lay_out_for_pick_up(
        _officer(),
        hall=HALL,
        origin=f"receipt:{receipt.ref}",
        what="预包装食品备案回执",
        holder=firm.name,
        subject=firm.ref,
    )
    waiting = PickUp.objects.filter(handed_over_at=None, ready_at__lte=clock.moment).order_by("pk")
    if waiting.count() > 1:
        hand_over(
            clerk,
            pick_up=waiting[0].ref,
            receiver="陈思远",
            identity=IdentityCheck.ID_CARD,
            identity_tail="618X",
            signature=Signature.PAD,
            is_agent=True,
        )


def _officer() -> Actor:
    return demo_actor("approver")


def _book_ahead(hall: Hall) -> None:
    """Book slots of the next open day for the firm's errand-runner and a citizen."""
    day = days_offered(hall)[-1]
    slots = [f"{one.start.astimezone(SHANGHAI):%H:%M}" for one in slots_on(hall, day)]
    group = hall.group_of("signboard")
    assert group is not None
    assert offers_on(hall, group, day)
    book(demo_actor("handler"), hall=HALL, item="signboard", day=day, slot=slots[2])
    book(demo_actor("citizen"), hall=HALL, item="talent-settlement", day=day, slot=slots[1])
    book(demo_actor("legal"), hall=HALL, item="food-business-licence", day=day, slot=slots[2])
