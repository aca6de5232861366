"""The portal's pages of services."""

from yingshang.domains.services.applying import mine
from yingshang.domains.services.applying import portal as applying
from yingshang.domains.services.bundles import portal as bundles
from yingshang.domains.services.catalogue import portal as catalogue
from yingshang.domains.services.delivering import portal as delivering
from yingshang.domains.services.notices import portal as notices
from yingshang.domains.services.registering import portal as registering

__all__ = [
    "applying",
    "bundles",
    "catalogue",
    "delivering",
    "mine",
    "notices",
    "registering",
]
