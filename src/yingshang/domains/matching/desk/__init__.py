"""The officials' pages of matching."""

from yingshang.domains.matching.desk import radar, runs

__all__ = ["radar", "runs"]
