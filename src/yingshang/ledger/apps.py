"""Registers the ledger and its sequencer."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.jobs import job


class LedgerConfig(AppConfig):
    """The ledger app."""

    name = "yingshang.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Declare the sequencer as a periodic job, well within the maximum merge delay."""
        job(
            "ledger.sequence",
            every=timedelta(seconds=20),
            run="yingshang.ledger.sequencing:sequence_now",
            label=_("存证入账"),
        )
