"""Registers the funds."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    """The funds app."""

    name = "yingshang.domains.funds"
    label = "funds"

    def ready(self) -> None:
        """Register kinds of content, permissions, actions, views and the treasury's listener."""
        from yingshang.domains.funds import (  # noqa: F401
            actions,
            answering,
            kinds,
            permissions,
            views,
        )
        from yingshang.domains.funds.vouchers import (  # noqa: F401
            actions as voucher_actions,
        )
        from yingshang.domains.funds.vouchers import declaring, settling  # noqa: F401
        from yingshang.domains.funds.vouchers import permissions as voucher_permissions  # noqa: F401
        from yingshang.domains.funds.vouchers import views as voucher_views  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "funds-expire-vouchers",
            every=timedelta(days=1),
            run="yingshang.domains.funds.vouchers.tasks:expire_round",
            label=_("结束到期的双创券"),
        )
