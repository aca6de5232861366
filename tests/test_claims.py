"""What becomes of claims when things go on after the end: money sent back, decisions contested."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests.test_claim_histories import NOVEMBER, Story, begin, check
from yingshang.cases.actions import act
from yingshang.cases.expiry import expire_due
from yingshang.cases.log import state_of
from yingshang.content.actions import publish_declaration
from yingshang.content.permissions import PUBLISH
from yingshang.domains.checkups.public import check_up
from yingshang.domains.claims.actions import correct_account
from yingshang.domains.claims.claimed import claims_under, todos
from yingshang.domains.claims.closing import closing
from yingshang.domains.claims.items.book import get_item
from yingshang.domains.claims.joint.guiding import guide
from yingshang.domains.claims.models import Claim, ClaimDemand
from yingshang.domains.claims.offering import offers
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.claims.payees import keep_account
from yingshang.domains.claims.recovering import propose_recovery
from yingshang.domains.claims.settling import give_back, origin_of
from yingshang.domains.funds.models import BudgetAccount, Payment
from yingshang.domains.funds.public import Payee, commit, order_payment
from yingshang.domains.funds.tests.conftest import treasury_says
from yingshang.domains.matching.public import OFFERED
from yingshang.facts.permissions import READ_OWN
from yingshang.kernel.times import FrozenClock, frozen, now
from yingshang.parties.actors import system_actor

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def story() -> Iterator[Story]:
    """Begin in November with a firm that is entitled to a grant for digital upgrades."""
    with frozen(NOVEMBER) as clock:
        yield begin(1, clock)


def paid_claim(story: Story) -> Claim:
    """Let the first firm be granted and paid 30,000 yuan."""
    subject, actor = story.firms[0]
    account = keep_account(
        actor, subject, holder=subject.name, bank="支行", number="62220000111122"
    )
    claim = open_claim(actor, Opened(get_item("digital-upgrade"), subject, account=account))
    for step in ("accept", "grant"):
        act(story.officers["qj-industry"], case=claim.case.ref, action=step)
    treasury_says(Payment.objects.get().ref, "done")
    return again(claim)


def again(claim: Claim) -> Claim:
    """Return a claim as it stands now."""
    return Claim.objects.select_related("case__version").get(pk=claim.pk)


def complete(clock: FrozenClock) -> None:
    """Let the twenty working days pass after which a paid claim is complete."""
    clock.set(now() + timedelta(days=35))
    expire_due()


def demanded_back(story: Story, claim: Claim, fen: int) -> ClaimDemand:
    """Let the organ decide that so much has to come back."""
    officer = story.officers["qj-industry"]
    made = propose_recovery(
        officer, claim=claim.ref, ground="false_facts", facts="发票作废", amount_fen=fen
    )
    act(story.firms[0][1], case=made.case.ref, action="state", data={"statement": "已重开"})
    act(officer, case=made.case.ref, action="demand", reason="差额应退")
    return made


def balances() -> dict[str, int]:
    """Return what the line for digital upgrades has in hand, on its way and paid."""
    account = BudgetAccount.objects.get(fund="industry", line="digital", year=2026)
    names = ("available", "committed", "in_payment", "paid", "refund_due", "refunded")
    return {name: fen for name in names if (fen := getattr(account, name))}


def test_what_can_be_done_is_asked_once_for_all_findings(
    story: Story, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    subject, actor = story.firms[0]
    reader = replace(actor, permissions=actor.permissions | {READ_OWN})
    findings = list(check_up(reader, subject).all())
    assert offers(actor, subject, findings)["digital-upgrade"].state == "apply"
    open_claim(actor, Opened(get_item("digital-upgrade"), subject))
    with django_assert_num_queries(2):
        made = offers(actor, subject, findings)
    assert made["digital-upgrade"].state == "pending"
    alone = [offers(actor, subject, [one]) for one in findings]
    assert made == {policy: one for found in alone for policy, one in found.items()}


def test_a_payment_sent_back_after_the_end_reopens_the_claim(story: Story) -> None:
    claim = paid_claim(story)
    complete(story.clock)
    claim = again(claim)
    assert (claim.case.state, claim.case.turn) == ("completed", None)
    treasury_says(Payment.objects.get().ref, "returned", "account_closed")
    claim = again(claim)
    assert (claim.case.state, claim.case.closed_at, claim.paid_fen) == ("returned", None, 0)
    assert claim.case.turn == claim.organ
    assert state_of(claim.case).state == "returned"
    firm = story.firms[0][1]
    assert [one.tone for one in todos(firm)] == ["bad"]
    assert balances() == {"available": 1_000_000, "committed": 3_000_000}
    correct_account(firm, claim=claim.ref, bank="支行", number="62229999888877")
    again_ordered = Payment.objects.get(state="ordered")
    assert again_ordered.payee_account == "62229999888877"
    treasury_says(again_ordered.ref, "done")
    assert (again(claim).case.state, again(claim).paid_fen) == ("paid", 3_000_000)
    assert balances() == {"available": 1_000_000, "paid": 3_000_000}
    check(story)


def test_what_was_demanded_of_a_payment_sent_back_is_not_paid_again(story: Story) -> None:
    claim = paid_claim(story)
    made = demanded_back(story, claim, 1_000_000)
    treasury_says(Payment.objects.get().ref, "returned", "account_closed")
    made.refresh_from_db()
    assert (made.case.state, made.received_fen) == ("received", 1_000_000)
    assert balances() == {"available": 2_000_000, "committed": 2_000_000}
    correct_account(story.firms[0][1], claim=claim.ref, bank="支行", number="62229999888877")
    assert Payment.objects.get(state="ordered").amount_fen == 2_000_000
    check(story)
    treasury_says(Payment.objects.get(state="ordered").ref, "done")
    assert again(claim).case.state == "paid"
    assert balances() == {"available": 2_000_000, "paid": 2_000_000}
    check(story)


def test_a_payment_demanded_back_whole_and_sent_back_ends_the_matter(story: Story) -> None:
    claim = paid_claim(story)
    demanded_back(story, claim, 3_000_000)
    treasury_says(Payment.objects.get().ref, "returned", "account_closed")
    assert again(claim).case.state == "paid"
    assert balances() == {"available": 4_000_000}
    assert list(todos(story.firms[0][1])) == []
    check(story)


def test_the_same_amount_is_given_back_each_time_that_it_is_open(story: Story) -> None:
    officer, claim = story.officers["qj-industry"], Claim(ref="twice")
    held = commit(
        officer, fund="industry", line="digital", year=2026, amount_fen=1_000_000,
        origin=origin_of(claim), subject=None, key="grant",
    )  # fmt: skip
    payee = Payee(name="某企业", account="62220000")
    paid = order_payment(officer, commitment=held.ref, payee=payee, amount_fen=500_000, key="1")
    treasury_says(paid.ref, "done")
    give_back(officer, claim)
    assert balances() == {"available": 3_500_000, "paid": 500_000}
    treasury_says(paid.ref, "returned", "account_closed")
    give_back(officer, claim)
    assert balances() == {"available": 4_000_000}


def test_the_claims_of_a_firm_are_read_once_for_all_items(story: Story) -> None:
    subject = story.firms[0][0]
    items = [get_item(key) for key in ("digital-upgrade", "rd-investment", "digital-upgrade")]
    open_claim(story.firms[0][1], Opened(items[0], subject))
    assert [one.rule for one in items]
    guide(subject, items[:1])
    with CaptureQueriesContext(connection) as asked:
        found = guide(subject, items)
    assert [one.is_done for one in found] == [True, False, True]
    assert sum('FROM "claims_claim"' in one["sql"] for one in asked.captured_queries) == 1


def test_who_is_to_be_heard_is_told_until_when(story: Story) -> None:
    claim = paid_claim(story)
    made = propose_recovery(
        story.officers["qj-industry"], claim=claim.ref, ground="false_facts", facts="发票作废"
    )
    (todo,) = todos(story.firms[0][1])
    assert "陈述申辩" in str(todo.label)
    assert todo.due == made.case.due_on is not None
    assert "30,000.00" in str(todo.text)


def test_what_closes_names_who_claimed_and_who_must_confirm(story: Story) -> None:
    today, until = now().date(), now().date() + timedelta(days=10)
    body = get_item("digital-upgrade").version.body
    window = {"from": "2026-01-01", "to": until.isoformat()}
    publish_declaration(
        system_actor("test", PUBLISH),
        kind="claim_item",
        declaration=body | {"window": window},
        valid_from=today,
    )
    subject, actor = story.firms[0]
    (before,) = closing(today, None)
    assert (before.policy, before.until, before.done) == (body["policy"], until, frozenset())
    assert list(closing(until + timedelta(days=1), None)) == []

    open_claim(actor, Opened(get_item("digital-upgrade"), subject))
    offered = open_claim(actor, Opened(get_item("rd-investment"), story.firms[1][0]))
    applied, confirmed = closing(today, None)
    assert applied.done == {subject.pk}
    assert (confirmed.waiting, confirmed.until) == ({story.firms[1][0].pk}, offered.case.due_on)
    assert [one.waiting for one in closing(today, subject.pk)] == [None]
    assert claims_under(confirmed.policy, None)[story.firms[1][0].pk].state == OFFERED
