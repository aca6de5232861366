"""Tells the counters which services in force are handled there."""

from collections.abc import Iterator

from yingshang.domains.counters.public import SERVICES, CounterService
from yingshang.domains.services.catalogue.reading import list_services


@SERVICES.named("services")
def counter_services() -> Iterator[CounterService]:
    """Yield the services in force that are also handled at a counter."""
    for one in list_services():
        if one.elements.counter:
            item = one.item
            yield CounterService(
                one.key,
                item.key,
                item.name,
                item.name_en,
                one.organ.key,
                is_online=one.is_online,
                visits=one.elements.visits.n,
            )
