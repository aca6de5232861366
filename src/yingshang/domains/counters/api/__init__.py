"""Halls and windows as programs use them: numbers, bookings, and the papers that go in and out."""

from yingshang.domains.counters.api import halls, papers  # noqa: F401
