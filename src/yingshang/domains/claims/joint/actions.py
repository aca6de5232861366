"""Several items on one form: begun with those ticked, filled once, handed in once, a case for each."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from yingshang.cases.actions import act
from yingshang.cases.models import Case
from yingshang.cases.relations import readable
from yingshang.cases.working import open_case
from yingshang.domains.claims.duplicates import conflicts_of
from yingshang.domains.claims.errors import ClaimMissing, FilingUnfit, OtherWay
from yingshang.domains.claims.evaluating import evaluate, said_of
from yingshang.domains.claims.items.book import Item, demand_open, get_item, item_of, policy_of
from yingshang.domains.claims.joint.deriving import ACCOUNT, form_key, keep_form
from yingshang.domains.claims.joint.guiding import JOINT
from yingshang.domains.claims.models import Claim, PayeeAccount
from yingshang.domains.claims.notifying import PROGRESS, about_of, page_of
from yingshang.domains.claims.opening import Opened, keep_evidence, open_claim
from yingshang.domains.claims.payees import keep_account, last_account
from yingshang.domains.claims.permissions import CLAIM
from yingshang.domains.claims.presenting import WAYS
from yingshang.facts.actions.recording import declare_value
from yingshang.forms.book import pinned_form
from yingshang.forms.drafts import save_draft, start_draft
from yingshang.forms.homes import home
from yingshang.forms.models import Draft, Submission
from yingshang.forms.parting import part_of
from yingshang.forms.purposes import SORTS, PurposeSort
from yingshang.forms.selectors import get_draft_for
from yingshang.forms.submitting import freeze
from yingshang.kernel.errors import DomainError, Missing
from yingshang.ledger.recording import record
from yingshang.messages.sending import send
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject

ITEMS = "claim_items"
"""Where a draft's context keeps the items that were ticked."""
MOST = 20


@action("claims.start_filing", permission=CLAIM)
def start_filing(actor: Actor, *, items: tuple[str, ...]) -> Draft:
    """Begin one form for the items (by key) that were ticked; the account confirmed last is filled in.

    Raises ``NoSuchItem``, ``OtherWay``, ``ItemNotOpen``, :class:`FilingUnfit` without an item or with too
    many, and what beginning a draft raises.
    """
    found = [get_item(key) for key in dict.fromkeys(items)]
    if not 0 < len(found) <= MOST or actor.subject_id is None:
        why = gettext("请选择 1 到 %(most)s 个事项") % {"most": MOST}
        raise FilingUnfit(field="items", params={"why": why})
    for one in found:
        if one.declared.way not in JOINT:
            raise OtherWay(params={"name": one.declared.label, "way": WAYS[one.declared.way]})
        demand_open(one)
        keep_form(actor, one)
    draft = start_draft(
        actor,
        forms=tuple(form_key(one.key) for one in found),
        label="政策兑现一表申报",
        label_en="Claims on one form",
        purpose="claims:filing",
        context={ITEMS: [one.key for one in found], "organ": found[0].declared.organ},
    )
    last = last_account(actor.subject_id)
    if last is None:
        return draft
    answers = dict(zip(ACCOUNT, (last.bank, last.number), strict=True))
    return save_draft(actor, draft=draft.ref, answers=answers, expected_version=draft.version)


@action("claims.hand_in_filing", permission=CLAIM)
def hand_in_filing(actor: Actor, *, draft: str) -> Case:
    """Hand in the one form; return the case of the whole, with a claim at its organ for each item.

    Handing the same draft in again returns the case of the first time. Each claim is pinned to its item,
    its rule and an evaluation. Raises :class:`FilingUnfit` for a draft of something else, ``ItemNotOpen``,
    ``AlreadyClaimed``, ``AccountUnfit`` and what freezing raises.
    """
    try:
        filled = get_draft_for(actor, draft, lock=True)
    except Missing:
        raise AlreadyDone(_handed_in_before(actor, draft)) from None
    items = [get_item(str(key)) for key in filled.context.get(ITEMS, ())]
    if not items or filled.subject is None:
        raise FilingUnfit(params={"why": gettext("这份草稿不是政策兑现申报")})
    for one in items:
        demand_open(one)
    submission = freeze(actor, filled)
    subject = filled.subject
    _declare_facts(actor, items, submission)
    account = _account(actor, subject, submission)
    parent = open_case(
        actor,
        procedure="claim-filing",
        title=gettext("一表申报：%(name)s（%(n)s 项）") % {"name": subject.name, "n": len(items)},
        holder=items[0].organ,
        subject=subject,
        origin=f"draft:{draft}",
        data={"submission": submission.name},
    )
    for one in items:
        _claim(actor, one, subject, submission, filled, account, parent)
    return Case.objects.get(pk=parent.pk)


def _claim(
    actor: Actor,
    item: Item,
    subject: Subject,
    submission: Submission,
    draft: Draft,
    account: PayeeAccount,
    parent: Case,
) -> None:
    part = part_of(
        actor,
        submission,
        form_key(item.key),
        known=draft.known,
        purpose=f"claims:{item.key}",
        context={"claim_item": item.key, "organ": item.declared.organ},
    )
    kept = evaluate(item, item.rule, subject)
    claim = open_claim(
        actor,
        Opened(
            item,
            subject,
            evaluation=kept,
            amount_fen=said_of(kept, item).amount_fen,
            submission=part,
            account=account,
            parent=parent,
        ),
    )
    _say_conflicts(claim, item)


def _say_conflicts(claim: Claim, item: Item) -> None:
    """Tell the enterprise at once what excludes a claim, though nobody has decided on it yet."""
    with override(settings.LANGUAGE_CODE):
        found = conflicts_of(
            item,
            claim.subject,
            year=claim.year,
            period=claim.period,
            evidence=list(claim.evidence.values_list("digest", flat=True)),
            besides=claim,
        )
        if found:
            send(
                claim.subject,
                sort=PROGRESS,
                title=f"“{item.declared.label}”：可能重复享受",
                title_en=f"{item.declared.label_en}: perhaps claimed twice",
                text="；".join(one.text for one in found)
                + "。只能兑现其中一项，可以撤回不要的一项。",
                text_en="Only one of them can be granted; the other can be withdrawn.",
                href=page_of(claim),
                about=about_of(claim),
                key=f"claim:{claim.ref}:conflicts",
            )


def _account(actor: Actor, subject: Subject, submission: Submission) -> PayeeAccount:
    answers = submission.body["answers"]
    bank, number = (str(answers.get(key, "")) for key in ACCOUNT)
    return keep_account(actor, subject, holder=subject.name, bank=bank, number=number)


def _declare_facts(actor: Actor, items: list[Item], submission: Submission) -> None:
    """Record what the enterprise said of facts that nobody knew, where its own word is accepted.

    Where the word of the enterprise does not count, the answer stays in the submission alone.
    """
    provenance, answers = submission.body["provenance"], submission.body["answers"]
    form = pinned_form(submission.form)
    asked = {fact for one in items for fact in policy_of(one.rule).asks}
    for _section, one in form.questions():
        state = provenance.get(one.key, {}).get("state")
        if one.fact in asked and one.key in answers and state in ("not_found", "given"):
            _declare(actor, one.fact, answers[one.key], submission)


def _declare(actor: Actor, fact: str, content: Any, submission: Submission) -> None:
    """Record one answer as a fact; that it was not taken, and why, stands in the ledger."""
    try:
        with transaction.atomic():
            declare_value(actor, key=fact, content=content)
    except DomainError as refusal:
        record(
            "claims.answer_not_declared",
            actor=actor.ref,
            subject=f"submission:{submission.ref}",
            payload={"fact": fact, "why": refusal.code},
        )


def _handed_in_before(actor: Actor, draft: str) -> Case:
    found = Case.objects.filter(readable(actor), origin=f"draft:{draft}").first()
    if found is None:
        raise ClaimMissing
    return found


@action("claims.hand_in_correction", permission=CLAIM)
def hand_in_correction(actor: Actor, *, draft: str) -> Claim:
    """Hand in the corrected part of one claim; the other claims of the filing are not touched.

    Raises :class:`ClaimMissing` where the draft corrects no claim of the actor's, and what freezing and
    acting raise.
    """
    filled = get_draft_for(actor, draft, lock=True)
    if filled.corrects is None:
        raise ClaimMissing
    found = Claim.objects.select_related("case", "item").filter(
        subject=actor.subject_id or 0, case__data__submission=filled.corrects.name, is_live=True
    )
    claim = found.first()
    if claim is None:
        raise ClaimMissing
    submission = freeze(actor, filled)
    act(
        actor,
        case=claim.case.ref,
        action="hand_in_correction",
        data={"submission": submission.name},
    )
    claim.evidence.all().delete()
    keep_evidence(claim, item_of(claim.item), submission)
    return claim


@home("claims")
def filing_page(actor: Actor, draft: Draft) -> str:
    """Return the page on which a draft of claims is filled; nothing for any other."""
    if actor.subject_id is None:
        return ""
    if ITEMS in draft.context or "claim_item" in draft.context:
        return reverse("portal:fill-claims", kwargs={"draft": draft.ref})
    return ""


def _said(key: str) -> str:
    return gettext("政策兑现一表申报") if key == "filing" else _item_name(key)


def _item_name(key: str) -> str:
    try:
        return get_item(key).declared.label
    except Missing:
        return ""


SORTS.add("claims", PurposeSort(_said, lambda: [("filing", gettext("政策兑现一表申报"))]))
