"""One whole filling of a form on a phone, with and without script: steps, rows, search, file, review."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.browser.watching import Watched
from yingshang.facts.declaring import CodeListDeclaration
from yingshang.forms.drafts import start_draft
from yingshang.forms.models import Submission
from yingshang.forms.tests.conftest import OWN, PDF, put_in_force
from yingshang.forms.tests.trial import field, form_with, material
from yingshang.parties.models import Role

pytestmark = [pytest.mark.timeout(120), pytest.mark.one_database]

TRADES = "\n".join(f"T{n:03d} 第{n}类行业 | Trade {n}" for n in range(100))
WALK = form_with(
    sections=[
        {"key": "firm", "label": "企业", "fields": [
            field("trade", "choice", label="行业", code_list="trade"),
            field("online", "yes_no", label="网上经营"),
            field("site", label="网站", when="form.online"),
            field("capital", "money", label="投资"),
        ]},
        {"key": "people", "label": "人员", "fields": [
            field("staff", "group", label="人员", row_label="人员", fields=[
                field("who", label="姓名"), field("since", "date", label="入职日期", required="no"),
            ]),
        ]},
    ],
    materials=[{"material": "lease"}],
)  # fmt: skip


@pytest.fixture
def draft(stage):
    put_in_force(
        "code_list", CodeListDeclaration(key="trade", label="行业", label_en="Trade", codes=TRADES)
    )
    put_in_force("material", material("lease", label="租赁合同"))
    put_in_force("form", WALK)
    Role.objects.filter(key="stage-nothing").update(permissions=list(OWN))
    return start_draft(stage.actor("enterprise"), form="trial", purpose="试办")


def on_step(page: Page, name: str) -> None:
    expect(page.locator("[aria-current=step]")).to_contain_text(name)


def save_and_go_on(page: Page) -> None:
    page.get_by_role("button", name="保存并继续").click()


def fill_first_step(page: Page, *, script: bool) -> None:
    """Leave out, mistype, follow the summary's link, search the long list, open a hidden field."""
    save_and_go_on(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("请选择“行业”")
    summary.get_by_role("link", name="请填写“投资”").click()
    expect(page.get_by_label("投资")).to_be_focused()
    page.get_by_label("投资").fill("一大笔")
    page.get_by_label("行业").fill("第42类")
    page.get_by_role("button", name="查找").click()
    page.get_by_label("T042 第42类行业").check()
    page.get_by_label("是", exact=True).check()
    if not script:
        save_and_go_on(page)
    expect(page.get_by_label("网站")).to_be_visible()
    expect(page.get_by_label("投资")).to_have_value("一大笔")
    page.get_by_label("网站").fill("清河商城")
    save_and_go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("请填写金额")
    page.get_by_label("投资").fill("20万元")


def add_come_back_and_remove(page: Page, ref: str) -> None:
    """Add a row, leave the form and come back to it, and remove the first row."""
    on_step(page, "人员")
    page.get_by_label("姓名").fill("甲")
    page.get_by_role("button", name="再加一项").click()
    page.get_by_label("姓名").nth(1).fill("乙")
    page.get_by_role("button", name="保存，以后再填").click()
    expect(page.get_by_role("main")).to_contain_text("已保存")
    page.get_by_role("link", name="试填", exact=True).click()
    on_step(page, "企业")
    page.goto(f"/my-drafts/{ref}/?step=people")
    expect(page.get_by_label("姓名").nth(1)).to_have_value("乙")
    page.get_by_role("button", name="删除人员 1").click()
    expect(page.get_by_label("姓名")).to_have_value("乙")


def hand_in_the_lease(page: Page) -> None:
    on_step(page, "申请材料")
    file = {"name": "租赁.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.get_by_role("button", name="上传 租赁合同").click()
    expect(page.get_by_role("main")).to_contain_text("租赁.pdf")
    page.get_by_role("button", name="继续").click()


def look_at(watched: Watched, *, script: bool) -> None:
    if script:
        watched.check_accessibility()
        watched.check_width()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_fills_a_form_on_a_phone(visit, draft, script: bool) -> None:
    watched = Watched(visit("enterprise", width=PHONE, script=script).new_page())
    page = watched.page
    page.goto(f"/my-drafts/{draft.ref}/")
    fill_first_step(page, script=script)
    look_at(watched, script=script)
    save_and_go_on(page)
    add_come_back_and_remove(page, draft.ref)
    save_and_go_on(page)
    hand_in_the_lease(page)
    on_step(page, "核对并提交")
    expect(page.get_by_role("main")).to_contain_text("200,000.00 元")
    look_at(watched, script=script)
    page.get_by_role("button", name="确认无误，提交").click()
    expect(page.get_by_role("main")).to_contain_text("清河商城")
    assert Submission.objects.get().body["answers"] == {
        "trade": "T042",
        "online": True,
        "site": "清河商城",
        "capital": 20_000_000,
        "staff": [{"who": "乙"}],
    }
    assert [c for c in watched.complaints if "422" not in c] == []


def test_two_tabs_do_not_overwrite_each_other(visit, draft) -> None:
    window = visit("enterprise", width=PHONE)
    first, second = window.new_page(), window.new_page()
    for page in (first, second):
        page.goto(f"/my-drafts/{draft.ref}/")
    first.get_by_label("投资").fill("1")
    first.get_by_role("button", name="以后再填").click()
    expect(first.get_by_role("main")).to_contain_text("已保存")
    second.get_by_label("投资").fill("2")
    second.get_by_role("button", name="以后再填").click()
    expect(second.get_by_role("alert")).to_contain_text("已在别处改过（投资）")
    expect(second.get_by_role("table")).to_contain_text("2")
    second.get_by_role("button", name="用这次填写的保存").click()
    expect(second.get_by_label("投资")).to_have_value("2")
