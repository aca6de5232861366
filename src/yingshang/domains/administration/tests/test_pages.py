"""Letting people act and stopping them, as the enterprise and the offices do it in the demonstration."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.demonstration import build_demonstration, client_of
from yingshang.kernel.times import frozen, now, today
from yingshang.parties.models import Account, Mandate, Subject

pytestmark = pytest.mark.django_db
PASSWORD = "paper-lantern-42"


@pytest.fixture(autouse=True)
def demonstration() -> None:
    build_demonstration()


def mandate_of(username: str) -> Mandate:
    return Mandate.objects.get(person__accounts__username=username)


def roles_offered(client: Client, page: str) -> list[str]:
    return re.findall(r'name="roles" value="([^"]+)"', client.get(reverse(page)).text)


def signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def open_colleague(legal: Client) -> str:
    """Let the legal representative open an account; return the one-time password shown."""
    page = reverse("portal:new-colleague")
    given = {
        "name": "沈小月",
        "username": "shenxiaoyue",
        "roles": roles_offered(legal, "portal:new-colleague")[:1],
    }
    shown = legal.post(page, given, follow=True).text
    found = re.search(r"一次性密码：(\S+?)。", shown)
    assert found, shown
    return found[1]


def test_a_colleague_gets_an_account_whose_password_is_shown_once() -> None:
    legal = client_of("legal")
    password = open_colleague(legal)
    assert password not in legal.get(reverse("portal:authorisations")).text
    assert "沈小月" in legal.get(reverse("portal:authorisations")).text
    colleague = Client()
    colleague.post("/login/", {"username": "shenxiaoyue", "password": password})
    assert not signed_in(colleague), "a one-time password opens nothing but its own change"
    changed = {"current": password, "new": PASSWORD, "again": PASSWORD}
    colleague.post(reverse("password"), changed)
    colleague.post("/login/", {"username": "shenxiaoyue", "password": PASSWORD})
    assert signed_in(colleague)
    company = Subject.objects.get(mandates__person__accounts__username="legal").name
    assert company in colleague.get("/").text


def test_what_an_enterprise_takes_back_is_gone_at_the_next_click() -> None:
    legal, handler = client_of("legal"), client_of("handler")
    company = mandate_of("handler").subject
    assert company is not None
    assert company.name in handler.get("/account/").text
    page = reverse("portal:revoke-authorisation", args=[mandate_of("handler").ref])
    assert legal.post(page, {"reason": ""}).status_code == 422
    assert legal.post(page, {"reason": "调离岗位"}).status_code == 302
    assert company.name not in handler.get("/account/").text


def test_nobody_takes_back_what_another_enterprise_gave() -> None:
    page = reverse("portal:revoke-authorisation", args=[mandate_of("legal2").ref])
    assert client_of("legal").post(page, {"reason": "试一试"}).status_code == 404
    assert mandate_of("legal2").revoked_at is None


def test_an_office_gives_no_role_that_it_may_not_give() -> None:
    window = client_of("bureauadmin")
    given = {"username": "bureau", "roles": ["administrator"]}
    assert window.post(reverse("desk:new-mandate"), given).status_code == 422
    assert Mandate.objects.filter(person__accounts__username="bureau").count() == 1


def test_a_mandate_cannot_end_before_it_begins() -> None:
    window = client_of("bureauadmin")
    given = {
        "username": "bureau",
        "roles": roles_offered(window, "desk:new-mandate")[:1],
        "valid_from": today().isoformat(),
        "valid_to": (today() - timedelta(days=1)).isoformat(),
    }
    assert window.post(reverse("desk:new-mandate"), given).status_code == 422


def test_a_disabled_account_is_out_at_once_and_back_when_enabled() -> None:
    admin, bureau = client_of("admin"), client_of("bureau")
    assert signed_in(bureau)
    ref = Account.objects.get(username="bureau").ref
    admin.post(reverse("desk:disable-account", args=[ref]), {"reason": "离职"})
    assert not signed_in(bureau)
    admin.post(reverse("desk:enable-account", args=[ref]), {"reason": "返岗"})
    assert not Account.objects.get(username="bureau").sessions.filter(ended_at=None).exists()
    assert signed_in(client_of("bureau"))


def test_nobody_acts_for_an_enterprise_that_has_ended() -> None:
    handler = client_of("handler")
    company = mandate_of("handler").subject
    assert company is not None
    page = reverse("desk:cancel-enterprise", args=[company.ref])
    given = {"on": today().isoformat(), "ground": "股东会决议解散，清算完毕"}
    assert client_of("registrar").post(page, given).status_code == 302
    assert company.name in handler.get("/account/").text, "the day itself still counts"
    with frozen(now() + timedelta(days=1)):
        assert company.name not in handler.get("/account/").text
