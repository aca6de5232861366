"""What the public learns of a document, what guessing yields, and what tampering cannot hide."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from yingshang.cli import cli
from yingshang.kernel.times import frozen, now
from yingshang.licences import errors
from yingshang.licences.actions.copies import make_copy, withdraw_copy
from yingshang.licences.actions.licences import cancel, change, renew, revoke, suspend
from yingshang.licences.actions.seals import register_seal
from yingshang.licences.checking import check_decision, check_document, check_licence
from yingshang.licences.codes import LENGTH, code_of, is_code_of, verification_address
from yingshang.licences.labels import TONES
from yingshang.licences.masking import masked_name
from yingshang.licences.models import (
    Decision,
    Licence,
    LicenceCopy,
    LicenceEvent,
    LicenceVersion,
    Rendition,
    VerificationFailure,
)
from yingshang.licences.presenting import copy_rows
from yingshang.licences.protection import protect, unprotect
from yingshang.licences.renditions import read_file
from yingshang.licences.tasks import make_rendition
from yingshang.licences.verifying import (
    FAILURES_PER_ADDRESS,
    WITHIN,
    forget_failures,
    matches_file,
    verify,
)

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with frozen(START) as moving:
        yield moving


def ask(identifier: str):
    return verify(identifier, code_of(identifier), address="203.0.113.7")


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王*明"), ("李明", "李*"), ("欧阳小明", "欧**明"), ("", "")]
)
def test_a_persons_name_is_partly_masked(name: str, shown: str) -> None:
    assert masked_name(name, "person") == shown
    assert masked_name("甲公司", "enterprise") == "甲公司"


def test_an_addressee_who_is_no_subject_is_masked_where_he_may_be_a_person(town) -> None:
    shown = {
        "王小明": "王*明",
        "阿卜杜热合曼·买买提": "阿********提",
        "清江区人民政府": "清江区人民政府",
    }
    for name, masked in shown.items():
        decision = town.decide(subject="", addressee=name)
        assert ask(decision.ref).holder == masked


def test_a_licence_renewed_before_its_end_is_good_without_a_gap(town, clock) -> None:
    first = town.issue(valid_to=date(2026, 12, 31))
    official = town.official()
    renewed = renew(official, licence=first.ref, ground="准予延续", valid_from=date(2027, 1, 1))
    copy = make_copy(town.holder(), licence=first.ref, purpose="x", expires_on=date(2027, 3, 1))
    seen = {}
    for day in (START, datetime(2027, 1, 1, 2, tzinfo=UTC)):
        clock.set(day)
        asked = (first.identifier, renewed.identifier, copy.ref)
        seen[day.year] = [ask(one).state for one in asked]
    assert seen == {
        2026: ["valid", "not_yet", "valid"],
        2027: ["replaced", "valid", "replaced"],
    }
    assert copy_rows([copy])[0].tone == TONES["replaced"]


def test_a_gap_between_two_terms_is_told(town, clock) -> None:
    first = town.issue(valid_to=date(2026, 12, 31))
    renewed = renew(town.official(), licence=first.ref, ground="x", valid_from=date(2027, 2, 1))
    clock.set(datetime(2027, 1, 10, 2, tzinfo=UTC))
    assert [ask(one).state for one in (first.identifier, renewed.identifier)] == [
        "expired",
        "not_yet",
    ]


def test_a_genuine_licence_is_told_with_the_least_it_needs(town) -> None:
    licence = town.issue()
    found = ask(licence.identifier)
    assert found.is_good
    assert (found.title, found.number, found.holder) == ("食品经营许可证", licence.number, "甲公司")
    assert found.valid_to == date(2031, 11, 1)
    assert "创新路" not in repr(found)
    person = town.issue(kind="pass", subject=town.citizen.ref, fields={})
    assert ask(person.identifier).holder == "王*明"


def test_the_code_may_be_typed_with_dash_in_lower_case(town) -> None:
    identifier = town.issue().identifier
    code = code_of(identifier)
    assert len(code) == LENGTH
    typed = f"{code[:5]}-{code[5:]}".lower()
    assert verify(identifier.lower(), typed).is_good
    assert code in verification_address(identifier)
    assert not is_code_of(identifier, code_of(town.decide().ref))


def test_states_are_told_plainly(town, clock) -> None:
    official = town.official()
    one, two, three, four = (town.issue() for _ in range(4))
    suspend(official, licence=one.ref, ground="x")
    revoke(official, licence=two.ref, ground="x")
    cancel(official, licence=three.ref, ground="x")
    change(official, licence=four.ref, fields={"note": "新"}, ground="x")
    states = [ask(licence.identifier).state for licence in (one, two, three, four)]
    assert states == ["suspended", "revoked", "cancelled", "replaced"]
    four.refresh_from_db()
    assert ask(four.identifier).state == "valid"
    early = town.issue(valid_from=date(2026, 12, 1))
    assert ask(early.identifier).state == "not_yet"
    clock.set(datetime(2032, 1, 1, tzinfo=UTC))
    assert ask(early.identifier).state == "expired"


def test_since_when_it_is_so_is_told_for_what_it_is(town, clock) -> None:
    licence = town.issue(valid_to=date(2026, 12, 31))
    given = {"licence": licence.ref, "purpose": "x", "expires_on": date(2026, 11, 10)}
    withdrawn, ended = (make_copy(town.holder(), **given) for _ in range(2))
    stopped = town.issue()
    assert ask(licence.identifier).state_since is None
    clock.set(datetime(2026, 11, 5, 2, tzinfo=UTC))
    withdraw_copy(town.holder(), copy=withdrawn.ref)
    suspend(town.official(), licence=stopped.ref, ground="x")
    clock.set(datetime(2027, 1, 20, 2, tzinfo=UTC))
    asked = (licence.identifier, withdrawn.ref, ended.ref, stopped.identifier)
    told = [(found.state, found.state_since) for found in map(ask, asked)]
    assert told == [
        ("expired", date(2027, 1, 1)),
        ("withdrawn", date(2026, 11, 5)),
        ("expired", date(2027, 1, 1)),
        ("suspended", date(2026, 11, 5)),
    ]
    clock.set(datetime(2026, 11, 20, 2, tzinfo=UTC))
    assert ask(ended.ref).state_since == date(2026, 11, 11)


def test_a_copy_ends_with_its_day_its_withdrawal_or_its_licence(town, clock) -> None:
    licence, holder = town.issue(), town.holder()

    def copy(**more):
        given = {"purpose": "办理银行开户", "expires_on": date(2026, 12, 31), **more}
        return make_copy(holder, licence=licence.ref, **given)

    one, two = copy(recipient="清江农商银行"), copy()
    found = ask(one.ref)
    assert (found.sort, found.state, found.purpose) == ("copy", "valid", "办理银行开户")
    assert (found.recipient, found.copy_expires_on) == ("清江农商银行", date(2026, 12, 31))
    withdraw_copy(holder, copy=two.ref)
    assert ask(two.ref).state == "withdrawn"
    with pytest.raises(errors.CopyWithdrawn):
        withdraw_copy(holder, copy=two.ref)
    clock.set(datetime(2027, 1, 1, 2, tzinfo=UTC))
    assert ask(one.ref).state == "expired"
    clock.set(START)
    suspend(town.official(), licence=licence.ref, ground="x")
    assert ask(one.ref).state == "suspended"
    with pytest.raises(errors.LicenceNotInForce):
        copy()


def test_the_refusals_of_a_copy(town) -> None:
    licence = town.issue(valid_to=date(2026, 12, 31))
    given = {"licence": licence.ref, "purpose": "x", "expires_on": date(2026, 12, 1)}
    for day in (date(2026, 11, 1), date(2027, 1, 1)):
        with pytest.raises(errors.CopyDayUnfit):
            make_copy(town.holder(), **{**given, "expires_on": day})
    with pytest.raises(errors.PurposeMissing):
        make_copy(town.holder(), **{**given, "purpose": " "})
    with pytest.raises(errors.LicenceMissing):
        make_copy(town.holder("乙"), **given)
    copy = make_copy(town.holder(), **given)
    with pytest.raises(errors.CopyMissing):
        withdraw_copy(town.holder("乙"), copy=copy.ref)


def test_guessing_tells_nothing_and_is_stopped(town, clock) -> None:
    identifier = town.issue().identifier
    for turn in range(FAILURES_PER_ADDRESS):
        with pytest.raises(errors.NotVerifiable):
            verify(identifier if turn % 2 else "1.2.3", f"{turn:010}", address="203.0.113.9")
    with pytest.raises(errors.TooManyGuesses):
        verify(identifier, code_of(identifier), address="203.0.113.9")
    assert ask(identifier).is_good
    assert "203.0.113.9" not in repr(list(VerificationFailure.objects.values()))
    clock.set(now() + WITHIN + timedelta(seconds=1))
    assert verify(identifier, code_of(identifier), address="203.0.113.9").is_good
    clock.set(now() + WITHIN)
    assert forget_failures() == FAILURES_PER_ADDRESS


def test_the_page_verifies_compares_a_file_and_keeps_nothing(town, client: Client) -> None:
    register_seal(
        town.official("licences.manage_seals"), organ="market", kind="official", custodian="宋佳"
    )
    licence = town.issue()
    make_rendition.func(Rendition.objects.get(document=licence.present.holder).pk)
    content = read_file(licence.present.holder)
    query = {"id": licence.identifier, "code": code_of(licence.identifier)}
    page = client.get("/verify/", query)
    assert page.status_code == 200
    assert "有效" in page.content.decode()
    assert "甲公司" in page.content.decode()
    for sent, said in ((content, "完全一致"), (content + b"x", "不一致")):
        upload = SimpleUploadedFile("a.pdf", sent)
        answer = client.post("/verify/", {**query, "file": upload})
        assert said in answer.content.decode()
    wrong = client.get("/verify/", {**query, "code": "0000000000"})
    assert wrong.status_code == 422
    assert "甲公司" not in wrong.content.decode()
    assert client.post("/verify/", query).status_code == 422
    assert client.get("/verify/").status_code == 200


def test_the_page_answers_too_many_guesses_with_429(town, client: Client) -> None:
    for _ in range(FAILURES_PER_ADDRESS):
        client.get("/verify/", {"id": "x", "code": "y"})
    refused = client.get("/verify/", {"id": "x", "code": "y"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")


def test_a_file_of_another_document_does_not_match(town) -> None:
    licence = town.issue()
    assert not matches_file(ask(licence.identifier), "0" * 64)


@pytest.fixture
def unguarded():
    """Whoever may drop triggers: what then still shows."""
    tables = [m._meta.db_table for m in (LicenceVersion, LicenceEvent, Decision)]
    for table in tables:
        unprotect(connection, table)
    yield
    only_update = connection.vendor == "sqlite"
    for table in tables:
        protect(connection, table, ("update",) if only_update else ("update", "delete"))


def test_a_tampered_record_is_caught(town, unguarded) -> None:
    licence, decision = town.issue(), town.decide()
    assert check_licence(licence).faults == []
    assert check_decision(decision).faults == []
    record = {**licence.present.record, "valid_to": "2099-12-31"}
    LicenceVersion.objects.update(record=record)
    assert len(check_licence(licence).faults) >= 2
    assert ask(licence.identifier).state == "broken"
    Decision.objects.update(record={**decision.record, "serial": 99})
    decision.refresh_from_db()
    assert check_decision(decision).faults
    assert ask(decision.ref).state == "broken"


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Licence, {"state": "valid"}),
        (Licence, {"valid_to": date(2099, 1, 1)}),
        (Licence, {"holder_name": "乙公司"}),
        (LicenceEvent, {"ground": "别的理由"}),
        (LicenceEvent, {"on": date(2020, 1, 1)}),
        (LicenceVersion, {"digest": "0" * 64}),
        (LicenceVersion, {"identifier": "1.2.156.3005.2.X.Y.1.001.0"}),
    ],
)
def test_every_row_that_was_altered_shows(town, unguarded, table, values) -> None:
    licence = town.issue()
    suspend(town.official(), licence=licence.ref, ground="抽检不合格")
    licence.refresh_from_db()
    assert check_licence(licence).faults == []
    table.objects.update(**values)
    licence.refresh_from_db()
    assert check_licence(licence).faults


@pytest.mark.parametrize(
    "values",
    [
        {"expires_on": date(2027, 6, 30)},
        {"purpose": "担保贷款"},
        {"recipient": "别的银行"},
        {"withdrawn_at": None},
    ],
)
def test_a_copy_that_was_altered_shows(town, values) -> None:
    licence = town.issue()
    made = make_copy(
        town.holder(), licence=licence.ref, purpose="开户", expires_on=date(2026, 12, 1)
    )
    withdraw_copy(town.holder(), copy=made.ref)
    assert check_document(made.holder).faults == []
    LicenceCopy.objects.update(**values)
    assert len(check_document(made.holder).faults) == 1


def run(*arguments: str) -> tuple[int, dict]:
    result = CliRunner().invoke(cli, ["licence", "verify", *arguments, "--json"])
    return result.exit_code, json.loads(result.stdout) if result.stdout.startswith("{") else {}


def test_the_command_answers_identifiers(town, unguarded) -> None:
    licence, decision = town.issue(), town.decide()
    code, answer = run(licence.identifier)
    assert (code, answer["ok"], answer["state"]) == (0, True, "valid")
    assert run(decision.ref)[0] == 0
    suspend(town.official(), licence=licence.ref, ground="x")
    assert (run(licence.identifier)[0], run(licence.identifier)[1]["state"]) == (1, "suspended")
    assert run("k" * 12)[0] == 1
    LicenceVersion.objects.update(signature="AAAA")
    assert run(licence.identifier)[1]["faults"]
    for bad in (licence.identifier[:-1] + "!", "1.2.3", "没有这个", "no-such-file.pdf"):
        assert run(bad)[0] == 2
    plain = CliRunner().invoke(cli, ["licence", "verify", decision.ref])
    assert "真实有效" in plain.stdout


def test_the_command_answers_files(town, tmp_path) -> None:
    register_seal(
        town.official("licences.manage_seals"), organ="market", kind="official", custodian="宋佳"
    )
    licence = town.issue()
    copy = make_copy(town.holder(), licence=licence.ref, purpose="x", expires_on=date(2026, 12, 1))
    for rendition in Rendition.objects.all():
        make_rendition.func(rendition.pk)
    for document in (licence.present.holder, copy.holder):
        path = tmp_path / "a.pdf"
        path.write_bytes(read_file(document))
        assert run(str(path))[0] == 0
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(bytes(content))
    code, answer = run(str(path))
    assert (code, answer["state"]) == (1, "unknown")
    assert any("改动" in fault for fault in answer["faults"])
    version = licence.present
    signed = {"record": version.record, "signature": version.signature}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(signed))
    assert run(str(path))[0] == 0
    signed["record"]["number"] = "JY0"
    path.write_text(json.dumps(signed))
    assert run(str(path))[0] == 1
    path.write_text("{}")
    assert run(str(path))[0] == 2
