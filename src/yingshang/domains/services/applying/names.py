"""How cases of services name what they are about."""

from typing import Any

from yingshang.cases.models import Case
from yingshang.domains.services.catalogue.reading import Service, service_of
from yingshang.domains.services.models import ImplementationVersion

SERVICE, SUBMISSION, EVALUATION, LICENCE = "service", "submission", "evaluation", "licence"
"""Fields of a service's case: ``<implementation key>@<version ref>``, ``<ref>@<digest>``, and refs."""


def service_key(case: Case) -> str:
    """Return the key of the implementation that a case was opened for; empty for other cases."""
    return str(case.data.get(SERVICE, "")).partition("@")[0]


def version_ref(case: Case) -> str:
    """Return the version of the implementation to which a case is pinned."""
    return str(case.data.get(SERVICE, "")).partition("@")[2]


def submission_name(data: Any) -> str:
    """Return which submission the data of a case point to."""
    return str(data.get(SUBMISSION, ""))


def service_of_case(case: Case) -> Service:
    """Return the service that a case was opened for, in the version to which it is pinned."""
    found = ImplementationVersion.objects.select_related("implementation__organ", "item")
    return service_of(found.get(ref=version_ref(case)))
