"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutsideConfig(AppConfig):
    """The outside app."""

    name = "yingshang.outside"
    label = "outside"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.kernel.jobs import job
        from yingshang.outside import actions, kinds, permissions, posting, views  # noqa: F401
        from yingshang.outside.simulators import actions as behaviours  # noqa: F401
        from yingshang.outside.simulators import adapter  # noqa: F401

        job(
            "outside-send",
            every=timedelta(seconds=30),
            run="yingshang.outside.tasks:send_round",
            label=_("向外部单位发送请求"),
            late_after=timedelta(minutes=10),
        )
        job(
            "outside-sweep",
            every=timedelta(minutes=5),
            run="yingshang.outside.tasks:sweep_round",
            label=_("检查外部对接滞留"),
        )
        job(
            "outside-simulators",
            every=timedelta(seconds=15),
            run="yingshang.outside.tasks:simulators_round",
            label=_("模拟单位发出答复"),
            late_after=timedelta(minutes=10),
        )
        job(
            "outside-reconcile",
            every=timedelta(days=1),
            run="yingshang.outside.tasks:reconcile_round",
            label=_("与外部单位对账"),
        )
