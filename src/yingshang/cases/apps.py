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
        job(
            "cases-expire",
            every=timedelta(minutes=5),
            run="yingshang.cases.expiry:expire_due",
            label=_("办理期限届满的自动事项"),
        )
        job(
            "cases-escalate",
            every=timedelta(hours=24),
            run="yingshang.cases.cards:escalate",
            label=_("发出黄牌、红牌"),
        )
        from yingshang.cases import (  # noqa: F401
            actions,
            assigning,
            cards,
            expiry,
            family,
            granting,
            kinds,
            migrating,
            permissions,
            rebuilding,
            views,
        )
