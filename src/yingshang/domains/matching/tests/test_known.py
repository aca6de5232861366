"""Who opened a message of a run counts as knowing the policies that it names, each enterprise once."""

import numpy as np
import pytest

from tests.kept import kept
from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.domains.matching.look_back import known
from yingshang.domains.matching.telling import News, Titles
from yingshang.messages.actions import open_message
from yingshang.messages.models import Message
from yingshang.messages.permissions import RECEIVE
from yingshang.messages.sending import send_many
from yingshang.parties.actors import Actor, system_actor
from yingshang.parties.models import Subject


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_message_that_was_opened_makes_its_policies_known() -> None:
    loader = system_actor("test", LOAD)
    kept("counters", lambda: load_packs(loader, names=("demo-district",)) and None)
    firms = [
        Subject.objects.create(type="enterprise", name=name, code=f"91{name}") for name in "甲乙"
    ]
    news = News(np.array([firm.pk for firm in firms]), np.ones(2, np.bool_))
    for place, fen in enumerate((500, 400, 300, 200)):
        news.gain(place, np.array([0, 1]), np.array([fen, fen]))
    titles = ["企业研发投入补助", "初创制造企业场地补贴", "稳增长奖励", "稳岗返还"]
    send_many(news.messages("run", Titles(titles, titles), "/", "run"))
    assert known(["rd-investment"]) == frozenset()
    reader = Actor("account:a", subject_id=firms[0].pk, permissions=frozenset({RECEIVE}))
    open_message(reader, message=Message.objects.get(subject=firms[0]).ref)
    assert known(["rd-investment", "young-manufacturer"]) == {firms[0].pk}
    assert known(["keep-staff"]) == frozenset(), "the fourth is not named in the message"
    assert known([]) == frozenset()
