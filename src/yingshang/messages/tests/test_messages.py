"""What is sent once, what counts as read, where messages lead, and what can be declined."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from yingshang.kernel.registry import UnknownName
from yingshang.kernel.times import frozen, now, today
from yingshang.ledger.models import Entry
from yingshang.messages.actions import (
    choose_messages,
    clear_messages,
    follow_message,
    mark_acted,
    open_message,
)
from yingshang.messages.errors import CannotDecline, NoSuchMessage, NotOurPage
from yingshang.messages.models import Message
from yingshang.messages.permissions import READ_FUNNEL, RECEIVE
from yingshang.messages.selectors import (
    Funnel,
    count_unread_for,
    funnels_by_about_for,
    funnels_by_month_for,
    funnels_by_sort_for,
    list_messages_for,
)
from yingshang.messages.sending import Outgoing, send, send_many
from yingshang.messages.sorts import ABOUTS, SORTS, names_of, sort
from yingshang.messages.todos import TODOS, Todo, list_todos_for
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.models import Account, Mandate, Person, Role, Subject

pytestmark = pytest.mark.django_db

PUSH, SERVED = "trial-push", "trial-served"


@pytest.fixture(autouse=True)
def sorts():
    """One sort that may be declined and is gathered, one that the law requires."""
    sort(PUSH, "政策提醒", gathered=True)
    sort(SERVED, "文书送达", legal="行政许可法第四十四条")
    ABOUTS.add("trial", lambda refs: {ref: f"政策{ref}" for ref in refs})
    yield
    for name in (PUSH, SERVED):
        SORTS._things.pop(name)
    ABOUTS._things.pop("trial")


@pytest.fixture
def firm() -> Subject:
    return Subject.objects.create(type="enterprise", name="甲公司", code="914403001922038216")


@pytest.fixture
def other() -> Subject:
    return Subject.objects.create(type="enterprise", name="乙公司", code="91350100M000100Y43")


def runner_of(subject: Subject) -> Actor:
    return Actor(
        ref=f"account:{subject.pk}",
        account_id=1,
        subject_id=subject.pk,
        permissions=frozenset({RECEIVE}),
    )


OFFICIAL = Actor(ref="account:o", account_id=2, organ_id=1, permissions=frozenset({READ_FUNNEL}))


def push(subject: Subject, key: str = "1", **more: str) -> Message | None:
    given = {
        "title": "可以申领研发补助",
        "text": "符合条件。",
        "href": "/accessibility/",
        "about": "trial:rd",
    }
    return send(subject, sort=PUSH, key=key, **{**given, **more})


def test_the_same_message_is_sent_once(firm: Subject, other: Subject) -> None:
    first = push(firm)
    again = push(firm, title="改过的标题")
    assert again == first
    assert Message.objects.get().title == "可以申领研发补助"
    assert send_many(Outgoing(one.pk, PUSH, "题", "文", "1") for one in (firm, other)) == 1
    assert count_unread_for(runner_of(firm)) == count_unread_for(runner_of(other)) == 1


def test_very_many_are_sent_in_chunks_and_each_once(firm: Subject, monkeypatch) -> None:
    monkeypatch.setattr("yingshang.messages.sending.CHUNK", 7)
    rows = [Outgoing(firm.pk, PUSH, "题", "文", str(number % 40)) for number in range(50)]
    assert send_many(rows) == 40
    assert send_many(rows) == 0
    assert len({one.ref for one in Message.objects.all()}) == 40


def test_reading_is_opening_and_following_reads_too(firm: Subject) -> None:
    runner, one, two = runner_of(firm), push(firm), push(firm, "2")
    assert [m.read_at for m in list_messages_for(runner)] == [None, None]
    with frozen(now() + timedelta(hours=1)) as clock:
        opened = open_message(runner, message=one.ref)
        assert opened.read_at == clock.moment
        assert opened.clicked_at is None
    assert open_message(runner, message=one.ref).read_at == opened.read_at
    followed = follow_message(runner, message=two.ref)
    assert followed.read_at == followed.clicked_at
    assert follow_message(runner, message=two.ref).clicked_at == followed.clicked_at
    kinds = list(Entry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["messages.opened", "messages.followed"]


def test_clearing_is_not_reading(firm: Subject) -> None:
    runner = runner_of(firm)
    push(firm), push(firm, "2")
    assert clear_messages(runner) == 2
    assert count_unread_for(runner) == 0
    assert funnels_by_sort_for(OFFICIAL, today(), today())[PUSH] == Funnel(2, 0, 0, 0)
    assert clear_messages(runner) == 0


def test_unread_messages_come_first(firm: Subject) -> None:
    runner = runner_of(firm)
    for hours in range(3):
        with frozen(now() + timedelta(hours=hours)):
            push(firm, str(hours))
    open_message(runner, message=Message.objects.get(key="2").ref)
    ordered = list_messages_for(runner).order_by("is_done", "-sent_at", "-pk")
    assert [one.key for one in ordered] == ["1", "0", "2"]


def test_messages_of_others_are_not_there(firm: Subject, other: Subject) -> None:
    one = push(other)
    for act in (open_message, follow_message):
        with pytest.raises(NoSuchMessage):
            act(runner_of(firm), message=one.ref)
    with pytest.raises(NotPermitted):
        open_message(OFFICIAL, message=one.ref)
    assert Message.objects.get().read_at is None


@pytest.mark.parametrize(
    "href",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1", "x", "/a\n"],
)
def test_a_message_leads_nowhere_else(firm: Subject, href: str) -> None:
    with pytest.raises(NotOurPage):
        push(firm, href=href)
    assert not Message.objects.exists()


def test_what_was_declined_is_not_sent_but_what_the_law_requires_is(firm: Subject) -> None:
    runner = runner_of(firm)
    with pytest.raises(CannotDecline):
        choose_messages(runner, declined=(SERVED,))
    choose_messages(runner, declined=(PUSH,))
    assert push(firm) is None
    assert send(firm, sort=SERVED, title="决定书", text="请签收。", key="s") is not None
    choose_messages(runner, declined=())
    assert push(firm) is not None


def test_an_unknown_sort_is_a_fault(firm: Subject) -> None:
    with pytest.raises(UnknownName):
        send(firm, sort="nothing", title="题", text="文", key="1")


def test_acting_closes_the_funnel(firm: Subject, other: Subject) -> None:
    one = push(firm)
    push(other), push(other, "2", about="trial:rent")
    follow_message(runner_of(firm), message=one.ref)
    assert mark_acted("trial:rd", firm) == 1
    assert mark_acted("trial:rd", firm) == 0
    day = today()
    assert funnels_by_sort_for(OFFICIAL, day, day) == {PUSH: Funnel(3, 1, 1, 1)}
    assert funnels_by_about_for(OFFICIAL, PUSH, day, day) == {
        "trial:rd": Funnel(2, 1, 1, 1),
        "trial:rent": Funnel(1, 0, 0, 0),
    }
    assert list(funnels_by_month_for(OFFICIAL, day, day, about="trial:rent").values()) == [
        Funnel(1, 0, 0, 0)
    ]
    assert names_of(["trial:rd", "x:y"]) == {"trial:rd": "政策rd", "x:y": "x:y"}
    with pytest.raises(NotPermitted):
        funnels_by_sort_for(runner_of(firm), day, day)


def test_to_dos_come_by_the_days_left(firm: Subject) -> None:
    day = today()
    TODOS.add(
        "trial",
        lambda actor: [
            Todo("无期限"),
            Todo("三天后", due=day + timedelta(days=3)),
            Todo("过期", due=day - timedelta(days=2)),
            Todo("下月", due=day + timedelta(days=30)),
        ],
    )
    try:
        found = list_todos_for(runner_of(firm))
    finally:
        TODOS._things.pop("trial")
    shown = [(str(one.label), one.shown_tone, one.days_said) for one in found if not one.href]
    assert shown == [
        ("过期", "bad", "已逾期 2 天"),
        ("三天后", "warn", "还剩 3 天"),
        ("下月", "active", "还剩 30 天"),
        ("无期限", "active", ""),
    ]
    assert list_todos_for(OFFICIAL) == []


@pytest.fixture
def browser(firm: Subject) -> Client:
    person = Person.objects.create(name="李娜")
    account = Account.objects.create_user("runner", None, person)
    role = Role.objects.create(key="runner", label="经办人", party="subject", permissions=[RECEIVE])
    Mandate.objects.create(person=person, subject=firm).roles.add(role)
    client = Client()
    client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_the_pages_read_and_lead_on(browser: Client, firm: Subject, other: Subject) -> None:
    one, foreign = push(firm), push(other)
    listed = browser.get(reverse("portal:messages")).content.decode()
    assert "可以申领研发补助" in listed
    assert "1 条未读消息" in listed
    assert Message.objects.get(pk=one.pk).read_at is None
    assert browser.head(reverse("portal:message", args=[one.ref])).status_code == 200
    assert Message.objects.get(pk=one.pk).read_at is None
    page = browser.get(reverse("portal:message", args=[one.ref])).content.decode()
    assert "符合条件。" in page
    assert "未读消息" not in page
    followed = browser.get(reverse("portal:message-go", args=[one.ref]))
    assert followed.headers["Location"] == "/accessibility/"
    assert Message.objects.get(pk=one.pk).clicked_at is not None
    assert browser.get(reverse("portal:message", args=[foreign.ref])).status_code == 404


def test_a_page_that_is_gone_leads_back(browser: Client, firm: Subject) -> None:
    one = push(firm, href="/no-such-page/1/")
    answer = browser.get(reverse("portal:message-go", args=[one.ref]))
    assert answer.headers["Location"] == reverse("portal:message", args=[one.ref])


def test_choices_on_the_page(browser: Client, firm: Subject) -> None:
    page = browser.get(reverse("portal:message-choices")).content.decode()
    assert "行政许可法第四十四条" in page
    browser.post(reverse("portal:message-choices"), {"wanted": []})
    assert push(firm) is None
    browser.post(reverse("portal:message-choices"), {"wanted": [PUSH]})
    assert push(firm) is not None


def test_marking_all_read_needs_a_form(browser: Client, firm: Subject) -> None:
    push(firm)
    assert browser.get(reverse("portal:clear-messages")).status_code in (404, 405)
    browser.post(reverse("portal:clear-messages"))
    assert count_unread_for(runner_of(firm)) == 0
