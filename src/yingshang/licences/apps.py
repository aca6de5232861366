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
        from yingshang.licences import actions, kinds, permissions, views  # noqa: F401

        job(
            "licences-expire",
            every=timedelta(hours=1),
            run="yingshang.licences.tasks:expire_ended",
            label=_("办理证照到期失效"),
        )
        job(
            "licences-renditions",
            every=timedelta(minutes=1),
            run="yingshang.licences.tasks:sweep_renditions",
            label=_("重试未生成的证照文件"),
        )
        job(
            "licences-servings",
            every=timedelta(hours=1),
            run="yingshang.licences.tasks:deem_due",
            label=_("办理公告送达期满"),
        )
        job(
            "licences-guesses",
            every=timedelta(hours=1),
            run="yingshang.licences.tasks:forget_guesses",
            label=_("清理核验失败记录"),
        )
