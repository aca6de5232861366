"""Files handed in on a page: a worker loads them under the rights of who handed them in."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from yingshang.facts.actions.uploads import hand_in_file, run_upload, sweep_uploads
from yingshang.facts.errors import FileTooLarge, NotAuthoritative
from yingshang.facts.models import FactUpload, FactValue
from yingshang.facts.selectors import list_uploads_for
from yingshang.ledger.models import Entry
from yingshang.parties.models import Mandate

CODE = "914403001922038216"


def a_file(*rows):
    return ContentFile("\n".join(("subject,enterprise.staff", *rows)).encode(), name="staff.csv")


def hand_in(actor, *rows, source="tax"):
    return hand_in_file(actor, name="staff.csv", file=a_file(*rows), source=source)


def test_a_worker_loads_the_file_and_tells_cell_by_cell(stage):
    tax = stage.official("tax", "facts.record")
    upload = hand_in(tax, f"{CODE},12", f"{CODE},many")
    assert upload.state == "waiting"
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "done"
    assert FactValue.objects.get().content == 12
    assert (upload.report["new"], upload.report["refused"]) == (1, 1)
    assert upload.report["cells"][0]["row"] == 3
    assert upload.load.actor == tax.ref
    assert not default_storage.exists(upload.place)
    assert Entry.objects.filter(kind="facts.file_handed_in").count() == 1


def test_a_task_that_runs_again_changes_nothing(stage):
    upload = hand_in(stage.official("tax", "facts.record"), f"{CODE},12")
    run_upload(upload.pk)
    before = FactUpload.objects.values().get()
    run_upload(upload.pk)
    assert FactUpload.objects.values().get() == before


def test_a_file_that_cannot_be_loaded_is_refused_with_the_reason(stage):
    upload = hand_in_file(
        stage.official("tax", "facts.record"),
        name="a.csv",
        file=ContentFile("subject,员工\nx,1".encode(), name="a.csv"),
        source="tax",
    )
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, "员工" in upload.why) == ("refused", True)
    assert not FactValue.objects.exists()


def test_rights_that_ended_meanwhile_load_nothing(stage):
    upload = hand_in(stage.official("tax", "facts.record"), f"{CODE},12")
    Mandate.objects.all().delete()
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "refused"
    assert not FactValue.objects.exists()


def test_only_the_owner_hands_in_and_sees_its_files(stage, monkeypatch):
    tax, market = (stage.official(one, "facts.record") for one in ("tax", "market"))
    with pytest.raises(NotAuthoritative):
        hand_in(market, f"{CODE},12")
    hand_in(tax, f"{CODE},12")
    assert list_uploads_for(tax).count() == 1
    assert list_uploads_for(market).count() == 0
    monkeypatch.setattr("yingshang.facts.actions.uploads.MOST_MEGABYTES", 0)
    with pytest.raises(FileTooLarge):
        hand_in(tax, f"{CODE},12")


def test_the_same_file_again_is_the_upload_that_there_is(stage):
    tax = stage.official("tax", "facts.record")
    first = hand_in(tax, f"{CODE},12")
    assert hand_in(stage.official("tax", "facts.record"), f"{CODE},12") == first, "waiting"
    assert hand_in(tax, f"{CODE},13") != first
    run_upload(first.pk)
    stage.tick()
    assert hand_in(tax, f"{CODE},12") == first, "loaded, and nothing was said since"
    stage.say("tax", "enterprise.staff", 14)
    again = hand_in(tax, f"{CODE},12")
    assert again != first
    assert Entry.objects.filter(kind="facts.file_handed_in").count() == 3


def test_a_file_of_which_not_all_was_taken_may_be_handed_in_again(stage):
    tax = stage.official("tax", "facts.record")
    first = hand_in(tax, "91350100M000100Y43,12")
    run_upload(first.pk)
    stage.subject("乙", "91350100M000100Y43")
    again = hand_in(tax, "91350100M000100Y43,12")
    assert again != first
    run_upload(again.pk)
    assert FactValue.objects.get().content == 12


def test_a_file_over_which_two_workers_died_is_given_up(stage, monkeypatch):
    upload = hand_in(stage.official("tax", "facts.record"), f"{CODE},12")

    def killed(*_args, **_more):
        raise SystemExit

    monkeypatch.setattr("yingshang.facts.actions.uploads.stage", killed)
    for _attempt in range(2):
        with pytest.raises(SystemExit):
            run_upload(upload.pk)
        upload.refresh_from_db()
        assert upload.state == "running"
    run_upload(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "refused"
    assert "重新上传" in upload.why


def files():
    return set(default_storage.listdir("fact-uploads")[1])


def test_a_file_whose_upload_was_not_kept_is_thrown_away(stage, monkeypatch):
    def fails(*_given, **_more):
        raise RuntimeError("the ledger is full")

    before = hand_in(stage.official("tax", "facts.record"), f"{CODE},12")
    there = files()
    monkeypatch.setattr("yingshang.facts.actions.uploads.record", fails)
    with pytest.raises(RuntimeError):
        hand_in(stage.official("tax", "facts.record"), f"{CODE},13")
    assert files() == there
    assert FactUpload.objects.get() == before


@pytest.mark.one_database
def test_files_that_nobody_waits_for_are_swept_after_a_day(stage):
    waiting = hand_in(stage.official("tax", "facts.record"), f"{CODE},12")
    lost = default_storage.save("fact-uploads/lost", ContentFile(b"x"))
    stage.clock.set(default_storage.get_modified_time(lost))
    sweep_uploads()
    assert default_storage.exists(lost), "it may be on its way"
    stage.tick(days=1, seconds=1)
    sweep_uploads()
    assert not default_storage.exists(lost)
    assert default_storage.exists(waiting.place)
