"""When the law holds a document served, by each means (送达).

Administrative law borrows the means of civil procedure (行政处罚法第六十一条；民事诉讼法第八十八至九十五条，
2023 年修正): electronically on arrival in the addressee's system, given prior consent; in person, left or by
post on the day of the receipt; by public notice thirty days after it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yingshang.kernel.times import SHANGHAI
from yingshang.licences.models import ServingMeans


@dataclass(frozen=True)
class Rule:
    """The ground of a means, whether it needs consent and a receipt, and after how many days it is deemed.

    ``deemed_after`` is None where only a receipt tells the day; 0 means on sending.
    """

    legal: str
    needs_consent: bool = False
    receipt_at_once: bool = False
    deemed_after: int | None = None


RULES: dict[ServingMeans, Rule] = {
    ServingMeans.ELECTRONIC: Rule("民事诉讼法第九十条", needs_consent=True, deemed_after=0),
    ServingMeans.COUNTER: Rule("民事诉讼法第八十八条", receipt_at_once=True),
    ServingMeans.LEFT: Rule("民事诉讼法第八十九条", receipt_at_once=True),
    ServingMeans.POST: Rule("民事诉讼法第九十一条"),
    ServingMeans.NOTICE: Rule("民事诉讼法第九十五条", deemed_after=30),
}


def deemed_on(means: ServingMeans, sent_on: date) -> date | None:
    """Return the day on which a document sent on a day is held served without any receipt."""
    days = RULES[means].deemed_after
    return None if days is None else sent_on + timedelta(days=days)


def start_of(day: date) -> datetime:
    """Return the first instant of a day in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)
