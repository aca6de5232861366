"""Registers government services."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    """The services app."""

    name = "yingshang.domains.services"
    label = "services"

    def ready(self) -> None:
        """Register permissions, kinds of content, effects and periodic work."""
        from yingshang.domains.services import permissions, views  # noqa: F401
        from yingshang.domains.services.catalogue import (  # noqa: F401
            kinds,
            panels,
            proposing,
        )
        from yingshang.kernel.jobs import job

        job(
            "services-search",
            every=timedelta(hours=6),
            run="yingshang.domains.services.tasks:refresh_search",
            label=_("按生效日期更新可检索的事项"),
        )
