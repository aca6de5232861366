"""The publication clock: a text is published with its interpretation within a month of its issue, and
before it takes effect there is time to prepare.

The month is what 金山区2021 57 and 杨浦区2021 110 promise. Time to prepare: 优化营商环境条例 (2019) 65;
that it is thirty days follows 规章制定程序条例 32 and the provinces' rules on normative documents.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.kernel.workdays import Limit, LimitKind, OutsideCalendar, add_months, deadline
from yingshang.web.parts import Light

PREPARATION_DAYS: Final = 30
YELLOW_DAYS: Final = 10


@dataclass(frozen=True)
class PublicationClock:
    """How the publication of a text of the library stands.

    ``due`` is the last day of the month; ``took`` the days from issue to publication and
    ``preparation`` those from publication to taking effect, None where the day is not on record.
    """

    due: date
    published_on: date | None
    took: int | None
    preparation: int | None
    is_prepared: bool

    @property
    def in_time(self) -> bool | None:
        """Whether it was published within the month; None where the day is not on record."""
        return None if self.published_on is None else self.published_on <= self.due

    @property
    def light(self) -> Light:
        """Green in time, red late, grey where the day is not on record."""
        return {True: Light.GREEN, False: Light.RED, None: Light.GREY}[self.in_time]


def publication_due(issued_on: date) -> date:
    """Return the last day on which a text may be published: a month on, moved past days of rest."""
    try:
        return deadline(issued_on, Limit(1, LimitKind.MONTH)).on
    except OutsideCalendar:
        return add_months(issued_on, 1)


def publication_clock(text: PolicyTextDeclaration) -> PublicationClock:
    """Return how a text's publication stands."""
    told = text.published_on
    preparation = None if told is None else (text.valid_from - told).days
    return PublicationClock(
        due=publication_due(text.issued_on),
        published_on=told,
        took=None if told is None else (told - text.issued_on).days,
        preparation=preparation,
        is_prepared=has_time_to_prepare(told, text.valid_from, text.immediate),
    )


def has_time_to_prepare(published_on: date | None, valid_from: date, immediate: str) -> bool:
    """Tell whether enough days lie between publication and effect, or a reason says why none do."""
    if immediate or published_on is None:
        return True
    return (valid_from - published_on).days >= PREPARATION_DAYS
