"""Registers the jobs app and its own upkeep."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.jobs import job


class JobsConfig(AppConfig):
    """The jobs app."""

    name = "yingshang.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.jobs import permissions  # noqa: F401

        job(
            "jobs.prune",
            every=timedelta(hours=1),
            run="yingshang.jobs.pruning:prune",
            label=_("清理任务运行记录"),
        )
