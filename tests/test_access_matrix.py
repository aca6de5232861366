"""Who may open what: every role of the demonstration × every page × own, another's and no thing.

The outcomes stand in ``access_matrix.csv``; ``python -m tools.access_matrix`` writes it anew, and the
change is read before it is committed. Beside the file, rules hold that no file can bend: what a page's
declaration forbids is refused, what does not exist is missing, and nothing breaks.

Where the file is written, every cell is asked the whole way. Else every cell is asked, but most pages
are not drawn; and in an everyday run a page that names no thing, for which its declaration alone decides,
is opened only by some of those who may open it, in turn.
"""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import Http404
from django.template.backends.django import Template
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
WRITES = os.environ.get("YINGSHANG_ACCESS_MATRIX") == "write"
THOROUGH = WRITES or os.environ.get("YINGSHANG_EVERY_PAGE") == "1"
TURNS = 4
UNASKED = "…"
"""Stands for any outcome, in a cell whose turn it is not."""


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


@contextmanager
def undrawn() -> Iterator[None]:
    """Let views run to their end but no template be filled in: who may see a thing is settled by then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_given: "")
        yield


def knock(page: Page, account: Account | AnonymousUser, actor: Actor, parameters: dict) -> str:
    """Knock likewise where the declaration lets the visitor in, and return the outcome, undrawn.

    Empty where only the whole way tells. That what is missing becomes status 404 on every page is for
    the tests of the error pages.
    """
    request = RequestFactory().generic(page.methods[0], "/knock/")
    request.actor, request.user = actor, account
    request.session = SessionStore()
    try:
        with transaction.atomic(), undrawn():
            answer = page.view(request, **parameters)
            transaction.set_rollback(True)
    except (Missing, Http404):
        return "404"
    except Exception:  # noqa: BLE001 (what a bare request lacks; it is asked the whole way)
        return ""
    return str(answer.status_code)


class Asked:
    """Asks the cells of the matrix as several visitors."""

    def __init__(self, usernames: list[str]) -> None:
        self.actors = {name: actor_of(name) for name in usernames}
        self.accounts = {one.username: one for one in Account.objects.select_related("person")}
        self.clients = {name: client_of(name) for name in usernames}
        self.turn = 0

    def cell(self, page: Page, case: str, parameters: dict[str, object], username: str) -> str:
        """Return what comes of it where the page's declaration lets the visitor in."""
        self.turn += case != "none"
        drawn = case != "none" and (WRITES or not self.turn % TURNS)
        if not drawn and case == "-" and not THOROUGH:
            return UNASKED
        account = self.accounts.get(username, AnonymousUser())
        found = "" if drawn else knock(page, account, self.actors[username], parameters)
        return found or outcome(self.clients[username], page, parameters)

    def row(self, page: Page, case: str, parameters: dict[str, object], first: bool) -> list[str]:
        """Return every visitor's outcome; the declaration refuses before any thing is looked up."""
        found = []
        for username, actor in self.actors.items():
            if page.access.allows(actor):
                found.append(self.cell(page, case, parameters, username))
            else:
                found.append(refusal(page, actor, parameters) if first else "")
        return found


def rows(usernames: list[str]) -> Iterator[list[str]]:
    """Yield a line for each page and case, with each role's outcome."""
    asked = Asked(usernames)
    for name, page in PAGES:
        things = things_of(page)
        for place, (case, parameters) in enumerate(things.items()):
            line = asked.row(page, case, parameters or {}, not place)
            yield [name, page.access.label, case, *line]


def differing(found: list[list[str]], expected: list[list[str]]) -> list[str]:
    """Return the lines now and then that do not agree; an unasked cell agrees with everything."""
    then = {tuple(line[:3]): line for line in expected}
    now = {tuple(line[:3]): line for line in found}
    changed = [
        place
        for place in [*now, *(place for place in then if place not in now)]
        if not agree(now.get(place), then.get(place))
    ]
    shown = [("now: ", now.get(place)) for place in changed]
    shown += [("then:", then.get(place)) for place in changed]
    return [f"{word} {','.join(line)}" for word, line in shown if line]


def agree(now: list[str] | None, then: list[str] | None) -> bool:
    if now is None or then is None or len(now) != len(then):
        return False
    return all(one in (UNASKED, other) for one, other in zip(now, then, strict=True))


def fault_of(page: Page, case: str, username: str, actor: Actor, result: str) -> str:
    """Return what is wrong with the outcome of one visitor's visit; nothing where all is well."""
    if result.startswith("5"):
        return f"breaks: {result}"
    if not page.access.allows(actor):
        refusal = "login" if username == PUBLIC else "403"
        return "" if result in {"", refusal} else f"should be {refusal}, is {result}"
    if case == "none":
        return "" if result == "404" else f"should be missing, is {result}"
    return "is sent to the login page" if result == "login" else ""


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_every_role_on_every_page() -> None:
    usernames = build_demonstration()
    heading = ["page", "access", "thing", *usernames]
    found = list(rows(usernames))
    actors = {name: actor_of(name) for name in usernames}
    wrong = [
        f"{username} on {name} ({case}): {why}"
        for name, _access, case, *outcomes in found
        for username, result in zip(usernames, outcomes, strict=True)
        if (why := fault_of(PAGES.get(name), case, username, actors[username], result))
    ]
    assert not wrong, "\n".join(wrong)
    table = [heading, *found]
    if WRITES:
        with FILE.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
    with FILE.open(encoding="utf-8", newline="") as file:
        changed = differing(table, list(csv.reader(file)))
    assert changed == [], (
        "the access matrix has changed; read the difference, then `python -m tools.access_matrix`:\n"
        + "\n".join(changed)
    )
