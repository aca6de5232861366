"""Registers the package."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases app."""

    name = "yingshang.cases"
    label = "cases"
