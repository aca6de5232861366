"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactsConfig(AppConfig):
    """The facts app."""

    name = "yingshang.facts"
    label = "facts"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.facts import (  # noqa: F401
            actions,
            kinds,
            permissions,
            purposes,
            relations,
            views,
        )
        from yingshang.kernel.jobs import job

        job(
            "facts-snapshot",
            every=timedelta(days=1),
            run="yingshang.facts.tasks:write_daily_snapshot",
            label=_("生成企业数据快照"),
        )
        job(
            "facts-abandoned",
            every=timedelta(minutes=5),
            run="yingshang.facts.tasks:finish_abandoned_loads",
            label=_("撤回中断的数据导入"),
        )
