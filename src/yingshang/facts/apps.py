"""Registers the package."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """The facts app."""

    name = "yingshang.facts"
    label = "facts"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.facts import actions, kinds, permissions, purposes, views  # noqa: F401
