"""A large file comes in parts: others write meanwhile, readers see all of it or nothing, a death leaves nothing."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from yingshang.facts.actions import loading
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.actions.loading import Loaded, load_file
from yingshang.facts.actions.reading import read_history
from yingshang.facts.actions.recording import state_completeness
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.errors import LoadUnderWay
from yingshang.facts.models import Evaluation, FactLoad, FactValue, QualityIssue
from yingshang.facts.profiles import load_population
from yingshang.facts.staging import Progress, no_progress
from yingshang.facts.staging import stage as stage_file
from yingshang.facts.tasks import finish_abandoned_loads
from yingshang.facts.tests.conftest import Stage
from yingshang.kernel.times import now, today
from yingshang.ledger.models import Entry
from yingshang.parties.models import Organ, Subject

STAFF = "enterprise.staff"
FIRMS = 5


class Killed(BaseException):
    """Whoever was recording is no more: not even its clearing up runs."""


@pytest.fixture
def staged(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(loading, "PART", 2)
    codes = [f"9131000000000000{n:02}" for n in range(FIRMS)]
    for code in codes:
        stage.subject(code, code)
    file = tmp_path / "facts.csv"
    lines = [f"{code},{20 + n}" for n, code in enumerate(codes)]
    file.write_text("\n".join([f"subject,{STAFF}", *lines]), "utf-8")
    return stage_file(file, tmp_path, current_catalogue())


def load(stage: Stage, staged: Any, progress: Progress = no_progress) -> Loaded:
    stage.tick()
    actor = stage.official("tax", "facts.record")
    return load_file(actor, staged=staged, source="tax", progress=progress)


def between(parts: Callable[[int], None]) -> Progress:
    return lambda phase, done, _total: parts(done)


@contextmanager
def killed_after(parts: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Progress]:
    def die(done: int) -> None:
        if done >= 2 * parts:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(loading, "undo", lambda _load: None)
        with pytest.raises(Killed):
            yield between(die)


def known(at: Any = None) -> list[Any]:
    firms = list(Subject.objects.filter(type="enterprise").order_by("code").values_list("pk"))
    ids = [pk for (pk,) in firms]
    found = load_population(current_catalogue(), ids, as_of=today(), known_at=at or now())
    return [one.value for pk in ids if (one := found.profile(pk).known(STAFF))]


def elsewhere(do: Callable[[], Any]) -> Any:
    """Do something on a connection of its own, as another process would."""

    def run() -> Any:
        try:
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_others_write_and_see_nothing_of_it_between_the_parts(stage: Stage, staged: Any) -> None:
    seen: list[tuple[int, list[Any]]] = []

    def look(done: int) -> None:
        seen.append((done, elsewhere(known)))
        elsewhere(lambda: Organ.objects.filter(key="other").update(name=f"改名 {done}"))

    stage.say("tax", STAFF, 7)
    loaded = load(stage, staged, between(look))
    assert seen == [(2, [7]), (4, [7]), (5, [7])]
    assert Organ.objects.get(key="other").name == "改名 5", "nobody had to wait for the end"
    assert elsewhere(known) == [20, 21, 22, 23, 24, 7]
    assert loaded.new == FIRMS
    assert loaded.load is not None
    entry = Entry.objects.get(ref=loaded.load.entry)
    assert json.loads(entry.payload.body)["rows"] == FIRMS


@pytest.mark.django_db
def test_what_was_known_meanwhile_stays_as_it_was_known(stage: Stage, staged: Any) -> None:
    load(stage, staged)
    FactValue.objects.filter(content=24).update(content=99)
    moments = []

    def look(_done: int) -> None:
        moments.append((now(), known()))
        stage.tick()

    stage.tick()
    loaded = load(stage, staged, between(look))
    stage.tick()
    assert (loaded.changed, loaded.unchanged) == (1, 4)
    assert known() == [20, 21, 22, 23, 24]
    for moment, then in moments:
        assert known(moment) == then == [20, 21, 22, 23, 99]


@pytest.mark.django_db
def test_meanwhile_the_same_source_says_nothing_else_and_histories_show_what_counts(
    stage: Stage, staged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = Subject.objects.get(code="913100000000000000")
    stage.say("tax", STAFF, 7, subject=firm)
    with killed_after(2, monkeypatch) as progress:
        load(stage, staged, progress)
    reader = stage.owner(firm, "facts.read_own")
    (row,) = read_history(reader, subject=firm.ref, key=STAFF, purpose="own")
    assert (row.content, row.is_present) == (7, True)
    with pytest.raises(LoadUnderWay):
        stage.say("tax", STAFF, 8, subject=firm)
    with pytest.raises(LoadUnderWay):
        state_completeness(
            stage.official("tax", "facts.record"), source="tax", complete_to=today(), keys=(STAFF,)
        )
    stage.say("registry", "enterprise.trade", "C", subject=firm)


@pytest.mark.django_db
def test_another_file_of_the_source_waits_for_who_is_alive(
    stage: Stage, staged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with killed_after(1, monkeypatch) as progress:
        load(stage, staged, progress)
    waited: list[float] = []
    monkeypatch.setattr("yingshang.facts.parts.PATIENCE", 3)
    monkeypatch.setattr("yingshang.facts.parts.time.sleep", waited.append)
    with pytest.raises(LoadUnderWay):
        load(stage, staged)
    assert len(waited) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("by_whom", ["next load", "job"])
def test_who_was_killed_leaves_nothing_and_the_file_can_be_loaded_again(
    stage: Stage, staged: Any, monkeypatch: pytest.MonkeyPatch, by_whom: str
) -> None:
    monkeypatch.setattr("yingshang.facts.parts.UNDONE_AT_ONCE", 3)
    firm = Subject.objects.get(code="913100000000000000")
    stage.say("tax", STAFF, -5, subject=firm)
    with killed_after(2, monkeypatch) as progress:
        load(stage, staged, progress)
    assert FactValue.objects.count() == 5, "four of the file wait, unseen"
    assert known() == [-5]
    stage.tick(minutes=2)
    if by_whom == "job":
        finish_abandoned_loads()
        assert FactValue.objects.get().superseded_at is None
        assert FactLoad.objects.count() == 1
        assert QualityIssue.objects.get().resolved_at is None
    loaded = load(stage, staged)
    assert (loaded.new, loaded.changed) == (4, 1)
    assert known() == [20, 21, 22, 23, 24]
    assert QualityIssue.objects.get().resolved_at, "the value out of range is no longer held"
    assert not FactLoad.objects.filter(touched_at__isnull=False).exists()


@pytest.mark.django_db
def test_what_a_dead_worker_did_not_repeat_is_repeated_later(
    stage: Stage, staged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = Subject.objects.get(code="913100000000000000")
    before = record_evaluation(
        stage.official("other", "facts.evaluate", "facts.read"),
        subject=firm.ref,
        policy={"id": "p", "title": "政策", "condition": f"{STAFF} > 10"},
        purpose="policy",
    )
    with monkeypatch.context() as patch:
        patch.setattr(loading, "repeat_after", lambda *_given: None)
        load(stage, staged)
    assert known() == [20, 21, 22, 23, 24]
    stage.tick(minutes=2)
    finish_abandoned_loads()
    after = Evaluation.objects.get(revises=before)
    assert (before.outcome["result"], after.outcome["result"]) == ("unknown", "yes")
