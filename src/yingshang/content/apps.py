"""Registers the package."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """The content app."""

    name = "yingshang.content"
    label = "content"
