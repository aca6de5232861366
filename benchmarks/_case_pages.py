"""``python -m benchmarks.cases``: lists of very many cases, replay, openings, applications, sealed files.

``[--cases 100000] [--requests 60] [--postgresql]`` makes a database of its own, builds the
demonstration, loads the cases (:mod:`benchmarks._case_load`), replays a sample and demands that what is stored agrees, and
reports p50 and p95 in milliseconds of one page: asking the database, and rendering the rows. The
frame of a page (session, mandate, navigation: some 8 ms) comes on top of it and is shown as well;
``cpu`` is the processor time of one page in this process, on SQLite with the database in it.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

from benchmarks._applications import build_demonstration, set_and_seal, submit
from benchmarks._case_load import PROCEDURE, load

PASSWORD = "a-benchmark-password"
SAMPLE, OPENINGS, USERS = 2000, 200, 16


def main() -> None:
    """Set up, load, check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql)
        build_demonstration()
        began = time.perf_counter()
        organs, subjects = load(asked.cases)
        print(f"loaded {asked.cases:,} cases in {time.perf_counter() - began:.0f} s")
        replay()
        pages = make_pages(organs, subjects)
        print(f"{'page':<44}{'p50':>7}{'p95':>7}{'cpu':>7}{'16: p50':>10}{'p95':>7}{'queries':>9}")
        for name, show in pages.items():
            measure(name, show, asked.requests)
        frame(organs[0], asked.requests)
        openings(organs)
        submit()
        set_and_seal()
        print(f"load at the end {os.getloadavg()[0]:.1f}")


def prepare(folder: str, *, postgresql: bool, connections: int = 60) -> None:
    """Make an empty database in a folder of its own, for so many connections at once."""
    os.environ.update(
        YINGSHANG_TESTING="1",
        YINGSHANG_DATA_DIR=folder,
        DJANGO_SETTINGS_MODULE="yingshang.settings",
    )
    for name in ("YINGSHANG_DATABASE_URL", "YINGSHANG_DEMO", "YINGSHANG_DEBUG"):
        os.environ.pop(name, None)
    if postgresql:
        from tests.postgres import start_cluster

        os.environ["YINGSHANG_DATABASE_URL"] = start_cluster(connections)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    version = ".".join(map(str, connection.get_database_version()))
    print(f"{connection.vendor} {version}, load {os.getloadavg()[0]:.1f}")


def replay() -> None:
    """Replay a sample and demand that what is stored agrees; print how fast it went."""
    from yingshang.cases.models import Case, CaseEvent
    from yingshang.cases.rebuilding import list_drifts

    top = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    chosen = random.Random(1).sample(range(1, top + 1), min(SAMPLE, top))
    began = time.perf_counter()
    drifts = list(list_drifts(Case.objects.filter(pk__in=chosen)))
    seconds = time.perf_counter() - began
    if drifts:
        raise SystemExit(f"replay disagrees: {drifts[0]}")
    events = CaseEvent.objects.filter(case__in=chosen).count()
    rates = f"{len(chosen) / seconds:,.0f} cases, {events / seconds:,.0f} events a second"
    print(f"replayed {len(chosen):,} cases: stored and replayed agree; {rates}")


def clerk_of(organ: Any) -> Any:
    """Return somebody who works for an organ."""
    from yingshang.parties.actors import Actor

    may = frozenset({"cases.read", "cases.handle"})
    return Actor("account:bench", 1, organ_id=organ.pk, permissions=may)


def make_pages(organs: list[Any], subjects: list[Any]) -> dict[str, Callable[[], None]]:
    """Return what is measured: a list's first page, or a later one, asked for and rendered."""
    from yingshang.cases.models import Case
    from yingshang.cases.selectors import Filters, list_cases_for, list_worklist_for
    from yingshang.parties.actors import Actor

    busiest, middle = clerk_of(organs[0]), clerk_of(organs[len(organs) // 3])
    firm = Actor("account:firm", 2, subject_id=subjects[0].pk)
    leader = replace(busiest, permissions=frozenset({"cases.read", "cases.read_all"}))
    for label, actor in (("busiest organ", busiest), ("middle organ", middle)):
        held = Case.objects.filter(holder_id=actor.organ_id)
        print(f"{label}: {held.count():,} cases, {held.filter(closed_at=None).count():,} open")
    print(f"enterprise: {Case.objects.filter(subject_id=firm.subject_id).count():,} cases")
    kinds: dict[str, tuple[Any, Any, Filters]] = {}
    for label, actor in (("busiest organ", busiest), ("middle organ", middle)):
        kinds[f"worklist, {label}"] = (list_worklist_for, actor, Filters())
        kinds[f"worklist, {label}, red light"] = (list_worklist_for, actor, Filters(light="red"))
        kinds[f"worklist, {label}, overdue"] = (list_worklist_for, actor, Filters(light="overdue"))
        kinds[f"all cases, {label}"] = (list_cases_for, actor, Filters())
        kinds[f"all cases, {label}, red light"] = (list_cases_for, actor, Filters(light="red"))
        kinds[f"all cases, {label}, procedure and state"] = (
            list_cases_for,
            actor,
            Filters(procedure=PROCEDURE, state="granted"),
        )
    kinds["all cases, supervisor"] = (list_cases_for, leader, Filters())
    kinds["all cases, supervisor, red light"] = (list_cases_for, leader, Filters(light="red"))
    kinds["enterprise's cases"] = (list_cases_for, firm, Filters())
    kinds["enterprise's cases, open"] = (list_cases_for, firm, Filters(open_only=True))
    pages = {name: _page(*kind) for name, kind in kinds.items()}
    for name in ("all cases, busiest organ", "enterprise's cases", "all cases, supervisor"):
        later = middle_of_closed(*kinds[name])
        pages[f"{name}, a page far on"] = _page(*kinds[name], later)
    return pages


def middle_of_closed(select: Any, actor: Any, filters: Any) -> str | None:
    """Return the cursor of a page in the middle of the list's closed cases."""
    from yingshang.cases.selectors import ORDER
    from yingshang.web.paging import keyset_page

    closed = select(actor, filters).filter(closed_at__isnull=False).order_by(*ORDER)
    middle = closed.count() // 2
    two = [case.pk for case in closed[middle : middle + 2]]
    return keyset_page(select(actor, filters).filter(pk__in=two), ORDER, size=1).after


def _page(select: Any, actor: Any, filters: Any, cursor: str | None = None) -> Callable[[], None]:
    from django.template.loader import render_to_string

    from yingshang.cases.presenting import rows_of
    from yingshang.cases.selectors import ORDER
    from yingshang.web.paging import keyset_page

    def show() -> None:
        found = keyset_page(select(actor, filters), ORDER, cursor)
        render_to_string("cases/rows.html", {"rows": rows_of(found.rows), "caption": "x"})

    return show


def measure(name: str, show: Callable[[], None], requests: int) -> None:
    """Print p50 and p95 of one page for one user, and for sixteen who ask without a pause."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    show()
    with CaptureQueriesContext(connection) as asked:
        show()
    used = time.thread_time()
    alone = sorted(timed(show) for _ in range(requests))
    used = 1000 * (time.thread_time() - used) / requests
    with ThreadPoolExecutor(USERS) as pool:
        together = sorted(pool.map(lambda _n: timed(show), range(4 * requests)))
        every = Barrier(USERS)  # nobody closes twice while another's connection stays open
        list(pool.map(lambda _n: (connection.close(), every.wait()), range(USERS)))
    figures = f"{middle_of(alone):>7.1f}{late_of(alone):>7.1f}{used:>7.1f}"
    figures += f"{middle_of(together):>10.1f}{late_of(together):>7.1f}"
    print(f"{name:<44}{figures}{len(asked):>9}", flush=True)


def timed(work: Callable[[], Any]) -> float:
    """Return the milliseconds that some work takes."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def middle_of(times: list[float]) -> float:
    """Return the median."""
    return statistics.median(times)


def late_of(times: list[float]) -> float:
    """Return the 95th percentile of times in order."""
    return times[min(len(times) - 1, int(0.95 * len(times)))]


def frame(organ: Any, requests: int) -> None:
    """Print what a whole request for the worklist takes, through all middleware."""
    from django.test import Client

    from yingshang.parties.models import Account, Mandate, Person, Role

    person = Person.objects.create(name="何静")
    role = Role.objects.create(key="bench", label="r", permissions=["cases.read", "cases.handle"])
    Mandate.objects.create(person=person, organ=organ).roles.add(role)
    Account.objects.create_user("bench", PASSWORD, person)
    client = Client(SERVER_NAME="localhost", headers={"user-agent": "Mozilla (X11) Chrome/120"})
    client.post("/login/", {"username": "bench", "password": PASSWORD})
    for name, address in (
        ("whole request: worklist", "/desk/worklist/"),
        ("whole request: a page with nothing in it", "/account/"),
    ):
        assert client.get(address).status_code == 200, address
        times = sorted(timed(lambda address=address: client.get(address)) for _ in range(requests))
        print(f"{name:<44}{middle_of(times):>7.1f}{late_of(times):>7.1f}")


def openings(organs: list[Any]) -> None:
    """Print how many cases a second are opened one by one: event, ledger record, participants."""
    from yingshang.cases.actions import open_case
    from yingshang.parties.actors import Actor

    may = frozenset({"cases.read", "cases.assign"})
    actor = Actor("account:bench", 1, organ_id=organs[1].pk, permissions=may)
    given = {"procedure": PROCEDURE, "title": "新申请", "data": {"item": "x"}}
    began = time.perf_counter()
    for number in range(OPENINGS):
        open_case(actor, holder=organs[0].key, idempotency_key=f"k{number}", **given)
    print(
        f"opened {OPENINGS / (time.perf_counter() - began):,.0f} cases a second, one after another"
    )
