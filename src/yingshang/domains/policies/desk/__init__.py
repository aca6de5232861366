"""Policies on the desk: the library, texts in the making, hearings, reviews and clean-ups."""

from yingshang.domains.policies.desk import amending, clean_ups, drafts, hearings, library, reviews

__all__ = ["amending", "clean_ups", "drafts", "hearings", "library", "reviews"]
