"""The officials' pages: what they show, what they let be done, and what they refuse."""

import re
from datetime import date, datetime

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yingshang.cases.actions import act
from yingshang.cases.labels import light_text
from yingshang.cases.models import Case
from yingshang.cases.panels import PANELS, case_panel
from yingshang.cases.procedure import Procedure
from yingshang.cases.tests.conftest import TRIAL, Town, store
from yingshang.documents.models import Attachment
from yingshang.kernel.times import SHANGHAI, frozen
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account

pytestmark = pytest.mark.django_db

EVIDENCE = {"key": "proof", "label": "佐证", "label_en": "Proof", "type": "evidence"}
PROVE = {
    "key": "prove", "label": "举证", "label_en": "Prove", "from": ["new", "work"],
    "by": [{"permission": "cases.handle", "relation": "holder"}],
    "fields": [{"field": "proof", "required": True}, {"field": "note", "required": True}],
}  # fmt: skip


@pytest.fixture
def town(town: Town) -> Town:
    """The town, with a procedure that takes evidence as well."""
    body = {**TRIAL, "fields": [*TRIAL["fields"], EVIDENCE], "actions": [*TRIAL["actions"], PROVE]}
    store(Procedure.model_validate(body))
    return town


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        Account.objects.get(pk=actor.account_id), settings.AUTHENTICATION_BACKENDS[-1]
    )
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden(client: Client, address: str) -> dict[str, str]:
    """Return the hidden inputs of the form at an address, as a browser would send them."""
    page = client.get(address)
    assert page.status_code == 200
    form = page.context["form"]
    return {
        field.name: field.value() for field in form.hidden_fields() if field.value() is not None
    }


def test_the_weekend_after_a_deadline_is_late_by_no_working_day(town: Town) -> None:
    case = town.open(title="甲事")
    case.due_on = date(2030, 1, 4)
    with frozen(datetime(2030, 1, 5, 9, tzinfo=SHANGHAI)):
        assert light_text(case) == "已逾期"
    with frozen(datetime(2030, 1, 7, 9, tzinfo=SHANGHAI)):
        assert light_text(case) == "逾期 1 个工作日"


def test_the_worklist_shows_what_waits_and_is_narrowed(town: Town) -> None:
    case = town.open(title="甲事", data={"due": "2030-01-04"})
    town.open(title="乙事")
    clerk = browser(town.clerk)
    shown = text_of(clerk.get("/desk/worklist/"))
    assert "甲事" in shown
    assert "新收" in shown
    assert "工作日" in shown
    assert "甲事" not in text_of(clerk.get("/desk/worklist/?light=overdue"))
    assert "没有待办" in text_of(clerk.get("/desk/worklist/?procedure=none&light=paused"))
    assert clerk.get("/desk/worklist/?organ=nonsense&light=none").status_code == 200
    assert clerk.get("/desk/worklist/?from=nonsense").status_code == 422
    assert "甲事" in text_of(clerk.get("/desk/"))
    assert "没有待办" in text_of(browser(town.office).get("/desk/worklist/"))
    assert case.title in text_of(browser(town.office).get("/desk/cases/"))


def test_the_case_page_shows_what_may_be_done_and_what_happened(town: Town) -> None:
    case = town.open(data={"due": "2030-01-04"})
    clerk = browser(town.clerk)
    page = clerk.get(f"/desk/cases/{case.ref}/")
    shown = text_of(page)
    for words in ("一件事", "试办", "新收", "2030年1月4日", "立案", "法定", "承诺", "开始", "转办"):
        assert words in shown
    assert "改期" not in shown
    assert "改期" in text_of(browser(town.office).get(f"/desk/cases/{case.ref}/"))


def test_an_action_is_asked_for_and_done(town: Town) -> None:
    case = town.open()
    clerk = browser(town.clerk)
    address = f"/desk/cases/{case.ref}/do/start/"
    sent = hidden(clerk, address)
    answer = clerk.post(address, {**sent, "note": "看过"}, follow=True)
    assert "已办理：开始" in text_of(answer)
    assert "看过" in text_of(answer)
    case.refresh_from_db()
    assert (case.state, case.data) == ("work", {"note": "看过"})
    clerk.post(address, {**sent, "note": "看过"})
    assert case.events.count() == 2


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_written(town: Town) -> None:
    case = town.open()
    office = browser(town.office)
    address = f"/desk/cases/{case.ref}/do/move_date/"
    sent = hidden(office, address)
    answer = office.post(address, {**sent, "reason": "因故"})
    assert answer.status_code == 422
    assert "因故" in answer.content.decode()
    assert answer.context["form"].errors["due"]
    case.refresh_from_db()
    assert case.seq == 1


def test_who_was_slower_is_told_what_changed(town: Town) -> None:
    case = town.open()
    clerk = browser(town.clerk)
    address = f"/desk/cases/{case.ref}/do/start/"
    sent = hidden(clerk, address)
    act(town.actor("b", "cases.read", "cases.handle", name="丁"), case=case.ref, action="start")
    answer = clerk.post(address, sent)
    assert answer.status_code == 422
    assert "办理“开始”；现在的状态是“办理”" in text_of(answer)


@pytest.mark.parametrize("path", ["", "do/start/", "open/trial/"])
def test_whom_it_does_not_concern_finds_nothing(town: Town, path: str) -> None:
    case = town.open()
    stranger = browser(town.stranger)
    assert stranger.get(f"/desk/cases/{case.ref}/{path}").status_code == 404
    assert stranger.get(f"/desk/cases/nothing/{path}").status_code == 404
    if path:
        assert stranger.post(f"/desk/cases/{case.ref}/{path}").status_code == 404


def test_what_cannot_be_done_is_refused(town: Town) -> None:
    case = town.open()
    clerk, office = browser(town.clerk), browser(town.office)
    assert clerk.get(f"/desk/cases/{case.ref}/do/nothing/").status_code == 422
    assert clerk.get(f"/desk/cases/{case.ref}/do/finish/").status_code == 302
    sent = hidden(clerk, f"/desk/cases/{case.ref}/do/start/")
    answer = office.post(f"/desk/cases/{case.ref}/do/start/", {**sent, "idempotency_key": "x"})
    assert answer.status_code == 422
    assert "应由其他单位" in text_of(answer)
    answer = clerk.post(f"/desk/cases/{case.ref}/do/finish/", {**sent, "idempotency_key": "y"})
    assert "不能“办结”" in text_of(answer)
    assert clerk.put(f"/desk/cases/{case.ref}/do/start/").status_code == 405


def test_without_the_permission_the_pages_are_closed(town: Town) -> None:
    client = browser(town.actor("b", "cases.handle"))
    assert client.get("/desk/worklist/").status_code == 403
    assert Client().get("/desk/worklist/").status_code == 302


def test_evidence_is_uploaded_kept_over_a_refusal_and_handed_out_to_those_concerned(
    town: Town,
) -> None:
    case = town.open()
    clerk = browser(town.clerk)
    address = f"/desk/cases/{case.ref}/do/prove/"
    sent = hidden(clerk, address)
    proof = SimpleUploadedFile("../名单.pdf", b"%PDF-1.7 list")
    refused = clerk.post(address, {**sent, "proof": proof})
    assert refused.status_code == 422
    assert not Attachment.objects.exists()
    wrong = SimpleUploadedFile("名单.pdf", b"MZ\x90\x00\x03")
    refused = clerk.post(address, {**sent, "proof": wrong, "note": "见附件"})
    assert "不是可以接收的类型" in text_of(refused)
    proof = SimpleUploadedFile("../名单.pdf", b"%PDF-1.7 list")
    Case.objects.filter(pk=case.pk).update(seq=1)
    refused = clerk.post(
        address, {**sent, "proof": proof, "note": "见附件", "occurred_at": "2999-01-01T10:00"}
    )
    assert "名单.pdf" in text_of(refused)
    kept = {f.name: f.value() for f in refused.context["form"].hidden_fields() if f.value()}
    answer = clerk.post(address, {**kept, "note": "见附件"}, follow=True)
    assert "名单.pdf" in text_of(answer)
    made = Attachment.objects.get()
    got = clerk.get(f"/attachments/{made.ref}/")
    assert got.content == b"%PDF-1.7 list"
    assert got["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in got["Content-Security-Policy"]
    assert browser(town.office).get(f"/attachments/{made.ref}/").status_code == 200
    assert browser(town.stranger).get(f"/attachments/{made.ref}/").status_code == 404


def test_evidence_may_be_a_link_and_must_be_something(town: Town) -> None:
    case = town.open()
    clerk = browser(town.clerk)
    address = f"/desk/cases/{case.ref}/do/prove/"
    sent = hidden(clerk, address)
    refused = clerk.post(address, {**sent, "note": "空"})
    assert "请填写“佐证”" in text_of(refused)
    refused = clerk.post(address, {**sent, "note": "坏", "proof__links": "javascript:alert(1)"})
    assert "链接应以" in text_of(refused)
    answer = clerk.post(
        address, {**sent, "note": "好", "proof__links": "https://example.gov.cn/a"}, follow=True
    )
    assert 'href="https://example.gov.cn/a"' in answer.content.decode()


def test_a_domain_adds_a_panel_to_its_own_cases(town: Town) -> None:
    case = town.open()
    try:
        case_panel("t.one", title="原文", procedures=("trial",))(
            lambda request, case: "<p>甲乙</p>"
        )
        case_panel("t.two", title="别处", procedures=("other",))(lambda request, case: "<p>丙</p>")
        case_panel("t.three", title="空的")(lambda request, case: " ")
        shown = text_of(browser(town.clerk).get(f"/desk/cases/{case.ref}/"))
    finally:
        for name in ("t.one", "t.two", "t.three"):
            PANELS._things.pop(name, None)
    assert "甲乙" in shown
    assert "别处" not in shown
    assert "空的" not in shown


def test_english_readers_read_english(town: Town) -> None:
    case = town.open(data={"due": "2030-01-04"})
    clerk = browser(town.clerk)
    clerk.cookies["language"] = "en"
    for address in (
        "/desk/worklist/",
        f"/desk/cases/{case.ref}/",
        f"/desk/cases/{case.ref}/do/start/",
    ):
        page = clerk.get(address)
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        left = re.sub(r"<[^>]+>", "", main)
        for name in ("一件事", "甲", "乙", "试"):
            left = left.replace(name, "")
        assert not re.search(r"[\u4e00-\u9fff]", left), re.findall(r".*[\u4e00-\u9fff].*", left)


def test_pages_take_few_queries(town: Town, django_assert_max_num_queries) -> None:
    for _ in range(4):
        case = town.open(data={"due": "2030-01-04"})
    town.do(case, "start", data={"note": "x"})
    clerk = browser(town.clerk)
    clerk.get("/desk/worklist/")
    with django_assert_max_num_queries(16):
        clerk.get("/desk/worklist/")
    with django_assert_max_num_queries(30):
        clerk.get(f"/desk/cases/{case.ref}/")
