"""A claim becomes a case for the organ that owns the source, and the case decides the claim."""

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.effects import Moment, effect
from yingshang.cases.working import open_case
from yingshang.domains.exchange.errors import CaseWithoutClaim
from yingshang.facts.access import find_decider
from yingshang.facts.actions.claims import lock_claim, refuse, uphold
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.facts.declaring import FactTypeDeclaration
from yingshang.facts.listeners import CLAIMED
from yingshang.facts.models import FactClaim
from yingshang.facts.showing import say
from yingshang.parties.actors import Actor

PROCEDURE = "fact-dispute"


@CLAIMED.named("exchange.open_dispute")
def open_dispute(actor: Actor, claim: FactClaim) -> None:
    """Open the case of a claim at the organ that owns the source, else at the one that looks after data.

    Where the district names neither, the claim waits for whoever may record any source.
    """
    catalogue = current_catalogue()
    declared = catalogue.type(claim.key)
    holder = find_decider(catalogue, declared.source)
    if holder is None:
        return
    data = _told(catalogue, declared, claim)
    case = open_case(
        actor,
        procedure=PROCEDURE,
        title=f"{claim.subject.name}：{data['fact']}",
        holder=holder,
        subject=claim.subject,
        origin=f"claim:{claim.ref}",
        data=data,
    )
    claim.case = case.ref
    claim.save(update_fields=["case"])


def _told(catalogue: Catalogue, declared: FactTypeDeclaration, claim: FactClaim) -> dict[str, str]:
    """Return the claim in words of the platform's own language, whatever the claimant reads."""
    item = f"（{claim.item}）" if claim.item else ""
    with override(settings.LANGUAGE_CODE):
        return {
            "claim": claim.ref,
            "fact": f"{declared.label}{item}",
            "on_record": _on_record(catalogue, declared, claim),
            "claimed": say(catalogue, declared, claim.content),
            "why": claim.why or gettext("来源之间不一致"),
        }


def _on_record(catalogue: Catalogue, declared: FactTypeDeclaration, claim: FactClaim) -> str:
    """Return the disputed value; of a sensitive fact where to read it, since whoever disputes sees the case."""
    if declared.sensitivity == "sensitive":
        return gettext("敏感数据，请按目的在沿革中查看")
    return say(catalogue, declared, claim.against.content if claim.against else None)


@effect("exchange.uphold_claim")
def uphold_claim(moment: Moment) -> None:
    """Correct the fact as the claim asks; raises :class:`CaseWithoutClaim` and what correcting raises."""
    uphold(moment.actor, _claim_of(moment), moment.event.reason)


@effect("exchange.reject_claim")
def reject_claim(moment: Moment) -> None:
    """Leave the fact as it is and tell the claimant why; raises :class:`CaseWithoutClaim`."""
    refuse(moment.actor, _claim_of(moment), moment.event.reason)


def _claim_of(moment: Moment) -> FactClaim:
    """Return the claim that was opened with this very case, locked."""
    found = lock_claim(moment.actor, str(moment.case.data.get("claim", "")))
    if found.case != moment.case.ref:
        raise CaseWithoutClaim
    return found
