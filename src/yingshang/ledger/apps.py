"""Registers the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger app."""

    name = "yingshang.ledger"
    label = "ledger"
