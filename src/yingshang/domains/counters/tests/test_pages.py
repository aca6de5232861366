"""The pages: a visitor books and follows the queue, a clerk calls and serves, papers go in and out."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.demonstration import build_demonstration, client_of
from yingshang.domains.counters.desk.windows import apply_address
from yingshang.domains.counters.models import Booking, PickUp, Receipt, Ticket
from yingshang.domains.counters.opening import next_span
from yingshang.domains.counters.register import get_hall
from yingshang.domains.counters.tests.conftest import HALL
from yingshang.kernel.times import SHANGHAI, FrozenClock, frozen, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Go to the next time at which the hall opens, after tomorrow began."""
    build_demonstration()
    span = next_span(get_hall(HALL), now() + timedelta(days=1))
    assert span is not None
    with frozen(span.start + timedelta(minutes=5)) as clock:
        yield clock


def page_of(client: Client, name: str, *args: str, query: str = "") -> str:
    """Return a page's text; it must be there."""
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def press(clerk: Client, do: str, **given: str) -> str:
    """Press a button of the clerk's window and return the page that follows."""
    response = clerk.post(reverse("desk:counter"), {"do": do, **given}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def local_time(moment: datetime) -> str:
    """Return the time of day in Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


@pytest.mark.one_database
def test_a_visitor_books_comes_and_waits(clock: FrozenClock) -> None:
    visitor, public = client_of("citizen"), Client()
    assert public.get(reverse("portal:book", args=[HALL])).status_code == 302
    address = reverse("portal:book", args=[HALL]) + "?item=signboard"
    offered = re.findall(r'value="(\d\d:\d\d)"', visitor.get(address).content.decode())
    assert visitor.post(address, {"slot": "03:00"}).status_code == 422
    assert visitor.post(address, {"slot": offered[-1]}).status_code == 302
    assert visitor.post(address, {"slot": offered[-1]}).status_code == 422
    held = Booking.objects.latest("pk")
    assert held.code in page_of(visitor, "portal:bookings")
    assert held.code in page_of(visitor, "portal:home")
    assert held.code not in page_of(client_of("handler"), "portal:bookings")
    stranger = client_of("handler").get(reverse("portal:booking-cancel", args=[held.ref]))
    assert stranger.status_code == 404

    move = reverse("portal:booking-move", args=[held.ref])
    assert visitor.post(move, {"slot": offered[0]}).status_code == 302
    moved = Booking.objects.latest("pk")
    assert local_time(moved.starts_at) == offered[0]
    come = visitor.post(reverse("portal:bookings"), {"booking": moved.ref})
    ticket = Ticket.objects.latest("pk")
    assert come.headers["Location"] == reverse("portal:queue-ticket", args=[ticket.ref])
    again = visitor.post(reverse("portal:bookings"), {"booking": moved.ref})
    assert again.status_code == 409

    own = public.get(reverse("portal:queue-ticket", args=[ticket.ref]))
    assert own.headers["Refresh"]
    assert str(ticket) in own.content.decode()
    assert public.get(reverse("portal:queue-ticket", args=["nobody"])).status_code == 404
    screen = public.get(reverse("portal:hall-screen", args=[HALL]))
    assert screen.headers["Refresh"]
    assert "周**" in screen.content.decode()
    assert "周小满" not in screen.content.decode()
    still = public.get(reverse("portal:hall-screen", args=[HALL]) + "?still")
    assert "Refresh" not in still.headers
    clock.set(clock.moment + timedelta(hours=12))
    assert "已失效" in page_of(public, "portal:queue-ticket", ticket.ref)


@pytest.mark.one_database
def test_a_clerk_serves_and_takes_papers_in(clock: FrozenClock) -> None:
    clerk = client_of("clerk")
    take = {"hall": HALL, "matter": "prepacked-food-notice", "priority": "", "name": "周小满"}
    assert clerk.post(reverse("desk:tickets"), {**take, "matter": ""}).status_code == 422
    assert clerk.post(reverse("desk:tickets"), take).status_code == 302
    first = Ticket.objects.latest("pk")
    assert (
        clerk.post(reverse("desk:tickets"), {**take, "matter": "group:people"}).status_code == 302
    )
    unknown = {"code-hall": HALL, "code-code": "000000x"}
    assert clerk.post(reverse("desk:tickets"), unknown).status_code == 422

    assert "您今天还没有上岗" in page_of(clerk, "desk:home")
    assert "上岗" in page_of(clerk, "desk:counter")
    assert clerk.post(reverse("desk:counter"), {"window": "qj-centre-11"}).status_code == 422
    assert clerk.post(reverse("desk:counter"), {"window": "qj-centre-1"}).status_code == 302
    home = page_of(clerk, "desk:home")
    assert "1 号窗口" in home
    assert "空闲" in home
    assert re.search(r"本窗口可叫的号.{0,200}\b2\b", re.sub(r"<[^>]*>|\s+", " ", home))
    assert str(first) in press(clerk, "call")
    assert str(first) in page_of(clerk, "desk:home")
    assert "我的窗口" not in page_of(client_of("registrar"), "desk:home")
    assert "正在办理" in press(clerk, "call")  # refused: the window is busy
    assert "呼叫满" in press(clerk, "miss", ticket=first.ref)
    shown = press(clerk, "start", ticket=first.ref)
    assert f"{reverse('desk:receive')}?ticket={first.ref}" in shown
    assert "?service=" not in shown  # nobody can apply for this matter online
    sign = apply_address(get_hall("qj-centre"), Ticket(item="signboard", name="周小满"))
    assert sign.startswith(f"{reverse('desk:apply-for')}?service=qj-signboard")
    assert "name=" in sign

    address = f"{reverse('desk:receive')}?ticket={first.ref}"
    given = {"service": "qj-prepacked-food-notice", "applicant": "甲", "submitter": "周小满"}
    for wrong in (
        {"papers": "章程|0|原件"},
        {"papers": "a|1|原件|x"},
        {"papers": "a", "code": "1"},
    ):
        assert clerk.post(address, {**given, **wrong}).status_code == 422
    made = clerk.post(address, {**given, "papers": "采集表|1|原件\n照片 ｜ 2"})
    receipt = Receipt.objects.latest("pk")
    assert made.headers["Location"] == reverse("desk:receipt", args=[receipt.ref])
    assert [(one["copies"], one["original"]) for one in receipt.papers] == [(1, True), (2, False)]
    assert (receipt.ticket, receipt.number[:9]) == (first, f"S{clock.moment.year}-01-")
    assert receipt.number in page_of(clerk, "desk:receipt", receipt.ref)
    page = reverse("desk:receipt", args=[receipt.ref])
    assert client_of("registrar").get(page).status_code in (403, 404)
    approver = client_of("approver")
    assert "接收材料" in page_of(approver, "desk:receipt", receipt.ref)
    taken = approver.post(reverse("desk:receipt-take-over", args=[receipt.ref]))
    assert taken.status_code == 302
    assert "离岗" in press(clerk, "finish", ticket=first.ref)
    assert "先选择今天上岗的窗口" in press(clerk, "off")


@pytest.mark.one_database
def test_a_licence_is_brought_and_picked_up(clock: FrozenClock) -> None:
    approver, clerk = client_of("approver"), client_of("clerk")
    bring = {"hall": HALL, "what": "备案回执二", "holder": "甲", "origin": "case:x", "code": ""}
    assert approver.post(reverse("desk:pick-up-new"), bring).status_code == 302
    assert approver.post(reverse("desk:pick-up-new"), bring).status_code == 422
    waiting = PickUp.objects.latest("pk")
    address = reverse("desk:pick-up-hand-over", args=[waiting.ref])
    seen = {"receiver": "甲", "identity": "id_card", "signature": "pad"}
    assert clerk.post(address, {**seen, "identity_tail": "12"}).status_code == 422
    assert clerk.post(address, {**seen, "identity_tail": "123X"}).status_code == 302
    assert "****123X" in page_of(clerk, "desk:pick-up", waiting.ref)
    assert clerk.post(address, {**seen, "identity_tail": "123X"}).status_code == 422
    assert waiting.number in page_of(clerk, "desk:pick-ups", query="?done")
    assert waiting.number not in page_of(clerk, "desk:pick-ups")


@pytest.mark.one_database
def test_the_register_and_the_board_are_for_those_who_may(clock: FrozenClock) -> None:
    hall = client_of("hall")
    shares = page_of(hall, "desk:window-share", query="?day=2026-06-30")
    assert "61.5" in shares
    assert "清江区2026《综合窗口改革实施方案》" in shares
    assert client_of("hall").get(reverse("desk:counter")).status_code == 403
    assert client_of("clerk").get(reverse("desk:hall-boards")).status_code == 403
    board = page_of(hall, "desk:hall-board", HALL)
    assert "无人在岗" in board
    english = client_of("hall")
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Not staffed" in page_of(english, "desk:hall-board", HALL)
