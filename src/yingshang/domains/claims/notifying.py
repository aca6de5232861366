"""Telling enterprises how their claims go: a message at each step, counted once."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from yingshang.cases.effects import Moment
from yingshang.domains.claims.items.book import item_of
from yingshang.domains.claims.lists.reasons import reason_said
from yingshang.domains.claims.models import Claim, ClaimList, ListEntry
from yingshang.messages.sending import Outgoing, send, send_many
from yingshang.messages.sorts import ABOUTS, sort
from yingshang.web.dates import day_en, day_zh
from yingshang.web.money import yuan

OFFER = sort(
    "claims-offer",
    _("免申即享：待您确认的资金"),
    text=_("按数据符合条件，不用申请，确认后即可领取"),
    gathered=True,
)
PROGRESS = sort(
    "claims-progress",
    _("政策兑现进展"),
    text=_("受理、公示、决定、支付和退票"),
    legal=_("优化营商环境条例第三十七条"),
)


ABOUT = "claim"


def about_of(claim: Claim) -> str:
    """Return what messages about a claim are about."""
    return f"{ABOUT}:{claim.ref}"


def page_of(claim: Claim) -> str:
    """Return the page on which an enterprise sees its claim."""
    return reverse("portal:claim", kwargs={"ref": claim.ref})


def tell_offers(claims: list[Claim]) -> int:
    """Send each enterprise its offer; return how many messages were sent."""
    return send_many([_offer(one) for one in claims])


def _offer(claim: Claim) -> Outgoing:
    item, due = item_of(claim.item).declared, claim.case.due_on
    amount = yuan(claim.amount_fen)
    until, until_en = (day_zh(due), day_en(due)) if due else ("", "")
    return Outgoing(
        subject=claim.subject_id,
        sort=OFFER,
        title=f"您可以领取“{item.label}” {amount}",
        title_en=f"You can get {item.label_en}: {amount}",
        text=f"按政府已掌握的数据，贵单位符合条件，不用申请。请在{until}前确认收款账户；逾期未确认的，本次不兑现。",
        text_en=f"By the data on record you are entitled; no application is needed. Please confirm your account by {until_en}; otherwise it is not granted this time.",
        href=page_of(claim),
        about=about_of(claim),
        key=f"claim:{claim.ref}:offer",
    )


def tell_left_out(listed: ClaimList, entries: Sequence[ListEntry]) -> int:
    """Tell those whom the ranking left out of a list why, and how to object; return how many were told."""
    item = item_of(listed.item).declared
    return send_many(
        Outgoing(
            subject=one.subject_id,
            sort=PROGRESS,
            title=f"“{item.label}”：符合条件，但没有列入本轮名单",
            title_en=f"{item.label_en}: entitled, but not on this list",
            text=f"{_in('zh-hans', one)}。对此有异议的，可以在 10 个工作日内提出。",
            text_en=f"{_in('en', one)}. You may object within 10 working days.",
            href=left_out_page(listed),
            about=f"claim-list:{listed.ref}",
            key=f"claim-list:{listed.ref}:left-out",
        )
        for one in entries
    )


def _in(language: str, entry: ListEntry) -> str:
    with override(language):
        return reason_said(entry.reason)


def left_out_page(listed: ClaimList) -> str:
    """Return the page on which an enterprise sees why it was left out of a list."""
    return reverse("portal:claim-left-out", kwargs={"ref": listed.ref})


def tell_left_out_step(entry: ListEntry, moment: Moment) -> None:
    """Tell an enterprise what became of its objection to having been left out of a list."""
    item = item_of(entry.listed.item).declared
    action = moment.procedure.action_by_key[moment.event.action]
    send(
        entry.subject,
        sort=PROGRESS,
        title=f"“{item.label}”：{action.notice}",
        title_en=f"{item.label_en}: {action.notice_en}",
        text=moment.event.reason,
        text_en=moment.event.reason,
        href=page_of(entry.claim) if entry.claim is not None else left_out_page(entry.listed),
        about=f"claim-list:{entry.listed.ref}",
        key=f"case:{moment.case.ref}:{moment.event.seq}",
    )


def tell_step(claim: Claim, moment: Moment) -> None:
    """Send what the action's notice says of a step, once for each event."""
    action = moment.procedure.action_by_key[moment.event.action]
    if not action.notice:
        return
    item = item_of(claim.item).declared
    why = moment.event.reason or str(moment.event.fields.get("returned_why", ""))
    send(
        claim.subject,
        sort=PROGRESS,
        title=f"“{item.label}”：{action.notice}",
        title_en=f"{item.label_en}: {action.notice_en}",
        text=why,
        text_en=why,
        href=page_of(claim),
        about=about_of(claim),
        key=f"case:{moment.case.ref}:{moment.event.seq}",
    )


@ABOUTS.named("claim")
def _names(refs: Sequence[str]) -> dict[str, str]:
    wanted = Claim.objects.filter(ref__in=list(refs)).select_related("item")
    return {one.ref: item_of(one.item).declared.label for one in wanted}
