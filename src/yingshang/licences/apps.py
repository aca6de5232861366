"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LicencesConfig(AppConfig):
    """The licences app."""

    name = "yingshang.licences"
    label = "licences"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.kernel.jobs import job
        from yingshang.licences import actions, kinds, permissions  # noqa: F401

        job(
            "licences-expire",
            every=timedelta(hours=1),
            run="yingshang.licences.tasks:expire_ended",
            label=_("办理证照到期失效"),
        )
