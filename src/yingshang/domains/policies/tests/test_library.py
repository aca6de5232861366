"""The library on both faces: what a text's page says, how it is found, and what became of a text."""

from datetime import date

import pytest
from django.test import Client

from yingshang.domains.policies import public
from yingshang.domains.policies.clock import publication_clock, publication_due
from yingshang.domains.policies.declaring import PolicyTextDeclaration
from yingshang.domains.policies.errors import NoSuchText
from yingshang.domains.policies.finding import find_texts
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import TextReading
from yingshang.domains.policies.reading import note_reading
from yingshang.domains.policies.tests.conftest import Library
from yingshang.domains.policies.tests.test_linting import TEXT
from yingshang.parties.actors import ANONYMOUS
from yingshang.web.parts import Light

pytestmark = pytest.mark.django_db


def test_a_page_shows_clauses_with_what_rests_on_them(library: Library) -> None:
    library.text()
    library.rule()
    page = Client().get("/policies/t/").content.decode()
    assert "（一）成立三年以内；" in page
    assert "排除情形" in page
    assert "不低于10" in page
    assert "给予：" in page
    assert "enterprise.staff" not in page
    assert Client().get("/policies/none/").status_code == 404


@pytest.mark.one_database
def test_texts_are_found_by_words_topic_issuer_and_state(library: Library) -> None:
    library.text()
    library.text(key="old", title="旧办法", issuer="tax", topics=[], valid_to="2026-03-01")
    library.text(key="new", title="新办法", valid_from="2099-01-01", valid_to=None)
    held, day = current_library(), date(2026, 6, 1)

    def found(**wanted: str) -> list[str]:
        return sorted(text.key for text in find_texts(ANONYMOUS, held, wanted, day))

    assert found() == ["new", "old", "t"]
    assert found(state="over") == ["old"]
    assert found(state="future") == ["new"]
    assert found(state="in_force", issuer="market") == ["t"]
    assert found(topic="innovation") == ["new", "t"]
    assert found(q="旧办法") == ["old"]
    assert found(q="成立三年") == ["new", "old", "t"]
    assert found(q="成立三年", level="city") == []


@pytest.mark.one_database
def test_a_text_that_another_replaces_is_abolished_from_that_day(library: Library) -> None:
    library.text()
    library.rule()
    library.text(key="next", valid_from="2027-01-01", valid_to=None, supersedes=["t"])
    text = current_library().get("t")
    assert text.state_on(date(2026, 12, 31)) == "in_force"
    assert text.state_on(date(2027, 1, 1)) == "abolished"
    assert not public.is_published("r", date(2027, 1, 1))
    assert public.is_published("r", date(2026, 3, 1))
    assert not public.is_published("no-such-rule")


def test_others_ask_for_a_text_and_its_clauses(library: Library) -> None:
    library.text()
    library.rule()
    found = public.text_of("r")
    assert found is not None
    assert (found.title, found.number, found.href) == ("试点办法", "〔2026〕1号", "/policies/t/")
    assert public.clauses_of("r")["第二条"].text == "每户一万元。"
    assert [one.key for one in public.list_texts()] == ["t"]
    with pytest.raises(NoSuchText):
        public.get_text("x")


def test_only_an_enterprise_reading_is_counted_and_once(library: Library) -> None:
    library.text()
    owner = library.stage.owner(library.stage.firm)
    note_reading(owner, text="t")
    note_reading(owner, text="t")
    note_reading(library.stage.official("market"), text="t")
    assert TextReading.objects.count() == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("published", "light", "prepared"),
    [
        (None, Light.GREY, True),
        ("2026-01-06", Light.GREEN, True),
        ("2026-02-05", Light.GREEN, False),
        ("2026-02-06", Light.RED, False),
    ],
)
def test_a_text_is_published_within_a_month_and_leaves_time(
    published: str | None, light: Light, prepared: bool
) -> None:
    text = PolicyTextDeclaration(**{**TEXT, "published_on": published})
    clock = publication_clock(text)
    assert (clock.due, clock.light, clock.is_prepared) == (date(2026, 2, 5), light, prepared)
    at_once = PolicyTextDeclaration(**{**TEXT, "published_on": published, "immediate": "防汛"})
    assert publication_clock(at_once).is_prepared


def test_a_month_that_ends_on_a_holiday_runs_on() -> None:
    assert publication_due(date(2026, 1, 17)) == date(2026, 2, 24)


def test_the_desk_names_what_is_not_annotated(library: Library) -> None:
    from yingshang.domains.policies.annotating import annotation_of

    library.text()
    library.rule(condition={"text": "enterprise.staff >= 10", "clause": "第九条"})
    found = annotation_of(current_library().get("t"))
    assert [clause.label for clause in found.unused] == ["第一条第一项", "第三条"]
    assert [(one.what, one.clause) for one in found.unrested] == [
        ("enterprise.staff >= 10", "第九条")
    ]
