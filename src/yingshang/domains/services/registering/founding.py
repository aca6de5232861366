"""An enterprise comes into being: with its code, its legal representative, who shares in it."""

from datetime import timedelta

from yingshang.cases.effects import Moment, effect
from yingshang.cases.working import concern, lock
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import service_of_case, submission_of
from yingshang.domains.services.catalogue.declaring import ServiceItem
from yingshang.domains.services.errors import NothingToFound
from yingshang.domains.services.registering.demanding import (
    demand_registrable,
    founders_of,
    representative_of,
    signed_person,
)
from yingshang.domains.services.registering.names import claim_name
from yingshang.forms.models import Submission
from yingshang.kernel.identifiers import CREDIT_ALPHABET, make_credit_code
from yingshang.kernel.times import today
from yingshang.licences.numbering import next_number
from yingshang.parties.actions.mandates import name_handler, replace_legal_representative
from yingshang.parties.actions.relating import StatedRelation, state_relations
from yingshang.parties.actions.relations import end_subject_relation
from yingshang.parties.actions.subjects import LEGAL_REPRESENTATIVE_ROLE, register_enterprise
from yingshang.parties.actors import Actor
from yingshang.parties.identities import person_code
from yingshang.parties.models import (
    Organ,
    Person,
    Subject,
    SubjectRelation,
    SubjectRelationType,
)
from yingshang.parties.permissions import REGISTER_SUBJECTS

HANDLER_ROLE = "enterprise_handler"
MARKET_REGULATION, SERIES = "91", "credit-code"
"""First two characters of an enterprise's code (GB 32100), and the series of its serials."""


@effect("services.found_enterprise")
def found_enterprise(moment: Moment) -> None:
    """Let the enterprise of an application come into being; it is the case's subject from then on.

    The person who signed as legal representative acts for it at once, and so does who applied, as
    handler. Raises :class:`NothingToFound` for an application that founds nobody or has done so,
    ``NameUnfit``, and what
    :func:`~yingshang.domains.services.registering.demanding.demand_registrable` raises.
    """
    case, service = moment.case, service_of_case(moment.case)
    submission = submission_of(case.data)
    if service.item.founds is None or case.subject is not None:
        raise NothingToFound
    demand_registrable(service.item, submission)
    claim_name(moment.actor, service.item, submission, case)
    actor = organ_actor(service.organ, REGISTER_SUBJECTS)
    name = work_out(submission, {"name": service.item.founds.name})["name"]
    firm = register_enterprise(
        actor, code=_free_code(service.organ), name=name, division=service.organ.division
    )
    concern(moment.actor, case, firm)
    if case.parent_id is not None:
        concern(moment.actor, lock(case.parent_id), firm)
    head = name_representative_of(actor, service.item, submission, firm)
    applicant = submission.owner
    if applicant is not None and applicant != head:
        ground = service.item.name
        name_handler(actor, firm=firm, person=applicant, role=HANDLER_ROLE, ground=ground)


def _free_code(organ: Organ) -> str:
    """Return the next code of the organ's series that nobody has: ``MA`` and six characters."""
    while True:
        number, signs = next_number(organ, SERIES, 0), ""
        for _place in range(6):
            number, digit = divmod(number, len(CREDIT_ALPHABET))
            signs = CREDIT_ALPHABET[digit] + signs
        code = make_credit_code(MARKET_REGULATION, organ.division[:6], f"MA{signs}")
        if not Subject.objects.filter(code=code).exists():
            return code


def name_representative_of(
    actor: Actor, item: ServiceItem, submission: Submission, firm: Subject
) -> Person:
    """Let who signed act as legal representative of a firm in place of anybody before, and put it on record."""
    person = signed_person(item, submission)
    replace_legal_representative(
        actor, firm=firm, person=person, role=LEGAL_REPRESENTATIVE_ROLE, ground=item.name
    )
    state_people(actor, item, submission, firm)
    return person


def state_people(actor: Actor, item: ServiceItem, submission: Submission, firm: Subject) -> None:
    """Put on record who represents a firm and who shares in it; a former representative's time ends."""
    head = representative_of(item, submission) or {}
    relation = SubjectRelationType.LEGAL_REPRESENTATIVE
    stated = [(relation.value, head)] if head else []
    stated += [
        (SubjectRelationType.SHAREHOLDER.value, one) for one in founders_of(item, submission)
    ]
    if head:
        _end_former(actor, firm, relation.value, person_code(str(head["id_number"])))
    state_relations(
        actor,
        relations=[
            StatedRelation(
                source=str(firm.code),
                type=sort,
                target=person_code(str(one["id_number"])),
                target_name=str(one["name"]),
                valid_from=today(),
            )
            for sort, one in stated
        ],
    )


def _end_former(actor: Actor, firm: Subject, relation: str, code: str) -> None:
    """End the relation to whoever else stands in it, with the day before, or the day it began on."""
    held = SubjectRelation.objects.filter(source=firm, type=relation, superseded_at=None)
    for row in held.exclude(target__code=code).select_related("target"):
        if row.is_valid_on(today()):
            on = today() if row.valid_from == today() else today() - timedelta(days=1)
            end_subject_relation(
                actor, source=firm.ref, relation=relation, target=row.target.ref, on=on
            )
