"""What a firm reads of its claims: on its own page, and while it chooses what to apply for."""

import re

import pytest
from django.urls import reverse

from tests.demonstration import build_demonstration, client_of
from yingshang.domains.claims.acting import move_on, organ_actor
from yingshang.domains.claims.lists import progress
from yingshang.domains.claims.lists.parts import work_lists
from yingshang.domains.claims.models import ClaimList

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def demonstration() -> None:
    build_demonstration()


def test_the_own_page_shows_claims_under_way() -> None:
    own = client_of("handler").get(reverse("portal:mine")).content.decode()
    block = own.split("兑现中的政策")[1].split("</section>")[0]
    assert "初创制造企业场地补贴" in block
    assert "数字化改造补助" not in block


def test_what_was_claimed_already_and_what_one_cannot_have_stands_apart() -> None:
    firm = client_of("handler")
    shown = firm.get(reverse("portal:claim-items")).content.decode()
    open_, rest = shown.split("已经申报过或者不符合的")
    assert "稳增长奖励" in open_
    assert "数字化改造补助" not in open_
    assert "同一期间已有一项“数字化改造补助”" in rest
    assert '<details class="panel fold">' in shown
    ticked = firm.get(reverse("portal:claim-items"), {"item": "digital-upgrade"})
    assert '<details class="panel fold" open>' in ticked.content.decode()


def test_an_account_from_which_money_came_back_is_not_offered_again() -> None:
    firm = client_of("legal2")
    listed = firm.get(reverse("portal:claims"))
    offered = next(one for one in listed.context["lines"] if one.claim.case.state == "offered")
    page = firm.get(reverse("portal:claim", args=[offered.claim.ref])).content.decode()
    assert "填写收款账户并确认" in page
    assert "确认，付到" not in page
    address = reverse("portal:confirm-claim", args=[offered.claim.ref])
    assert firm.post(address, {"last": "1"}).status_code == 422
    given = {"bank": "云州银行清江支行", "number": "6222000011113333"}
    assert firm.post(address, given).status_code == 302
    page = firm.get(reverse("portal:claim", args=[offered.claim.ref])).content.decode()
    assert "3333" in page


def test_an_expert_reads_until_when_to_score() -> None:
    expert = client_of("expert")
    assert "日</time>前交表" in expert.get("/").content.decode()
    listed = expert.get(reverse("portal:reviews")).content.decode()
    assert "前交表" in listed
    sheet = re.search(r'href="(/reviews/\w+/)"', listed)
    assert sheet is not None
    assert "前交表" in expert.get(sheet[1]).content.decode()


def test_the_page_of_a_long_list_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "AT_ONCE", 0)
    listed = ClaimList.objects.select_related("organ").get(sort="automatic")
    offered = listed.claims.filter(case__state="offered").count()
    assert offered
    move_on(organ_actor(listed.organ), listed.case_id, "confirming_over")
    address = reverse("desk:claim-list", args=[listed.ref])
    assert f"已办 0 / {offered} 户" in client_of("claims").get(address).content.decode()
    work_lists()
    after = client_of("claims").get(address).content.decode()
    assert "已办" not in after
    assert "待公示或决定" in after
