"""Registers claims."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.jobs import job


class ClaimsConfig(AppConfig):
    """The claims app."""

    name = "yingshang.domains.claims"
    label = "claims"

    def ready(self) -> None:
        """Register permissions, kinds of content, effects, notices, listeners and messages."""
        from yingshang.domains.claims import (  # noqa: F401
            actions,
            announcing,
            claimed,
            closing,
            effects,
            known,
            mine,
            notifying,
            offering,
            panels,
            paying,
            permissions,
            rechecking,
            recovering,
            views,
        )
        from yingshang.domains.claims.items import kinds  # noqa: F401
        from yingshang.domains.claims.joint import actions as joint_actions  # noqa: F401
        from yingshang.domains.claims.lists import actions as list_actions  # noqa: F401
        from yingshang.domains.claims.lists import drawing, objecting  # noqa: F401
        from yingshang.domains.claims.reviews import actions as review_actions  # noqa: F401
        from yingshang.domains.claims.reviews import experts, reading  # noqa: F401

        job(
            "claims-lists",
            every=timedelta(seconds=15),
            run="yingshang.domains.claims.lists.parts:work_lists",
            label=_("分批办理免申即享名单"),
        )
