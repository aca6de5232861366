import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.draws.drawing import (
    Source,
    Stratum,
    commit_pool,
    commit_strata,
    draw_record,
    run_draw,
)
from yingshang.draws.errors import (
    BadPool,
    BadSources,
    DrawUnknown,
    NotWitnessed,
    OtherNumbers,
    PoolAltered,
    SourcesTooEarly,
    TooEarly,
)
from yingshang.draws.models import Commitment, Result
from yingshang.draws.records import BadRecord, check_record
from yingshang.kernel.sortition import BadDraw, draw, key_of
from yingshang.ledger.heads import publish_heads
from yingshang.ledger.models import Entry, Payload
from yingshang.ledger.sequencing import sequence_now
from yingshang.ledger.verifying import verify_ledger

pytestmark = pytest.mark.django_db

MEMBERS = [f"task:{n}" for n in range(1, 26)]
LOTTERY = Source("双色球 2026135 期", date(2026, 11, 24))
INDEX = Source("上证指数收盘点位（百分位）", date(2026, 11, 25))
NUMBERS = [[2, 5, 12, 8, 10], [391742]]
ACTOR = "person:督查"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 23, 2, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def commit(**changes) -> Commitment:
    settings = {"purpose": "督查抽查", "sources": [LOTTERY, INDEX], "pick": 4, "actor": ACTOR}
    return commit_pool(MEMBERS, **{**settings, **changes})


def later(clock) -> None:
    """Let the sequencer run, as the worker does within a minute, and come back after the sources' days."""
    sequence_now()
    publish_heads()
    clock.move_to(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))


def test_the_pool_is_in_the_ledger_before_the_numbers_exist() -> None:
    commitment = commit()
    entry = Entry.objects.get(ref=commitment.entry)
    payload = json.loads(Payload.objects.get(entry=entry).body)
    assert (entry.kind, entry.actor) == ("draws.pool_committed", ACTOR)
    assert payload["pool_digest"] == commitment.pool_digest
    assert payload["sources"][0] == {"name": LOTTERY.name, "on": "2026-11-24"}
    assert "task:1" not in json.dumps(payload)


def test_a_draw_is_the_one_that_anybody_makes_on_the_command_line(clock, tmp_path) -> None:
    commitment = commit()
    later(clock)
    result = run_draw(commitment.ref, NUMBERS, actor=ACTOR)
    assert result.picks[""] == [MEMBERS[n - 1] for n in draw(key_of(NUMBERS), 25, 4)]
    path = tmp_path / "sources.txt"
    path.write_text("2 5 12 8 10\n391742\n")
    args = ["draw", "--sources", str(path), "--pool", "25", "--pick", "4", "--json"]
    picks = json.loads(CliRunner().invoke(cli, args).stdout)["picks"]
    assert result.picks[""] == [MEMBERS[n - 1] for n in picks]


def test_the_result_is_in_the_ledger_and_the_log_verifies(clock) -> None:
    commitment = commit()
    later(clock)
    result = run_draw(commitment.ref, NUMBERS, actor=ACTOR)
    payload = json.loads(Payload.objects.get(entry__ref=result.entry).body)
    assert payload["picks"] == result.picks
    sequence_now()
    assert verify_ledger().ok


@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2026, 11, 22)])
def test_a_source_that_may_be_known_already_is_refused(on: date) -> None:
    with pytest.raises(SourcesTooEarly):
        commit(sources=[LOTTERY, Source("昨日气温", on)])
    assert not Entry.objects.exists()


def test_today_is_the_day_in_shanghai(clock) -> None:
    clock.move_to(datetime(2026, 11, 23, 17, 0, tzinfo=UTC))  # the 24th has begun there
    with pytest.raises(SourcesTooEarly):
        commit()


@pytest.mark.parametrize(
    "changes", [{"sources": []}, {"sources": [Source(" ", date(2026, 12, 1))]}]
)
def test_sources_must_be_announced(changes: dict) -> None:
    with pytest.raises(BadSources):
        commit(**changes)


@pytest.mark.parametrize(
    ("members", "pick", "method"),
    [(["a", "a"], 1, "sm3"), ([], 1, "sm3"), (["a"], 2, "sm3"), (["a"], 0, "sm3"), (["a"], 1, "x")],
)
def test_a_pool_that_cannot_be_drawn_from_is_refused(members, pick, method) -> None:
    with pytest.raises(BadPool):
        commit_pool(members, purpose="x", sources=[LOTTERY], pick=pick, actor=ACTOR, method=method)


def test_nobody_draws_before_the_last_source(clock) -> None:
    commitment = commit()
    clock.move_to(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    with pytest.raises(TooEarly):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)


def test_a_pool_that_no_head_covered_before_the_numbers_is_refused(clock) -> None:
    commitment = commit()
    clock.move_to(datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    with pytest.raises(NotWitnessed):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)
    sequence_now()  # too late: the numbers are known by now
    with pytest.raises(NotWitnessed):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)


def test_a_record_shows_that_the_pool_was_covered_in_time(clock) -> None:
    record = published(clock)
    assert record["receipts"]["committed"]["head"]["at"].startswith("2026-11-23")
    record["receipts"]["committed"]["head"]["at"] = "2026-11-24T03:00:00Z"
    assert any("树头" in fault for fault in check_record(record))
    del record["receipts"]["committed"]["head"]
    assert any("树头" in fault for fault in check_record(record))


@pytest.mark.parametrize(
    "numbers", [[], [[1]], [[1], []], [[1], [-2]], [[1], [2], [3]], [[1], [2**53]]]
)
def test_the_numbers_must_be_those_of_the_sources(clock, numbers) -> None:
    commitment = commit()
    later(clock)
    with pytest.raises(BadSources):
        run_draw(commitment.ref, numbers, actor=ACTOR)


def test_a_pool_exchanged_in_the_database_is_refused(clock) -> None:
    commitment = commit()
    later(clock)
    strata = commitment.strata
    strata[0]["members"][0] = "task:99"
    Commitment.objects.update(strata=strata)
    with pytest.raises(PoolAltered):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)
    from yingshang.draws.records import pool_digest

    digest = pool_digest(commitment.salt, strata, commitment.hash)
    Commitment.objects.update(pool_digest=digest)
    with pytest.raises(PoolAltered):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)


def test_a_pool_exchanged_together_with_its_ledger_entry_is_refused(clock) -> None:
    from yingshang.draws.drawing import _promised
    from yingshang.draws.records import pool_digest
    from yingshang.ledger.keys import tree_hash
    from yingshang.ledger.leaves import leaf_hash, payload_body, payload_digest

    commitment = commit()
    later(clock)
    commitment.strata[0]["members"][0] = "task:99"
    commitment.pool_digest = pool_digest(commitment.salt, commitment.strata, commitment.hash)
    commitment.save()
    entry = Entry.objects.select_related("payload").get(ref=commitment.entry)
    entry.payload.body = payload_body(_promised(commitment))
    entry.payload.save()
    hashing = tree_hash()
    entry.payload_digest = payload_digest(entry.payload.salt, entry.payload.body, hashing.algorithm)
    entry.leaf = leaf_hash(entry, hashing)
    entry.save()
    with pytest.raises(PoolAltered):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR)


def test_a_draw_cannot_be_tried_again_with_other_numbers(clock) -> None:
    commitment = commit()
    later(clock)
    first = run_draw(commitment.ref, NUMBERS, actor=ACTOR)
    assert run_draw(commitment.ref, NUMBERS, actor=ACTOR).pk == first.pk
    with pytest.raises(OtherNumbers):
        run_draw(commitment.ref, [[1], [2]], actor=ACTOR)
    assert Result.objects.count() == 1


def test_a_recusal_brings_in_the_next_in_line_and_is_on_record(clock) -> None:
    commitment = commit()
    later(clock)
    first = run_draw(commitment.ref, NUMBERS, actor=ACTOR).picks[""]
    second = run_draw(commitment.ref, NUMBERS, actor=ACTOR, excluded={first[1]: "承办人亲属"})
    assert second.picks[""][:3] == [first[0], first[2], first[3]]
    assert second.excluded == [{"member": first[1], "ground": "承办人亲属"}]
    with pytest.raises(BadDraw):
        run_draw(commitment.ref, NUMBERS, actor=ACTOR, excluded={"task:99": "不在名单"})


def test_strata_have_their_own_numbers_of_picks(clock) -> None:
    strata = [Stratum("镇", MEMBERS[:10], 2), Stratum("委办局", MEMBERS[10:], 3)]
    commitment = commit_strata(strata, purpose="督查", sources=[LOTTERY], actor=ACTOR)
    later(clock)
    result = run_draw(commitment.ref, [[7, 8]], actor=ACTOR)
    assert {name: len(picks) for name, picks in result.picks.items()} == {"镇": 2, "委办局": 3}
    assert check_record(draw_record(result)) == []


def test_an_unknown_draw_is_missing() -> None:
    with pytest.raises(DrawUnknown):
        run_draw("nothing", NUMBERS, actor=ACTOR)


def published(clock) -> dict:
    commitment = commit()
    sequence_now()
    later(clock)
    first = MEMBERS[draw(key_of(NUMBERS), 25, 1)[0] - 1]
    result = run_draw(commitment.ref, NUMBERS, actor=ACTOR, excluded={first: "回避"})
    sequence_now()
    return json.loads(json.dumps(draw_record(result)))


def test_the_published_record_is_enough_to_draw_again(clock, tmp_path) -> None:
    record = published(clock)
    assert check_record(record) == []
    assert record["receipts"]["committed"]["type"] == "yingshang-ledger-receipt/1"
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(record), "utf-8")
    done = CliRunner().invoke(cli, ["draw", "--record", str(path), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "ok": True,
        "key": record["key"],
        "picks": record["picks"],
        "faults": [],
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r["strata"][0]["members"].append("task:99"),
        lambda r: r["strata"][0]["members"].reverse(),
        lambda r: r["picks"][""].reverse(),
        lambda r: r["sources"][1].update(numbers=[391743]),
        lambda r: r["excluded"].clear(),
        lambda r: r.update(method="rfc3797"),
        lambda r: r["sources"][0].update(on="2026-11-23"),
        lambda r: r.update(committed_on="2026-11-01"),
        lambda r: r["receipts"]["committed"]["payload"].update(body='{"pool_digest":"00"}'),
    ],
)
def test_a_record_that_was_changed_does_not_agree(clock, tmp_path, spoil) -> None:
    record = published(clock)
    spoil(record)
    assert check_record(record)
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(record), "utf-8")
    done = CliRunner().invoke(cli, ["draw", "--record", str(path), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["ok"]) == (1, False)


def test_what_is_no_record_is_told(tmp_path) -> None:
    with pytest.raises(BadRecord):
        check_record({"type": "yingshang-draw/1"})
    path = tmp_path / "x.json"
    for text in ("{}", "[]", "no json"):
        path.write_text(text)
        assert CliRunner().invoke(cli, ["draw", "--record", str(path)]).exit_code == 2
    assert CliRunner().invoke(cli, ["draw", "--pool", "5", "--pick", "1"]).exit_code == 2
