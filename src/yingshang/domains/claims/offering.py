"""What an enterprise can do about a finding of its check-up: confirm, apply, or follow its claim."""

from collections.abc import Sequence

from django.utils.translation import gettext

from yingshang.domains.checkups.public import (
    CLAIM_OFFERS,
    ENTITLED,
    Finding,
    Offer,
)
from yingshang.domains.claims.claimed import application_pages, claims_now
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.notifying import page_of
from yingshang.domains.claims.permissions import CLAIM
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject


@CLAIM_OFFERS.named("claims")
def offers(actor: Actor, subject: Subject, findings: Sequence[Finding]) -> dict[str, Offer]:
    """Return what can be done about findings now, by policy; nothing of those where nothing can."""
    if not actor.may(CLAIM):
        return {}
    claims = claims_now(subject.pk)
    made = {one.policy: _followed(claims[one.policy]) for one in findings if one.policy in claims}
    open_to = [one.policy for one in findings if one.state == ENTITLED and one.policy not in made]
    pages = application_pages(open_to) if open_to else {}
    return made | {key: Offer(gettext("去申报"), page) for key, page in pages.items()}


def _followed(claim: Claim) -> Offer:
    href, due = page_of(claim), claim.case.due_on
    if claim.case.state == "offered":
        until = gettext("%(day)s前") % {"day": due.isoformat()} if due else ""
        return Offer(gettext("确认领取"), href, "confirm", until)
    done = claim.case.state in ("paid", "completed")
    return Offer(
        gettext("已兑现") if done else gettext("办理中"), href, "done" if done else "pending"
    )
