"""The officials' pages of the counters."""

from yingshang.domains.counters.desk import board, home, papers, pick_ups, shares, windows

__all__ = ["board", "home", "papers", "pick_ups", "shares", "windows"]
