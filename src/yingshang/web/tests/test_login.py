"""Signing in: who gets in, what is told to whom does not, and where it leads."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from yingshang.ledger.models import Entry
from yingshang.parties.models import Account
from yingshang.web.models import SignedInSession
from yingshang.web.tests.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def test_signing_in_leads_to_the_desk_and_is_recorded(client: Client, account: Account) -> None:
    answer = sign_in(client)
    assert answer["Location"] == "/home/"
    assert client.get("/home/")["Location"] == "/desk/"
    session = SignedInSession.objects.get()
    assert (session.account, session.device) == (account, "Chrome · Windows")
    assert Entry.objects.get(kind="web.session_started").subject == f"account:{account.ref}"


def test_the_session_key_changes_at_sign_in(client: Client, account: Account) -> None:
    client.post("/login/", {"username": "x", "password": "y"})
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert not type(session)(before).exists(before)


def test_signing_in_over_another_account_leaves_nothing_of_it(
    signed_in: Client, account: Account
) -> None:
    session = signed_in.session
    session["mandate"] = "a mandate of zhao"
    session.save()
    Account.objects.create_user("qian", PASSWORD, account.person)
    sign_in(signed_in, username="qian")
    assert "mandate" not in signed_in.session


@pytest.mark.parametrize(
    ("username", "password"), [("zhao", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD)]
)
def test_every_failure_gets_the_same_answer(
    client: Client, account: Account, username: str, password: str
) -> None:
    closed = Account.objects.create_user("closed", PASSWORD, account.person)
    closed.is_active = False
    closed.save()
    answer = sign_in(client, password, username)
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.text
    assert "_auth_user_id" not in client.session


def test_every_failure_takes_the_same_work(
    client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    sign_in(client, "wrong")
    known = len(hashed)
    sign_in(client, "wrong", "nobody")
    assert len(hashed) - known == known > 0


def test_five_failures_lock_the_name_from_that_address(client: Client, account: Account) -> None:
    for _ in range(4):
        assert sign_in(client, "wrong").status_code == 422
    locked = sign_in(client, "wrong")
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "十五分钟" in locked.text
    assert sign_in(client).status_code == 429, "the right password does not open a locked door"
    Account.objects.create_user("qian", PASSWORD, account.person)
    assert sign_in(client, username="qian").status_code == 302, "others can still sign in"


def test_the_lock_opens_after_a_quarter_of_an_hour(client: Client, account: Account) -> None:
    from axes.models import AccessAttempt

    for _ in range(5):
        sign_in(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_guessing_one_name_from_many_addresses_is_stopped(
    client: Client, account: Account, settings
) -> None:
    settings.LOGIN_FAILURES_PER_NAME = 9
    for place in range(3):
        client.defaults["REMOTE_ADDR"] = f"10.0.0.{place}"
        for _ in range(3):
            assert sign_in(client, "wrong").status_code == 422
    client.defaults["REMOTE_ADDR"] = "10.9.9.9"
    assert sign_in(client).status_code == 429


def test_spraying_many_names_from_one_address_is_stopped(
    client: Client, account: Account, settings
) -> None:
    settings.LOGIN_FAILURES_PER_ADDRESS = 8
    for number in range(8):
        assert sign_in(client, "Spring2026!", f"name{number}").status_code == 422
    assert sign_in(client).status_code == 429
    client.defaults["REMOTE_ADDR"] = "10.9.9.9"
    assert sign_in(client).status_code == 302


def test_a_successful_sign_in_forgets_the_failures(client: Client, account: Account) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(client, "wrong")
        assert sign_in(client).status_code == 302
        client.logout()


@pytest.mark.parametrize(
    ("onward", "target"),
    [
        ("/desk/components/?sort=due", "/desk/components/?sort=due"),
        ("https://elsewhere.example/", "/home/"),
        ("//elsewhere.example/", "/home/"),
        ("/\\elsewhere.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
        ("desk:home", "/home/"),
        ("nowhere", "/home/"),
        ("/\t/elsewhere.example/", "/home/"),
        ("", "/home/"),
    ],
)
def test_signing_in_leads_on_only_within_the_site(
    client: Client, account: Account, onward: str, target: str
) -> None:
    assert sign_in(client, onward=onward)["Location"] == target


def test_a_page_that_needs_an_account_asks_for_it_and_comes_back(client: Client) -> None:
    answer = client.get("/desk/components/?a=1")
    assert answer["Location"] == "/login/?next=%2Fdesk%2Fcomponents%2F%3Fa%3D1"
    assert 'value="/desk/components/?a=1"' in client.get(answer["Location"]).text


def test_the_password_never_comes_back_or_into_the_ledger(client: Client, account: Account) -> None:
    from yingshang.ledger.models import Payload

    assert "a-typed-secret" not in sign_in(client, "a-typed-secret").text
    sign_in(client)
    assert not Payload.objects.filter(body__contains=PASSWORD).exists()


@pytest.mark.parametrize("username", ["a\x00b", "x" * 500, ""])
def test_hostile_input_is_refused_plainly(client: Client, username: str) -> None:
    assert sign_in(client, username=username).status_code == 422


def test_signing_in_needs_the_forms_token(account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = sign_in(strict)
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


def test_a_one_time_password_must_be_replaced_first(client: Client, account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(must_change_password=True)
    sign_in(client)
    for where in ("/desk/", "/account/", "/"):
        assert client.get(where)["Location"] == "/account/password/"
    assert "一次性密码" in client.get("/account/password/").text
    new = "another-horse-8"
    client.post("/account/password/", {"current": PASSWORD, "new": new, "again": new})
    assert sign_in(client, new).status_code == 302
    assert client.get("/desk/").status_code == 200
