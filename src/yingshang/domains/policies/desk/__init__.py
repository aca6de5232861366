"""Policies on the desk: the library, texts in the making, hearings, reviews and clean-ups."""

from yingshang.domains.policies.desk import clean_ups, drafts, hearings, library, reviews

__all__ = ["clean_ups", "drafts", "hearings", "library", "reviews"]
