"""Take the picture of the README from a running demonstration: ``python -m tools.take_screenshot [address]``."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "desk.png"
PASSWORD = "qingjiang-2026-demo"  # noqa: S105 (printed on the demonstration's login page)


def take(address: str, username: str = "plan", page_path: str = "/desk/work/") -> None:
    """Sign in as the plan officer and keep what the desk shows."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="zh-CN")
        page.goto(f"{address}/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/desk/")
        page.goto(f"{address}{page_path}")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    take(*(sys.argv[1:] or ["http://127.0.0.1:8000"]))
