"""Registers the draws."""

from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """The draws app."""

    name = "yingshang.draws"
    label = "draws"
