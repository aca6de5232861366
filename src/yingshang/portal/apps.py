"""Registers the package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal app."""

    name = "yingshang.portal"
    label = "portal"
