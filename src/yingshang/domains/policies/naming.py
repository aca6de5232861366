"""What organs are called on the pages of policies, in the reader's language."""

from collections.abc import Iterable, Mapping

from yingshang.facts.showing import english
from yingshang.parties.models import Organ


def organ_names(keys: Iterable[str]) -> Mapping[str, str]:
    """Return the names of organs by key; one that the district does not know keeps its key."""
    wanted = set(keys)
    found = {
        one.key: (english() and one.name_en) or one.name
        for one in Organ.objects.filter(key__in=wanted)
    }
    return {key: found.get(key, key) for key in wanted}
