"""The officials' pages of matching."""

from yingshang.domains.matching.desk import home, previews, radar, runs

__all__ = ["home", "previews", "radar", "runs"]
