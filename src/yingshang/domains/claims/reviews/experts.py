"""The register of experts, and who cannot judge whom."""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from yingshang.content.selectors import get_current
from yingshang.domains.claims.errors import ExpertUnfit, NoSuchExpert, NotExpertKeeper
from yingshang.domains.claims.items.book import list_items
from yingshang.domains.claims.items.names import FIELD
from yingshang.domains.claims.models import Expert
from yingshang.domains.claims.permissions import KEEP_EXPERTS
from yingshang.kernel.identifiers import plain_number
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Mandate, Organ, Person, Subject, valid_on


@action("claims.enter_expert", permission=KEEP_EXPERTS)
def enter_expert(
    actor: Actor,
    *,
    account: str,
    field: str,
    employer: str,
    employer_code: str = "",
    title: str = "",
) -> Expert:
    """Enter whoever has this account (user name) as an expert of a field (by key).

    Raises :class:`ExpertUnfit` for an account that there is not, a field that there is not, and who is
    entered in it already, and :class:`NotExpertKeeper` for an organ that lets no expert of the field review.
    """
    person = Person.objects.filter(accounts__username=account).first()
    if person is None:
        raise ExpertUnfit(field="account", params={"why": gettext("没有这个账号")})
    get_current(FIELD, field)
    if field not in fields_drawn_by(actor):
        raise NotExpertKeeper(field="field")
    if not employer.strip():
        raise ExpertUnfit(field="employer", params={"why": gettext("请写明工作单位")})
    try:
        with transaction.atomic():
            made = Expert.objects.create(
                person=person,
                field=field,
                title=title.strip()[:80],
                employer=employer.strip()[:120],
                employer_code=plain_number(employer_code)[:18],
                valid_from=today(),
                keeper_id=actor.organ_id,
                entered_by=actor.ref,
                entered_at=now(),
            )
    except IntegrityError as error:
        raise ExpertUnfit(
            field="account", params={"why": gettext("已经在这个领域的名册里")}
        ) from error
    record(
        "claims.expert_entered",
        actor=actor.ref,
        subject=f"expert:{made.ref}",
        payload={"field": field, "employer": made.employer},
    )
    return made


@action("claims.retire_expert", permission=KEEP_EXPERTS)
def retire_expert(actor: Actor, *, expert: str, reason: str) -> Expert:
    """End an entry in the register as of today; raises :class:`ExpertUnfit`, :class:`NotExpertKeeper`."""
    found = Expert.objects.select_for_update().filter(ref=expert, valid_to=None).first()
    if found is None or not reason.strip():
        why = gettext("请写明理由") if found else gettext("没有这位专家")
        raise ExpertUnfit(field="reason" if found else "expert", params={"why": why})
    if not keeps(actor, found, fields_drawn_by(actor)):
        raise NotExpertKeeper
    found.valid_to = today()
    found.save(update_fields=["valid_to"])
    record(
        "claims.expert_retired",
        actor=actor.ref,
        subject=f"expert:{found.ref}",
        payload={"reason": reason},
    )
    return found


def get_expert_for(actor: Actor, ref: str) -> Expert:
    """Return an entry that still holds, for whoever keeps it.

    Raises :class:`NoSuchExpert`, :class:`NotExpertKeeper`.
    """
    actor.require(KEEP_EXPERTS)
    found = Expert.objects.select_related("person").filter(ref=ref, valid_to=None).first()
    if found is None:
        raise NoSuchExpert
    if not keeps(actor, found, fields_drawn_by(actor)):
        raise NotExpertKeeper
    return found


def fields_drawn_by(actor: Actor) -> set[str]:
    """Return the fields (by key) of the experts who review what the actor's organ decides."""
    organ = Organ.objects.filter(pk=actor.organ_id or 0).values_list("key", flat=True).first()
    return {
        one.declared.scoring.field
        for one in list_items()
        if one.declared.scoring is not None and one.declared.organ == organ
    }


def keeps(actor: Actor, expert: Expert, drawn: Collection[str]) -> bool:
    """Tell whether an entry is the organ's own; one without a keeper is kept by who draws from its field.

    ``drawn`` are the fields from which the organ draws (:func:`fields_drawn_by`).
    """
    if expert.keeper_id is None:
        return expert.field in drawn
    return expert.keeper_id == actor.organ_id


def experts_of(field: str) -> list[Expert]:
    """Return the experts of a field today, in the order of their entries."""
    found = Expert.objects.filter(valid_on(today()), field=field).select_related("person")
    return list(found.order_by("pk"))


def grounds_to_recuse(experts: Iterable[Expert], applicants: Iterable[Subject]) -> dict[str, str]:
    """Return by the experts' references why some cannot judge these applicants (回避).

    Who works for an applicant, by code or name however it is spelled, or acts for one under a mandate.
    """
    subjects = list(applicants)
    by_code = {one.code: one for one in subjects if one.code}
    by_name = {plain_number(one.name): one for one in subjects}
    acting = Mandate.objects.filter(subject__in=subjects).values_list("person", "subject__name")
    acts_for = dict(acting)
    found: dict[str, str] = {}
    for one in experts:
        employer = by_code.get(one.employer_code) or by_name.get(plain_number(one.employer))
        if employer is not None:
            found[one.ref] = gettext("在申报企业任职：%(name)s") % {"name": employer.name}
        elif one.person_id in acts_for:
            name = acts_for[one.person_id]
            found[one.ref] = gettext("代表申报企业办事：%(name)s") % {"name": name}
    return found
