"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """The documents app."""

    name = "yingshang.documents"
    label = "documents"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.documents import actions  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "documents-sweep",
            every=timedelta(hours=6),
            run="yingshang.documents.tasks:sweep_unattached",
            label=_("清理未使用的上传文件"),
        )
