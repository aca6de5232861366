"""What one version of a service says otherwise than the one before it."""

from collections.abc import Sequence
from typing import Any

from yingshang.domains.services.catalogue.comparing import ELEMENTS
from yingshang.domains.services.catalogue.presenting import ELEMENTS as ELEMENT_LABELS
from yingshang.domains.services.catalogue.presenting import element_text
from yingshang.domains.services.catalogue.reading import service_of
from yingshang.domains.services.models import ImplementationVersion


def changes_in(
    version: ImplementationVersion, versions: Sequence[ImplementationVersion]
) -> list[tuple[Any, str, str]]:
    """Return what a version changed against the published one before it: label, before, after."""
    earlier = [one for one in versions if one.number < version.number and one.state == "published"]
    if not earlier:
        return []
    before, after = service_of(max(earlier, key=lambda one: one.number)), service_of(version)
    names = (*ELEMENTS, "contact", "valid_from", "valid_to")
    told = [
        (ELEMENT_LABELS[name], element_text(before, name), element_text(after, name))
        for name in names
    ]
    return [one for one in told if one[1] != one[2]]
