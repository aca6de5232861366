"""Pages of public data for officials: the catalogue, quality, profiles, disputes."""

from yingshang.domains.exchange.desk import catalogue, claims, profiles

__all__ = ["catalogue", "claims", "profiles"]
