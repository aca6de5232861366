"""Policies on the desk: the library, texts in the making, hearings, reviews and clean-ups."""

from yingshang.domains.policies.desk import library

__all__ = ["library"]
