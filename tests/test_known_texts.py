"""Who opened a message about a policy counts as knowing its text, each enterprise once."""

import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.claims.items.book import list_items
from yingshang.domains.claims.notifying import tell_offers
from yingshang.domains.claims.opening import Opened, open_claim
from yingshang.domains.matching.telling import SORT, title_in_message
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.look_back import look_back_on
from yingshang.domains.policies.models import TextReading
from yingshang.messages.actions import clear_messages, open_message
from yingshang.messages.models import Message
from yingshang.messages.permissions import RECEIVE
from yingshang.messages.sending import send
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Subject


def open_all(firm: Subject) -> None:
    reader = Actor("account:reader", subject_id=firm.pk, permissions=frozenset({RECEIVE}))
    for one in Message.objects.filter(subject=firm):
        open_message(reader, message=one.ref)


def run_names(firm: Subject, title: str) -> None:
    text = f"新符合：{title_in_message(title)}共 1 项。"
    send(firm, sort=SORT, title="您新符合 1 项惠企政策", text=text, key=f"run:{title}")


@pytest.mark.django_db
@pytest.mark.one_database
def test_messages_that_were_opened_count_each_enterprise_once() -> None:
    kept(
        "counters",
        lambda: load_packs(system_actor("test", LOAD), names=("demo-district",)) and None,
    )
    item = next(one for one in list_items() if one.key == "rd-investment")
    text = current_library().of_policy(item.declared.policy)
    assert text is not None
    other = next(
        one for one in current_library().texts.values() if one.key != text.key and one.rules
    )
    named, offered, cleared, elsewhere = (
        Subject.objects.create(type="enterprise", name=name, code=f"91{name}")
        for name in "甲乙丙丁"
    )
    officer = Actor("account:officer", organ_id=item.organ.pk)
    tell_offers([open_claim(officer, Opened(item, offered))])
    for firm in (named, cleared):
        run_names(firm, text.rules[0].title)
    run_names(elsewhere, other.rules[0].title)
    assert look_back_on(text).known == 0
    for firm in (named, offered, elsewhere):
        open_all(firm)
    clear_messages(Actor("account:x", subject_id=cleared.pk, permissions=frozenset({RECEIVE})))
    assert look_back_on(text).known == 2
    assert look_back_on(other).known == 1
    TextReading.objects.create(text=text.key, subject=named)
    run_names(offered, text.rules[0].title)
    open_all(offered)
    assert look_back_on(text).known == 2
