"""Issuing, changing, renewing and ending licences; what the record proves; who sees what."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from yingshang.kernel.identifiers import check_code
from yingshang.kernel.isolating import SomeFailed
from yingshang.kernel.times import frozen
from yingshang.ledger.models import Entry, Payload
from yingshang.licences import errors
from yingshang.licences.actions.documents import issue_decision
from yingshang.licences.actions.licences import (
    cancel,
    change,
    expire,
    issue,
    renew,
    resume,
    revoke,
    suspend,
)
from yingshang.licences.lifecycle import state_after
from yingshang.licences.listeners import LICENCE_LISTENERS
from yingshang.licences.models import Licence
from yingshang.licences.permissions import EXPIRE
from yingshang.licences.records import is_signed
from yingshang.licences.selectors import (
    LicenceFilters,
    get_decision_for,
    get_licence_for,
    list_licences_for,
    search_licences_for,
)
from yingshang.licences.tasks import expire_ended
from yingshang.parties.actors import ANONYMOUS, NotPermitted, system_actor
from yingshang.parties.models import Subject

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with frozen(START) as moving:
        yield moving


def test_a_licence_has_number_identifier_term_and_a_signed_record(town) -> None:
    licence = town.issue()
    assert licence.number.startswith("JY2339705000001")
    assert check_code(licence.identifier).valid
    assert licence.identifier.startswith("1.2.156.3005.2.11100000MB0143028R038.11339705MB00000017.")
    assert (licence.valid_from, licence.valid_to) == (date(2026, 3, 2), date(2031, 3, 1))
    record = licence.present.record
    assert record["holder"]["name"] == "甲公司"
    assert (record["hash"], record["algorithm"]) == ("sha-256", "ed25519")
    assert is_signed(record, licence.present.signature)
    assert not is_signed({**record, "valid_to": "2099-01-01"}, licence.present.signature)


def test_the_ledger_commits_to_the_record(town) -> None:
    licence = town.issue(origin="case:abc")
    event = licence.events.get()
    payload = json.loads(Payload.objects.get(entry__ref=event.entry).body)
    assert Entry.objects.get(ref=event.entry).kind == "licences.issued"
    assert payload["record"] == licence.present.digest
    assert payload["identifier"] == licence.identifier
    assert "甲公司" not in json.dumps(payload, ensure_ascii=False)


def test_an_organ_without_a_code_still_gives_a_well_formed_identifier(town) -> None:
    assert check_code(town.issue(issuer="health").identifier).valid


def test_a_number_taken_from_the_credit_code_is_given_once(town) -> None:
    firm = town.firms["甲"]
    given = {"kind": "charter", "subject": firm.ref, "fields": {}}
    assert town.issue(**given).number == firm.code
    with pytest.raises(errors.NumberTaken):
        town.issue(**given)


def test_drawn_numbers_do_not_tell_how_many_there_are(town) -> None:
    given = {"kind": "pass", "subject": town.citizen.ref, "fields": {}}
    numbers = {town.issue(**given).number for _ in range(5)}
    assert len(numbers) == 5
    assert numbers != {f"TX{n:03}" for n in range(1, 6)}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"place": "x"}, errors.LicenceFieldMissing),
        ({"category": "2", "place": ""}, errors.LicenceFieldMissing),
        ({"category": "2", "place": "x", "colour": "red"}, errors.LicenceFieldUnknown),
        ({"category": "2", "place": 7}, errors.LicenceFieldUnfit),
        ({"category": "2", "place": "x", "checked_on": "soon"}, errors.LicenceFieldUnfit),
    ],
)
def test_values_that_do_not_fit_the_kind_are_refused(town, fields, refusal) -> None:
    with pytest.raises(refusal):
        town.issue(fields=fields)
    assert not Licence.objects.exists()


def test_the_refusals_of_issuing(town) -> None:
    with pytest.raises(errors.HolderSortRefused):
        town.issue(subject=town.citizen.ref)
    with pytest.raises(errors.HolderUnknown):
        town.issue(subject="nobody")
    with pytest.raises(errors.ValidityUnfit):
        town.issue(valid_to=date(2026, 1, 1))
    given = {"kind": "food", "subject": town.firms["甲"].ref, "fields": {}}
    with pytest.raises(errors.NotTheIssuer):
        issue(town.official(organ="health"), issuer="market", **given)
    with pytest.raises(errors.IssuerUnknown):
        issue(town.official(), issuer="nobody", **given)
    with pytest.raises(NotPermitted):
        issue(town.official("licences.read"), issuer="market", **given)


def test_a_change_is_a_new_version_under_the_same_number(town, clock) -> None:
    licence = town.issue()
    first = licence.present
    Subject.objects.filter(pk=licence.subject_id).update(name="新甲公司")
    clock.set(datetime(2026, 4, 2, 2, tzinfo=UTC))
    changed = change(
        town.official(), licence=licence.ref, fields={"place": "创新路 12 号"}, ground="迁址"
    )
    record = changed.present.record
    assert (changed.number, changed.version) == (licence.number, 2)
    assert changed.identifier != licence.identifier
    assert check_code(changed.identifier).valid
    assert (record["previous"], record["fields"]["place"]) == (first.digest, "创新路 12 号")
    assert changed.holder_name == record["holder"]["name"] == "新甲公司"
    assert first.record["holder"]["name"] == "甲公司"
    with pytest.raises(errors.NothingChanged):
        change(town.official(), licence=licence.ref, fields={}, ground="再来")


def test_the_whole_life_of_a_licence(town, clock) -> None:
    licence, official = town.issue(), town.official()
    steps = [(suspend, "suspended"), (resume, "valid"), (revoke, "revoked")]
    for number, (step, state) in enumerate(steps, start=1):
        clock.set(datetime(2026, 3, 2 + number, 2, tzinfo=UTC))
        assert step(official, licence=licence.ref, ground="抽检不合格").state == state
    events = list(licence.events.values_list("kind", flat=True))
    assert events == ["issue", "suspend", "resume", "revoke"]
    assert state_after(events) == "revoked"
    for step in (suspend, resume, revoke, cancel):
        with pytest.raises(errors.LicenceStateUnfit):
            step(official, licence=licence.ref, ground="x")
    with pytest.raises(errors.LicenceStateUnfit):
        renew(official, licence=licence.ref, ground="x")


def test_whatever_takes_a_right_away_needs_ground_permission_and_the_issuer(town) -> None:
    licence = town.issue()
    with pytest.raises(errors.GroundMissing):
        suspend(town.official(), licence=licence.ref, ground=" ")
    with pytest.raises(NotPermitted):
        suspend(town.official("licences.read"), licence=licence.ref, ground="x")
    with pytest.raises(errors.LicenceMissing):
        suspend(town.official(organ="health"), licence=licence.ref, ground="x")
    everywhere = town.official("licences.read_all", "licences.manage", organ="health")
    with pytest.raises(errors.NotTheIssuer):
        suspend(everywhere, licence=licence.ref, ground="x")
    assert licence.events.count() == 1


def test_events_are_dated_between_the_last_one_and_today(town, clock) -> None:
    licence = town.issue()
    clock.set(datetime(2026, 3, 12, 2, tzinfo=UTC))
    for day in (date(2026, 3, 1), date(2026, 3, 13)):
        with pytest.raises(errors.EventDayUnfit):
            suspend(town.official(), licence=licence.ref, ground="x", on=day)
    suspend(town.official(), licence=licence.ref, ground="x", on=date(2026, 3, 5))
    event = licence.events.get(seq=2)
    assert (event.on, event.recorded_at.date()) == (date(2026, 3, 5), date(2026, 3, 12))


def test_a_licence_expires_the_day_after_its_last_and_can_still_be_renewed(town, clock) -> None:
    licence = town.issue(valid_to=date(2026, 3, 31))
    clock.set(datetime(2026, 3, 31, 2, tzinfo=UTC))
    assert expire_ended() == 0
    clock.set(datetime(2026, 4, 9, 2, tzinfo=UTC))
    assert expire_ended() == 1
    assert expire_ended() == 0
    licence.refresh_from_db()
    assert (licence.state, licence.events.get(seq=2).on) == ("expired", date(2026, 4, 1))
    renewed = renew(town.official(), licence=licence.ref, ground="准予延续")
    assert (renewed.state, renewed.version, renewed.valid_to) == ("valid", 2, date(2031, 4, 8))
    actor = system_actor("x", EXPIRE)
    assert expire(actor, licence=licence.ref).state == "valid"


def test_a_renewal_does_not_reach_back_before_what_it_renews(town) -> None:
    licence = town.issue()
    with pytest.raises(errors.ValidityUnfit, match="原有效期"):
        renew(town.official(), licence=licence.ref, ground="x", valid_from=date(2020, 1, 1))
    licence.refresh_from_db()
    assert (licence.version, licence.valid_from) == (1, date(2026, 3, 2))


def test_one_licence_that_cannot_expire_stops_no_other_and_is_reported(town, clock) -> None:
    bad, good = (town.issue(valid_to=date(2026, 3, 31)) for _ in range(2))

    def listen(_actor, licence, _event) -> None:
        if licence.ref == bad.ref:
            raise ZeroDivisionError

    clock.set(datetime(2026, 4, 9, 2, tzinfo=UTC))
    LICENCE_LISTENERS.add("trial", listen)
    try:
        with pytest.raises(SomeFailed, match=bad.ref):
            expire_ended()
    finally:
        LICENCE_LISTENERS._things.pop("trial")
    states = {one.ref: one.state for one in Licence.objects.all()}
    assert states == {bad.ref: "valid", good.ref: "expired"}
    assert expire_ended() == 1


def test_records_and_events_cannot_be_rewritten(town) -> None:
    licence = town.issue()
    for rows, values in ((licence.versions, {"digest": "x"}), (licence.events, {"ground": "x"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)


def test_nobody_sees_what_does_not_concern_them(town) -> None:
    licence = town.issue()
    decision = town.decide()
    may = [town.official(), town.holder(), town.official("licences.read_all", organ="health")]
    may_not = [town.official(organ="health"), town.holder("乙"), ANONYMOUS]
    may_not.append(town.official("licences.issue"))
    for actor in may:
        assert get_licence_for(actor, licence.ref) == licence
        assert get_decision_for(actor, decision.ref) == decision
    for actor in may_not:
        assert not list_licences_for(actor).exists()
        with pytest.raises(errors.LicenceMissing):
            get_licence_for(actor, licence.ref)
        with pytest.raises(errors.DecisionMissing):
            get_decision_for(actor, decision.ref)


def test_the_register_is_searched_by_number_holder_code_and_state(town) -> None:
    one = town.issue()
    other = town.issue(subject=town.firms["乙"].ref)
    suspend(town.official(), licence=other.ref, ground="x")

    def found(**filters: str) -> list[Licence]:
        return list(search_licences_for(town.official(), LicenceFilters(**filters)))

    assert found(text=one.number) == [one]
    assert found(text="乙公") == [other]
    assert found(text=town.firms["甲"].code.lower()) == [one]
    assert found(state="suspended") == [other]
    assert found(kind="pass") == []


def test_listeners_learn_what_happened(town) -> None:
    heard: list[tuple[str, str]] = []
    LICENCE_LISTENERS.add(
        "trial", lambda actor, licence, event: heard.append((licence.ref, event.kind))
    )
    try:
        licence = town.issue()
        suspend(town.official(), licence=licence.ref, ground="x")
    finally:
        LICENCE_LISTENERS._things.pop("trial")
    assert heard == [(licence.ref, "issue"), (licence.ref, "suspend")]


def test_a_decision_is_numbered_signed_and_in_the_ledger(town) -> None:
    decision = town.decide()
    assert decision.number == "市场监管局受〔2026〕第1号"
    assert is_signed(decision.record, decision.signature)
    payload = json.loads(Payload.objects.get(entry__ref=decision.entry).body)
    assert payload["record"] == decision.digest
    assert decision.addressee == "甲公司"


def test_the_refusals_of_a_decision(town) -> None:
    with pytest.raises(errors.TemplateUnfit):
        town.decide(template="food")
    with pytest.raises(errors.LicenceFieldMissing):
        town.decide(fields={})
    with pytest.raises(errors.NotTheIssuer):
        issue_decision(town.official(), organ="health", template="notice", fields={"matter": "x"})
    with pytest.raises(NotPermitted):
        issue_decision(town.official("licences.read"), organ="market", template="notice", fields={})
