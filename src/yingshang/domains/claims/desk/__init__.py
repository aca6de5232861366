"""The officials' pages of claims."""

from yingshang.domains.claims.desk import claims, experts, lists, rounds

__all__ = ["claims", "experts", "lists", "rounds"]
