"""What applications are begun for, in words: services and whole matters by their names."""

from collections.abc import Iterator

from yingshang.domains.services.bundles.reading import list_matters
from yingshang.domains.services.catalogue.presenting import line_of, local
from yingshang.domains.services.catalogue.reading import list_services
from yingshang.forms.purposes import SORTS, PurposeSort


def _services() -> Iterator[tuple[str, str]]:
    for line in (line_of(one) for one in list_services() if one.is_online):
        yield line.service.key, f"{line.name}（{line.organ}）"


def _matters() -> Iterator[tuple[str, str]]:
    for one in list_matters():
        if one.is_online:
            yield one.bundle.key, local(one.bundle, "label")


SORTS.add("service", PurposeSort(lambda key: dict(_services()).get(key, ""), _services))
SORTS.add("bundle", PurposeSort(lambda key: dict(_matters()).get(key, ""), _matters))
