"""Who may open what: every role of the demonstration × every page × own, another's and no thing.

The outcomes stand in ``access_matrix.csv``; ``python -m tools.access_matrix`` writes it anew, and the
change is read before it is committed. Beside the file, rules hold that no file can bend: what a page's
declaration forbids is refused, what does not exist is missing, and nothing breaks.
"""

import csv
import io
import os
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.demonstration import PUBLIC, actor_of, build_demonstration, client_of
from yingshang.kernel.errors import Missing
from yingshang.parties.actors import Actor, NotPermitted
from yingshang.parties.models import Account
from yingshang.web.examples import EXAMPLES
from yingshang.web.routes import PAGES, Page

FILE = Path(__file__).parent / "access_matrix.csv"
NO_THING = {"pk": 987654321}
REFUSED = {"login", "403"}


def things_of(page: Page) -> dict[str, dict[str, object] | None]:
    """Return the parameters under which a page is tried, by the name of the case."""
    if not page.has_parameters:
        return {"-": {}}
    names = [part.split(">")[0] for part in page.route.split("<")[1:]]
    nothing = {
        name.split(":")[-1]: 987654321 if name.startswith("int:") else "nothing" for name in names
    }
    cases: dict[str, dict[str, object] | None] = {"none": nothing}
    for case, key in (("example", page.name), ("other", f"{page.name}#other")):
        if given := EXAMPLES.find(key):
            cases[case] = given.parameters()
    return cases


def outcome(client: Client, page: Page, parameters: dict[str, object]) -> str:
    """Open the page, or send it an empty form, and leave no trace."""
    address = reverse(page.name, kwargs=parameters)
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.get(address) if "GET" in page.methods else client.post(address)
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login") + "?"):
        return "login"
    return str(answer.status_code)


def refusal(page: Page, actor: Actor, parameters: dict[str, object]) -> str:
    """Knock at the page's own guard, without the way there: most cells of the matrix are refusals."""
    request = RequestFactory().generic(page.methods[0], "/knock/")
    request.actor, request.user = actor, AnonymousUser()
    try:
        answer = page.view(request, **parameters)
    except NotPermitted:
        return "403"
    assert answer.status_code == 302, f"{page.name} lets {actor.ref} in"
    return "login"


def is_missing(page: Page, actor: Actor, parameters: dict[str, object]) -> bool:
    """Knock likewise with the name of no thing; False where the page does not say it is missing.

    That what is missing becomes status 404 on every page is for the tests of the error pages.
    """
    request = RequestFactory().generic(page.methods[0], "/knock/")
    request.actor = actor
    request.user = Account.objects.get(pk=actor.account_id) if actor.account_id else AnonymousUser()
    try:
        with transaction.atomic():
            page.view(request, **parameters)
            transaction.set_rollback(True)
    except (Missing, Http404):
        return True
    except Exception:  # noqa: BLE001 (what a bare request lacks; it is asked the whole way)
        return False
    return False


def rows(usernames: list[str]) -> Iterator[list[str]]:
    """Yield a line for each page and case, with each role's outcome."""
    actors = {name: actor_of(name) for name in usernames}
    clients = {name: client_of(name) for name in usernames}
    for name, page in PAGES:
        things = things_of(page)
        first = next(iter(things))
        for case, parameters in things.items():
            line = []
            for username in usernames:
                allowed = page.access.allows(actors[username])
                if allowed and case == "none" and is_missing(page, actors[username], parameters):
                    line.append("404")
                elif allowed:
                    line.append(outcome(clients[username], page, parameters or {}))
                elif case == first:
                    line.append(refusal(page, actors[username], parameters or {}))
                else:
                    line.append("")  # the declaration refuses before any thing is looked up
            yield [name, page.access.label, case, *line]


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_every_role_on_every_page() -> None:
    usernames = build_demonstration()
    heading = ["page", "access", "thing", *usernames]
    found = list(rows(usernames))
    actors = {name: actor_of(name) for name in usernames}
    for name, _access, case, *outcomes in found:
        page = PAGES.get(name)
        for username, result in zip(usernames, outcomes, strict=True):
            where = f"{username} on {name} ({case})"
            assert not result.startswith("5"), f"{where} breaks: {result}"
            if not page.access.allows(actors[username]):
                refusal = "login" if username == PUBLIC else "403"
                assert result in {"", refusal}, f"{where} should be {refusal}, is {result}"
            elif case == "none":
                assert result == "404", f"{where} should be missing, is {result}"
            else:
                assert result != "login", f"{where} is sent to the login page"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *found])
    if os.environ.get("YINGSHANG_ACCESS_MATRIX") == "write":
        FILE.write_text(text.getvalue(), encoding="utf-8")
    expected = FILE.read_text(encoding="utf-8").splitlines()
    changed = [line for line in text.getvalue().splitlines() if line not in expected]
    gone = [line for line in expected if line not in text.getvalue().splitlines()]
    assert changed + gone == [], (
        "the access matrix has changed; read the difference, then `python -m tools.access_matrix`:\n"
        + "\n".join([f"now:  {line}" for line in changed] + [f"then: {line}" for line in gone])
    )
