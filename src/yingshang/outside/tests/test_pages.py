"""What officials see of outside bodies in the demonstration, and what they can do there."""

import pytest
from django.test import Client

from tests.demonstration import build_demonstration, client_of
from yingshang.outside.models import Difference, Request, Stuck
from yingshang.outside.simulators.models import SimulatedBehaviour

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(db: None) -> None:
    build_demonstration()


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_an_officer_sees_bodies_requests_and_what_is_stuck() -> None:
    client = client_of("approver")
    overview = text(client, "/desk/outside/")
    assert "住房公积金管理中心" in overview
    assert "区国库支付中心" in overview
    body = text(client, "/desk/outside/bodies/tax-bureau/?state=done")
    assert "核定发票额度" in body
    assert "目前由平台模拟" in body
    assert "全部一致" in text(client_of("admin"), "/desk/outside/bodies/tax-bureau/")
    assert "没有符合条件的请求" in text(client, "/desk/outside/bodies/tax-bureau/?state=open")
    stuck = Request.objects.get(stuck=Stuck.CONTRADICTED)
    assert f"/desk/outside/requests/{stuck.ref}/" in text(client, "/desk/outside/stuck/")
    page = text(client, f"/desk/outside/requests/{stuck.ref}/")
    assert "与先前答复矛盾，未采用" in page
    assert "没有重复生效" in page


def test_sensitive_values_are_only_said_to_exist() -> None:
    seals = Request.objects.get(body="seal-maker", about__startswith="subject:")
    page = text(client_of("approver"), f"/desk/outside/requests/{seals.ref}/")
    assert "公章、财务专用章" in page
    assert "敏感信息，不显示" in page
    assert "13800000000" not in page


def test_an_officer_settles_a_contradiction_and_a_difference_with_grounds() -> None:
    client = client_of("approver")
    stuck = Request.objects.get(stuck=Stuck.CONTRADICTED)
    address = f"/desk/outside/requests/{stuck.ref}/contradiction/"
    assert client.post(address, {"ground": ""}).status_code == 422
    assert client.post(address, {"ground": "与经办机构核实"}).status_code == 302
    assert "与经办机构核实" in text(client, f"/desk/outside/requests/{stuck.ref}/")
    assert "没有滞留的请求" in text(client, "/desk/outside/stuck/")
    difference = Difference.objects.get(closed_at=None)
    assert "对方重复办理" in text(client, "/desk/outside/differences/")
    client.post(f"/desk/outside/differences/{difference.ref}/close/", {"ground": "已撤销一户"})
    assert "没有差异" in text(client, "/desk/outside/differences/")
    assert "已撤销一户" in text(client, "/desk/outside/differences/?state=closed")


def test_an_officer_records_an_answer_by_hand() -> None:
    client = client_of("approver")
    seals = Request.objects.get(body="seal-maker", about__startswith="subject:")
    address = f"/desk/outside/requests/{seals.ref}/answer/"
    given = {"status": "done", "done-seal_number": "3397050000001", "ground": "对方来函"}
    assert "制作完成日期" in client.post(address, given).content.decode()
    given["done-made_on"] = "2026-11-02"
    assert client.post(address, given).status_code == 302
    page = text(client, f"/desk/outside/requests/{seals.ref}/")
    assert "人工登记" in page
    assert "2026年11月2日" in page
    assert client.post(address, given).status_code == 422


def test_other_organs_and_the_public_see_nothing_of_it() -> None:
    seals = Request.objects.get(body="seal-maker", about__startswith="subject:")
    clerk = client_of("clerk")
    assert "没有符合条件的请求" in text(clerk, "/desk/outside/bodies/seal-maker/?state=open")
    text(clerk, f"/desk/outside/requests/{seals.ref}/", 404)
    text(clerk, f"/desk/outside/requests/{seals.ref}/answer/", 403)
    text(client_of("legal"), "/desk/outside/", 403)
    assert Client().get("/desk/outside/").status_code == 302


def test_the_administrator_sets_how_a_simulated_body_behaves() -> None:
    admin = client_of("admin")
    address = "/desk/outside/bodies/bank/simulator/"
    zero = dict.fromkeys(
        ("late_seconds", "repeat", "mute_first", "down_first", "down_minutes"), "0"
    )
    answer = admin.post(address, {**zero, "refuse": "branch_full", "down_minutes": "30"})
    assert answer.status_code == 302
    row = SimulatedBehaviour.objects.get(body="bank")
    assert (row.behaviour["refuse"], row.behaviour["accept_first"]) == ("branch_full", False)
    assert "停机到" in text(admin, address)
    assert admin.post("/desk/outside/bodies/bank/run/").status_code == 302
    assert Request.objects.get(body="bank", about__startswith="subject:").delivery == "waiting"
    assert admin.post("/desk/outside/bodies/bank/reset/").status_code == 302
    admin.post("/desk/outside/bodies/bank/run/")
    assert Request.objects.get(body="bank", about__startswith="subject:").tries == 1
    text(client_of("approver"), address, 403)
