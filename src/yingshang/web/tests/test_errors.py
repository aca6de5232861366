"""Each sort of refusal: its status, its sentence, its next step, on a page and for htmx."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from yingshang.kernel.errors import Conflict, DomainError, Forbidden, Invalid, Missing, Unavailable
from yingshang.parties.actors import ANONYMOUS
from yingshang.web import errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(rf: RequestFactory):
    request = rf.get("/somewhere/", headers={"referer": "http://testserver/before/"})
    request.actor = ANONYMOUS
    request.htmx = False
    return request


@pytest.mark.parametrize(
    ("error", "status", "step"),
    [
        (Invalid("不行"), 422, "更正后重新提交"),
        (Forbidden("不行"), 403, "联系本单位管理员"),
        (Missing("不行"), 404, "从首页重新进入"),
        (Conflict("不行"), 409, "刷新页面"),
        (Unavailable("不行"), 503, "稍后再试"),
    ],
)
def test_a_refusal_becomes_a_page(request_, error: DomainError, status: int, step: str) -> None:
    answer = errors.refusal(request_, error)
    assert answer.status_code == status
    assert "<p>不行</p>" in answer.text
    assert step in answer.text
    assert 'href="http://testserver/before/"' in answer.text


def test_a_day_reads_as_people_write_it_and_stays_plain_for_programs(request_) -> None:
    error = Conflict("已于 %(day)s 到期", params={"day": date(2026, 3, 4)})
    assert "<p>已于 2026年3月4日 到期</p>" in errors.refusal(request_, error).text
    assert str(error) == "已于 2026-03-04 到期"


def test_the_way_back_never_leads_elsewhere(request_) -> None:
    request_.META["HTTP_REFERER"] = "https://elsewhere.example/"
    assert "elsewhere" not in errors.refusal(request_, Missing("不行")).text


def test_htmx_gets_the_sentence_alone(request_) -> None:
    request_.htmx = True
    answer = errors.refusal(request_, Conflict("已经办结"))
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#notices")
    assert "已经办结" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda r: errors.bad_request(r, ValueError()), 400),
        (lambda r: errors.forbidden(r, ValueError()), 403),
        (lambda r: errors.missing(r, ValueError()), 404),
        (lambda r: errors.too_many(r, "慢一点", retry_seconds=9), 429),
        (errors.broken, 500),
    ],
)
def test_every_fault_has_a_page_of_its_own(request_, answer, status: int) -> None:
    page: HttpResponse = answer(request_)
    assert page.status_code == status
    assert page.text.count("<h1>") == 1


def test_a_broken_page_needs_no_database(
    request_, django_assert_num_queries, caplog: pytest.LogCaptureFixture
) -> None:
    with django_assert_num_queries(0):
        page = errors.broken(request_).text
    ref = caplog.records[-1].args[0]
    assert ref in page, "the reference on the page is the one in the log"


def test_an_unknown_address_is_a_page_in_the_visitors_language(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "Start again from the home page" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "form"),
    [
        ("get", "/search/?q=a%00b", {}),
        ("get", "/accessibility/?a%00=1", {}),
        ("get", "/plans/a%00b/", {}),
        ("post", "/language/", {"next": "a\x00b"}),
        ("post", "/login/", {"username": "x", "pass\x00": "y"}),
    ],
)
def test_the_character_nul_is_refused_wherever_it_stands(client, method, address, form) -> None:
    answer = getattr(client, method)(address, form)
    assert answer.status_code == 422
    assert "无法识别的字符" in answer.text


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_and_never_shown() -> None:
    visitor = Client(raise_request_exception=False)
    answer = visitor.get("/login/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "elsewhere" not in answer.text
