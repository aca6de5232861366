"""Asking: what is checked, what is stored and recorded, and that the same is asked once."""

import json

import pytest
from django.db import transaction

from yingshang.kernel.errors import DomainError
from yingshang.ledger.models import Entry, Payload
from yingshang.outside.asking import ask
from yingshang.outside.errors import (
    AskedOtherwise,
    BodyUnknown,
    MessageUnknown,
    OutsideValueMissing,
    OutsideValueUnfit,
    OutsideValueUnknown,
)
from yingshang.outside.models import Delivery, Request
from yingshang.outside.selectors import get_request_for, list_requests_for
from yingshang.outside.tests.conftest import Bench
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ

pytestmark = pytest.mark.django_db


def test_asking_writes_outbox_and_ledger_and_sends_nothing_yet(bench: Bench) -> None:
    request = bench.ask()
    assert (request.delivery, request.answer, request.tries) == (Delivery.WAITING, "", 0)
    assert bench.held(request) is None
    entry = Entry.objects.get(kind="outside.asked")
    assert entry.subject == f"outside_request:{request.ref}"
    said = json.loads(Payload.objects.get(entry=entry).body)
    assert said["values"] == {"holder": "甲公司"}
    assert said["withheld"] == ["id_number"]


def test_no_sensitive_value_is_in_any_ledger_entry_or_log(bench: Bench, caplog) -> None:
    bench.ask()
    bench.round()
    bench.round()
    every = "".join(Payload.objects.values_list("body", flat=True))
    pin = bench.held(Request.objects.get()).fields["pin"]  # type: ignore[union-attr]
    assert "110101199003070003" not in every
    assert pin not in every
    assert "110101199003070003" not in caplog.text


def test_the_same_is_asked_once_and_another_occasion_again(bench: Bench) -> None:
    first = bench.ask()
    assert bench.ask() == first
    assert Entry.objects.filter(kind="outside.asked").count() == 1
    assert bench.ask(occasion="2") != first
    assert bench.ask("case:2") != first


def test_the_same_with_other_content_is_refused(bench: Bench) -> None:
    bench.ask()
    with pytest.raises(AskedOtherwise):
        bench.ask(payload={"holder": "乙公司"})


def test_what_is_undone_was_never_asked(bench: Bench) -> None:
    with transaction.atomic():
        bench.ask()
        transaction.set_rollback(True)
    bench.round()
    assert not Request.objects.exists()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("payload", "condition"),
    [
        ({"id_number": "1"}, OutsideValueMissing),
        ({"holder": ""}, OutsideValueMissing),
        ({"holder": "甲", "colour": "red"}, OutsideValueUnknown),
        ({"holder": "甲", "copies": "2"}, OutsideValueUnfit),
        ({"holder": "甲", "copies": True}, OutsideValueUnfit),
        ({"holder": "甲\x00"}, OutsideValueUnfit),
        ({"holder": "甲\ud800"}, OutsideValueUnfit),
        ({"holder": "甲" * 501}, OutsideValueUnfit),
    ],
)
def test_values_must_fit(bench: Bench, payload: dict, condition: type[DomainError]) -> None:
    with pytest.raises(condition) as refused:
        bench.ask(payload=payload)
    assert "red" not in str(refused.value)


@pytest.mark.one_database
def test_unknown_bodies_and_messages_are_refused(bench: Bench) -> None:
    actor = Actor(ref="account:1")
    with pytest.raises(BodyUnknown):
        ask(actor, body="nobody", message="make_seal", payload={}, about="case:1")
    with pytest.raises(MessageUnknown):
        ask(actor, body="seals", message="break_seal", payload={}, about="case:1")


def test_an_organ_sees_its_own_requests_only(bench: Bench) -> None:
    organs = [
        Organ.objects.create(key=key, name=key, type="department", division="339705")
        for key in ("market", "health")
    ]
    request = bench.ask(organ=organs[0])
    bench.ask("case:2", organ=organs[1])
    own = Actor(ref="a", organ_id=organs[0].pk, permissions=frozenset(["outside.read"]))
    assert list(list_requests_for(own)) == [request]
    assert get_request_for(own, request.ref) == request
    every = Actor(ref="b", permissions=frozenset(["outside.read_all"]))
    assert list_requests_for(every).count() == 2
    assert not list_requests_for(Actor(ref="c", organ_id=organs[0].pk)).exists()
