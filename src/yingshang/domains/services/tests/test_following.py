"""Small pages beside an application: whether a name is free, and in whose name to go on."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.demonstration import build_demonstration, client_of
from yingshang.cases.models import Case
from yingshang.domains.services.applying.places import covering
from yingshang.domains.services.catalogue.reading import list_services
from yingshang.parties.models import Subject
from yingshang.parties.selectors import ONESELF

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(600)]


def test_anybody_learns_whether_a_name_is_free_and_why_not() -> None:
    build_demonstration()
    page, taken = reverse("portal:enterprise-names"), Subject.objects.exclude(code=None)[0].name
    asked = Client().get(page, {"name": "云州清江无人用过科技有限公司"}).content.decode()
    assert "可以用" in asked
    assert (
        "一次申请"
        in Client().get(reverse("portal:one-matter-guide", args=["start-up"])).content.decode()
    )
    refused = Client().get(page, {"name": taken}).content.decode()
    assert "不能用" in refused
    assert "已有企业使用这个名称" in refused
    told = Client().get(page, {"name": "云州税务局最佳"}).content.decode()
    assert told.count("含有“") == 2
    assert Client().get(page, {"name": " "}).status_code == 422


def test_a_founder_is_led_to_act_in_the_name_of_the_new_enterprise() -> None:
    build_demonstration()
    case = Case.objects.filter(procedure="through-outside-body", state="refused").order_by("pk")[0]
    page = reverse("portal:application", args=[case.ref])
    browser = client_of("founder")
    browser.post(reverse("mandate"), {"mandate": ONESELF})
    seen = browser.get(page).content.decode()
    assert f"切换到“{case.subject.name}”" in seen
    ref = re.search(r'name="mandate" value="(\w+)">切换到', seen)
    assert ref
    switched = browser.post(reverse("mandate"), {"mandate": ref[1], "next": page})
    assert switched["Location"] == page
    after = browser.get(page).content.decode()
    assert "切换到“" not in after
    assert "以企业的名义继续办理" not in after


def test_some_services_are_read_as_among_all() -> None:
    build_demonstration()
    every = list_services()
    wanted = {every[0].key, every[-1].key, "no-such-service"}
    found = [one.version.pk for one in list_services(keys=wanted)]
    assert found == [one.version.pk for one in every if one.key in wanted]
    assert list_services(keys=()) == []


def test_a_flat_is_handled_by_the_street_of_the_address() -> None:
    build_demonstration()
    streets = [one for one in list_services() if one.item.key == "talent-housing"]
    found = {
        address: covering(address, streets)
        for address in ("清江区柳溪路 8 号", "清江科创园创新路 2 号", "外地某路 1 号")
    }
    assert [one.organ.key if one else None for one in found.values()] == [
        "qj-liuxi", "qj-science-park", None,
    ]  # fmt: skip


def test_filters_say_how_many_conditions_are_set() -> None:
    build_demonstration()
    browser, page = client_of("approver"), reverse("desk:worklist")
    folded = re.search(r"<summary>.*?</summary>", browser.get(page).content.decode(), re.DOTALL)
    assert folded
    assert "个条件" not in folded[0]
    narrowed = browser.get(page, {"procedure": "permit", "light": "green", "since": "3"})
    assert re.search(r"<summary>.*?2 个条件.*?</summary>", narrowed.content.decode(), re.DOTALL)
