"""Registers parties and the kinds of content that they understand."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """The parties app."""

    name = "yingshang.parties"
    label = "parties"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.parties import kinds  # noqa: F401
