"""容缺受理: what may follow after acceptance, until when, and that nothing is granted before it is there."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.models import Case
from yingshang.cases.selectors import available_actions
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.names import service_of_case, submission_of
from yingshang.domains.services.applying.selectors import get_application_for
from yingshang.domains.services.errors import (
    MaterialsLapsed,
    MaterialsOutstanding,
    NothingToSupply,
)
from yingshang.forms.book import compiled
from yingshang.forms.drafts import MATERIAL_PATH
from yingshang.forms.materials import find_offer
from yingshang.forms.models import Draft, Submission
from yingshang.forms.permissions import MARK, READ_SUBMISSIONS
from yingshang.forms.selectors import marks_of
from yingshang.forms.submitting import Marked, mark_fields, start_correction
from yingshang.parties.acting import ANYONE_SIGNED_IN, action
from yingshang.parties.actors import Actor

SUPPLY = "hand_in_supplement"
"""What the procedures of services call handing in what was allowed to follow."""
LIMIT = "supplement_limit"
"""The field in which a case is given until when that must be done."""


def outstanding(submission: Submission) -> list[str]:
    """Return the keys of the materials that were promised for later."""
    materials = submission.body["materials"]
    return [key for key, chosen in materials.items() if chosen["way"] == "later"]


def outstanding_names(submission: Submission) -> list[str]:
    """Return the same by name, in the platform's own language."""
    declared = compiled(submission.form).materials
    return [declared[k].label if k in declared else k for k in outstanding(submission)]


def lapsed_of(submission: Submission) -> list[str]:
    """Return the keys of the materials for which a licence stood that is not in force any more."""
    return [
        key
        for key, chosen in submission.body["materials"].items()
        if chosen["way"] == "held"
        and find_offer(submission.subject, key, chosen["provider"], chosen["ref"]) is None
    ]


def supplement_limit(submission: Submission) -> dict[str, Any] | None:
    """Return until when everything outstanding must be there: the shortest of its limits."""
    days = [int(submission.body["materials"][key]["days"]) for key in outstanding(submission)]
    return {"n": min(days), "kind": "calendar"} if days else None


@effect("services.demand_complete")
def demand_complete(moment: Moment) -> None:
    """Refuse what may be done only once every material is there and still in force.

    Raises :class:`MaterialsOutstanding`, :class:`MaterialsLapsed`.
    """
    submission = submission_of(moment.case.data)
    if names := outstanding_names(submission):
        raise MaterialsOutstanding(params={"materials": "、".join(names)})
    if lapsed := lapsed_of(submission):
        labels = [str(submission.body["materials"][key]["label"]) for key in lapsed]
        raise MaterialsLapsed(params={"materials": "、".join(labels)})


@action("services.start_supplement", permission=ANYONE_SIGNED_IN)
def start_supplement(actor: Actor, *, case: str) -> Draft:
    """Begin to hand in what was allowed to follow: a draft in which just that is open.

    Raises :class:`ApplicationMissing`, :class:`NothingToSupply`.
    """
    found = get_application_for(actor, case)
    submission = submission_of(found.data)
    possible = {one.key for one in available_actions(actor, found)}
    if SUPPLY not in possible or not outstanding(submission):
        raise NothingToSupply
    _open_outstanding(found, submission)
    return start_correction(actor, submission=submission.name)


def _open_outstanding(case: Case, submission: Submission) -> None:
    """Mark what is outstanding in the organ's name, where it is not, so that a correction opens it."""
    marked = {one.path for one in marks_of(submission)}
    with override(settings.LANGUAGE_CODE):
        names = outstanding_names(submission)
        marks = tuple(
            Marked(path=path, remark=gettext("容缺受理，请补交：%(name)s") % {"name": name})
            for key, name in zip(outstanding(submission), names, strict=True)
            if (path := MATERIAL_PATH + key) not in marked
        )
    if marks:
        organ = organ_actor(service_of_case(case).organ, MARK, READ_SUBMISSIONS)
        mark_fields(organ, submission=submission.name, marks=marks)
