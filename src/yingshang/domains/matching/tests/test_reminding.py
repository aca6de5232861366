"""Reminders before a window closes: who is entitled and did not claim, once at each step."""

from datetime import date

import pytest

from yingshang.domains.matching.closing import CLOSING, Closing
from yingshang.domains.matching.public import note_claimed
from yingshang.domains.matching.reminding import SORT, closing_soon, remind
from yingshang.facts.permissions import READ_OWN
from yingshang.ledger.models import Entry
from yingshang.messages.models import Declined, Message
from yingshang.parties.actors import NotPermitted, system_actor

pytestmark = pytest.mark.one_database
LAST_DAY = date(2026, 11, 30)
PAGE = "/claim-items/"


@pytest.fixture
def closing(matching, monkeypatch):
    """Return a list of what closes; it is told to whoever asks."""
    found = []
    monkeypatch.setattr(CLOSING, "_things", {})
    CLOSING.add("trial", lambda day, _subject: [one for one in found if day <= one.until])
    matching.run(2, a=12, b=3, c=15)
    return found


def ends(policy="hiring", label="扩招补助", **more):
    return Closing(policy, label, "Grant for hiring", LAST_DAY, PAGE, **more)


def reminded(firm):
    return list(Message.objects.filter(subject=firm, sort=SORT).order_by("pk"))


def test_who_is_entitled_and_has_not_claimed_is_reminded_once_at_each_step(matching, closing):
    a, b, c = (matching.firms[name] for name in "abc")
    closing.append(ends(done=frozenset({c.pk})))
    assert remind(matching.actor, day=date(2026, 11, 15)) == 0, "fifteen days left"
    assert not Entry.objects.filter(kind="matching.reminded").exists()

    assert remind(matching.actor, day=date(2026, 11, 16)) == 1
    assert remind(matching.actor, day=date(2026, 11, 20)) == 0
    (told,) = reminded(a)
    assert told.title.startswith("2026年11月30日截止")
    assert told.title_en.startswith("Closing on 30 November 2026")
    assert "扩招补助" in told.text
    assert "Grant for hiring" in told.text_en
    assert told.href == PAGE
    assert reminded(b) == reminded(c) == [], "not entitled; claimed already"
    assert Entry.objects.get(kind="matching.reminded").subject == "match-runs:all"

    assert remind(matching.actor, day=date(2026, 11, 27)) == 1
    assert remind(matching.actor, day=LAST_DAY) == 0
    assert remind(matching.actor, day=date(2026, 12, 1)) == 0
    assert len(reminded(a)) == 2


def test_what_closes_on_one_day_is_one_message_the_dearest_first(matching, closing):
    a = matching.firms["a"]
    closing += [ends("food", "食品加工补助"), ends()]
    remind(matching.actor, day=date(2026, 11, 28))
    (told,) = reminded(a)
    assert told.text.startswith("“扩招补助”、“食品加工补助”")
    assert told.href != PAGE
    assert told.href.endswith("/check-up/")


def test_an_offer_is_reminded_of_whatever_the_last_run_says(matching, closing):
    b = matching.firms["b"]
    closing.append(ends(waiting=frozenset({b.pk})))
    assert remind(matching.actor, day=LAST_DAY) == 1
    assert len(reminded(b)) == 1


def test_whoever_declined_reminders_gets_none(matching, closing):
    a = matching.firms["a"]
    Declined.objects.create(subject=a, sort=SORT, since=matching.stage.clock.moment)
    closing.append(ends())
    remind(matching.actor, day=LAST_DAY)
    assert reminded(a) == []


def test_the_to_do_stands_until_it_is_claimed_or_closed(matching, closing):
    a = matching.firms["a"]
    owner = matching.stage.owner(a, READ_OWN)
    closing.append(ends())
    (todo,) = closing_soon(owner)
    assert (todo.due, todo.href) == (LAST_DAY, PAGE)
    assert "扩招补助" in str(todo.label)
    assert list(closing_soon(matching.stage.owner(matching.firms["b"], READ_OWN))) == []
    closing[0] = ends(done=frozenset({a.pk}))
    assert list(closing_soon(owner)) == []
    closing[0] = ends()
    matching.stage.tick(days=40)
    assert list(closing_soon(owner)) == []


def test_a_claim_counts_as_acting_on_the_news_and_on_the_reminder(matching, closing):
    a, c = matching.firms["a"], matching.firms["c"]
    closing.append(ends())
    remind(matching.actor, day=LAST_DAY)
    note_claimed(a, "hiring")
    acted = Message.objects.filter(acted_at__isnull=False)
    assert sorted(acted.values_list("subject", "sort")) == [
        (a.pk, SORT),
        (a.pk, "policy-match"),
    ]
    assert Message.objects.filter(subject=c, acted_at=None).count() == 2
    note_claimed(matching.firms["b"], "hiring")
    assert acted.count() == 2, "nothing was sent of a policy that it is not entitled to"


def test_nobody_reminds_without_the_permission(closing):
    with pytest.raises(NotPermitted):
        remind(system_actor("x"))
