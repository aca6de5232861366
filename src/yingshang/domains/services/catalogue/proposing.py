"""Changing an implementation: proposed by its organ, decided in a case by somebody else."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from pydantic import ValidationError

from yingshang.cases.data import find_organ
from yingshang.cases.effects import Moment, effect
from yingshang.cases.errors import HolderMissing
from yingshang.cases.working import open_case
from yingshang.content.actions import canonical_body
from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.services.catalogue.declaring import Implementation, ServiceItem
from yingshang.domains.services.catalogue.installing import (
    digest_of,
    latest_published,
    store_version,
)
from yingshang.domains.services.catalogue.linting import judge_elements
from yingshang.domains.services.catalogue.names import ITEM
from yingshang.domains.services.catalogue.searching import index_implementation
from yingshang.domains.services.errors import (
    BadElements,
    CaseWithoutProposal,
    NoSuchService,
    NothingChanged,
    ProposalOverdue,
    ProposalPending,
    ProposerDecides,
)
from yingshang.domains.services.models import ImplementationVersion, ServiceImplementation
from yingshang.domains.services.permissions import PROPOSE_CHANGE
from yingshang.kernel.times import now, today
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor

PROCEDURE = "item-adjustment"


@action("services.propose_change", permission=PROPOSE_CHANGE)
def propose_change(
    actor: Actor,
    *,
    implementation: str,
    elements: dict[str, Any],
    why: str,
    reviewer: str,
) -> ImplementationVersion:
    """Propose new elements for an implementation of the actor's own organ; open the case that decides.

    ``elements`` are those that change, in the form of the declaration; ``reviewer`` is the organ that
    decides. Raises :class:`NoSuchService` for another organ's, :class:`BadElements` with every
    problem, :class:`NothingChanged`, :class:`ProposalPending`, :class:`HolderMissing`.
    """
    found = (
        ServiceImplementation.objects.select_for_update(of=("self",))
        .filter(key=implementation, organ_id=actor.organ_id or 0)
        .first()
    )
    last = latest_published(found) if found else None
    if found is None or last is None:
        raise NoSuchService
    if found.versions.filter(state="proposed").exists():
        raise ProposalPending
    item = get_current(ITEM, found.item)
    body = check_elements({**last.body, **elements}, declaration_of(item))  # type: ignore[arg-type]
    if digest_of(body) == last.digest:
        raise NothingChanged
    holder = find_organ(reviewer)
    if holder is None:
        raise HolderMissing(field="reviewer")
    proposed = store_version(found, item, body, origin="case:", state="proposed", by=actor.ref)
    case = open_case(
        actor,
        procedure=PROCEDURE,
        title=gettext("事项调整：%(name)s") % {"name": declaration_of(item).name},  # type: ignore[attr-defined]
        holder=holder,
        origin=f"services.version:{proposed.ref}",
        data={"proposal": f"{proposed.ref}@{proposed.digest}", "why": why},
    )
    proposed.origin = f"case:{case.ref}"
    proposed.save(update_fields=["origin"])
    return proposed


def check_elements(body: Mapping[str, Any], item: ServiceItem) -> dict[str, Any]:
    """Return elements in their canonical form; raises :class:`BadElements` with every problem."""
    try:
        declared = Implementation.model_validate(dict(body))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors()]
        raise BadElements(params={"problems": "；".join(problems)}) from error
    problems = [remark[1] for remark in judge_elements(declared, item)]
    if declared.valid_from < today():
        problems.append(gettext("拟生效日期不能早于今天"))
    if problems:
        raise BadElements(params={"problems": "；".join(problems)})
    return canonical_body(declared)


@effect("services.publish_change")
def publish_change(moment: Moment) -> None:
    """Publish what the case proposes, from its day on.

    Raises :class:`CaseWithoutProposal`, :class:`ProposerDecides` where the proposer would decide its
    own proposal, :class:`ProposalOverdue`, and :class:`BadElements` where the item has changed so that
    it no longer fits.
    """
    proposed = _proposal_of(moment)
    _demand_another(moment.actor, proposed)
    if proposed.valid_from < today():
        raise ProposalOverdue(params={"day": proposed.valid_from})
    item = get_current(ITEM, proposed.implementation.item)
    check_elements(proposed.body, declaration_of(item))  # type: ignore[arg-type]
    proposed.item = item
    proposed.state = "published"
    proposed.published_by, proposed.published_at = moment.actor.ref, now()
    proposed.save(update_fields=["item", "state", "published_by", "published_at"])
    index_implementation(proposed)
    _record("services.change_published", moment, proposed)


@effect("services.refuse_change")
def refuse_change(moment: Moment) -> None:
    """Close the proposal of the case unpublished; raises :class:`CaseWithoutProposal`."""
    proposed = _proposal_of(moment)
    proposed.state = "refused"
    proposed.save(update_fields=["state"])
    _record("services.change_refused", moment, proposed)


def _proposal_of(moment: Moment) -> ImplementationVersion:
    ref, _, digest = str(moment.case.data.get("proposal", "")).partition("@")
    found = (
        ImplementationVersion.objects.select_for_update(of=("self",))
        .select_related("implementation__organ", "item")
        .filter(ref=ref, digest=digest, state="proposed", origin=f"case:{moment.case.ref}")
        .first()
    )
    if found is None:
        raise CaseWithoutProposal
    return found


def _demand_another(actor: Actor, proposed: ImplementationVersion) -> None:
    if actor.ref.partition("/")[0] == proposed.proposed_by.partition("/")[0]:
        raise ProposerDecides


def _record(name: str, moment: Moment, proposed: ImplementationVersion) -> None:
    record(
        name,
        actor=moment.actor.ref,
        subject=f"service:{proposed.implementation.key}"[:160],
        payload={
            "version": proposed.ref,
            "number": proposed.number,
            "digest": proposed.digest,
            "valid_from": proposed.valid_from.isoformat(),
            "case": moment.case.ref,
        },
    )
