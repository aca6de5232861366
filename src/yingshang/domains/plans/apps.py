"""Registers plan governance."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """The plans app."""

    name = "yingshang.domains.plans"
    label = "plans"
