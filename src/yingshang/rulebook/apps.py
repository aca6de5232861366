"""Registers the package."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The rulebook app."""

    name = "yingshang.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.rulebook import drafting, kinds, permissions, publishing, views  # noqa: F401
