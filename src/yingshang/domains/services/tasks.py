"""Periodic work on services."""

from yingshang.domains.services.catalogue.reading import in_force
from yingshang.domains.services.catalogue.searching import hide_implementation, index_implementation
from yingshang.domains.services.models import ServiceImplementation
from yingshang.kernel.times import today


def refresh_search() -> None:
    """Let the search show what is in force today: versions begin and end without anybody acting."""
    current = list(in_force(today()))
    for version in current:
        index_implementation(version)
    live = {version.implementation_id for version in current}
    for ended in ServiceImplementation.objects.exclude(pk__in=live):
        hide_implementation(ended.key)
