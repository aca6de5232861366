"""Registers matching."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    """The matching app."""

    name = "yingshang.domains.matching"
    label = "matching"

    def ready(self) -> None:
        """Register permissions, the sort of message and periodic work."""
        from yingshang.domains.matching import (  # noqa: F401
            asking,
            backtests,
            look_back,
            permissions,
            reminding,
            running,
            sorts,
            today,
            views,
        )
        from yingshang.kernel.jobs import job

        job(
            "matching-run",
            every=timedelta(minutes=5),
            run="yingshang.domains.matching.tasks:run_due",
            label=_("匹配全部企业与全部政策"),
            late_after=timedelta(hours=30),
        )
        job(
            "matching-reminders",
            every=timedelta(hours=6),
            run="yingshang.domains.matching.tasks:remind_due",
            label=_("申报截止前提醒符合条件的企业"),
        )
