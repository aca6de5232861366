"""Registers check-ups."""

from django.apps import AppConfig


class CheckupsConfig(AppConfig):
    """The checkups app."""

    name = "yingshang.domains.checkups"
    label = "checkups"

    def ready(self) -> None:
        """Register permissions, the kind of content and views for rehearsals."""
        from yingshang.domains.checkups import kinds, permissions, views  # noqa: F401
