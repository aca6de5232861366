"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The api app."""

    name = "yingshang.api"
    label = "api"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.api import actions  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "api-sweep",
            every=timedelta(hours=1),
            run="yingshang.api.keys:forget_old",
            label=_("清理过期的接口请求编号"),
        )
