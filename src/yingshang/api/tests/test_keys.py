"""A writing request that is sent again has its first answer, and no second effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from yingshang.api import keys
from yingshang.api.models import KeyedRequest
from yingshang.api.tests.test_requests import problem
from yingshang.cases.models import Case
from yingshang.forms.models import Draft
from yingshang.kernel.times import now

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
KEY = {"Idempotency_Key": "order-17"}


def online(sender) -> str:
    return next(one["key"] for one in sender.get("services").json() if one["online"])


def test_the_same_request_again_has_the_first_answer(program) -> None:
    sender = program("handler")
    place, before = f"services/{online(sender)}/drafts", Draft.objects.count()
    first = sender.post(place, {}, **KEY)
    again = sender.post(place, {}, **KEY)
    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert again["ETag"] == first["ETag"]
    assert "Idempotency-Replayed" not in first
    assert Draft.objects.count() == before + 1
    other = sender.post(place, {"subject": "x"}, **KEY)
    problem(other, 422, "idempotency_key_mismatch")
    assert sender.post(place, {}, Idempotency_Key="order-18").status_code == 201
    assert Draft.objects.count() == before + 2


def test_a_key_belongs_to_its_sender(program) -> None:
    sender, other = program("handler"), program("citizen")
    place = f"services/{online(sender)}/drafts"
    first = sender.post(place, {}, **KEY)
    theirs = other.post(place, {}, **KEY)
    assert "Idempotency-Replayed" not in theirs
    assert theirs.json().get("ref") != first.json()["ref"]


def test_a_refused_request_leaves_its_key_free(program) -> None:
    sender = program("handler")
    place = f"services/{online(sender)}/drafts"
    assert sender.post(place, {"subject": "nobody"}, **KEY).status_code == 404
    assert not KeyedRequest.objects.exists()
    assert sender.post(place, {}, **KEY).status_code == 201


def test_while_the_first_is_being_worked_on_the_second_waits(program) -> None:
    sender = program("handler")
    place = f"services/{online(sender)}/drafts"
    first = sender.post(place, {}, **KEY)
    row = KeyedRequest.objects.get()
    KeyedRequest.objects.update(finished_at=None, status=None, body="")
    problem(sender.post(place, {}, **KEY), 409, "idempotency_key_in_use")
    KeyedRequest.objects.update(started_at=now() - keys.GIVEN_UP_AFTER - timedelta(seconds=1))
    taken_over = sender.post(place, {}, **KEY)
    assert taken_over.status_code == 201
    assert taken_over.json()["ref"] != first.json()["ref"]
    row.refresh_from_db()
    assert row.finished_at is not None


def test_an_answer_that_comes_after_its_key_was_taken_over_changes_nothing(program) -> None:
    program()
    mine = keys.claim("account:a", "cases.act", "k", "d")
    KeyedRequest.objects.update(started_at=now() + timedelta(seconds=1))
    with pytest.raises(keys.KeyInUse):
        keys.keep(mine, keys.FirstAnswer(200, "", "{}"))


def test_answers_are_kept_for_a_day(program) -> None:
    sender = program("handler")
    place = f"services/{online(sender)}/drafts"
    first = sender.post(place, {}, **KEY)
    KeyedRequest.objects.update(started_at=now() - keys.KEPT_FOR - timedelta(seconds=1))
    assert sender.post(place, {}, **KEY).json()["ref"] != first.json()["ref"]
    KeyedRequest.objects.update(started_at=now() - keys.KEPT_FOR - timedelta(seconds=1))
    assert keys.forget_old() == 1


def test_a_key_is_short_visible_text(program) -> None:
    sender = program("handler")
    for key in ("", "a b", "x" * 81):
        answer = sender.post("services/x/drafts", {}, Idempotency_Key=key)
        problem(answer, 422, "unreadable_idempotency_key")


def test_two_officials_at_once_and_the_second_is_told_what_changed(program) -> None:
    sender = program("approver")
    line = next(one for one in sender.get("worklist").json()["items"] if actable(sender, one))
    case = sender.get(f"cases/{line['ref']}")
    body = case.json()
    action = next(one for one in body["actions"] if is_plain(one))
    place = f"cases/{body['ref']}/actions/{action['key']}"
    given = {"reason": "核实"} if action["reason"] == "required" else {}
    done = sender.post(place, given, If_Match=case["ETag"], **KEY)
    assert done.status_code == 200, done.content.decode()
    assert done.json()["seq"] > body["seq"]
    assert Case.objects.get(ref=body["ref"]).state == done.json()["state"]
    late = problem(sender.post(place, given, If_Match=case["ETag"]), 409, "case_moved_on")
    assert late["params"]["events"][0]["action"] == action["key"]
    again = sender.post(place, given, If_Match=case["ETag"], **KEY)
    assert again.json() == done.json()
    problem(sender.post(place, given, If_Match="W/7"), 422, "unreadable_if_match")


def actable(sender, line) -> bool:
    actions = sender.get(f"cases/{line['ref']}").json()["actions"]
    return any(is_plain(one) for one in actions)


def is_plain(action) -> bool:
    return not action["data"]["required"] and action["reason"] != "required"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_does_the_work() -> None:
    together = Barrier(6)

    def send(_number: int) -> str:
        together.wait()
        try:
            return type(keys.claim("account:a", "cases.act", "k", "d")).__name__
        except keys.KeyInUse:
            return "in use"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = sorted(pool.map(send, range(6)))
    assert found == ["KeyedRequest", *["in use"] * 5]
