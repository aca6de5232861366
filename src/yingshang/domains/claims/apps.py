"""Registers claims."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """The claims app."""

    name = "yingshang.domains.claims"
    label = "claims"

    def ready(self) -> None:
        """Register kinds of content."""
        from yingshang.domains.claims.items import kinds  # noqa: F401
