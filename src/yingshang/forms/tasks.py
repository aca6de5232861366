"""Periodic work on drafts."""

from yingshang.forms import expiry
from yingshang.forms.permissions import SWEEP
from yingshang.parties.actors import system_actor


def expire_drafts() -> None:
    """Tell of drafts that end soon, delete those that ended."""
    expiry.expire_drafts(system_actor("forms-expiry", SWEEP))
