"""The desk pages of administration."""

from yingshang.domains.administration.desk import accounts, enterprises, organs, upkeep

__all__ = ["accounts", "enterprises", "organs", "upkeep"]
