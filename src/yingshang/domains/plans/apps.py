"""Registers plan governance."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans app."""

    name = "yingshang.domains.plans"
    label = "plans"

    def ready(self) -> None:
        """Register permissions, actions and what can be searched."""
        from yingshang.domains.plans import (  # noqa: F401
            actions,
            effects,
            library_views,
            permissions,
            searching,
            views,
        )
