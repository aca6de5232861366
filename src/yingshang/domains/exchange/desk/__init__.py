"""Pages of public data for officials: the catalogue, quality, profiles, disputes, files."""

from yingshang.domains.exchange.desk import catalogue, claims, loads, profiles

__all__ = ["catalogue", "claims", "loads", "profiles"]
