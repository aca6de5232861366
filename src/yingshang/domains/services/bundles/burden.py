"""What a matter costs whoever goes through it, each service by itself and as one (办事负担)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yingshang.domains.services.bundles.declaring import BundleStep
from yingshang.domains.services.bundles.reading import Matter
from yingshang.domains.services.catalogue.declaring import Term
from yingshang.facts.catalogue import Catalogue
from yingshang.forms.book import combined_current, compiled_of, current_form
from yingshang.forms.burden import Burden, saving
from yingshang.forms.redundancy import SELF
from yingshang.kernel.canonical import digest

HOURS_IN_A_DAY = 8
WORKING_DAYS = {"working": 1.0, "calendar": 5 / 7, "month": 21.75, "hour": 1 / HOURS_IN_A_DAY}
"""How many working days each kind of limit counts for in a comparison."""


@dataclass(frozen=True)
class Cost:
    """The burden in numbers: of filling in, visits, and working days till the last step has ended."""

    filling: Burden
    visits: int
    days: int


@dataclass(frozen=True)
class Compared:
    """Each service by itself, one after another; and all of them as one matter."""

    before: Cost
    after: Cost
    forms_before: int


def working_days(term: Term) -> int:
    """Return a limit in working days, rounded up; what is decided at once takes none."""
    return math.ceil(term.n * WORKING_DAYS.get(term.kind, 0))


def critical_path(steps: Sequence[BundleStep], days: Mapping[str, int]) -> int:
    """Return the days till the last step has ended, where steps run side by side; in their order."""
    ends: dict[str, int] = {}
    for one in steps:
        begins = max((ends.get(other, 0) for other in one.after), default=0)
        ends[one.item] = begins + days[one.item]
    return max(ends.values(), default=0)


def known_to_platform(catalogue: Catalogue) -> frozenset[str]:
    """Return the facts that the platform may hold from elsewhere than the applicant."""
    return frozenset(one.key for one in catalogue.types.values() if one.source != SELF)


def compare(matter: Matter, steps: Sequence[BundleStep]) -> Compared:
    """Compare the steps of a matter apart and together; raises ``NoSuchForm``, ``FormUnfit``.

    Apart, each form asks for everything and the limits follow one another; together, what the
    platform holds is filled in, officers come or are visited once at most, and steps run side by side.
    """
    services = [matter.services[one.item] for one in steps]
    keys = [one.item.form for one in services if one.item.form is not None]
    whole = combined_current(keys, label=matter.bundle.label, label_en=matter.bundle.label_en)
    ready = compiled_of(whole, digest(whole.model_dump(mode="json", by_alias=True)).hex())
    held = {key for key, one in ready.materials.items() if one.source == "licence"}
    known = known_to_platform(ready.catalogue)
    both = saving([current_form(key) for key in keys], ready, known, held)
    days = {one.item.key: working_days(one.elements.promised_limit) for one in services}
    visits = [one.elements.visits.n for one in services]
    return Compared(
        Cost(both.before, sum(visits), sum(days.values())),
        Cost(both.after, max(visits, default=0), critical_path(steps, days)),
        len(keys),
    )
