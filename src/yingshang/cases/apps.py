"""Registers the package."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases app."""

    name = "yingshang.cases"
    label = "cases"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.cases import actions, family, kinds, permissions, rebuilding, views  # noqa: F401
