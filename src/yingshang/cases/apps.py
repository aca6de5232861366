"""Registers the package."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """The cases app."""

    name = "yingshang.cases"
    label = "cases"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.kernel.jobs import job

        job(
            "cases-recount",
            every=timedelta(hours=24),
            run="yingshang.cases.rebuilding:recount_provisional",
            label=_("重算临时推算的期限"),
        )
        from yingshang.cases import actions, family, kinds, permissions, rebuilding, views  # noqa: F401
