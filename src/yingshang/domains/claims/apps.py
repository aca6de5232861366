"""Registers claims."""

from django.apps import AppConfig


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
