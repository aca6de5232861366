"""Registers the package."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk app."""

    name = "yingshang.desk"
    label = "desk"
