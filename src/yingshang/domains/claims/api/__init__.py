"""Claims as programs read and make them: one's own, and the lists and rounds of an organ."""

from yingshang.domains.claims.api import claiming, lists  # noqa: F401
