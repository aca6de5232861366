"""Registers parties and the kinds of content that they understand."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.jobs import job


class PartiesConfig(AppConfig):
    """The parties app."""

    name = "yingshang.parties"
    label = "parties"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.parties import actions, kinds  # noqa: F401

        job(
            "parties.clear_sessions",
            every=timedelta(hours=1),
            run="yingshang.parties.sessions:clear_expired",
            label=_("清理过期登录会话"),
        )
