"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    """The content app."""

    name = "yingshang.content"
    label = "content"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.content import actions, permissions, rehearsals  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "content-due",
            every=timedelta(hours=1),
            run="yingshang.content.tasks:put_due_in_force",
            label=_("启用到期生效的内容"),
        )
