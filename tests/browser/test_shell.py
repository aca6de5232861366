"""The frame of every page: signing in, the keyboard, languages and themes, refusals, paper."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import PASSWORD
from tests.browser.watching import Watched

pytestmark = pytest.mark.timeout(120)


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/login/?next=/desk/components/")
    page.get_by_label("用户名").fill("zhao")
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_signs_in_switches_mandate_and_signs_out(visit, script: bool) -> None:
    page = visit(script=script).new_page()
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("界面组件")
    page.locator("summary", has_text="赵明远").click()
    page.get_by_role("button", name="区市场监管局").click()
    expect(page.locator("#notices")).to_contain_text("区市场监管局")
    assert page.goto("/desk/components/").status == 403, "the other mandate lacks the permission"
    page.locator("summary", has_text="赵明远").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="登录", exact=True)).to_be_visible()
    page.goto("/desk/")
    expect(page).to_have_url("/login/?next=%2Fdesk%2F")


def test_a_wrong_password_is_told_at_the_head_of_the_form(visit) -> None:
    watched = Watched(visit().new_page())
    sign_in(watched.page, "wrong")
    summary = watched.page.get_by_role("alert")
    expect(summary).to_contain_text("用户名或密码不正确")
    expect(summary).to_be_focused()
    watched.check_accessibility()
    assert [c for c in watched.complaints if "422" not in c] == []


def test_the_first_tab_leads_past_the_navigation(visit) -> None:
    page = visit("everything").new_page()
    page.goto("/desk/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_menu_opens_and_closes_by_keyboard(visit) -> None:
    page = visit("everything").new_page()
    page.goto("/desk/")
    menu = page.locator("summary", has_text="赵明远")
    menu.focus()
    page.keyboard.press("Enter")
    account = page.get_by_role("link", name="我的账号")
    expect(account).to_be_visible()
    page.keyboard.press("Escape")
    expect(account).to_be_hidden()
    expect(menu).to_be_focused()


def test_an_open_menu_stays_accessible(visit) -> None:
    watched = Watched(visit("everything", width=360).new_page())
    watched.page.goto("/desk/")
    watched.page.locator("summary", has_text="赵明远").click()
    watched.check_accessibility()
    watched.check_width()
    watched.page.keyboard.press("Escape")
    watched.page.locator("summary", has_text="菜单").click()
    watched.check_accessibility()
    assert watched.complaints == []


def test_a_long_navigation_is_folded_and_stays_as_one_unfolded_it(visit) -> None:
    page = visit("everything").new_page()
    page.goto("/desk/cases/")
    side = page.locator(".side")
    expect(side.get_by_role("link", name="全部办件")).to_be_visible()
    accounts = side.get_by_role("link", name="账号", exact=True)
    expect(accounts).to_be_hidden()
    side.locator("summary", has_text="平台管理").click()
    expect(accounts).to_be_visible()
    page.reload()
    expect(accounts).to_be_visible()
    side.locator("summary", has_text="办件").click()
    page.reload()
    expect(side.get_by_role("link", name="全部办件")).to_be_visible()


def test_the_navigation_unfolds_without_script(visit) -> None:
    page = visit("everything", script=False).new_page()
    page.goto("/desk/")
    side = page.locator(".side")
    side.locator("summary", has_text="平台管理").click()
    side.get_by_role("link", name="账号", exact=True).click()
    expect(side.get_by_role("link", name="账号", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_focus_can_be_seen_on_every_link_of_the_front_page(visit) -> None:
    page = visit().new_page()
    page.goto("/")
    for _ in range(6):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")


def test_language_and_theme_are_kept_and_the_page_stays(visit) -> None:
    page = visit().new_page()
    page.context.clear_cookies()
    page.goto("/accessibility/")
    if page.get_by_role("button", name="English").is_visible():
        page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accessibility statement")
    page.get_by_role("button", name="Dark colours").click()
    expect(page).to_have_url("/accessibility/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(14, 20, 27)"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_the_shell_is_wider_than_its_window(visit, language: str) -> None:
    watched = Watched(visit("everything", language=language).new_page())
    for where in ("/", "/desk/", "/desk/components/", "/account/", "/nowhere/"):
        watched.page.goto(where)
        for width in (320, 360, 768, 1024):
            watched.page.set_viewport_size({"width": width, "height": 700})
            watched.check_width()
    assert [c for c in watched.complaints if "404" not in c] == []


def test_a_refusal_says_what_to_do_and_is_accessible(visit) -> None:
    watched = Watched(visit("official", theme="dark").new_page())
    assert watched.page.goto("/desk/components/").status == 403
    expect(watched.page.get_by_role("main")).to_contain_text("请在右上角切换")
    watched.check_accessibility()
    assert [c for c in watched.complaints if "403" not in c] == []


def test_a_text_too_pale_is_complained_about_though_others_were_fine(visit) -> None:
    watched = Watched(visit().new_page())
    for _ in range(2):
        watched.page.goto("/accessibility/")
        watched.check_colours()
        assert watched.complaints == []
    assert watched.fine, "the looks of texts are remembered"
    watched.page.evaluate("document.querySelector('main p').style.color = '#c8c8c8'")
    watched.check_colours()
    assert "axe color-contrast" in watched.complaints.pop()
    watched.page.goto("/accessibility/")
    watched.page.evaluate("document.querySelector('main').style.background = '#808080'")
    watched.check_colours()
    assert "axe color-contrast" in watched.complaints.pop()


def test_paper_shows_the_matter_without_the_frame(visit) -> None:
    page = visit("everything").new_page()
    page.goto("/desk/components/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("nav:visible")).to_have_count(0)
    expect(page.locator("button:visible")).to_have_count(0)


def test_a_refused_htmx_request_shows_its_sentence_on_the_page(visit) -> None:
    page = visit("everything").new_page()
    page.goto("/account/")
    page.evaluate(
        """() => {
          const button = document.createElement("button");
          button.id = "probe";
          button.textContent = "probe";
          button.setAttribute("hx-post", "/account/sessions/nothing/end/");
          document.querySelector("main").append(button);
          htmx.process(button);
        }"""
    )
    page.locator("#probe").click()
    expect(page.locator("#notices")).to_contain_text("没有找到这次登录")
    expect(page.get_by_role("heading", level=1)).to_have_text("我的账号")
