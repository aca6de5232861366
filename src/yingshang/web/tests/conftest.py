"""An official with two mandates, and a browser-like client for each test."""

import pytest
from django.test import Client

from yingshang.parties.models import Account, Mandate, Organ, Person, Role

PASSWORD = "correct-horse-7"


@pytest.fixture
def account(db) -> Account:
    """Zhao, functional manager of the office and ordinary member of the bureau."""
    manager = Role.objects.create(
        key="manager", label="功能管理员", label_en="Manager", permissions=["web.style_guide"]
    )
    member = Role.objects.create(key="member", label="工作人员", label_en="Member", permissions=[])
    person = Person.objects.create(name="赵明远")
    for order, (key, role) in enumerate([("office", manager), ("bureau", member)]):
        organ = Organ.objects.create(
            key=key, name=f"示范区{key}", type="department", division="310199", order=order
        )
        Mandate.objects.create(person=person, organ=organ).roles.set([role])
    return Account.objects.create_user("zhao", PASSWORD, person)


def sign_in(client: Client, password: str = PASSWORD, username: str = "zhao", onward: str = ""):
    """Post the login form."""
    form = {"username": username, "password": password, "next": onward}
    return client.post("/login/", form, headers={"user-agent": "Mozilla (Windows) Chrome/120"})


@pytest.fixture
def signed_in(client: Client, account: Account) -> Client:
    """A browser in which Zhao signed in through the form."""
    assert sign_in(client).status_code == 302
    return client
