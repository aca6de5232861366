from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from yingshang.kernel.canonical import NotCanonical, canonical_json
from yingshang.ledger.leaves import compact_json
from yingshang.ledger.loads import LoadDigest, record_load
from yingshang.ledger.models import Entry, Payload
from yingshang.ledger.recording import OutsideTransaction, record, watch

NOTED = {"actor": "person:1", "subject": "case:1"}


@pytest.mark.django_db
def test_an_event_costs_two_inserts_and_keeps_its_payload_apart() -> None:
    record("test.noted", **NOTED, payload={})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = record("test.noted", **NOTED, payload={"due": date(2026, 12, 1), "n": 1})
    assert [query["sql"].split()[0] for query in queries] == ["INSERT", "INSERT"]
    entry = Entry.objects.get(ref=made.ref)
    assert (entry.position, entry.leaf) == (None, made.leaf)
    assert Payload.objects.get(entry=entry).body == '{"due":"2026-12-01","n":1}'


@pytest.mark.django_db
def test_the_same_event_twice_gives_different_digests() -> None:
    first = record("test.noted", **NOTED, payload={"grade": "A"})
    second = record("test.noted", **NOTED, payload={"grade": "A"})
    digests = Entry.objects.filter(ref__in=[first.ref, second.ref]).values_list("payload_digest")
    assert len(set(digests)) == 2


@pytest.mark.django_db
def test_an_event_disappears_with_its_transaction() -> None:
    with transaction.atomic():
        record("test.noted", **NOTED, payload={})
        transaction.set_rollback(True)
    assert not Entry.objects.filter(kind="test.noted").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(OutsideTransaction):
        record("test.noted", **NOTED, payload={})


@pytest.mark.django_db
def test_a_payload_without_canonical_form_is_refused() -> None:
    with pytest.raises(NotCanonical):
        record("test.noted", **NOTED, payload={"x": object()})


@pytest.mark.django_db
def test_watchers_see_what_was_recorded_within_them() -> None:
    with watch() as outer:
        record("test.noted", **NOTED, payload={})
        with watch() as inner:
            made = record("test.noted", **NOTED, payload={})
    record("test.noted", **NOTED, payload={})
    assert (len(outer), inner) == (2, [made])


@pytest.mark.django_db
def test_when_it_happened_is_kept_beside_when_it_was_recorded() -> None:
    happened = datetime(2026, 11, 1, 9, tzinfo=UTC)
    entry = Entry.objects.get(
        ref=record("test.noted", **NOTED, payload={}, occurred_at=happened).ref
    )
    assert entry.occurred_at == happened < entry.recorded_at


@given(st.dictionaries(st.text("abcxyz_", min_size=1), st.text() | st.integers(0, 2**53 - 1)))
def test_the_quick_form_is_the_canonical_form(fields: dict[str, object]) -> None:
    try:
        canonical = canonical_json(fields)
    except NotCanonical:  # a lone surrogate
        with pytest.raises(UnicodeEncodeError):
            compact_json(fields)
    else:
        assert compact_json(fields) == canonical


@pytest.mark.django_db
def test_a_load_is_one_event_with_the_digest_of_all_rows() -> None:
    digest = LoadDigest()
    for n in range(1000):
        digest.add({"code": n, "name": f"企业{n}"})
    with watch() as recorded:
        made = record_load("facts.loaded", digest, **NOTED, payload={"source": "税务"})
    body = Payload.objects.get(entry__ref=made.ref).body
    assert len(recorded) == 1
    assert f'"digest":"{digest.value()}"' in body
    assert '"rows":1000' in body
    other = LoadDigest()
    for n in range(999):
        other.add({"code": n, "name": f"企业{n}"})
    assert other.value() != digest.value()
