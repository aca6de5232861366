import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from yingshang.kernel.signing import KeyUnavailable
from yingshang.ledger.heads import heads_file, publish_heads, read_head
from yingshang.ledger.keys import log_key
from yingshang.ledger.models import Entry, Head
from yingshang.ledger.recording import record
from yingshang.ledger.sequencing import sequence, sequence_now
from yingshang.ledger.tests.logs import make_events, record_one
from yingshang.ledger.verifying import verify_ledger

handed_out: list[dict] = []


def witness(head: dict) -> None:
    """A publisher, as a setting would name it."""
    handed_out.append(head)


def broken_witness(head: dict) -> None:
    raise ConnectionError("nobody there")


@pytest.mark.django_db
def test_positions_are_without_gap_in_batches_and_every_batch_has_its_head() -> None:
    make_events(25)
    assert [sequence(10), sequence(10), sequence(10), sequence(10)] == [10, 10, 5, 0]
    positions = Entry.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(25))
    assert list(Head.objects.order_by("size").values_list("size", flat=True)) == [10, 20, 25]


@pytest.mark.django_db(transaction=True)
def test_heads_are_also_kept_outside_the_database() -> None:
    record_one(n=1)
    assert sequence_now() == 1
    record_one(n=2)
    assert sequence_now() == 1
    assert sequence_now() == 0
    lines = heads_file().read_text().splitlines()
    heads = [read_head(line, log_key().public) for line in lines]
    assert [head.size for head in heads if head] == [1, 2]
    assert {json.loads(line)["hash"] for line in lines} == {"sha-256"}


@pytest.mark.django_db(transaction=True)
def test_a_head_that_was_not_written_to_the_file_is_written_next_time() -> None:
    record_one(n=1)
    sequence_now()
    heads_file().unlink()
    sequence_now()
    assert len(heads_file().read_text().splitlines()) == 1


@pytest.mark.django_db(transaction=True)
def test_publishers_get_every_head_and_a_broken_one_stops_nothing(settings) -> None:
    settings.LEDGER_PUBLISHERS = [f"{__name__}.broken_witness", f"{__name__}.witness"]
    handed_out.clear()
    record_one(n=1)
    sequence_now()
    assert [head["size"] for head in handed_out] == [1]


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_leaves_no_head_outside_the_database() -> None:
    with transaction.atomic():
        record_one(n=1)
        assert (sequence_now(), sequence_now()) == (1, 0)
        transaction.set_rollback(True)
    assert not heads_file().exists()
    record_one(n=2)
    assert sequence_now() == 1
    assert verify_ledger().ok


@pytest.mark.django_db
def test_a_log_may_be_kept_in_sm3(settings) -> None:
    settings.LEDGER_HASH = "sm3"
    record_one(n=1)
    record_one(n=2)
    sequence()
    assert json.loads(Head.objects.get().text)["hash"] == "sm3"
    assert verify_ledger().ok
    settings.LEDGER_HASH = "sha-256"
    assert not verify_ledger().ok


@pytest.mark.django_db(transaction=True)
def test_many_writers_and_sequencers_at_once_leave_no_gap() -> None:
    """Four threads record while three sequence; the database's lock keeps them in line."""

    def write(n: int) -> None:
        for i in range(15):
            with transaction.atomic():
                record("test.noted", actor=f"person:{n}", subject=f"case:{i}", payload={"i": i})
        connections.close_all()

    def work() -> None:
        for _ in range(8):
            sequence(7)
        connections.close_all()

    with ThreadPoolExecutor(7) as pool:
        done = [pool.submit(write, n) for n in range(4)] + [pool.submit(work) for _ in range(3)]
    for future in done:
        future.result()
    sequence_now()
    report = verify_ledger()
    assert report.findings == []
    assert (report.size, report.unsequenced) == (60, 0)
    sizes = [json.loads(line)["size"] for line in heads_file().read_text().splitlines()]
    assert sizes == sorted(set(sizes))


@pytest.mark.django_db
def test_the_key_lies_outside_the_database(settings) -> None:
    log_key()
    path = Path(settings.LEDGER_KEY_FILE)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_lost_key_is_told_and_never_replaced(settings, tmp_path) -> None:
    settings.LEDGER_KEY_FILE = tmp_path / "key.pem"
    record_one(n=1)
    settings.LEDGER_KEY_FILE = tmp_path / "lost.pem"
    with pytest.raises(KeyUnavailable, match="lost"):
        record_one(n=2)
    with pytest.raises(KeyUnavailable):
        verify_ledger()
    assert not (tmp_path / "lost.pem").exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_appends_once() -> None:
    record_one(n=1)
    sequence()
    assert publish_heads() == 0
    assert len(heads_file().read_text().splitlines()) == 1


def test_the_stand_alone_verifier_needs_nothing_of_ours() -> None:
    root = Path(__file__).resolve().parents[4]
    code = "import sys; sys.path.insert(0, 'tools'); import verify_receipt;"
    code += "sys.exit(any(name.split('.')[0] in ('yingshang', 'django') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-I", "-c", code.replace("'tools'", f"'{root}/tools'")])
    assert done.returncode == 0
    assert connection.vendor in ("sqlite", "postgresql")
