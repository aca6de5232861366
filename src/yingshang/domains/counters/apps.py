"""Registers the service halls."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CountersConfig(AppConfig):
    """The counters app."""

    name = "yingshang.domains.counters"
    label = "counters"

    def ready(self) -> None:
        """Register permissions, kinds of content, views and periodic work."""
        from yingshang.domains.counters import kinds, permissions, views  # noqa: F401
        from yingshang.domains.counters.actions import (  # noqa: F401
            bookings,
            papers,
            tickets,
            windows,
        )
        from yingshang.kernel.jobs import job

        job(
            "counters-no-shows",
            every=timedelta(hours=1),
            run="yingshang.domains.counters.tasks:count_no_shows",
            label=_("登记预约爽约"),
        )
