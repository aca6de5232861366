"""Periodic work on services."""

from yingshang.domains.services.applying.effects import CHECKS
from yingshang.domains.services.catalogue.reading import in_force
from yingshang.domains.services.catalogue.searching import hide_implementation, index_implementation
from yingshang.domains.services.models import ServiceImplementation
from yingshang.facts.actions.recording import state_completeness
from yingshang.facts.permissions import RECORD, RECORD_ANY
from yingshang.kernel.times import today
from yingshang.parties.actors import system_actor


def refresh_search() -> None:
    """Let the search show what is in force today: versions begin and end without anybody acting."""
    current = list(in_force(today()))
    for version in current:
        index_implementation(version)
    live = {version.implementation_id for version in current}
    for ended in ServiceImplementation.objects.exclude(pk__in=live):
        hide_implementation(ended.key)


def state_own_record() -> None:
    """Say each day that the platform's own record of broken commitments is complete: it is written at once."""
    actor = system_actor("services-record", RECORD, RECORD_ANY)
    state_completeness(actor, source=CHECKS, complete_to=today())
