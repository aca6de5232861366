"""Submissions are frozen, readable by whom they concern, and corrected only where marked."""

import hashlib
from datetime import timedelta

import pytest
import rfc8785
from django.db import DatabaseError, transaction

from yingshang.forms.access import READERS, may_read
from yingshang.forms.drafts import refresh_draft, start_draft
from yingshang.forms.errors import (
    AnswerNotAsked,
    DraftIncomplete,
    FactsMoved,
    NoSuchSubmission,
    NothingMarked,
    NotYourField,
)
from yingshang.forms.models import Draft, Submission
from yingshang.forms.parting import part_of
from yingshang.forms.selectors import get_submission_for, marks_of
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import Marked, mark_fields, start_correction, submit_draft
from yingshang.forms.tests.conftest import put_in_force
from yingshang.forms.tests.trial import field, form_with


def filled(district, **answers) -> Draft:
    district.know(name="甲公司", capital=100)
    draft = district.start()
    given = {"staff": "3", "online": "no", "note": {"left_empty": "无"}, "site": "藏", **answers}
    district.save(draft, **given)
    choose_material(district.boss, draft=draft.ref, material="lease", files=(district.upload(),))
    return draft


def submitted(district, **answers) -> Submission:
    return submit_draft(district.boss, draft=filled(district, **answers).ref)


def test_only_what_counts_is_frozen_with_its_source_and_digest(district) -> None:
    submission = submitted(district)
    body = submission.body
    assert body["answers"] == {"name": "甲公司", "capital": 100, "staff": 3, "online": False}
    assert body["left_empty"] == {"note": "无"}
    assert "藏" not in str(body)
    assert body["provenance"]["name"]["state"] == "prefilled"
    assert body["provenance"]["staff"]["state"] == "not_found"
    (file,) = body["materials"]["lease"]["files"]
    assert len(file["sha256"]) == 64
    assert submission.digest == hashlib.sha256(rfc8785.dumps(body)).hexdigest()
    assert submission.name == f"{submission.ref}@{submission.digest}"
    stored = Submission.objects.get(pk=submission.pk)
    assert hashlib.sha256(rfc8785.dumps(stored.body)).hexdigest() == submission.digest


def test_who_has_no_subject_yet_owns_and_reads_what_was_handed_in(district) -> None:
    founder = district.person("何静")
    draft = district.start(founder)
    answers = {"name": "筹", "capital": 1, "staff": 3, "online": "no", "note": {"left_empty": "无"}}
    district.save(draft, founder, **answers)
    files = (district.upload(founder),)
    choose_material(founder, draft=draft.ref, material="lease", files=files)
    submission = submit_draft(founder, draft=draft.ref)
    assert submission.owner_id == founder.person_id
    assert may_read(founder, submission)
    assert not may_read(district.person("何静"), submission)
    assert submitted(district).owner_id is None


def test_the_database_refuses_to_change_a_submission(district) -> None:
    submission = submitted(district)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(purpose="改")


def test_what_is_missing_is_named_and_nothing_is_handed_in(district) -> None:
    draft = district.start()
    district.save(draft, online="yes", capital="x")
    with pytest.raises(DraftIncomplete) as refused:
        submit_draft(district.boss, draft=draft.ref)
    assert set(refused.value.params["paths"]) == {
        "name", "capital", "staff", "site", "note", "material:lease", "material:layout",
    }  # fmt: skip
    assert not Submission.objects.exists()


def test_facts_that_changed_meanwhile_are_shown_first(district) -> None:
    draft = filled(district)
    district.clock.set(district.clock.moment + timedelta(hours=1))
    district.know(capital=200)
    with pytest.raises(FactsMoved) as refused:
        submit_draft(district.boss, draft=draft.ref)
    assert refused.value.params["keys"] == ["enterprise.capital"]


def test_a_submission_is_read_by_its_subject_its_receiver_and_whom_a_layer_above_lets(
    district, monkeypatch
) -> None:
    submission = submitted(district)
    for reader in (district.boss, district.officer):
        assert get_submission_for(reader, submission.name) == submission
    for other in (district.stranger, district.clerk, district.person("路人")):
        with pytest.raises(NoSuchSubmission):
            get_submission_for(other, submission.ref)
    with pytest.raises(NoSuchSubmission):
        get_submission_for(district.boss, f"{submission.ref}@{'0' * 64}")
    monkeypatch.setattr(READERS, "_things", {"trial": lambda actor, _s: actor == district.clerk})
    assert get_submission_for(district.clerk, submission.ref) == submission


def test_officials_mark_and_the_applicant_corrects_just_that(district) -> None:
    first = submitted(district)
    with pytest.raises(NothingMarked):
        start_correction(district.boss, submission=first.ref)
    with pytest.raises(AnswerNotAsked):
        mark_fields(district.officer, submission=first.ref, marks=(Marked(path="x", remark="y"),))
    mark_fields(
        district.officer, submission=first.ref, marks=(Marked(path="online", remark="与备案不符"),)
    )
    assert [(one.path, one.remark) for one in marks_of(first)] == [("online", "与备案不符")]
    draft = start_correction(district.boss, submission=first.ref)
    assert draft.open_paths == ["online"]
    assert start_correction(district.boss, submission=first.ref).pk == draft.pk
    with pytest.raises(NotYourField):
        district.save(draft, staff="9")
    district.save(draft, online="yes", site="新网站")
    with pytest.raises(NotYourField):
        choose_material(
            district.boss, draft=draft.ref, material="lease", files=(district.upload(),)
        )
    with pytest.raises(DraftIncomplete):
        submit_draft(district.boss, draft=draft.ref)
    choose_material(district.boss, draft=draft.ref, material="layout", later=True)
    second = submit_draft(district.boss, draft=draft.ref)
    assert second.body["answers"] == {**first.body["answers"], "online": True, "site": "新网站"}


def test_a_correction_names_what_it_corrects_and_keeps_the_rest(district) -> None:
    first = submitted(district)
    mark_fields(
        district.officer,
        submission=first.ref,
        marks=(
            Marked(path="staff", remark="人数有误"),
            Marked(path="material:lease", remark="看不清"),
        ),
    )
    draft = start_correction(district.boss, submission=first.ref)
    district.save(draft, staff="4")
    choose_material(
        district.boss, draft=draft.ref, material="lease",
        files=(district.upload(content=b"%PDF-1.4\n%better\n"),),
    )  # fmt: skip
    second = submit_draft(district.boss, draft=draft.ref)
    assert second.body["answers"] == {**first.body["answers"], "staff": 4}
    assert (second.corrects, second.body["corrects"]) == (first, first.name)
    assert second.body["left_empty"] == {"note": "无"}


def test_facts_that_change_while_correcting_move_nothing_that_was_not_marked(district) -> None:
    first = submitted(district)
    mark_fields(
        district.officer, submission=first.ref, marks=(Marked(path="staff", remark="人数有误"),)
    )
    draft = start_correction(district.boss, submission=first.ref)
    district.save(draft, staff="4")
    district.clock.set(district.clock.moment + timedelta(hours=1))
    district.know(capital=200)
    with pytest.raises(FactsMoved):
        submit_draft(district.boss, draft=draft.ref)
    refresh_draft(district.boss, draft=draft.ref)
    second = submit_draft(district.boss, draft=draft.ref)
    assert second.body["answers"] == {**first.body["answers"], "staff": 4}
    assert second.body["provenance"]["capital"]["state"] == "changed"


def test_a_step_is_corrected_without_what_another_step_of_the_matter_yields(district) -> None:
    landlord = form_with(field("owner", label="出租人"), key="landlord", outputs=["material:lease"])
    put_in_force("form", landlord)
    district.know(name="甲公司", capital=100)
    whole = start_draft(
        district.boss, forms=("trial", "landlord"), purpose="试办", context={"organ": "office"}
    )
    district.save(whole, staff="3", online="no", note="无", owner="乙")
    frozen = submit_draft(district.boss, draft=whole.ref)
    known = whole.known
    part = part_of(
        district.boss, frozen, "trial", known=known, purpose="试办", context={"organ": "office"}
    )

    mark_fields(district.officer, submission=part.ref, marks=(Marked(path="staff", remark="不符"),))
    fix = start_correction(district.boss, submission=part.ref)
    second = submit_draft(district.boss, draft=district.save(fix, staff="4").ref)
    assert second.body["answers"] == {**part.body["answers"], "staff": 4}

    lease = Marked(path="material:lease", remark="也要交")
    mark_fields(district.officer, submission=second.ref, marks=(lease,))
    again = start_correction(district.boss, submission=second.ref)
    with pytest.raises(DraftIncomplete):
        submit_draft(district.boss, draft=again.ref)
