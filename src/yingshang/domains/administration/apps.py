"""Registers the package."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """The administration app."""

    name = "yingshang.domains.administration"
    label = "administration"
