"""Registers what pages are made of."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "yingshang.web"
    label = "web"
