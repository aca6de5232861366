"""The frame: navigation by access, one current entry, breadcrumbs, blocks."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from yingshang.kernel.times import now
from yingshang.parties.models import Account, Mandate, Person, Role
from yingshang.web.access import Anyone, Needs
from yingshang.web.blocks import BLOCKS, home_block

pytestmark = pytest.mark.django_db


def navigation(text: str) -> list[str]:
    side = text.split('<div class="side">')[1].split("</nav>")[0]
    return re.findall(r'<a href="([^"]+)"', side)


def test_the_navigation_names_only_what_may_be_opened(signed_in: Client) -> None:
    for address in navigation(signed_in.get("/desk/").text):
        assert signed_in.get(address).status_code == 200, address


def test_what_may_not_be_opened_is_not_in_the_navigation(
    signed_in: Client, account: Account
) -> None:
    assert "/desk/components/" in navigation(signed_in.get("/desk/").text)
    other = account.person.mandates.get(organ__key="bureau")
    signed_in.post("/mandate/", {"mandate": other.ref})
    assert "/desk/components/" not in navigation(signed_in.get("/desk/").text)


def test_one_entry_is_the_current_one(signed_in: Client) -> None:
    text = signed_in.get("/desk/components/").text
    side = text.split('<div class="side">')[1].split("</nav>")[0]
    assert side.count("aria-current") == 1
    assert 'href="/desk/components/" aria-current="page"' in side


def test_breadcrumbs_lead_up_to_the_home(signed_in: Client) -> None:
    crumbs = signed_in.get("/account/password/").text.split('class="crumbs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/desk/", "/account/"]
    assert '<li aria-current="page">修改密码</li>' in crumbs


@pytest.fixture
def block():
    """Register blocks for a test only."""
    before = dict(BLOCKS._things)
    yield home_block
    BLOCKS._things.clear()
    BLOCKS._things.update(before)


def test_blocks_stand_in_order_and_by_access(signed_in: Client, block) -> None:
    @block("desk:home", order=902, access=Anyone())
    def second(request):
        return "<p>second-block</p>"

    @block("desk:home", order=901, access=Needs("web.style_guide"))
    def first(request):
        return "<p>first-block</p>"

    @block("desk:home", order=903, access=Needs("nobody.has_this"))
    def hidden(request):
        return "<p>hidden-block</p>"

    @block("desk:home", order=904)
    def silent(request):
        return "  "

    text = signed_in.get("/desk/").text
    assert text.index("first-block") < text.index("second-block")
    assert "hidden-block" not in text


def test_a_page_of_the_shell_costs_few_queries(
    signed_in: Client, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(4):
        signed_in.get("/desk/components/")


def test_the_front_page_needs_no_account_and_sets_no_session(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_whom_one_acts_for_is_named_in_the_readers_language(
    signed_in: Client, account: Account
) -> None:
    organ = account.person.mandates.get(organ__key="office").organ
    organ.name_en = "Business Environment Office"
    organ.save()
    assert "Business Environment Office" not in signed_in.get("/desk/").text
    signed_in.post("/language/", {"language": "en"})
    assert "Business Environment Office" in signed_in.get("/desk/").text


def test_who_acts_is_asked_afresh_on_every_page(signed_in: Client, account: Account) -> None:
    assert "赵明远" in signed_in.get("/account/").text
    Person.objects.filter(pk=account.person_id).update(name="赵改名")
    Role.objects.filter(key="manager").update(label="新角色")
    text = signed_in.get("/account/").text
    assert "赵改名" in text
    assert "新角色" in text
    Mandate.objects.filter(person=account.person_id).update(revoked_at=now())
    assert "新角色" not in signed_in.get("/account/").text
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert signed_in.get("/account/").status_code == 302


def test_an_expired_session_is_no_session(signed_in: Client) -> None:
    assert signed_in.get("/account/").status_code == 200
    Session.objects.update(expire_date=now())
    assert signed_in.get("/account/").status_code == 302
