"""The officials' pages of the counters."""

from yingshang.domains.counters.desk import board, papers, pick_ups, shares, windows

__all__ = ["board", "papers", "pick_ups", "shares", "windows"]
