"""The officials' pages of services."""

from yingshang.domains.services.applying import checking
from yingshang.domains.services.applying import desk as applying
from yingshang.domains.services.bundles import desk as bundles
from yingshang.domains.services.catalogue import desk as catalogue

__all__ = ["applying", "bundles", "catalogue", "checking"]
