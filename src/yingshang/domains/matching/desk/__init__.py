"""The officials' pages of matching."""

from yingshang.domains.matching.desk import previews, radar, runs

__all__ = ["previews", "radar", "runs"]
