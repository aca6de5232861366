"""Registers the package."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search app."""

    name = "yingshang.search"
    label = "search"
