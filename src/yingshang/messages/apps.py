"""Registers the package."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The messages app; Django's own messages (notices of one page) are called ``messages`` already."""

    name = "yingshang.messages"
    label = "inbox"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.messages import actions, head, permissions, views  # noqa: F401
