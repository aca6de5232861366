"""Applying for a bundle: begun once, handed in once."""

from typing import Any

from django.urls import reverse

from yingshang.cases.log import procedure_of
from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.cases.working import find_action, lock, move, open_case
from yingshang.domains.services.applying.actions import applicant_name, applicants
from yingshang.domains.services.applying.evaluating import organ_actor
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.applying.names import SUBMISSION
from yingshang.domains.services.applying.places import in_charge_at
from yingshang.domains.services.applying.ways import procedure_for
from yingshang.domains.services.bundles.declaring import BundleStep
from yingshang.domains.services.bundles.names import BEGIN, BUNDLE
from yingshang.domains.services.bundles.reading import Matter, get_matter
from yingshang.domains.services.delivering.choosing import (
    AtCounter,
    Wish,
    keep_from_draft,
    kept_in_draft,
)
from yingshang.domains.services.errors import (
    ApplicationMissing,
    FoundAsPerson,
    MatterMoved,
    MatterNotOnline,
    NotForThisApplicant,
)
from yingshang.domains.services.models import MatterStep
from yingshang.domains.services.permissions import APPLY
from yingshang.forms.drafts import start_draft
from yingshang.forms.homes import home
from yingshang.forms.models import Draft, Submission
from yingshang.forms.parting import part_of
from yingshang.forms.permissions import FILE_FOR
from yingshang.forms.selectors import get_draft_for
from yingshang.forms.submitting import freeze
from yingshang.kernel.errors import Missing
from yingshang.parties.acting import ANYONE_SIGNED_IN, AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ


@action("services.start_bundle", permission=ANYONE_SIGNED_IN)
def start_bundle(
    actor: Actor,
    *,
    bundle: str,
    optional: tuple[str, ...] = (),
    subject: str = "",
    wish: Wish | None = None,
    at_counter: AtCounter | None = None,
) -> Draft:
    """Begin to fill the one form of a bundle, with the optional steps (items) that one needs.

    An official with ``subject`` fills on its behalf for who is ``at_counter``; ``wish`` says how results
    are to be delivered. Raises :class:`NoSuchService`, :class:`MatterNotOnline`,
    :class:`NotForThisApplicant`, ``NotPermitted``, ``ApplicantNotIdentified``, ``DeliveryUnfit``.
    """
    matter = get_matter(bundle)
    lead = _demand_fits(actor, matter, subject)
    steps = matter.chosen(optional)
    forms = dict.fromkeys(str(matter.services[one.item].item.form) for one in steps)
    return start_draft(
        actor,
        forms=tuple(forms),
        label=matter.bundle.label,
        label_en=matter.bundle.label_en,
        subject=subject,
        purpose=f"bundle:{bundle}",
        context={
            "bundle": bundle,
            "steps": [one.item for one in steps],
            "organ": lead.key,
            **kept_in_draft(actor, wish, at_counter),
        },
    )


def _demand_fits(actor: Actor, matter: Matter, subject: str) -> Organ:
    """Return the lead; a matter is about a subject, for whom its licences are issued, or founds it."""
    name = {"name": matter.bundle.label}
    if not matter.is_online or matter.lead is None:
        raise MatterNotOnline(params=name)
    for_a_person = actor.subject_id is None and not subject
    if matter.founds and not for_a_person:
        raise FoundAsPerson(params=name)
    if actor.organ_id is not None:
        actor.require(FILE_FOR)
    elif not matter.founds:
        actor.require(APPLY)
    if for_a_person and not matter.founds:
        raise NotForThisApplicant(params=name)
    return matter.lead


@action("services.apply_for_bundle", permission=ANYONE_SIGNED_IN)
def apply_for_bundle(actor: Actor, *, draft: str) -> Case:
    """Hand in the one form of a bundle; return the case of the whole matter, its first steps begun.

    Handing the same draft in again returns the case of the first time. Raises what
    :func:`yingshang.forms.submitting.freeze` raises, ``CommitmentExcluded``, :class:`MatterMoved`
    where a step is no longer handled here.
    """
    try:
        filled = get_draft_for(actor, draft, lock=True)
    except Missing:
        raise AlreadyDone(_handed_in_before(actor, draft)) from None
    matter = get_matter(str(filled.context.get("bundle", "")))
    lead = _demand_fits(actor, matter, filled.subject.ref if filled.subject else "")
    chosen = [one for one in matter.steps if one.item in filled.context["steps"]]
    if any(one.item not in matter.services for one in chosen):
        raise MatterMoved
    submission = freeze(actor, filled)
    parent = open_case(
        actor,
        procedure=matter.bundle.procedure,
        title=f"{matter.bundle.label}：{applicant_name(submission)}",
        holder=lead,
        subject=submission.subject,
        participants=applicants(actor, submission),
        origin=f"draft:{draft}",
        data={BUNDLE: f"{matter.bundle.key}@{matter.number}", SUBMISSION: submission.name},
    )
    first = matter.services[chosen[0].item]
    keep_from_draft(actor, parent, filled, submission, service=first.key)
    _plan(actor, parent, matter, needed(chosen, submission), submission, filled.known)
    locked = lock(parent.pk)
    move(organ_actor(lead), locked, find_action(procedure_of(locked.version), BEGIN))
    return Case.objects.get(pk=parent.pk)


def needed(chosen: list[BundleStep], submission: Submission) -> list[BundleStep]:
    """Return the steps whose rule holds for what was handed in; an unknown one counts as needed."""
    said = work_out(submission, {one.item: one.when for one in chosen if one.when})
    return [one for one in chosen if said.get(one.item, True) is not False]


def _plan(
    actor: Actor,
    parent: Case,
    matter: Matter,
    steps: list[BundleStep],
    submission: Submission,
    known: dict[str, Any],
) -> None:
    """Write down the steps, each with its service, its procedure and its part of what was handed in."""
    commitments = 0
    for position, step in enumerate(steps):
        service = in_charge_at(matter.services[step.item], submission)
        part = part_of(
            actor,
            submission,
            str(service.item.form),
            known=known,
            purpose=f"service:{service.key}",
            context={"service": service.key, "organ": service.organ.key},
        )
        procedure = procedure_for(service, part, besides=commitments)
        commitments += procedure != service.item.procedure
        MatterStep.objects.create(
            parent=parent,
            position=position,
            item=step.item,
            version=service.version,
            procedure=procedure,
            submission=part,
        )


@home("services.bundles")
def bundle_page(actor: Actor, draft: Draft) -> str:
    """Return the page on which the draft of a bundle is filled; nothing for any other."""
    if "bundle" not in draft.context:
        return ""
    name = "desk:fill-for" if actor.is_official else "portal:fill-bundle"
    return reverse(name, kwargs={"draft": draft.ref})


def _handed_in_before(actor: Actor, draft: str) -> Case:
    found = Case.objects.filter(readable(actor), origin=f"draft:{draft}").first()
    if found is None:
        raise ApplicationMissing
    return found
