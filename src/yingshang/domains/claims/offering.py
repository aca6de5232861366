"""What an enterprise can do about a finding of its check-up: confirm, apply, follow its claim, or wait."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from yingshang.domains.checkups.public import (
    CLAIM_OFFERS,
    ENTITLED,
    Finding,
    Offer,
)
from yingshang.domains.claims.claimed import application_pages, claims_now
from yingshang.domains.claims.items.book import Item, items_of_policies
from yingshang.domains.claims.lists.objecting import ABANDONED, is_left_out
from yingshang.domains.claims.lists.reasons import reason_said
from yingshang.domains.claims.models import Claim, ClaimList, ListEntry
from yingshang.domains.claims.notifying import left_out_page, page_of
from yingshang.domains.claims.permissions import CLAIM
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.web.dates import day_text


@CLAIM_OFFERS.named("claims")
def offers(actor: Actor, subject: Subject, findings: Sequence[Finding]) -> dict[str, Offer]:
    """Return what can be done about findings now, by policy; nothing of those where nothing can."""
    if not actor.may(CLAIM):
        return {}
    claims = claims_now(subject.pk)
    made = {one.policy: _followed(claims[one.policy]) for one in findings if one.policy in claims}
    open_to = [one.policy for one in findings if one.state == ENTITLED and one.policy not in made]
    pages = application_pages(open_to) if open_to else {}
    made |= {key: Offer(gettext("去申报"), page) for key, page in pages.items()}
    waiting = [one for one in open_to if one not in made]
    return made | (_without_application(subject, waiting) if waiting else {})


def _followed(claim: Claim) -> Offer:
    href, due = page_of(claim), claim.case.due_on
    if claim.case.state == "offered":
        until = gettext("%(day)s前") % {"day": day_text(due)} if due else ""
        return Offer(gettext("确认领取"), href, "confirm", until)
    done = claim.case.state in ("paid", "completed")
    return Offer(
        gettext("已兑现") if done else gettext("办理中"), href, "done" if done else "pending"
    )


def _without_application(subject: Subject, policies: Sequence[str]) -> dict[str, Offer]:
    """Say of what is granted without application (免申即享) that nothing need be done, and where it stands."""
    items = [one for one in items_of_policies(policies) if one.declared.way == "automatic"]
    keys = [one.key for one in items]
    found = ListEntry.objects.filter(subject=subject, claim=None, listed__item_key__in=keys)
    found = found.filter(listed__year=today().year).exclude(listed__case__state__in=ABANDONED)
    rows = found.select_related("listed").order_by("pk")
    entries = {one.listed.item_key: one for one in rows}
    listed = ClaimList.objects.filter(item_key__in=keys, is_open=True)
    under_way = frozenset(listed.values_list("item_key", flat=True))
    return {one.declared.policy: _waiting(one, entries, under_way) for one in items}


def _waiting(item: Item, entries: Mapping[str, ListEntry], under_way: frozenset[str]) -> Offer:
    label, entry = gettext("不用申请"), entries.get(item.key)
    if entry is not None:
        href = left_out_page(entry.listed) if is_left_out(entry) else ""
        return Offer(label, href, "pending", reason_said(entry.reason))
    if not item.declared.is_open_on(today()):
        return Offer(label, state="pending", hint=gettext("现在不在兑现期间，到期由政府核定后通知"))
    if item.key in under_way:
        return Offer(label, state="pending", hint=gettext("本轮名单已在办理，请等下一轮"))
    return Offer(label, state="pending", hint=gettext("由政府按数据列入名单，发消息请您确认"))
