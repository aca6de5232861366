"""Receipts, checked by the stand-alone verifier in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from yingshang.cli import cli
from yingshang.kernel.signing import create_key
from yingshang.ledger.erasing import AlreadyErased, GroundNeeded, NotErasable, erase
from yingshang.ledger.errors import EntryUnknown, HeadUnknown, LedgerBroken
from yingshang.ledger.heads import heads_file, publish_heads
from yingshang.ledger.models import Entry, Node
from yingshang.ledger.receipts import consistency_between, public_key, receipt_for
from yingshang.ledger.sequencing import sequence
from yingshang.ledger.tests.logs import make_log, record_one

pytestmark = pytest.mark.django_db

TOOL = Path(__file__).resolve().parents[4] / "tools" / "verify_receipt.py"


def verifier(tmp_path: Path, what: str, value: object, *more: str) -> tuple[int, str]:
    path = tmp_path / "value.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    key = [] if "--key" in more else ["--key", str(public_key())]
    command = [sys.executable, str(TOOL), what, str(path), *key, *more]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def ref(n: int) -> str:
    return f"e{n:015d}"


def test_a_promise_is_handed_out_at_once(tmp_path: Path) -> None:
    waiting = record_one(grade="A")
    promise = receipt_for(waiting, with_payload=True)
    assert promise["type"] == "yingshang-ledger-promise/1"
    assert promise["merge_by"] > promise["entry"]["recorded_at"]
    assert verifier(tmp_path, "receipt", promise)[0] == 0
    promise["entry"]["actor"] = "person:2"
    assert verifier(tmp_path, "receipt", promise)[0] == 1


def test_a_receipt_proves_place_and_content(tmp_path: Path) -> None:
    make_log(23)
    receipt = receipt_for(ref(11), with_payload=True)
    code, said = verifier(tmp_path, "receipt", receipt, "--heads", str(heads_file()))
    assert (code, "number 11 of 23" in said, "content included" in said) == (0, True, True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r["entry"].update(actor="person:9"),
        lambda r: r.update(position=12),
        lambda r: r["proof"].pop(),
        lambda r: r["proof"].append("00" * 32),
        lambda r: r["head"].update(size=24),
        lambda r: r["head"].update(root="00" * 32),
        lambda r: r["head"].update(at="2020-01-01T00:00:00.000000Z"),
        lambda r: r["payload"].update(body='{"n":12}'),
        lambda r: r.update(leaf="00" * 32),
        lambda r: r["head"].update(hash="md5"),
    ],
)
def test_a_spoilt_receipt_does_not_hold(tmp_path: Path, spoil) -> None:
    make_log(23)
    receipt = receipt_for(ref(11), with_payload=True)
    spoil(receipt)
    assert verifier(tmp_path, "receipt", receipt)[0] == 1


def test_another_key_or_an_unpublished_head_does_not_hold(tmp_path: Path) -> None:
    make_log(23)
    receipt = receipt_for(ref(11))
    other = create_key(tmp_path / "other.pem").public
    assert verifier(tmp_path, "receipt", receipt, "--key", str(other))[0] == 1
    shorter = tmp_path / "heads.jsonl"
    shorter.write_text("\n".join(heads_file().read_text().splitlines()[:-1]))
    assert verifier(tmp_path, "receipt", receipt, "--heads", str(shorter))[0] == 1


def test_bad_input_is_told_apart(tmp_path: Path) -> None:
    assert verifier(tmp_path, "receipt", "no json")[0] == 2
    assert verifier(tmp_path, "receipt", {})[0] == 2
    assert verifier(tmp_path, "receipt", {"type": "yingshang-ledger-receipt/1"})[0] == 2
    assert verifier(tmp_path, "receipt", {}, "--key", "rsa:x")[0] == 2


@pytest.mark.parametrize(("old", "new"), [(10, 20), (10, 40), (30, 33), (33, 33)])
def test_a_later_head_is_shown_to_have_only_appended(tmp_path: Path, old: int, new: int) -> None:
    make_log(33)
    make_log_on(40)
    proof = consistency_between(old, new)
    assert verifier(tmp_path, "consistency", proof)[0] == 0
    if old != new:
        proof["proof"][0] = "00" * 32
        assert verifier(tmp_path, "consistency", proof)[0] == 1


def make_log_on(size: int) -> None:
    from yingshang.ledger.tests.logs import make_events

    first = Entry.objects.count()
    make_events(size - first, first=first)
    sequence(1000)
    publish_heads()


def test_published_heads_are_checked_as_a_whole(tmp_path: Path) -> None:
    make_log(23)
    text = heads_file().read_text()
    assert verifier(tmp_path, "heads", text)[0] == 0
    assert verifier(tmp_path, "heads", text.replace('"size":20', '"size":21'))[0] == 1


def test_no_proof_is_handed_out_that_does_not_hold() -> None:
    make_log(23)
    Node.objects.filter(place=20).update(hash="00" * 32)
    with pytest.raises(LedgerBroken):
        receipt_for(ref(11))
    Node.objects.all().delete()
    with pytest.raises(LedgerBroken):
        consistency_between(10, 20)


def test_what_is_not_there_is_said() -> None:
    make_log(10)
    with pytest.raises(EntryUnknown):
        receipt_for("nothing")
    with pytest.raises(HeadUnknown):
        consistency_between(9, 10)


def test_after_erasure_the_receipt_still_holds_without_content(tmp_path: Path) -> None:
    make_log(23)
    erase(ref(11), ground="个人信息保护法 47", actor="person:1")
    receipt = receipt_for(ref(11), with_payload=True)
    assert "payload" not in receipt
    assert verifier(tmp_path, "receipt", receipt)[0] == 0


def test_erasure_needs_a_ground_and_happens_once() -> None:
    make_log(10)
    with pytest.raises(GroundNeeded):
        erase(ref(3), ground="  ", actor="person:1")
    tombstone = erase(ref(3), ground="法定", actor="person:1")
    with pytest.raises(AlreadyErased):
        erase(ref(3), ground="法定", actor="person:1")
    with pytest.raises(NotErasable):
        erase(tombstone.ref, ground="法定", actor="person:1")
    with pytest.raises(EntryUnknown):
        erase("nothing", ground="法定", actor="person:1")


def test_the_commands_print_receipts_heads_and_key(tmp_path: Path) -> None:
    make_log(12)
    run = CliRunner()
    receipt = json.loads(run.invoke(cli, ["ledger", "receipt", ref(3), "--payload"]).stdout)
    assert verifier(tmp_path, "receipt", receipt)[0] == 0
    proof = json.loads(run.invoke(cli, ["ledger", "consistency", "10", "12"]).stdout)
    assert verifier(tmp_path, "consistency", proof)[0] == 0
    assert run.invoke(cli, ["ledger", "key"]).stdout.strip() == str(public_key())
    heads = run.invoke(cli, ["ledger", "heads"]).stdout
    assert verifier(tmp_path, "heads", heads)[0] == 0
    missing = run.invoke(cli, ["ledger", "receipt", "nothing"])
    assert (missing.exit_code, "nothing" in missing.stderr) == (2, True)
    record_one(n=1)
    done = run.invoke(cli, ["ledger", "sequence", "--json"])
    assert json.loads(done.stdout) == {"sequenced": 1}
