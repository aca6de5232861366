"""The enterprise's side: its check-up, and what check-ups bring to its own page."""

from yingshang.domains.checkups.portal import blocks, pages

__all__ = ["blocks", "pages"]
