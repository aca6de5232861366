"""Periodic work on documents."""

from yingshang.documents.actions import sweep
from yingshang.documents.permissions import SWEEP
from yingshang.parties.actors import system_actor


def sweep_unattached() -> None:
    """Throw away uploads that were attached to nothing."""
    sweep(system_actor("documents-sweep", SWEEP))
