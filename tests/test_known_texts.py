"""Who opened a message about a claim counts as knowing the text under which it was made, once."""

import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.claims.items.book import list_items
from yingshang.domains.claims.known import known
from yingshang.domains.claims.notifying import tell_offers
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.messages.actions import clear_messages, open_message
from yingshang.messages.models import Message
from yingshang.messages.permissions import RECEIVE
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Subject


@pytest.mark.django_db
@pytest.mark.one_database
def test_an_offer_counts_once_it_is_opened_and_only_for_its_policy() -> None:
    loader = system_actor("test", LOAD)
    kept("counters", lambda: load_packs(loader, names=("demo-district",)) and None)
    item = next(one for one in list_items() if one.key == "rd-investment")
    policy = item.declared.policy
    officer = Actor("account:officer", organ_id=item.organ.pk)
    opened, cleared = (
        Subject.objects.create(type="enterprise", name=name, code=f"91{name}") for name in "甲乙"
    )
    tell_offers([open_claim(officer, Opened(item, firm)) for firm in (opened, cleared)])
    assert known([policy]) == frozenset()
    own = Actor("account:a", subject_id=opened.pk, permissions=frozenset({RECEIVE}))
    open_message(own, message=Message.objects.get(subject=opened).ref)
    clear_messages(Actor("account:b", subject_id=cleared.pk, permissions=frozenset({RECEIVE})))
    assert known([policy]) == {opened.pk}
    assert known(["another"]) == frozenset()
