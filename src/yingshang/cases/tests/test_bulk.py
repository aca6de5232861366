"""Opening many cases at once leaves exactly what opening them one after another leaves."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from yingshang.cases.errors import FieldInvalid
from yingshang.cases.models import Case
from yingshang.cases.rebuilding import list_drifts
from yingshang.cases.tests.conftest import Town
from yingshang.cases.working import Opening, open_case, open_cases
from yingshang.kernel.times import frozen, now, today
from yingshang.ledger.models import Entry
from yingshang.ledger.receipts import receipt_for
from yingshang.ledger.sequencing import sequence_now
from yingshang.ledger.verifying import verify_ledger


def some_openings(town: Town, count: int, seed: int = 0) -> list[Opening]:
    """Return made-up openings: with and without a day, late ones, with others who may see them."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        day = today() + timedelta(days=chance.randint(0, 90))
        late = {"occurred_at": now() - timedelta(days=3), "ground": "补录"}
        found.append(
            Opening(
                f"第{number}件",
                {"due": day} if chance.random() < 0.7 else {},
                town.organs[chance.choice("bc")],
                origin=f"test:{number}",
                participants=(f"organ:{town.organs['a'].ref}",) if chance.random() < 0.3 else (),
                **late if chance.random() < 0.3 else {},
            )
        )
    return found


def stored(case: Case) -> dict[str, Any]:
    """Return all that is stored of a case, its references apart."""
    plain = {"id", "ref", "case_id", "entry", "organ_id"}
    event = case.events.get()
    entry = Entry.objects.get(ref=event.entry)
    assert entry.subject == f"case:{case.ref}"
    return {
        "case": {k: v for k, v in vars(case).items() if k not in plain and k[0] != "_"},
        "event": {k: v for k, v in vars(event).items() if k not in plain and k[0] != "_"},
        "participants": sorted(case.participants.values_list("organ__key", "person_id")),
        "entry": (entry.kind, entry.actor, entry.occurred_at, entry.recorded_at),
        "payload": json.loads(entry.payload.body),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_in_bulk_or_one_by_one_the_same_is_stored(town: Town, seed: int) -> None:
    openings = some_openings(town, 12, seed)
    with frozen(now()), transaction.atomic():
        single = [
            open_case(town.office, procedure="trial", **vars(opening)).pk for opening in openings
        ]
        bulk = [case.pk for case in open_cases(town.office, procedure="trial", openings=openings)]
    one_by_one = [stored(Case.objects.get(pk=pk)) for pk in single]
    assert [stored(Case.objects.get(pk=pk)) for pk in bulk] == one_by_one
    assert bulk == sorted(bulk)
    assert list(list_drifts()) == []


@pytest.mark.django_db
def test_each_case_opened_in_bulk_has_its_own_receipt(town: Town) -> None:
    with transaction.atomic():
        cases = open_cases(town.office, procedure="trial", openings=some_openings(town, 5))
    refs = [case.events.get().entry for case in cases]
    assert {receipt_for(ref)["type"] for ref in refs} == {"yingshang-ledger-promise/1"}
    sequence_now()
    receipts = [receipt_for(ref) for ref in refs]
    positions = [receipt["position"] for receipt in receipts]
    assert positions == list(range(positions[0], positions[0] + 5))
    assert verify_ledger().findings == []


@pytest.mark.django_db
def test_one_bad_opening_stores_none(town: Town) -> None:
    openings = [*some_openings(town, 3), Opening("坏", {"due": "明天"}, town.organs["b"])]
    before = Entry.objects.count()
    with pytest.raises(FieldInvalid), transaction.atomic():
        open_cases(town.office, procedure="trial", openings=openings)
    assert (Case.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.django_db
def test_forty_cases_cost_as_many_statements_as_five(town: Town) -> None:
    office = town.office

    def statements(count: int) -> int:
        openings = some_openings(town, count)
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            open_cases(office, procedure="trial", openings=openings)
        return len(asked)

    assert statements(40) == statements(5)
