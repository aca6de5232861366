"""Registers public data."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The exchange app."""

    name = "yingshang.domains.exchange"
    label = "exchange"

    def ready(self) -> None:
        """Register permissions, the listeners to facts and the effects of cases."""
        from yingshang.domains.exchange import disputes, panels, permissions, reviews  # noqa: F401
