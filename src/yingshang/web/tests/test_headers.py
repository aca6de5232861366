"""Headers on every answer, and choices of display that are kept."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ANSWERS = ["/", "/login/", "/nowhere/", "/static/web/base.css"]


@pytest.mark.parametrize("where", ANSWERS)
def test_every_answer_carries_the_security_headers(client: Client, where: str) -> None:
    headers = client.get(where).headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_no_page_may_be_framed(client: Client) -> None:
    assert client.get("/")["X-Frame-Options"] == "DENY"


def test_tls_brings_secure_cookies_and_hsts(settings, client: Client) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    answer = client.get("/login/", secure=True)
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.cookies["csrftoken"]["secure"]


def test_the_language_is_kept_and_leads_back(client: Client) -> None:
    assert '<html lang="zh-Hans">' in client.get("/login/").text
    answer = client.post("/language/", {"language": "en", "next": "/login/"})
    assert answer["Location"] == "/login/"
    page = client.get("/login/").text
    assert '<html lang="en">' in page
    assert "Sign in" in page


@pytest.mark.parametrize("where", ["/language/", "/theme/"])
def test_an_unknown_choice_and_a_foreign_address_are_ignored(client: Client, where: str) -> None:
    chosen = {"language": "xx", "theme": "xx", "next": "//elsewhere.example/"}
    answer = client.post(where, chosen)
    assert answer["Location"] == "/home/"
    assert not {"language", "theme"} & set(answer.cookies)


def test_the_theme_is_written_on_the_page(client: Client) -> None:
    assert "data-theme" not in client.get("/").text
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/").text


def test_a_tampered_theme_cookie_does_nothing(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/").text.split("<head>")[0]
