"""The portal's pages of the halls."""

from yingshang.domains.counters.portal import bookings, halls

__all__ = ["bookings", "halls"]
