"""How many requests anybody may send in a minute, counted in each process by itself.

A leaky bucket without a table: a request is one drop, a full bucket refuses. It protects a process
from a program gone wrong; fairness over many processes is the business of whatever stands before them.
"""

import time
from collections import OrderedDict
from threading import Lock

from django.conf import settings

from yingshang.api.errors import TooManyRequests

MOST_BUCKETS = 10_000


class Buckets:
    """The fill of each sender's bucket, as of when it was last looked at."""

    def __init__(self) -> None:
        self._fill: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, sender: str, per_minute: int) -> None:
        """Count one request; raises :class:`TooManyRequests` with the seconds to wait."""
        moment, rate = time.monotonic(), per_minute / 60
        with self._lock:
            fill, seen = self._fill.pop(sender, (0.0, moment))
            fill = max(0.0, fill - (moment - seen) * rate)
            full = fill + 1 > per_minute
            self._fill[sender] = (fill if full else fill + 1, moment)
            if len(self._fill) > MOST_BUCKETS:
                self._fill.popitem(last=False)
        if full:
            raise TooManyRequests(params={"seconds": int((fill + 1 - per_minute) / rate) + 1})


BUCKETS = Buckets()


def limit(sender: str, *, known: bool) -> None:
    """Count a request of a known sender, or of an address from which nobody in particular asks."""
    allowed = settings.API_REQUESTS_PER_MINUTE if known else settings.API_REQUESTS_OF_STRANGERS
    BUCKETS.take(sender, allowed)
