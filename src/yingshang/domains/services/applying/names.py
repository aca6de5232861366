"""How cases of services name what they are about."""

from collections.abc import Mapping
from typing import Any

from yingshang.cases.models import Case
from yingshang.domains.services.catalogue.reading import Service, service_of
from yingshang.domains.services.errors import SubmissionUnfit
from yingshang.domains.services.models import ImplementationVersion
from yingshang.forms.models import Submission

SERVICE, SUBMISSION, EVALUATION = "service", "submission", "evaluation"
"""Fields of a service's case: ``<implementation key>@<version ref>``, ``<ref>@<digest>``, and a ref."""
ITEM = "item"
"""The field with the key of the item, where a procedure takes it: the scope of delegated powers."""


def version_ref(case: Case) -> str:
    """Return the version of the implementation to which a case is pinned."""
    return str(case.data.get(SERVICE, "")).partition("@")[2]


def submission_name(data: Mapping[str, Any]) -> str:
    """Return which submission the data of a case point to."""
    return str(data.get(SUBMISSION, ""))


def service_of_case(case: Case) -> Service:
    """Return the service that a case was opened for, in the version to which it is pinned."""
    found = ImplementationVersion.objects.select_related("implementation__organ", "item")
    return service_of(found.get(ref=version_ref(case)))


def submission_of(data: Mapping[str, Any]) -> Submission:
    """Return the submission that a case's data point to; raises :class:`SubmissionUnfit`."""
    ref, _at, digest = submission_name(data).partition("@")
    found = Submission.objects.select_related("form", "subject", "organ")
    submission = found.filter(ref=ref, digest=digest).first()
    if submission is None:
        raise SubmissionUnfit
    return submission


def ground_in(case: Case, name: str) -> str:
    """Return the ground under which a case changes a licence: what it is, and which case."""
    return f"{name}（{case.ref}）"


def case_in_ground(ground: str) -> str:
    """Return the reference of the case that such a ground names; empty where it names none."""
    named = ground.endswith("）") and "（" in ground
    return ground[:-1].rpartition("（")[2] if named else ""
