"""Registers government services."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    """The services app."""

    name = "yingshang.domains.services"
    label = "services"

    def ready(self) -> None:
        """Register permissions, kinds of content, effects and periodic work."""
        from yingshang.domains.services import permissions, views  # noqa: F401
        from yingshang.domains.services.applying import (  # noqa: F401
            actions,
            cascading,
            commitments,
            deferring,
            effects,
            held,
            homes,
            narrowing,
            panels,
            purposes,
            selectors,
        )
        from yingshang.domains.services.asking import effects as asking_effects  # noqa: F401
        from yingshang.domains.services.asking import panels as asking_panels  # noqa: F401
        from yingshang.domains.services.bundles import actions as bundle_actions  # noqa: F401
        from yingshang.domains.services.bundles import kinds as bundle_kinds  # noqa: F401
        from yingshang.domains.services.bundles import panels as bundle_panels  # noqa: F401
        from yingshang.domains.services.bundles import running  # noqa: F401
        from yingshang.domains.services.catalogue import at_counters, kinds, proposing  # noqa: F401
        from yingshang.domains.services.catalogue import panels as catalogue_panels  # noqa: F401
        from yingshang.domains.services.delivering import actions as delivering_actions  # noqa: F401
        from yingshang.domains.services.delivering import panels as delivering_panels  # noqa: F401
        from yingshang.domains.services.delivering import serving  # noqa: F401
        from yingshang.domains.services.notices import kinds as notice_kinds  # noqa: F401
        from yingshang.domains.services.notices import objecting, publishing  # noqa: F401
        from yingshang.domains.services.notices import panels as notice_panels  # noqa: F401
        from yingshang.domains.services.notices import views as notice_views  # noqa: F401
        from yingshang.domains.services.registering import changing, ending, founding, names  # noqa: F401
        from yingshang.kernel.jobs import job

        job(
            "services-search",
            every=timedelta(hours=6),
            run="yingshang.domains.services.tasks:refresh_search",
            label=_("按生效日期更新可检索的事项"),
        )
        job(
            "services-own-record",
            every=timedelta(days=1),
            run="yingshang.domains.services.tasks:state_own_record",
            label=_("确认违反承诺记录截至当日完整"),
        )
