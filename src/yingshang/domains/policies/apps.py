"""Registers policies."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """The policies app."""

    name = "yingshang.domains.policies"
    label = "policies"

    def ready(self) -> None:
        """Register what this package brings."""
        from yingshang.domains.policies import (  # noqa: F401
            amending,
            builder_texts,
            cleaning,
            drafts,
            guarding,
            hearing,
            kinds,
            mine,
            permissions,
            publishing,
            reading,
            reviewing,
            views,
        )
