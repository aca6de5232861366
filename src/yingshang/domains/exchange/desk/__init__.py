"""Pages of public data for officials: the catalogue, quality, profiles, disputes, files."""

from yingshang.domains.exchange.desk import acts, catalogue, claims, loads, profiles

__all__ = ["acts", "catalogue", "claims", "loads", "profiles"]
