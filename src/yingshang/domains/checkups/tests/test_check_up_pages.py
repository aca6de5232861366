"""The pages of a check-up, its paper, and the enterprise's own page."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from yingshang.domains.checkups.portal import pages
from yingshang.domains.checkups.tests.conftest import OWN, Cabinet, browser_of
from yingshang.facts.models import Reading
from yingshang.facts.permissions import READ
from yingshang.ledger.models import Entry
from yingshang.messages.todos import TODOS, Todo


@pytest.fixture
def filled(cabinet: Cabinet) -> Cabinet:
    cabinet.stage.say("tax", "enterprise.staff", 8)
    cabinet.stage.say("registry", "enterprise.on_list", False)
    amount = {"base": "enterprise.staff * 1000000", "rate": "0.5", "rounding": "down"}
    cabinet.rule("gets", {"not": "enterprise.on_list"}, results={"amount": amount})
    cabinet.rule("nearly", {"text": "enterprise.staff >= 10", "clause": "第三条"})
    cabinet.rule("unknown", "enterprise.rd_ratio >= 0.05")
    cabinet.rule("no", {"text": "enterprise.on_list", "clause": "第九条"})
    return cabinet


def test_the_check_up_stands_on_one_page(filled: Cabinet) -> None:
    client = browser_of(filled.runner)
    page = client.get(reverse("portal:check-up")).content.decode()
    for words in ("可得 4 万元", "从业人数还差 2 人", "还缺：研发费用", "第九条</span>〕"):
        assert words in page, words
    only = client.get(reverse("portal:check-up"), {"part": "nearly"}).content.decode()
    assert "政策nearly" in only
    assert "政策gets" not in only
    assert client.get(reverse("portal:check-up"), {"part": "x"}).status_code == 200


def test_a_long_part_is_turned_page_by_page_until_all_were_shown(
    filled: Cabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    for number in range(4):
        filled.rule(f"never{number}", {"text": "enterprise.on_list", "clause": "第九条"})
    client, query, told = browser_of(filled.runner), "?part=no", list[str]()
    for _page in range(3):
        page = client.get(reverse("portal:check-up") + query).text
        told += re.findall(r"政策(no|never\d)</", page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        query = unescape(further[1]) if further else ""
    assert query == ""
    assert sorted(told) == ["never0", "never1", "never2", "never3", "no"]
    for asked in ("99", "0", "x", "-1", "1" * 30):
        answer = client.get(reverse("portal:check-up"), {"part": "no", "page": asked})
        assert "政策n" in answer.text


def test_a_finding_shows_its_facts_and_how_to_dispute_them(filled: Cabinet) -> None:
    client = browser_of(filled.runner)
    page = client.get(reverse("portal:check-up-policy", args=["nearly"])).content.decode()
    for words in (
        "税收征管",
        "2026年11月2日</time> 记入",
        "权威来源",
        "/my-data/enterprise.staff/dispute/",
    ):
        assert words in page, words
    assert client.get(reverse("portal:check-up-policy", args=["none"])).status_code == 404


def test_english_pages_speak_english(filled: Cabinet) -> None:
    client = browser_of(filled.runner)
    client.cookies["language"] = "en"
    page = client.get(reverse("portal:check-up")).content.decode()
    assert "Policy gets" in page
    assert "short of it by 2" in page


def test_an_enterprise_lands_on_its_own_page(filled: Cabinet) -> None:
    TODOS.add("trial", lambda actor: [Todo("补正材料", "食品经营许可", href="/applications/x/")])
    client = browser_of(filled.runner)
    try:
        landed = client.get(reverse("home"), follow=True)
    finally:
        TODOS._things.pop("trial")
    assert landed.redirect_chain[-1][0] == reverse("portal:mine")
    page = landed.content.decode()
    for words in ("甲公司", "补正材料", "政策gets", "从业人数还差 2 人", "4 万元"):
        assert words in page, words
    stranger = filled.stage.subject("乙公司", "91350100M000100Y43")
    other = browser_of(filled.stage.owner(stranger, *OWN)).get(reverse("portal:mine"))
    assert "政策gets" not in other.content.decode()
    official = browser_of(filled.stage.official("other", READ))
    assert official.get(reverse("portal:mine")).status_code == 403


def test_an_official_names_a_purpose_and_is_logged(filled: Cabinet) -> None:
    official = filled.stage.official("other", READ, "checkups.check", "parties.read_subjects")
    client = browser_of(official)
    address = reverse("desk:check-up")
    assert client.get(address).status_code == 200
    assert not Reading.objects.exists()
    given = {"subject": "甲公司", "purpose": "service", "policy": "nearly"}
    page = client.post(address, given).content.decode()
    assert "从业人数还差 2 人" in page
    assert "/dispute/" not in page
    assert Reading.objects.get().purpose == "service"
    assert client.post(address, {"subject": "没有", "purpose": "service"}).status_code == 422


def test_the_paper_says_the_same_and_can_be_verified(filled: Cabinet, tmp_path: Path) -> None:
    client = browser_of(filled.runner)
    assert client.get(reverse("portal:check-up-print")).status_code == 405
    answer = client.post(reverse("portal:check-up-print"))
    assert answer.headers["Content-Type"] == "application/pdf"
    file = tmp_path / "report.pdf"
    file.write_bytes(answer.content)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here")
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in ("甲公司", "2026年11月2日", "政策gets", "从业人数还差2人", "研发费用", "第九条"):
        assert words in re.sub(r"\s", "", text), words
    info = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", info)
    assert re.search(r"Page size:.*A4", info)
    code = re.search(r"核验码\s+([0-9a-z]{16})", text)
    assert code is not None
    page = client.get(reverse("portal:verify-check-up"), {"code": code[1]}).content.decode()
    digest = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert digest is not None
    assert digest[1] in re.sub(r"[\s\u200b]", "", text)
    assert "甲公司" not in re.sub(r"(?s)<header.*?</header>", "", page)
    assert Entry.objects.filter(kind="checkups.printed", subject=f"check-up:{code[1]}").exists()
    wrong = client.get(reverse("portal:verify-check-up"), {"code": "0" * 16})
    assert wrong.status_code == 404


def test_the_page_stays_cheap_in_queries(filled: Cabinet, django_assert_max_num_queries) -> None:
    client = browser_of(filled.runner)
    client.get(reverse("portal:mine"))
    with django_assert_max_num_queries(45):
        client.get(reverse("portal:mine"))
