"""An amendment that waits for its day brings nothing back that is over by then."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.urls import reverse

from yingshang.cases.effects import Moment
from yingshang.content.actions import put_in_force
from yingshang.content.permissions import PUBLISH
from yingshang.domains.policies.amending import amend_text, coming
from yingshang.domains.policies.cleaning import answer_clean_up, open_clean_up, publish_clean_up
from yingshang.domains.policies.declaring import Mark
from yingshang.domains.policies.drafts import digest_of_draft, save_clause, take_rule
from yingshang.domains.policies.errors import TextAbolished
from yingshang.domains.policies.library import current_library
from yingshang.domains.policies.models import CleanUpAnswer, Gate, Review, TextDraft
from yingshang.domains.policies.public import published_among
from yingshang.domains.policies.publishing import issue_text, publish_text, still_missing
from yingshang.domains.policies.tests.conftest import CONDITION, Library
from yingshang.domains.policies.tests.test_linting import TEXT
from yingshang.kernel.times import today
from yingshang.parties.actors import system_actor
from yingshang.rulebook.drafting import start_draft
from yingshang.rulebook.tests.test_rule_pages import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DAY = date(2026, 12, 20)
"""The day for which the amendment waits; the stage begins on 2026-11-02."""
SOON, LATER = date(2026, 12, 1), date(2027, 3, 1)
EVE = timedelta(days=-1)


class Amending:
    """Lets the market organ amend its text ``t`` and clean up."""

    def __init__(self, library: Library) -> None:
        self.library, stage = library, library.stage
        library.procedures()
        for key in stage.organs:
            organ = {"key": key, "name": key, "name_en": key, "type": "department"}
            library.put("organ", {**organ, "division": "339705"})
        library.text()
        library.rule()
        self.clerk = stage.official(
            "market", "policies.draft", "policies.read", "cases.read", "rulebook.draft",
            "rulebook.read",
        )  # fmt: skip
        self.head = stage.official("market", "policies.issue", "policies.answer_clean_up")
        self.office = stage.official("other", "policies.clean_up")

    def draft(self) -> TextDraft:
        """Begin an amendment that renames a clause and has a second rule."""
        draft = amend_text(self.clerk, text="t")
        save_clause(
            self.clerk, draft=draft.ref, clause="第二条", label="第二条第一项", text="每户二万元。",
            marks=[Mark.AMOUNT],
        )  # fmt: skip
        for key in ("r", "more"):
            rule = start_draft(self.clerk, document=amended_rule(key))
            draft = take_rule(self.clerk, draft=draft.ref, rule=rule.ref)
        return draft

    def heir(self, *rules: str) -> TextDraft:
        """Draft a text that takes the place of ``t``."""
        clauses = [{**clause, "unused": "由人工核查"} for clause in TEXT["clauses"]]
        return TextDraft.objects.create(
            key="heir", title="新办法", organ=self.library.stage.organs["market"], rules=list(rules),
            body={**TEXT, "key": "heir", "supersedes": ["t"], "clauses": clauses}, made_by="x", saved_by="x",
        )  # fmt: skip

    def publish(self, draft: TextDraft, day: date = DAY) -> None:
        """Issue and publish a draft for a day as its case would, its reviews passed."""
        organ = self.library.stage.organs["tax"]
        for gate in Gate:
            Review.objects.create(
                draft=draft, gate=gate, digest=digest_of_draft(draft), statement="同意", passed=True,
                organ=organ, by="account:x", by_name="x",
            )  # fmt: skip
        fields = {
            "number": "〔2026〕9号",
            "valid_from": day.isoformat(),
            "immediate": "急需",
            "interpretation": "提高了标准。",
        }
        case = SimpleNamespace(ref=draft.case)
        moment = SimpleNamespace(actor=self.head, case=case, event=SimpleNamespace(fields=fields))
        issue_text(cast("Moment", moment))
        publish_text(cast("Moment", moment))

    def abolish(self, since: date, key: str = "t") -> None:
        """Abolish a text by a clean-up whose result is published at once."""
        opened = open_clean_up(self.office, title="清理", due_on=today(), keys=(key,))
        answer_clean_up(
            self.head, clean_up=opened.ref, text=key, answer=CleanUpAnswer.ABOLISH, reason="不再执行",
            ends_from=since,
        )  # fmt: skip
        publish_clean_up(self.office, clean_up=opened.ref)

    def go_to(self, day: date) -> None:
        """Let the days pass and what waits come in force."""
        self.library.stage.tick(days=(day - today()).days)
        put_in_force(system_actor("content-due", PUBLISH))


def amended_rule(key: str) -> dict[str, Any]:
    return {
        "key": key, "title": "补助", "title_en": "Grant", "source": "试点办法", "text": "t",
        "valid_from": "2026-02-05", "valid_to": "2028-12-31", "condition": CONDITION,
        "results": {"amount": {"base": "2000000"}}, "results_clause": "第二条第一项",
    }  # fmt: skip


@pytest.fixture
def amending(library: Library) -> Amending:
    return Amending(library)


def seen() -> tuple[str, str, dict[str, date | None]]:
    """Return number and state of the text today, and the last days of its rules."""
    text = current_library().get("t")
    ends = {rule.key: rule.valid_to for rule in text.rules}
    return text.declaration.number, text.state_on(today()), ends


def test_an_amendment_comes_with_its_new_rules_on_its_day(amending: Amending) -> None:
    amending.publish(amending.draft())
    end = date(2028, 12, 31)
    assert seen() == ("〔2026〕1号", "in_force", {"r": end})
    amending.go_to(DAY)
    assert seen() == ("〔2026〕9号", "in_force", {"r": end, "more": end})


def test_a_text_abolished_before_its_amendments_day_stays_abolished(amending: Amending) -> None:
    amending.publish(amending.draft())
    amending.abolish(SOON)
    assert coming("t") is None
    for day in (SOON, DAY, LATER):
        amending.go_to(day)
        assert seen() == ("〔2026〕1号", "abolished", {"r": SOON + EVE})
    assert published_among(["r", "more"]) == frozenset()


def test_a_text_abolished_after_its_amendments_day_is_amended_until_then(
    amending: Amending,
) -> None:
    amending.publish(amending.draft())
    amending.abolish(LATER)
    amending.go_to(DAY)
    ends = {"r": LATER + EVE, "more": LATER + EVE}
    assert seen() == ("〔2026〕9号", "in_force", ends)
    amending.go_to(LATER)
    assert seen() == ("〔2026〕9号", "abolished", ends)


@pytest.mark.parametrize(("since", "number"), [(SOON, "〔2026〕1号"), (LATER, "〔2026〕9号")])
def test_another_text_in_its_place_ends_the_amendment_too(
    amending: Amending, since: date, number: str
) -> None:
    amending.publish(amending.draft())
    amending.publish(amending.heir(), since)
    amending.go_to(LATER)
    found = seen()
    assert found[:2] == (number, "abolished")
    assert set(found[2].values()) == {since + EVE}


def test_a_rule_that_never_moves_to_an_abolished_text_ends_with_its_own(amending: Amending) -> None:
    rule = {**amended_rule("r"), "text": "heir", "results_clause": "第二条"}
    moved = start_draft(amending.clerk, document=rule)
    amending.publish(amending.heir(moved.ref))
    amending.abolish(SOON, "heir")
    amending.go_to(DAY)
    assert seen() == ("〔2026〕1号", "abolished", {"r": DAY + EVE})


def test_an_amendment_of_a_text_abolished_meanwhile_is_not_issued(amending: Amending) -> None:
    draft = amending.draft()
    amending.abolish(SOON)
    with pytest.raises(TextAbolished):
        amending.publish(draft)


def test_an_amendment_ends_when_the_text_was_to_end_already(amending: Amending) -> None:
    draft = amending.draft()
    amending.abolish(LATER)
    amending.publish(draft)
    amending.go_to(LATER)
    assert seen() == ("〔2026〕9号", "abolished", {"r": LATER + EVE, "more": LATER + EVE})


def test_a_rule_that_an_amendment_brings_is_not_taken_by_another_text(amending: Amending) -> None:
    amending.publish(amending.draft())
    amending.library.text(key="other", title="另一办法")
    more = start_draft(amending.clerk, document={**amended_rule("more"), "text": "other"})
    draft = amend_text(amending.clerk, text="other")
    draft = take_rule(amending.clerk, draft=draft.ref, rule=more.ref)
    assert "规则 more 属于《试点办法》，要随那份文本修订" in still_missing(draft)


def test_the_draft_of_an_amendment_is_shown_to_those_who_may_open_it(amending: Amending) -> None:
    place = reverse("desk:policy-draft", args=[amending.draft().ref])
    stranger = amending.library.stage.official("tax", "policies.read")
    for actor, shown in ((amending.clerk, True), (stranger, False)):
        browser = browser_of(actor)
        text = browser.get(reverse("desk:policy-text", args=["t"])).content.decode()
        assert (place in text) is shown
        assert (browser.get(place).status_code == 200) is shown
