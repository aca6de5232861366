"""Registers matching."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """The matching app."""

    name = "yingshang.domains.matching"
    label = "matching"

    def ready(self) -> None:
        """Register permissions."""
        from yingshang.domains.matching import permissions  # noqa: F401
