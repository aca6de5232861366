"""Sending: one message, or one to each of very many, inside the sender's own transaction.

The sender records what it did; a message by itself is no event. What was sent under a key is never
sent again, and whoever declined a sort gets none of it, unless the law requires it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from yingshang.kernel.refs import new_refs
from yingshang.kernel.times import SHANGHAI, now
from yingshang.messages.addresses import check_address
from yingshang.messages.models import Declined, Message
from yingshang.messages.sorts import SORTS
from yingshang.parties.models import Subject

_COLUMNS = (
    "ref", "subject_id", "key", "sort", "title", "title_en", "text", "text_en", "href", "about",
    "sent_at", "sent_on",
)  # fmt: skip
CHUNK = 20_000
"""Rows put into the database by one statement."""


@dataclass(frozen=True)
class Outgoing:
    """A message to be; ``subject`` is a row id. The English may be left empty."""

    subject: int
    sort: str
    title: str
    text: str
    key: str
    href: str = ""
    about: str = ""
    title_en: str = ""
    text_en: str = ""


def send(
    subject: Subject,
    *,
    sort: str,
    title: str,
    text: str,
    key: str,
    href: str = "",
    about: str = "",
    title_en: str = "",
    text_en: str = "",
) -> Message | None:
    """Send one message; return it, also one sent under the key before; None where it is declined.

    Raises :class:`~yingshang.messages.errors.NotOurPage`, and ``UnknownName`` for an unknown sort.
    """
    one = Outgoing(subject.pk, sort, title, text, key, href, about, title_en, text_en)
    send_many([one])
    return Message.objects.filter(subject=subject, key=key).first()


def send_many(rows: Iterable[Outgoing]) -> int:
    """Send messages to many; return how many were sent now. Raises what :func:`send` raises.

    300,000 take some seconds. Takes rows as they come, so that a generator is never held in full.
    """
    with transaction.atomic():
        return _send_all(rows)


def _send_all(rows: Iterable[Outgoing]) -> int:
    declined = _Declined()
    moment, sent = now(), 0
    waiting: list[Outgoing] = []
    for row in rows:
        check_address(row.href)
        if row.subject not in declined.by(row.sort):
            waiting.append(row)
        if len(waiting) == CHUNK:
            sent += _insert(waiting, moment)
            waiting = []
    return sent + _insert(waiting, moment)


class _Declined:
    """Who declined which sorts, read once for each sort that can be declined."""

    def __init__(self) -> None:
        self.found: dict[str, frozenset[int]] = {}

    def by(self, sort: str) -> frozenset[int]:
        if sort not in self.found:
            rows = Declined.objects.filter(sort=sort).values_list("subject", flat=True)
            self.found[sort] = frozenset() if SORTS.get(sort).legal else frozenset(rows)
        return self.found[sort]


def _insert(waiting: list[Outgoing], moment: datetime) -> int:
    if not waiting:
        return 0
    table = connection.ops.quote_name(Message._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in _COLUMNS)
    once = "ON CONFLICT (subject_id, key) DO NOTHING"
    day = moment.astimezone(SHANGHAI).date()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TEMPORARY TABLE outgoing ON COMMIT DROP AS SELECT {names} FROM {table} LIMIT 0"  # noqa: S608
            )
            with cursor.copy(f"COPY outgoing ({names}) FROM STDIN") as copy:
                for row in _rows(waiting, moment, day):
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM outgoing {once}")  # noqa: S608
            sent = cursor.rowcount
            cursor.execute("DROP TABLE outgoing")
            return int(sent)
        instant = connection.ops.adapt_datetimefield_value(moment)
        places = ", ".join(["%s"] * len(_COLUMNS))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places}) {once}",  # noqa: S608
            list(_rows(waiting, instant, day.isoformat())),
        )
        return int(cursor.rowcount)


def _rows(waiting: list[Outgoing], instant: Any, day: date | str) -> Iterator[tuple[Any, ...]]:
    for ref, one in zip(new_refs(len(waiting)), waiting, strict=True):
        yield (
            ref, one.subject, one.key, one.sort, one.title, one.title_en, one.text, one.text_en,
            one.href, one.about, instant, day,
        )  # fmt: skip
