"""Registers the funds."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """The funds app."""

    name = "yingshang.domains.funds"
    label = "funds"

    def ready(self) -> None:
        """Register kinds of content, permissions, actions, views and the treasury's listener."""
        from yingshang.domains.funds import (  # noqa: F401
            actions,
            answering,
            kinds,
            permissions,
            views,
        )
