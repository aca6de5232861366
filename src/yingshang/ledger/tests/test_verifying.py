"""Every attack by somebody who can write every table and does not hold the key."""

import json
import os

import pytest
from click.testing import CliRunner
from django.db import transaction

from yingshang.cli import cli
from yingshang.ledger.erasing import ERASED, erase
from yingshang.ledger.heads import heads_file
from yingshang.ledger.models import Entry, Head, Node, Payload
from yingshang.ledger.recording import record
from yingshang.ledger.sequencing import sequence, sequence_now
from yingshang.ledger.tests.logs import (
    delete_and_close_up,
    drop_heads_above,
    forge,
    insert_event,
    make_events,
    make_large_log,
    make_log,
    rebuild_nodes,
    record_one,
    reseal_without_key,
    swap,
)
from yingshang.ledger.verifying import verify_ledger

pytestmark = pytest.mark.django_db

THOROUGH = os.environ.get("YINGSHANG_EVERY_PAGE") == "1"

WAITING = "UPDATE ledger_entry SET {} = %s WHERE position IS NULL"


def found() -> list[tuple]:
    report = verify_ledger()
    assert report.ok == (not report.findings)
    return [(f.code.value, f.position, f.entry, f.between) for f in report.findings]


def ref(n: int) -> str:
    return f"e{n:015d}"


def test_an_untouched_log_is_in_order() -> None:
    make_log(57)
    record_one(waiting=True)
    report = verify_ledger()
    assert report.ok
    assert (report.size, report.heads, report.unsequenced) == (57, 6, 1)
    assert report.head is not None
    assert report.head.size == 57


def test_an_empty_log_is_in_order() -> None:
    assert verify_ledger().ok


def test_a_changed_payload_is_named() -> None:
    make_log(57)
    forge(
        "UPDATE ledger_payload SET body = %s WHERE entry_id ="
        " (SELECT id FROM ledger_entry WHERE position = 23)",
        '{"n":23,"结果":"不通过"}',
    )
    assert found() == [("payload_changed", 23, ref(23), (20, 30))]


@pytest.mark.parametrize("field", ["actor", "subject", "kind", "payload_digest"])
def test_a_changed_field_is_named(field: str) -> None:
    make_log(57)
    forge(f"UPDATE ledger_entry SET {field} = %s WHERE position = 23", "x")
    codes = {(code, position) for code, position, *_ in found()}
    assert codes == {("entry_changed", 23)}


def test_a_changed_time_is_named() -> None:
    make_log(57)
    Entry.objects.filter(position=23).update(occurred_at="2020-01-01T00:00:00Z")
    assert found() == [("entry_changed", 23, ref(23), (20, 30))]


def test_a_payload_changed_together_with_its_hashes_is_named() -> None:
    make_log(57)
    Payload.objects.filter(entry__position=23).update(body='{"n":0}')
    reseal_without_key(23)
    assert found() == [("entry_changed", 23, ref(23), (20, 30))]
    rebuild_nodes()
    assert found() == [
        ("entry_changed", 23, ref(23), (20, 30)),
        ("range_altered", None, None, (20, 30)),
    ]


def test_a_deleted_event_is_named_by_its_place() -> None:
    make_log(57)
    Payload.objects.filter(entry__position=23).delete()
    forge("DELETE FROM ledger_entry WHERE position = 23")
    assert found() == [("entry_dropped", 23, None, (20, 30))]


def test_a_deleted_event_is_named_when_the_rest_moved_up() -> None:
    make_log(57)
    delete_and_close_up(23)
    assert found() == [("entry_dropped", 23, None, (20, 30))]


def test_without_stored_hashes_a_deletion_lies_between_two_heads() -> None:
    make_log(57)
    delete_and_close_up(23)
    rebuild_nodes()
    assert found() == [("range_altered", None, None, (20, 30))]
    Node.objects.all().delete()
    assert found() == [("range_altered", None, None, (20, 30))]


def test_a_deletion_in_the_last_stretch_is_not_taken_for_a_cut_tail() -> None:
    make_log(57)
    delete_and_close_up(53)
    assert found() == [("entry_dropped", 53, None, (50, 57))]


def test_an_inserted_event_is_named() -> None:
    make_log(57)
    insert_event(23)
    assert found() == [("entry_inserted", 23, "forged", (20, 30))]


def test_an_event_put_after_the_end_is_named() -> None:
    make_log(50)
    insert_event(50)
    assert found() == [("entry_inserted", 50, "forged", None)]


def test_two_swapped_events_are_named() -> None:
    make_log(57)
    swap(23, 41)
    assert found() == [
        ("entry_moved", 23, ref(41), (20, 30)),
        ("entry_moved", 41, ref(23), (40, 50)),
    ]


def test_one_event_moved_far_is_named_alone() -> None:
    make_log(300, batch=50)
    forge("UPDATE ledger_entry SET position = -1 WHERE position = 10")
    forge("UPDATE ledger_entry SET position = -position - 1 WHERE position BETWEEN 11 AND 250")
    forge("UPDATE ledger_entry SET position = -position - 2 WHERE position < -1")
    forge("UPDATE ledger_entry SET position = 250 WHERE position = -1")
    assert found() == [("entry_moved", 250, ref(10), (250, 300))]


def test_a_cut_tail_is_found_back_to_the_last_head_handed_out() -> None:
    make_log(57)
    Payload.objects.filter(entry__position__gte=34).delete()
    Entry.objects.filter(position__gte=34).delete()
    assert found() == [("tail_cut", 34, None, (30, 57))]
    drop_heads_above(30)
    rebuild_nodes()
    assert [f for f in found() if f[0] != "head_missing"] == [("tail_cut", 34, None, (30, 57))]
    assert [f[0] for f in found()].count("head_missing") == 3


def test_an_emptied_database_is_found() -> None:
    make_log(57)
    for model in (Payload, Entry, Node, Head):
        model.objects.all().delete()
    assert ("tail_cut", 0, None, (0, 57)) in found()


def test_nothing_is_signed_on_top_of_a_cut_or_altered_log() -> None:
    from yingshang.ledger.errors import LedgerBroken

    make_log(30)
    delete_and_close_up(29)
    drop_heads_above(20)
    make_events(1, first=70)
    with pytest.raises(LedgerBroken):
        sequence()


def test_nothing_is_signed_on_forged_stored_hashes() -> None:
    from yingshang.ledger.errors import LedgerBroken

    make_log(32)
    Payload.objects.filter(entry__position=3).update(body='{"n":0}')
    reseal_without_key(3)
    rebuild_nodes()
    make_events(1, first=70)
    with pytest.raises(LedgerBroken):
        sequence()


def test_edited_heads_are_found() -> None:
    make_log(57)
    Head.objects.filter(size=30).update(root="00" * 32)
    codes = [f[0] for f in found()]
    assert sorted(codes) == ["head_forged", "head_missing"]


def test_a_head_signed_with_another_key_is_found(tmp_path) -> None:
    from yingshang.kernel.signing import create_key
    from yingshang.ledger.heads import HEAD_CONTEXT
    from yingshang.ledger.leaves import compact_json

    make_log(20)
    head = Head.objects.get(size=20)
    fields = json.loads(head.text)
    del fields["signature"]
    other = create_key(tmp_path / "other.pem")
    import base64

    fields["signature"] = base64.b64encode(other.sign(HEAD_CONTEXT + compact_json(fields))).decode()
    Head.objects.filter(size=20).update(text=compact_json(fields).decode())
    assert sorted(f[0] for f in found()) == ["head_forged", "head_missing"]


def test_deleted_heads_are_found() -> None:
    make_log(57)
    Head.objects.all().delete()
    assert [f[0] for f in found()] == ["head_missing"] * 6


def test_a_lost_heads_file_is_told_once_the_delay_is_over(settings) -> None:
    make_log(20)
    heads_file().unlink()
    settings.LEDGER_MAX_MERGE_DELAY_SECONDS = 0
    assert [f[0] for f in found()] == ["head_not_filed"] * 2


def test_an_event_altered_before_it_was_sequenced_is_named_and_left_out() -> None:
    make_log(10)
    first, second = record_one(a=1), record_one(a=2)
    forge(WAITING.format("actor") + " AND ref = %s", "person:9", first)
    assert found() == [("unsequenced_altered", None, first, None)]
    assert sequence() == 1
    assert Entry.objects.get(ref=second).position == 10
    assert Entry.objects.get(ref=first).position is None


def test_an_unsequenced_event_rewritten_with_its_hashes_is_named() -> None:
    waiting = record_one(a=1)
    entry = Entry.objects.get(ref=waiting)
    entry.actor = "person:9"
    from yingshang.ledger.keys import tree_hash
    from yingshang.ledger.leaves import leaf_hash

    forge(
        "UPDATE ledger_entry SET actor = %s, leaf = %s WHERE id = %s",
        entry.actor,
        leaf_hash(entry, tree_hash()),
        entry.pk,
    )
    assert found() == [("unsequenced_altered", None, waiting, None)]


def test_an_event_taken_back_out_of_the_log_is_found() -> None:
    make_log(57)
    forge("UPDATE ledger_entry SET position = NULL WHERE position = 23")
    assert found() == [("entry_dropped", 23, None, (20, 30))]


def test_lawful_erasure_leaves_a_log_in_order() -> None:
    make_log(57)
    tombstone = erase(ref(23), ground="个人信息保护法 47", actor="person:1")
    assert not Payload.objects.filter(entry__ref=ref(23)).exists()
    assert verify_ledger().ok
    sequence_now()
    assert verify_ledger().ok
    assert Entry.objects.get(ref=tombstone.ref).kind == ERASED


def test_an_erasure_without_record_is_named() -> None:
    make_log(57)
    Payload.objects.filter(entry__position=23).delete()
    assert found() == [("payload_missing", 23, ref(23), (20, 30))]


def test_a_forged_tombstone_does_not_cover_an_erasure() -> None:
    make_log(57)
    Payload.objects.filter(entry__position=23).delete()
    forged = record_one(entry=ref(23), ground="无")
    forge(
        "UPDATE ledger_entry SET kind = %s, subject = %s WHERE ref = %s",
        ERASED,
        f"entry:{ref(23)}",
        forged,
    )
    assert found() == [
        ("payload_missing", 23, ref(23), (20, 30)),
        ("unsequenced_altered", None, forged, None),
    ]


def test_a_tombstone_without_its_ground_does_not_count() -> None:
    make_log(20)
    tombstone = erase(ref(3), ground="法定", actor="person:1")
    Payload.objects.filter(entry__ref=tombstone.ref).delete()
    codes = {(f[0], f[2]) for f in found()}
    assert codes == {("payload_missing", ref(3)), ("payload_missing", tombstone.ref)}


def test_erased_content_that_comes_back_is_named() -> None:
    make_log(20)
    kept = Payload.objects.get(entry__ref=ref(3))
    erase(ref(3), ground="法定", actor="person:1")
    Payload.objects.create(entry_id=kept.entry_id, salt=kept.salt, body=kept.body)
    assert found() == [("erased_payload_back", 3, ref(3), (0, 10))]


def test_garbage_in_the_columns_is_named_and_stops_nothing() -> None:
    from django.db import connection

    make_log(20)
    Payload.objects.filter(entry__position=3).update(salt="not hex")
    if connection.vendor == "sqlite":
        forge("UPDATE ledger_entry SET occurred_at = 'soon' WHERE position = 5")
        forge("UPDATE ledger_entry SET seal = X'00FF' WHERE position = 6")
    else:
        forge("UPDATE ledger_entry SET occurred_at = 'infinity' WHERE position = 5")
        forge("UPDATE ledger_entry SET seal = '' WHERE position = 6")
    assert [(code, position) for code, position, *_ in found()] == [
        ("payload_changed", 3),
        ("entry_changed", 5),
        ("entry_changed", 6),
    ]


def test_one_change_stored_hashes_half_destroyed_is_still_named() -> None:
    make_log(300, batch=50)
    Node.objects.filter(place__gte=300).delete()
    forge("UPDATE ledger_entry SET position = -1 WHERE position = 77")
    forge("UPDATE ledger_entry SET position = 77 WHERE position = 78")
    forge("UPDATE ledger_entry SET position = 78 WHERE position = -1")
    assert [(code, position) for code, position, *_ in found()] == [
        ("entry_moved", 77),
        ("entry_moved", 78),
    ]


@pytest.mark.timeout(300)  # some ten seconds, but the machine may be busy
def test_four_attacks_at_once_among_a_hundred_thousand_events_are_named() -> None:
    """A thorough run makes the hundred thousand; an everyday one a fifth, at the same fractions."""
    size, quarter = (100_000, 25_000) if THOROUGH else (20_000, 5_000)
    dropped, inserted, last = size * 5 // 8, size * 7 // 10, size - 1_235
    make_large_log(size, batch=quarter)
    forge("UPDATE ledger_entry SET actor = 'person:9' WHERE position = 314")
    swap(1_234, last)
    delete_and_close_up(dropped)
    insert_event(inserted)
    third, fourth = (2 * quarter, 3 * quarter), (3 * quarter, size)
    assert found() == [
        ("entry_changed", 314, ref(314), (0, quarter)),
        ("entry_moved", 1_234, ref(last), (0, quarter)),
        ("entry_dropped", dropped, None, third),
        ("entry_inserted", inserted, "forged", third),
        ("entry_moved", last, ref(1_234), fourth),
    ]


def test_the_command_answers_with_its_exit_code() -> None:
    make_log(20)
    result = CliRunner().invoke(cli, ["ledger", "verify", "--json"])
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["ok"], answer["size"], answer["findings"]) == (0, True, 20, [])
    forge("UPDATE ledger_entry SET actor = 'x' WHERE position = 3")
    result = CliRunner().invoke(cli, ["ledger", "verify", "--json"])
    finding = json.loads(result.stdout)["findings"][0]
    assert result.exit_code == 1
    assert (finding["code"], finding["position"], finding["entry"], finding["between"]) == (
        "entry_changed",
        3,
        ref(3),
        [0, 10],
    )
    spoken = CliRunner().invoke(cli, ["ledger", "verify"])
    assert ref(3) in spoken.stdout
    assert spoken.exit_code == 1


def test_recording_goes_on_after_a_verification() -> None:
    make_log(10)
    with transaction.atomic():
        record("test.noted", actor="person:1", subject="case:1", payload={})
    assert sequence() == 1
    assert verify_ledger().size == 11
