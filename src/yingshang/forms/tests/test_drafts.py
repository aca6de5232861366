"""Drafts: prefilled, saved at any time, never lost, never seen by others."""

from datetime import timedelta

import pytest

from yingshang.facts.models import Reading
from yingshang.forms.book import compiled
from yingshang.forms.drafts import (
    carry_draft,
    delete_draft,
    evaluate_draft,
    refresh_draft,
    save_draft,
    start_draft,
)
from yingshang.forms.errors import (
    AnswerNotAsked,
    AnswersTooLarge,
    AnswerUnreadable,
    DraftExpired,
    DraftMoved,
    FormMoved,
    NoSuchDraft,
    NoSuchForm,
)
from yingshang.forms.known import provenances
from yingshang.forms.models import Draft
from yingshang.forms.selectors import get_draft_for, list_drafts_for
from yingshang.forms.submitting import submit_draft
from yingshang.forms.tasks import expire_drafts
from yingshang.forms.tests.conftest import TRIAL, put_in_force
from yingshang.forms.tests.trial import fact, field, form_with
from yingshang.ledger.models import Entry, Payload
from yingshang.parties.actors import NotPermitted
from yingshang.parties.errors import NoSuchParty


def states(draft: Draft) -> dict[str, str]:
    form = compiled(draft.form)
    found = provenances(form, evaluate_draft(draft, form), draft.known)
    return {path: one.state for path, one in found.items() if one.state != "given"}


def test_a_draft_begins_with_what_is_known_and_says_what_was_not_found(district) -> None:
    district.know(name="甲公司", capital=5_000_000)
    draft = district.start()
    assert draft.answers == {"name": "甲公司", "capital": 5_000_000}
    assert states(draft) == {"name": "prefilled", "capital": "prefilled", "staff": "not_found"}
    assert draft.known["facts"]["enterprise.capital"]["source"] == "registry"
    changed = district.save(draft, capital="60,000.00")
    assert states(changed)["capital"] == "changed"
    same = district.save(draft, capital="50,000.00")
    assert states(same)["capital"] == "prefilled"


def test_anything_may_be_saved_and_nothing_typed_is_recorded_in_the_ledger(district) -> None:
    draft = district.save(district.start(), capital="不知道", site="秘密网站", note="")
    assert draft.answers["capital"] == "不知道"
    assert set(evaluate_draft(draft).errors) == {"capital"}
    entry = Entry.objects.get(kind="forms.draft_saved")
    assert entry.subject == f"draft:{draft.ref}"
    body = Payload.objects.get(entry=entry).body
    assert "秘密网站" not in str(body)


def test_two_tabs_on_different_fields_both_succeed_on_the_same_field_the_second_is_told(
    district,
) -> None:
    draft = district.start()
    first = draft.version
    save_draft(district.boss, draft=draft.ref, answers={"note": "一"}, expected_version=first)
    save_draft(district.boss, draft=draft.ref, answers={"site": "x"}, expected_version=first)
    with pytest.raises(DraftMoved) as refused:
        save_draft(
            district.boss, draft=draft.ref, answers={"note": "二", "staff": "3"},
            expected_version=first,
        )  # fmt: skip
    assert refused.value.params == {"fields": ["note"], "labels": "说明"}
    draft.refresh_from_db()
    assert draft.answers == {"note": "一", "site": "x"}
    again = save_draft(
        district.boss, draft=draft.ref, answers={"note": "一"}, expected_version=first
    )
    assert again.version == draft.version, "the same again is no conflict"


def test_what_no_form_holds_is_refused(district) -> None:
    draft = district.start()
    with pytest.raises(AnswerNotAsked):
        district.save(draft, stranger="x")
    for hostile in ("a\x00b", "\ud800", float("nan"), 2**60, {"a": {"b": {"c": {"d": {"e": 1}}}}}):
        with pytest.raises(AnswerUnreadable):
            district.save(draft, note=hostile)
    with pytest.raises(AnswersTooLarge):
        district.save(draft, note="长" * 200_000)
    draft.refresh_from_db()
    assert draft.answers == {}


def test_nobody_else_sees_or_touches_a_draft(district) -> None:
    draft = district.start()
    for other in (district.stranger, district.clerk, district.person("路人")):
        with pytest.raises(NoSuchDraft):
            get_draft_for(other, draft.ref)
        with pytest.raises(NoSuchDraft):
            save_draft(other, draft=draft.ref, answers={"note": "x"}, expected_version=1)
    with pytest.raises(NoSuchParty):
        district.start(district.stranger, subject=district.firm.ref)
    with pytest.raises(NotPermitted):
        district.start(district.officer, subject=district.firm.ref)
    with pytest.raises(NoSuchForm):
        district.start(form="nothing")


def test_somebody_without_an_enterprise_fills_for_themselves(district) -> None:
    founder = district.person("创业者")
    draft = start_draft(founder, form="trial", purpose="开办企业")
    assert (draft.subject, draft.answers) == (None, {})
    assert [one.ref for one in list_drafts_for(founder)] == [draft.ref]
    with pytest.raises(NoSuchDraft):
        get_draft_for(district.person("另一人"), draft.ref)


def test_a_new_version_carries_the_answers_over_and_says_what_changed(district) -> None:
    draft = district.save(district.start(), note="保留", site="会消失")
    assert carry_draft(district.boss, draft=draft.ref).carried == []
    old = TRIAL
    fields = [
        *[one for one in old.sections[0].fields if one.key not in ("site", "staff")],
        old.field_by_key["staff"].model_copy(update={"required": "no"}),
    ]
    section = old.sections[0].model_copy(update={"fields": tuple(fields)})
    district.revise(old, sections=(section,), materials=old.materials[:1])
    with pytest.raises(FormMoved):
        submit_draft(district.boss, draft=draft.ref)
    carried = carry_draft(district.boss, draft=draft.ref)
    assert carried.answers == {"note": "保留"}
    told = {(one["change"], one["key"]) for one in carried.carried}
    assert told == {("dropped", "site"), ("changed", "staff"), ("dropped", "layout")}


def test_facts_looked_up_anew_change_what_was_only_prefilled(district) -> None:
    district.know(name="甲公司", staff=5)
    draft = district.save(district.start(), staff="7")
    district.clock.set(district.clock.moment + timedelta(hours=1))
    district.know(name="甲新公司", staff=6)
    fresh = refresh_draft(district.boss, draft=draft.ref)
    assert fresh.answers["name"] == "甲新公司"
    assert fresh.answers["staff"] == "7"


def test_a_draft_ends_after_notice_and_is_deleted_on_demand(district) -> None:
    draft, other = district.start(), district.start()
    delete_draft(district.boss, draft=other.ref)
    assert [one.ref for one in list_drafts_for(district.boss)] == [draft.ref]
    day = timedelta(days=1)
    district.clock.set(district.clock.moment + 55 * day)
    expire_drafts()
    draft.refresh_from_db()
    assert draft.told_on is not None
    district.clock.set(district.clock.moment + 7 * day)
    with pytest.raises(DraftExpired):
        district.save(draft, note="太晚")
    district.clock.set(district.clock.moment + 7 * day)
    expire_drafts()
    assert not Draft.objects.exists()


def test_a_combined_form_is_pinned_like_any_other(district) -> None:
    second = form_with({"key": "firm", "fact": "enterprise.name"}, field("extra"), key="second")
    put_in_force("form", second)
    draft = start_draft(
        district.boss,
        forms=("trial", "second"),
        label="一表",
        label_en="One form",
        purpose="一件事",
    )
    assert draft.form.versions == [["trial", 1], ["second", 1]]
    assert "firm" not in compiled(draft.form).form.field_by_key
    assert district.save(draft, extra="x").answers["extra"] == "x"


def test_a_clerk_sees_no_sensitive_fact_prefilled_and_the_reading_is_logged(district) -> None:
    put_in_force(
        "fact_type", fact("enterprise.staff", "int", label="职工人数", sensitivity="sensitive")
    )
    district.know(name="甲公司", staff=5)
    draft = district.start(district.clerk, subject=district.firm.ref)
    assert states(draft) == {"name": "prefilled", "capital": "not_found", "staff": "withheld"}
    assert "5" not in str(draft.known["facts"])
    reading = Reading.objects.get()
    assert (reading.subject, reading.organ) == (district.firm, district.organs["counter"])
    assert district.start().answers["staff"] == 5, "the firm itself sees its own"
