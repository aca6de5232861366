"""Recording a load in parts, so that others who write never wait long; nothing of it counts until it closes.

One writer at a time is the rule of the embedded database: a million values in one transaction would
hold up everybody for half a minute. Here each part is a transaction of its own. Readers leave out what
an open load made, and see what it ended, till one row says that it is closed; a load whose recorder
died is taken back in parts by whoever meets it, and its file can be loaded again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, connection, transaction

from yingshang.facts.errors import LoadTakenOver, LoadUnderWay
from yingshang.facts.evaluating import list_affected_by, repeat_some
from yingshang.facts.models import OPEN, FactLoad, FactValue
from yingshang.kernel.refs import new_ref
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor

DEAD_AFTER = timedelta(minutes=1)
"""Whoever records a load touches it with every part; after so long without, it is not alive."""
PATIENCE = 300
"""For so many looks, a second apart, a load waits for another of its source."""
UNDONE_AT_ONCE = 5_000
REPEATED_AT_ONCE = 50
_WORK, _PAUSE = 0.6, 0.11
"""Seconds of work between pauses; SQLite looks every tenth of a second whether it may write."""


class Pauses:
    """Lets others have their turn now and then where one writer at a time is the rule.

    Without it whoever waits looks at the wrong moments: the next part begins as soon as one ends.
    """

    def __init__(self) -> None:
        self._since = time.monotonic()

    def pause(self) -> None:
        """Pause if it is time to."""
        if connection.features.has_select_for_update or time.monotonic() < self._since + _WORK:
            return
        time.sleep(_PAUSE)
        self._since = time.monotonic()


def open_load(load: FactLoad) -> FactLoad:
    """Store a new load as open, once no other of its source is; raises :class:`LoadUnderWay`.

    Another that stands still is taken back first.
    """
    load.closed_at, load.touched_at, load.runner = OPEN, now(), new_ref()
    for look in range(PATIENCE):
        if look:
            time.sleep(1)
        found = FactLoad.objects.filter(source=load.source, closed_at=OPEN).first()
        if found is not None and not _is_alive(found):
            undo(found)
            found = None
        if found is None and _is_stored(load):
            return load
    raise LoadUnderWay


def _is_alive(load: FactLoad) -> bool:
    return load.touched_at is not None and load.touched_at > now() - DEAD_AFTER


def _is_stored(load: FactLoad) -> bool:
    try:
        with transaction.atomic():
            load.save(force_insert=True)
    except IntegrityError:
        return False
    return True


@contextmanager
def part_of(load: FactLoad) -> Iterator[None]:
    """Open a transaction for one part; raises :class:`LoadTakenOver` where somebody else is at it by now."""
    with transaction.atomic():
        mine = FactLoad.objects.filter(pk=load.pk, runner=load.runner)
        if not mine.update(touched_at=now()):
            raise LoadTakenOver
        yield


def undo(load: FactLoad) -> None:
    """Take an open load back: what it ended holds again, what it made was never there."""
    load.runner = new_ref()
    with transaction.atomic():
        taken = FactLoad.objects.filter(pk=load.pk, closed_at=OPEN)
        if not taken.update(runner=load.runner, touched_at=now()):
            return
    pauses = Pauses()
    while _is_undone_in_part(load):
        pauses.pause()
    with part_of(load):
        FactLoad.objects.filter(pk=load.pk).delete()


def _is_undone_in_part(load: FactLoad) -> bool:
    with part_of(load):
        ended = FactValue.objects.filter(superseded_by=load)
        some = list(ended.values_list("pk", flat=True)[:UNDONE_AT_ONCE])
        FactValue.objects.filter(pk__in=some).update(superseded_at=None, superseded_by=None)
        made = FactValue.objects.filter(load=load)
        more = list(made.values_list("pk", flat=True)[: UNDONE_AT_ONCE - len(some)])
        FactValue.objects.filter(pk__in=more).delete()
    return bool(some or more)


def repeat_after(actor: Actor, load: FactLoad) -> None:
    """Repeat in parts the evaluations that a closed load may have changed; safe to run again."""
    affected, pauses = list_affected_by(load), Pauses()
    for start in range(0, len(affected), REPEATED_AT_ONCE):
        with part_of(load):
            repeat_some(actor, load, affected[start : start + REPEATED_AT_ONCE])
        pauses.pause()
    with part_of(load):
        FactLoad.objects.filter(pk=load.pk).update(touched_at=None)


def finish_abandoned(actor: Actor) -> None:
    """Take back open loads whose recorder died, and do what was left to be done after closed ones."""
    for load in FactLoad.objects.filter(touched_at__lte=now() - DEAD_AFTER):
        if load.is_open:
            undo(load)
        else:
            load.runner = new_ref()
            FactLoad.objects.filter(pk=load.pk).update(runner=load.runner)
            repeat_after(actor, load)
