"""Pages about facts in English: every Chinese word on them is data and marked as Chinese."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import html

from tests.demonstration import build_demonstration, client_of
from yingshang.web.examples import EXAMPLES
from yingshang.web.routes import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CHINESE = re.compile(r"[\u3400-\u9fff]+")


def unmarked(page: str) -> list[str]:
    """Return the Chinese texts of the main part that no language marks."""
    (main,) = html.fromstring(page).xpath("//main")
    found = []
    for text in main.xpath(".//text()"):
        element = text.getparent() if text.is_text else text.getparent().getparent()
        said = element.xpath("ancestor-or-self::*[@lang][1]/@lang")
        if CHINESE.search(text) and said[-1:] != ["zh-Hans"]:
            found.append(str(text).strip())
    return found


def test_chinese_data_is_marked_on_english_pages() -> None:
    build_demonstration()
    wrong = {}
    for name, page in PAGES:
        if ".exchange." not in page.view.__module__:
            continue
        seen = EXAMPLES.find(name)
        by_default = "legal" if name.startswith("portal:") else "bureau"
        client = client_of((seen.visitor if seen else "") or by_default)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        address = reverse(name, kwargs=seen.parameters() if seen else {})
        answer = client.get(address + (seen.query if seen else ""))
        assert answer.status_code == 200, name
        if texts := unmarked(answer.content.decode()):
            wrong[name] = texts
    assert not wrong, "\n".join(f"{name}: {texts}" for name, texts in wrong.items())
