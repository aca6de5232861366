"""The officials' pages on cases, cards and delegated powers."""

from yingshang.cases.desk import cards, powers, work, worklist

__all__ = ["cards", "powers", "work", "worklist"]
