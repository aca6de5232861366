"""Registers the package."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """The content app."""

    name = "yingshang.content"
    label = "content"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.content import actions, permissions, rehearsals  # noqa: F401
