"""Runs: since when who is entitled, one message each, nothing left of a run that failed."""

import os
import shutil
import time
from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from yingshang.domains.matching import files, running
from yingshang.domains.matching.asking import accept_snapshot, shrunk_snapshot_for
from yingshang.domains.matching.claiming import CLAIMED, PAID, Claimed
from yingshang.domains.matching.errors import RunInBetween, SnapshotChanged, SnapshotShrunk
from yingshang.domains.matching.models import MatchRun, RuleBook
from yingshang.domains.matching.public import (
    entitled_subjects,
    entitlement_of,
    entitlements_of,
)
from yingshang.domains.matching.standing import newest_run
from yingshang.domains.matching.tasks import run_due, run_now
from yingshang.domains.matching.tests.conftest import HIRING, publish
from yingshang.facts.errors import ReasonMissing
from yingshang.facts.models import Reading
from yingshang.ledger.models import Entry
from yingshang.messages.models import Message
from yingshang.parties.actors import NotPermitted, system_actor


def texts(firm):
    return [one.text for one in Message.objects.filter(subject=firm).order_by("pk")]


def test_an_entitlement_goes_on_since_its_first_day_with_its_present_amount(matching):
    matching.run(2, a=12, b=3, c=None)
    matching.run(3, a=14, b=20, c=None)
    a, b, c = (matching.firms[name] for name in "abc")

    found = entitlement_of(a, "hiring")
    assert (found.since, found.amount_fen, found.as_of) == (
        date(2026, 11, 2),
        7000,
        date(2026, 11, 3),
    )
    assert entitlement_of(b, "hiring").since == date(2026, 11, 3)
    assert entitlement_of(c, "hiring") is None
    assert [one.policy for one in entitlements_of(a)] == ["food", "hiring"]
    assert entitlement_of(a, "food").amount_fen is None
    assert entitled_subjects("hiring") == sorted(
        [(a.ref, 7000, date(2026, 11, 2)), (b.ref, 9000, date(2026, 11, 3))],
        key=lambda row: row[0] != b.ref,
    )
    assert entitled_subjects("hiring", date(2026, 11, 2)) == [(a.ref, 6000, date(2026, 11, 2))]
    assert entitled_subjects("hiring", date(2026, 11, 1)) == []
    run = MatchRun.objects.get(as_of=date(2026, 11, 3))
    hiring = run.outcomes.get(policy="hiring")
    assert (hiring.entitled, hiring.unknown, hiring.gained, hiring.lost) == (2, 1, 1, 0)
    assert (run.changed, run.amount_fen) == (1, 16000)


def test_the_same_run_again_changes_nothing(matching):
    first = matching.run(2, a=12, b=3)
    counts = [m.objects.count() for m in (Message, MatchRun, Reading, Entry)]
    path = matching.folder / "enterprise-2026-11-02.parquet"
    again = running.run_matching(matching.actor, snapshot=path, as_of=date(2026, 11, 2))
    assert again == first
    assert [m.objects.count() for m in (Message, MatchRun, Reading, Entry)] == counts


def test_a_run_and_its_looking_back_are_one_reading_each_and_one_event(matching):
    run = matching.run(2, a=12)
    now, back = Reading.objects.filter(subject=None).order_by("-as_of")
    assert {"enterprise.staff", "enterprise.trade"} <= set(now.keys)
    assert (now.as_of, back.as_of) == (date(2026, 11, 2), date(2026, 10, 31))
    assert Entry.objects.get(kind="matching.run_finished").subject == f"match-run:{run.ref}"
    matching.run(3, a=12)
    assert Reading.objects.filter(subject=None).count() == 3, "nobody is new: nothing is looked up"


def test_an_enterprise_is_told_once_what_is_new_and_then_what_ended(matching):
    matching.run(2, a=12, b=3)
    a, b = matching.firms["a"], matching.firms["b"]
    (told,) = texts(a)
    assert "《扩招补助》" in told
    assert "《食品加工补助》" in told
    assert "60.00 元" in told
    assert Message.objects.get(subject=a).href == reverse("portal:check-up")
    assert "《扩招补助》" not in texts(b)[0]

    matching.run(4, a=3, b=11)
    assert len(texts(a)) == len(texts(b)) == 1, "within the week nobody is told again"
    matching.run(12, a=3, b=11)
    assert "不再符合：《扩招补助》" in texts(a)[1]
    assert "新符合：《扩招补助》" in texts(b)[1]
    matching.run(25, a=3, b=11)
    assert len(texts(a)) == len(texts(b)) == 2


def test_an_end_that_was_taken_back_before_it_was_told_is_never_told(matching):
    for day, staff in ((2, 12), (4, 3), (5, 12), (20, 12)):
        matching.run(day, a=staff)
    assert len(texts(matching.firms["a"])) == 1
    assert entitlement_of(matching.firms["a"], "hiring").since == date(2026, 11, 5)


def test_who_cannot_be_judged_for_lack_of_facts_is_told_nothing_and_loses_no_day(matching):
    for day, staff in ((2, 12), (10, None), (20, None)):
        matching.run(day, a=staff)
    assert entitlement_of(matching.firms["a"], "hiring") is None
    assert len(texts(matching.firms["a"])) == 1
    matching.run(28, a=12)
    assert entitlement_of(matching.firms["a"], "hiring").since == date(2026, 11, 2)
    assert len(texts(matching.firms["a"])) == 1


def test_what_was_claimed_is_not_told(matching, monkeypatch):
    a = matching.firms["a"]
    claim = Claimed(PAID, date(2026, 11, 1), 6000, 6000)
    CLAIMED.add("trial", lambda policy, _some: {a.pk: claim} if policy == "hiring" else {})
    matching.run(2, a=12)
    assert "《扩招补助》" not in texts(a)[0]


def test_a_policy_that_is_over_ends_and_one_that_cannot_be_read_stands(matching):
    matching.run(2, a=12)
    publish({**HIRING, "condition": "enterprise.nowhere > 1"}, 2)
    run = matching.run(12, a=1)
    assert "hiring" in run.unfit
    assert entitlement_of(matching.firms["a"], "hiring").since == date(2026, 11, 2)
    publish({**HIRING, "valid_to": "2026-11-15"}, 3)
    matching.run(20, a=12)
    assert entitlement_of(matching.firms["a"], "hiring") is None
    assert "不再符合：《扩招补助》" in texts(matching.firms["a"])[-1]


def test_a_run_that_fails_leaves_nothing(matching, monkeypatch):
    def fail(_rows):
        raise RuntimeError("the database went away")

    matching.run(2, a=12)
    monkeypatch.setattr(running, "send_many", fail)
    folders = sorted(one.name for one in files.runs_folder().iterdir())
    with pytest.raises(RuntimeError):
        matching.run(3, a=1)
    assert sorted(one.name for one in files.runs_folder().iterdir()) == folders
    assert MatchRun.objects.count() == 1
    assert entitlement_of(matching.firms["a"], "hiring") is not None


def test_two_runs_that_set_out_together_are_not_both_kept(matching, monkeypatch):
    def overtaken(*_args):
        raise IntegrityError

    monkeypatch.setattr(running, "_store", overtaken)
    with pytest.raises(RunInBetween):
        matching.run(2, a=12)
    assert not MatchRun.objects.exists()
    assert list(files.runs_folder().iterdir()) == []


def test_a_snapshot_that_lost_a_fifth_of_the_enterprises_is_not_matched(matching):
    matching.run(2, a=12, b=12, c=12)
    with pytest.raises(SnapshotShrunk):
        matching.run(3, a=12)
    assert len(entitled_subjects("hiring")) == 3


def test_an_official_who_checked_lets_a_smaller_snapshot_be_matched(matching):
    matching.run(2, a=12, b=12, c=12)
    matching.snapshot(3, a=12, b=12)
    official = matching.stage.official("other", "matching.read", "matching.run")
    assert vars(shrunk_snapshot_for(official)) == {"as_of": date(2026, 11, 3), "now": 2, "then": 3}
    with pytest.raises(SnapshotShrunk):
        run_due()
    for refused, given in (
        (ReasonMissing, {"subjects": 2, "ground": " "}),
        (SnapshotChanged, {"subjects": 1, "ground": "两家已注销"}),
    ):
        with pytest.raises(refused):
            accept_snapshot(official, **given)
    accept_snapshot(official, subjects=2, ground="一家已注销")
    assert Entry.objects.get(kind="matching.snapshot_accepted").actor == official.ref
    with pytest.raises(SnapshotShrunk):
        run_now.func(1)
    run_now.func(2)
    assert MatchRun.objects.order_by("-pk").first().subjects == 2
    assert shrunk_snapshot_for(official) is None
    with pytest.raises(SnapshotChanged):
        accept_snapshot(official, subjects=2, ground="一家已注销")
    with pytest.raises(NotPermitted):
        accept_snapshot(matching.stage.official("other", "matching.read"), subjects=2, ground="x")


def test_folders_of_no_run_are_swept_once_nobody_writes_into_them(matching):
    kept = matching.run(2, a=12).ref
    for name in ("stored-just-now", ".begun-just-now", "left-behind", ".died"):
        files.folder_of(name).mkdir()
    old = time.time() - files.AT_REST - 60
    for name in ("left-behind", ".died", kept):
        os.utime(files.folder_of(name), (old, old))
    again = matching.run(3, a=12).ref
    found = {one.name for one in files.runs_folder().iterdir()}
    assert found == {kept, again, "stored-just-now", ".begun-just-now"}


def test_nobody_runs_without_the_permission(matching):
    with pytest.raises(NotPermitted):
        running.run_matching(
            system_actor("x"), snapshot=matching.snapshot(2, a=1), as_of=date(2026, 11, 2)
        )


def test_missed_days_are_caught_up_and_told_once(matching):
    matching.run(2, a=3)
    assert entitlement_of(matching.firms["a"], "hiring") is None
    for day in (3, 4, 5):
        matching.snapshot(day, a=12)
        matching.stage.tick(days=1)
    run = run_due()
    assert run.as_of == date(2026, 11, 5)
    assert [one.as_of.day for one in MatchRun.objects.order_by("pk")] == [2, 3, 4, 5]
    assert entitlement_of(matching.firms["a"], "hiring").since == date(2026, 11, 3)
    assert run_due() is None, "there is nothing to do twice"
    later = matching.snapshot(10, a=12)
    for day in range(6, 10):
        matching.snapshot(day, a=12)
    assert later.exists()
    run_due()
    assert "《扩招补助》" in texts(matching.firms["a"])[-1]
    assert Message.objects.filter(subject=matching.firms["a"]).count() == 2


def test_rules_are_kept_word_for_word_once(matching):
    matching.run(2, a=12)
    matching.run(3, a=12)
    book = RuleBook.objects.get()
    assert book.body["policies"]["hiring"]["condition"] == HIRING["condition"]
    assert (
        timedelta(0) <= MatchRun.objects.first().finished_at - MatchRun.objects.first().started_at
    )


def test_who_lost_the_files_of_runs_sees_none_and_the_next_run_begins_anew(matching):
    first = matching.run(2, a=12)
    shutil.rmtree(files.folder_of(first.ref))
    assert newest_run() is None
    assert entitled_subjects("hiring") == []
    matching.run(3, a=12)
    assert [since for _ref, _fen, since in entitled_subjects("hiring")] == [date(2026, 11, 3)]
