"""The rule builder as a clerk uses it: form posts only, each of them saved."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from yingshang.content.yaml import read_documents
from yingshang.facts.tests.conftest import Stage, stage
from yingshang.rulebook import clauses
from yingshang.rulebook.clauses import Clause, PolicyText
from yingshang.rulebook.declaring import ParameterDeclaration, PolicyDeclaration
from yingshang.rulebook.drafting import start_draft
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.tests.test_rule_pages import (
    GRANT,
    LEAST,
    browser_of,
    store,
    write_snapshot,
)

__all__ = ["stage"]
CLERK = ("rulebook.read", "rulebook.draft", "rulebook.try", "facts.read", "parties.read_subjects")
TEXT = """\
# 头上的说明
key: grant
title: 补助   # 名称
title_en: Grant
source: 办法第三条
text: measures
valid_from: "2026-01-01"
condition:
  all:
    # 人数
    - {id: staff, text: enterprise.staff >= 10, clause: 第三条第一项, label: 规模}
    - enterprise.staff < 500 && enterprise.staff != 13
    - not: {text: enterprise.on_list, clause: 第四条}
results:
  amount: {base: enterprise.staff * 1000, rate: "0.5", rounding: down, cap: 900000}
"""


class Browser:
    """Fills in the builder's form as a browser would: every control, one changed, one button."""

    def __init__(self, client: Client, draft: RuleDraft) -> None:
        self.client, self.draft = client, draft
        self.address = reverse("desk:rule-draft", args=[draft.ref])

    def page(self, query: str = "") -> str:
        answer = self.client.get(self.address + query)
        assert answer.status_code == 200
        return str(answer.content.decode())

    def controls(self, query: str = "") -> dict[str, Any]:
        form = self.page(query).partition('id="rule"')[2].partition("</form>")[0]
        found: dict[str, Any] = {}
        for tag in re.findall(r"<input [^>]*>", form):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name is None or ('type="checkbox"' in tag and "checked" not in tag):
                continue
            said = value[1] if value else ""
            said = unescape(said)
            if 'type="checkbox"' in tag:
                found.setdefault(name[1], []).append(said)
            else:
                found[name[1]] = said
        for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
            chosen = re.search(r'<option value="([^"]*)" selected', body)
            first = re.search(r'<option value="([^"]*)"', body)
            option = chosen or first
            found[name] = unescape(option[1]) if option else ""
        for name, said in re.findall(
            r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
        ):
            found[name] = unescape(said).replace("\n", "\r\n")
        return found

    def press(self, do: str = "save", *, query: str = "", status: int = 302, **changes: Any) -> str:
        typed = {name.replace("_", "-"): value for name, value in changes.items()}
        data = {**self.controls(query), **typed, "do": do}
        answer = self.client.post(self.address, data)
        told = re.findall(r'role="alert">([^<]*)|field-error">([^<]*)', answer.content.decode())
        assert answer.status_code == status, told
        self.draft.refresh_from_db()
        return answer.headers["Location"] if status == 302 else answer.content.decode()

    @property
    def text(self) -> str:
        return self.draft.text


@pytest.fixture
def clerk(stage: Stage, settings: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Any]:
    settings.DATA_DIR = tmp_path
    assert get_resolver().url_patterns
    store("parameter", ParameterDeclaration(**LEAST))
    store("policy", PolicyDeclaration(**GRANT))
    monkeypatch.setattr(clauses.TEXTS, "_things", {})
    measures = PolicyText(
        "measures",
        "扩招补助办法",
        (Clause("第三条第一项", "从业人员不少于十人；"), Clause("第四条", "失信的除外。")),
    )
    clauses.TEXTS.add("trial", lambda _organ: [measures])
    write_snapshot(tmp_path)
    actor = stage.official("other", *CLERK)

    def open_draft(text: str) -> Browser:
        return Browser(browser_of(actor), start_draft(actor, text=text))

    return open_draft


def test_the_page_shows_rows_clauses_sentence_reach_and_findings(clerk: Any) -> None:
    page = clerk(TEXT).page()
    for words in (
        "从业人数", "不低于", "第三条第一项 从业人员不少于十人；", "从业人员不少于十人；", "规模",
        "排除", "从业人数不低于10 人", "共 3 个主体", "最高不超过",
    ):  # fmt: skip
        assert words in page, words


def test_saving_without_a_change_leaves_every_byte(clerk: Any) -> None:
    for text in (TEXT, TEXT.replace("\n", "\r\n")):
        browser = clerk(text)
        browser.press()
        assert browser.text == text
        assert browser.draft.version == 1


def test_every_shipped_rule_opens_and_is_saved_byte_for_byte(clerk: Any) -> None:
    from yingshang.rulebook.tests.test_writing import shipped

    count = 0
    for text in list(shipped())[:12]:
        browser = clerk(text)
        browser.press()
        assert browser.text == text
        assert browser.draft.version == 1
        count += 1
    assert count >= 4


def test_one_value_changes_only_itself(clerk: Any) -> None:
    browser = clerk(TEXT)
    browser.press(n2_value="12")
    assert browser.text == TEXT.replace("staff >= 10", "staff >= 12")
    browser.press(n2_sign=">")
    assert browser.text == TEXT.replace("staff >= 10", "staff > 12")
    browser.press(n2_unit="param.least_staff")
    assert browser.text == TEXT.replace("staff >= 10", "staff > param.least_staff")


def test_rows_inside_a_text_change_in_place_and_clauses_take_it_apart(clerk: Any) -> None:
    browser = clerk(TEXT)
    browser.press(n5_value="14")
    assert browser.text == TEXT.replace("!= 13", "!= 14")
    browser.press(n4_clause="第四条")
    found = read_documents(browser.text)[0].value["condition"]["all"][1]
    assert found == {
        "all": [{"text": "enterprise.staff < 500", "clause": "第四条"}, "enterprise.staff != 14"]
    }
    assert "# 人数" in browser.text


def test_what_is_typed_is_said_beside_before_it_is_saved(clerk: Any) -> None:
    browser = clerk(TEXT)
    page = browser.press("preview", n2_value="40", status=200)
    assert "从业人数不低于40 人" in page
    assert (browser.text, browser.draft.version) == (TEXT, 1)


def test_a_condition_is_added_in_two_steps_moved_wrapped_and_removed(clerk: Any) -> None:
    browser = clerk(TEXT)
    where = browser.press("open.n1")
    assert where.endswith("?add=n1#new")
    where = browser.press("pick", query="?add=n1", new_name="从业人数")
    query = "?" + where.partition("?")[2].partition("#")[0]
    assert "fact=enterprise.staff" in query
    page = browser.press("add", query=query, new_value="许多", status=422)
    assert "请填写数字" in page
    browser.press("add", query=query, new_value="300", new_sign="<=", new_clause="第四条")
    assert browser.text == TEXT.replace(
        "results:", "    - {text: enterprise.staff <= 300, clause: 第四条}\nresults:"
    )
    last = max(re.findall(r'value="up\.(n\d+)"', browser.page()), key=lambda m: int(m[1:]))
    browser.press(f"up.{last}")
    conditions = read_documents(browser.text)[0].value["condition"]["all"]
    assert conditions[2]["text"] == "enterprise.staff <= 300"
    browser.press("any.n2")
    assert read_documents(browser.text)[0].value["condition"]["all"][0]["any"][0]["id"] == "staff"
    browser.press("remove.n2")
    assert "staff >= 10" not in browser.text
    assert "# 人数" in browser.text


def test_a_rule_is_built_from_nothing(clerk: Any) -> None:
    browser = clerk(
        "key: fresh\ntitle: 新的\ntitle_en: New\nsource: 办法\nvalid_from: '2026-01-01'\n"
    )
    assert "还没有条件" in browser.page()
    browser.press("open.first")
    query = "?add=first&fact=enterprise.on_list"
    browser.press("add", query=query, new_sign="no")
    assert browser.text.endswith('condition:\n  all:\n    - {text: "!enterprise.on_list"}\n')
    browser.press("amount", amount_fact="enterprise.staff", amount_fen="0.1", amount_unit="wan")
    assert "results:\n  amount: {base: enterprise.staff * 100000}\n" in browser.text
    browser.press(r0_rate="50", r0_cap="3", r0_cap_unit="wan")
    amount = read_documents(browser.text)[0].value["results"]["amount"]
    assert amount == {
        "base": "enterprise.staff * 100000", "rate": "0.5", "rounding": "half-up", "cap": 3000000,
    }  # fmt: skip


def test_what_is_typed_wrongly_is_told_beside_it_and_nothing_is_saved(clerk: Any) -> None:
    browser = clerk(TEXT)
    page = browser.press(n2_value="十几个", head_title="改名", status=422)
    assert "请填写数字" in page
    assert 'value="十几个"' in page
    assert 'value="改名"' in page
    assert browser.text == TEXT
    page = browser.press("remove.n99", status=422)
    assert "没有这一部分" in page


def test_the_slower_clerk_is_told(clerk: Any) -> None:
    browser = clerk(TEXT)
    stale = browser.controls()
    browser.press(n2_value="12")
    answer = browser.client.post(browser.address, {**stale, "do": "save", "n2-value": "99"})
    assert answer.status_code == 409
    assert "有人另行保存" in answer.content.decode()


def test_what_no_row_can_say_stays_text_with_its_faults_at_the_column(clerk: Any) -> None:
    odd = TEXT.replace("enterprise.staff >= 10", "enterprise.staff * 2 > 20 - 1")
    browser = clerk(odd)
    browser.press()
    assert browser.text == odd
    browser.press(n2_text="enterprise.staff * 3 > 20 - 1")
    assert browser.text == odd.replace("* 2", "* 3")
    page = browser.press(n2_text="enterprise.staff * > 3", status=422)
    assert "第 1 行第" in page
    faulty = clerk(odd.replace("staff * 2", "staf * 2"))
    assert "第 1 列" in faulty.page()


def test_doubtful_units_and_contradictions_are_pointed_at(clerk: Any) -> None:
    page = clerk(TEXT.replace("enterprise.staff < 500", "enterprise.staff < 5")).page()
    assert "永远不可能满足" in page


def test_a_draft_is_tried_and_compared(clerk: Any, stage: Stage) -> None:
    stage.say("tax", "enterprise.staff", 12)
    stage.say("registry", "enterprise.on_list", False)
    browser = clerk(TEXT.replace(">= 10", ">= 30"))
    answer = browser.client.post(browser.address, {"do": "try", "subject": "甲公司"})
    page = answer.content.decode()
    assert "不符合" in page
    assert "从业人数 → 30" in page
    compared = browser.client.get(reverse("desk:rule-draft-compare", args=[browser.draft.ref]))
    said = compared.content.decode()
    assert "<del>从业人数不低于10 人</del>" in said
    assert "<ins>从业人数不低于30 人</ins>" in said


def test_who_may_not_write_sees_no_buttons(clerk: Any, stage: Stage) -> None:
    browser = clerk(TEXT)
    reader = browser_of(stage.official("other", "rulebook.read"))
    page = reader.get(browser.address).content.decode()
    assert "添加条件" not in page
    refused = reader.post(browser.address, {"version": "1", "do": "save"})
    assert refused.status_code == 403
    other = browser_of(stage.official("tax", *CLERK))
    assert other.get(browser.address).status_code == 404
