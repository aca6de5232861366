"""The officials' pages of services."""

from yingshang.domains.services.catalogue import desk as catalogue

__all__ = ["catalogue"]
