"""Services as programs find them, apply for them and follow what they applied for."""

from yingshang.domains.services.api import applying, bundles, catalogue, notices  # noqa: F401
