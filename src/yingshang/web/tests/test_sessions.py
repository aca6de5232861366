"""Sessions end when they should, and their owner sees them."""

import time

import pytest
from django.conf import settings
from django.test import Client

from yingshang.kernel.times import now
from yingshang.ledger.models import Entry
from yingshang.parties.models import Account, Mandate
from yingshang.web.models import SignedInSession
from yingshang.web.tests.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
NEW = "another-horse-8"


@pytest.fixture
def elsewhere(signed_in: Client, account: Account) -> Client:
    """A second browser of the same account."""
    other = Client()
    sign_in(other)
    return other


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_signing_out_ends_the_session_for_good(signed_in: Client) -> None:
    key = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    assert signed_in.post("/logout/")["Location"] == "/"
    signed_in.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_in(signed_in)
    assert SignedInSession.objects.get().ended_at is not None
    assert Entry.objects.filter(kind="web.session_ended").count() == 1


def test_signing_out_by_a_link_is_refused_with_a_page(signed_in: Client) -> None:
    answer = signed_in.get("/logout/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "请从页面上的按钮进入" in answer.text
    assert is_in(signed_in)


def test_the_account_shows_where_it_is_signed_in(signed_in: Client, elsewhere: Client) -> None:
    text = signed_in.get("/account/").text
    assert text.count("Chrome · Windows") == 2
    assert text.count("本机") == 1


def test_one_device_is_signed_out_from_another(signed_in: Client, elsewhere: Client) -> None:
    mine = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    other = SignedInSession.objects.exclude(key=mine).get()
    signed_in.post(f"/account/sessions/{other.ref}/end/")
    assert is_in(signed_in)
    assert not is_in(elsewhere)


def test_nobody_ends_the_session_of_another_account(signed_in: Client, account: Account) -> None:
    Account.objects.create_user("qian", PASSWORD, account.person)
    stranger = Client()
    sign_in(stranger, username="qian")
    mine = SignedInSession.objects.get(account=account)
    assert stranger.post(f"/account/sessions/{mine.ref}/end/").status_code == 404
    assert is_in(signed_in)
    assert mine.ref not in stranger.get("/account/").text


def test_signing_out_everywhere_ends_every_session(signed_in: Client, elsewhere: Client) -> None:
    assert signed_in.post("/account/sessions/end-all/")["Location"] == "/login/"
    assert not is_in(signed_in)
    assert not is_in(elsewhere)
    assert sign_in(signed_in).status_code == 302


def test_a_session_that_nobody_listed_ends_with_the_others(
    signed_in: Client, account: Account
) -> None:
    unlisted = Client()
    unlisted.force_login(account)
    assert is_in(unlisted)
    signed_in.post("/account/sessions/end-all/")
    assert not is_in(unlisted)


def test_an_idle_session_ends(signed_in: Client) -> None:
    session = signed_in.session
    session["seen_at"] = int(time.time()) - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert not is_in(signed_in)


def test_use_keeps_a_session_alive_and_is_noted(signed_in: Client) -> None:
    session = signed_in.session
    session["seen_at"] = int(time.time()) - 120
    session.save()
    long_ago = now().replace(year=2020)
    SignedInSession.objects.update(seen_at=long_ago)
    assert is_in(signed_in)
    assert signed_in.session["seen_at"] > time.time() - 5
    assert SignedInSession.objects.get().seen_at > long_ago


def test_the_cookie_is_kept_from_scripts_and_other_sites(signed_in: Client) -> None:
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) <= 12 * 60 * 60


def test_pages_of_somebody_signed_in_are_not_kept(signed_in: Client, client: Client) -> None:
    assert signed_in.get("/account/")["Cache-Control"] == "private, no-store"


def change(client: Client, current: str, new: str, again: str | None = None):
    form = {"current": current, "new": new, "again": new if again is None else again}
    return client.post("/account/password/", form)


def test_a_new_password_signs_every_device_out(signed_in: Client, elsewhere: Client) -> None:
    assert change(signed_in, PASSWORD, NEW)["Location"] == "/login/"
    assert not is_in(signed_in)
    assert not is_in(elsewhere)
    assert sign_in(signed_in).status_code == 422
    assert sign_in(signed_in, NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "当前密码不正确"),
        (PASSWORD, NEW, "something-else-9", "两次输入的新密码不一致"),
        (PASSWORD, "short", "short", "密码"),
        (PASSWORD, "password123", "password123", "密码"),
    ],
)
def test_an_unsuitable_password_is_refused_beside_its_field(
    signed_in: Client, current: str, new: str, again: str, said: str
) -> None:
    answer = change(signed_in, current, new, again)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert is_in(signed_in)


def test_switching_the_mandate_changes_what_is_allowed(signed_in: Client, account: Account) -> None:
    assert signed_in.get("/desk/components/").status_code == 200
    other = Mandate.objects.get(organ__key="bureau")
    signed_in.post("/mandate/", {"mandate": other.ref})
    refused = signed_in.get("/desk/components/")
    assert refused.status_code == 403
    assert "请在右上角切换" in refused.text


def test_whoever_has_mandates_may_act_for_oneself_and_come_back(
    signed_in: Client, account: Account
) -> None:
    page = signed_in.get("/desk/").text
    assert "本人（" in page
    answer = signed_in.post("/mandate/", {"mandate": "self", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert signed_in.get("/desk/components/").status_code == 403
    first = Mandate.objects.exclude(organ__key="bureau").order_by("pk")[0]
    signed_in.post("/mandate/", {"mandate": first.ref})
    assert signed_in.get("/desk/components/").status_code == 200
    away = signed_in.post("/mandate/", {"mandate": "self", "next": "//elsewhere.example/"})
    assert away["Location"].startswith("/home")


def test_a_mandate_of_somebody_else_or_a_revoked_one_cannot_be_taken(
    signed_in: Client, account: Account
) -> None:
    Mandate.objects.filter(organ__key="bureau").update(revoked_at=now())
    revoked = Mandate.objects.get(organ__key="bureau")
    assert signed_in.post("/mandate/", {"mandate": revoked.ref}).status_code == 404
    assert signed_in.post("/mandate/", {"mandate": "nothing"}).status_code == 404
    assert signed_in.get("/desk/components/").status_code == 200


def test_a_revoked_mandate_ends_at_once(signed_in: Client) -> None:
    Mandate.objects.all().update(revoked_at=now())
    assert signed_in.get("/desk/").status_code == 403
    assert "没有有效的授权" in signed_in.get("/account/").text
