"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    """The forms app."""

    name = "yingshang.forms"
    label = "yingshang_forms"  # the framework's own django.forms has the shorter one

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.forms import access, actions, kinds, permissions, views  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "forms-expiry",
            every=timedelta(hours=12),
            run="yingshang.forms.tasks:expire_drafts",
            label=_("清理过期的表单草稿"),
        )
