"""Registers what pages are made of."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "yingshang.web"
    label = "web"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.web import permissions  # noqa: F401
