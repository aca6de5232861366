"""What a hostile visitor sends is refused or ignored; nothing that can be typed or posted breaks a page.

Every page of the demonstration is opened with altered queries, and every form found on those pages is
sent with values that no browser would send; each time as somebody who may open the page, for others
stop at its guard. Parameter and field names are read from the pages themselves, so that a new page or
field is tried without anybody thinking of it.
"""

import base64
import json
import os
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.urls.exceptions import Resolver404

from tests.demonstration import PUBLIC, actor_of, build_demonstration, client_of
from yingshang.web.examples import EXAMPLES
from yingshang.web.routes import PAGES, Page

HOSTILE = (
    "a\x00b",
    "9" * 30,
    "²",
    "9999-12-31T23:59",
    "\N{VARIATION SELECTOR-17}𠀀🙂",
    "<script>alert(1)</script>' OR 1=1 --",
    "x" * 5000,
)
POSTED = (*HOSTILE, "-1", "NaN", "0001-01-01", "../../etc/passwd", "")
TOLD_APART = {HOSTILE[0], HOSTILE[1], HOSTILE[3], HOSTILE[6], "-1", "NaN", "0001-01-01"}
"""What databases take differently: a zero byte, what is too large, too long, too early or no number."""
ALWAYS = {"from", "sort", "q", "in", "next", "page"}
"""Names that a page may read without linking to them."""

EVERY_VALUE = os.environ.get("YINGSHANG_EVERY_VALUE") == "1"
"""Every value everywhere, on PostgreSQL what SQLite takes differently (``make hostile``)."""
AT_ONCE = 2 if os.environ.get("YINGSHANG_EVERY_PAGE") == "1" else 1
"""How many values each page and form gets otherwise; they are dealt out in turn."""
STEP = 5
"""No list of values has a length that it divides, so that each has its turn on each database."""

UNTRIED = {"logout", "end-all-sessions", "password"}
"""What would sign the visitor out in the middle of the visit."""


def dealt(values: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """Return all, or those whose turn it is, others on each database."""
    if EVERY_VALUE:
        every = connection.vendor == "sqlite" or not TOLD_APART & set(values)
        return values if every else tuple(one for one in values if one in TOLD_APART)
    start = turn * STEP + (connection.vendor == "postgresql") * AT_ONCE
    return tuple(values[place % len(values)] for place in range(start, start + AT_ONCE))


def cursors() -> Iterator[str]:
    """Return paging cursors that no page has given out, as long as an order may be."""
    for value in ("9" * 30, "0001-01-01", "9999-12-31T23:59:59-12:00", None):
        for length in (2, 3):
            text = json.dumps(["a", *[value] * length])
            yield base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    yield "%%%"


@dataclass
class Found(HTMLParser):
    """The names in a page's links and the forms on it."""

    names: set[str] = field(default_factory=set)
    forms: list[tuple[str, str, set[str], set[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, forms and their fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.names |= {
                name for name, _value in parse_qsl(urlsplit(given.get("href", "")).query)
            }
        elif tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append((method, given.get("action", ""), set(), set()))
        elif tag in ("input", "select", "textarea", "button") and given.get("name") and self.forms:
            is_file = given.get("type") == "file"
            self.forms[-1][3 if is_file else 2].add(given["name"])

    @property
    def queried(self) -> set[str]:
        """Return the names that the page's address may carry."""
        return self.names.union(
            *(names for method, _to, names, _f in self.forms if method == "get")
        )


def address_of(page: Page) -> str | None:
    given = EXAMPLES.find(page.name)
    if given:
        return reverse(page.name, kwargs=given.parameters())
    return None if page.has_parameters else reverse(page.name)


class Attack:
    """Requests as one visitor, each undone afterwards; what breaks is collected."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.sent = 0
        self.turn = 0
        self.posted: set[tuple[str, frozenset[str]]] = set()

    def send(self, client: Client, method: str, address: str, data: dict | None = None):
        """Send one request and leave no trace."""
        cookies = copy(client.cookies)
        self.sent += 1
        with transaction.atomic():
            answer = getattr(client, method)(address, data or {})
            transaction.set_rollback(True)
        client.cookies = cookies
        if answer.status_code >= 500:
            what = {k: str(v)[:40] for k, v in (data or {}).items()}
            fault = getattr(answer, "exc_info", None)
            self.broken.append(f"{method} {address[:200]} {what}: {fault[1] if fault else ''!r}")
        return answer

    def queries(self, client: Client, address: str, names: set[str]) -> None:
        """Try every value under all names at once, then a zero byte alone where the database minds."""
        self.turn += 1
        for value in dealt(HOSTILE, self.turn):
            self.send(client, "get", f"{address}?{urlencode(dict.fromkeys(names, value))}")
        alone = EVERY_VALUE and connection.vendor == "postgresql"
        for name in sorted(names - ALWAYS) if alone else ():
            self.send(client, "get", f"{address}?{urlencode({name: 'a' + chr(0)})}")

    def cursors(self, client: Client, address: str) -> None:
        """Try cursors of a paged list."""
        for cursor in dealt(tuple(cursors()), self.turn):
            self.send(client, "get", f"{address}?{urlencode({'from': cursor})}")

    def form(self, client: Client, to: str, names: set[str], files: set[str]) -> None:
        """Send a form with every hostile value in all its fields; the same form once only."""
        key = (re.sub(r"[0-9a-z]{20,}|\d+", "*", to), frozenset(names))
        if key in self.posted or _name_of(to) in UNTRIED:
            return
        self.posted.add(key)
        for value in dealt(POSTED, len(self.posted)):
            data: dict[str, object] = dict.fromkeys(names - {"csrfmiddlewaretoken"}, value)
            for name in files:
                data[name] = SimpleUploadedFile(f"{value[:60]}.txt", value.encode() or b"x")
            self.send(client, "post", to, data)


def _name_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def visitors(
    page: Page, usernames: list[str], address: str, clients: dict[str, Client]
) -> Iterator[str]:
    """Yield the public and one account among those that may open the page's example."""
    given = EXAMPLES.find(page.name)
    order = [given.visitor, *usernames] if given and given.visitor else usernames
    signed_in = 0
    for username in dict.fromkeys(order):
        if (signed_in and username != PUBLIC) or not page.access.allows(actor_of(username)):
            continue
        if page.has_parameters and clients[username].get(address).status_code == 404:
            continue
        signed_in += username != PUBLIC
        yield username


def _attack_page(attack: Attack, client: Client, address: str) -> None:
    answer = client.get(address)
    if "text/html" not in answer.headers.get("Content-Type", ""):
        attack.queries(client, address, ALWAYS)
        return
    found = Found()
    found.feed(answer.content.decode())
    attack.queries(client, address, found.queried | ALWAYS)
    if "from=" in answer.content.decode() or "sort=" in answer.content.decode():
        attack.cursors(client, address)
    for method, to, names, files in found.forms:
        if method == "post":
            attack.form(client, to or address, names, files)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_no_request_breaks_a_page() -> None:
    usernames = build_demonstration()
    clients = {name: client_of(name) for name in usernames}
    attack = Attack()
    for name, page in PAGES:
        address = address_of(page)
        if address is None or "GET" not in page.methods or name in UNTRIED:
            continue
        for username in list(visitors(page, usernames, address, clients)):
            _attack_page(attack, clients[username], address)
    assert attack.sent > (1000 if EVERY_VALUE else 200)
    assert attack.broken == [], f"{len(attack.broken)} of {attack.sent}:\n" + "\n".join(
        attack.broken
    )


assert get_resolver().url_patterns
