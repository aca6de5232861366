"""What an enterprise can do about a finding of its check-up: confirm, apply, or follow its claim."""

from django.utils.translation import gettext

from yingshang.domains.checkups.public import (
    CLAIM_OFFERS,
    ENTITLED,
    Finding,
    Offer,
)
from yingshang.domains.claims.claimed import application_page, claim_now
from yingshang.domains.claims.notifying import page_of
from yingshang.domains.claims.permissions import CLAIM
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@CLAIM_OFFERS.named("claims")
def offer(actor: Actor, subject: Subject, finding: Finding) -> Offer | None:
    """Return what can be done about a finding now; None where nothing can."""
    if not actor.may(CLAIM):
        return None
    claim = claim_now(subject.pk, finding.policy)
    if claim is not None:
        href, due = page_of(claim), claim.case.due_on
        if claim.case.state == "offered":
            until = gettext("%(day)s前") % {"day": due.isoformat()} if due else ""
            return Offer(gettext("确认领取"), href, "confirm", until)
        done = claim.case.state in ("paid", "completed")
        return Offer(
            gettext("已兑现") if done else gettext("办理中"), href, "done" if done else "pending"
        )
    page = application_page(finding.policy) if finding.state == ENTITLED else ""
    return Offer(gettext("去申报"), page) if page else None
