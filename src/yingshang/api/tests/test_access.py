"""Who may do what: every operation for everybody, and nobody reads what is somebody else's."""

import pytest
from django.test import override_settings

from tests.demonstration import PUBLIC, actor_of, build_demonstration, client_of
from yingshang.parties.acting import ANYBODY, ANYONE_SIGNED_IN
from yingshang.web.operations import OPERATIONS, Operation

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(600)]

OWN = {
    "cases": "cases/{}",
    "applications": "applications/{}",
    "matters": "matters/{}",
    "drafts": "drafts/{}",
    "submissions": "submissions/{}",
    "licences": "licences/{}",
    "decisions": "decisions/{}",
    "servings": "servings/{}",
    "copies": "copies/{}/file",
    "bookings": "bookings/{}",
    "materials": "materials/{}",
}
"""Lists of what is somebody's, with where one thing of it is read."""
ALSO_THROUGH_CASES = ("applications", "matters", "submissions")
"""Lists of one's own things only, which officials read through the cases that they handle."""
VISITORS = ("handler", "legal", "legal2", "citizen", "clerk", "bureau", "finance", "judge", "hall")


def knock(username: str, clients: dict, operation: Operation) -> int:
    """Send an empty request about a thing that does not exist."""
    place = operation.route
    for name, sort in operation.places.items():
        place = place.replace(f"<{sort}:{name}>", "999999999" if sort == "int" else "nothing")
    client = clients.setdefault(username, client_of(username))
    answer = client.generic(operation.method, f"/api/v1/{place}", b"")
    return answer.status_code


@override_settings(API_REQUESTS_PER_MINUTE=10**9, API_REQUESTS_OF_STRANGERS=10**9)
def test_every_operation_asks_its_own_access_first() -> None:
    usernames = build_demonstration()
    actors = {name: actor_of(name) for name in usernames}
    clients: dict = {}
    for _name, operation in OPERATIONS:
        allowed = [name for name in usernames if operation.access.allows(actors[name])]
        refused = [name for name in usernames if name not in allowed]
        assert knock(PUBLIC, clients, operation) != 401 if PUBLIC in allowed else True
        for username in {*refused[:1], *refused[-1:]}:
            status = knock(username, clients, operation)
            assert status == (401 if username == PUBLIC else 403), f"{username}: {operation.name}"
        for username in allowed[-1:]:
            status = knock(username, clients, operation)
            assert status != 401, f"{username}: {operation.name}"
            assert status < 500, f"{username}: {operation.name}"


def test_no_operation_lets_in_whom_its_action_refuses() -> None:
    actors = {name: actor_of(name) for name in build_demonstration()}
    for _name, operation in OPERATIONS:
        spec = operation.spec
        for username, actor in actors.items() if spec else ():
            fits = actor.may(spec.permission) or (
                spec.permission in (ANYBODY, ANYONE_SIGNED_IN) and not actor.is_anonymous
            )
            assert fits or not operation.access.allows(actor), f"{username}: {operation.name}"


def test_nobody_reads_what_is_not_in_their_own_list() -> None:
    known = build_demonstration()
    clients = {name: client_of(name) for name in VISITORS if name in known}
    tried = 0
    for place, one in OWN.items():
        seen, whole = {}, set()
        for username, client in clients.items():
            answer = client.get(f"/api/v1/{place}?limit=100")
            if answer.status_code == 200:
                body = answer.json()
                seen[username] = {row["ref"] for row in body["items"]}
                if body["next"] is None:
                    whole.add(username)
        every = sorted(set().union(*seen.values()))[:3]
        for username, client in clients.items():
            if username in seen and username not in whole:
                continue
            if place in ALSO_THROUGH_CASES and actor_of(username).is_official:
                continue
            for ref in every:
                if ref not in seen.get(username, ()):
                    tried += 1
                    status = client.get(f"/api/v1/{one.format(ref)}").status_code
                    assert status in (403, 404), f"{username} reads {place} {ref}"
    assert tried > 50


def test_a_page_begins_after_a_row_whatever_is_added_meanwhile(program) -> None:
    sender = program("supervisor")
    first = sender.get("cases?limit=3").json()
    second = sender.get(f"cases?limit=3&cursor={first['next']}").json()
    again = sender.get(f"cases?limit=3&cursor={second['previous']}").json()
    refs = [one["ref"] for one in first["items"] + second["items"]]
    assert len(set(refs)) == 6
    assert again["items"] == first["items"]
    assert first["previous"] is None
