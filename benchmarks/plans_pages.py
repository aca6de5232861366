"""Server time of the pages of the work on plans, with thousands of tasks, beside an easy version.

``python -m benchmarks.plans_pages [--tasks 5000] [--requests 30] [--postgresql]`` makes a database of
its own, loads tasks through the real event model (a sample is replayed and must agree), and reports
p50 and p95 of each page in milliseconds, as seen by the application: no network, no browser. What
``benchmarks/_easy.py`` makes of the same rows is timed in turns with it.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from benchmarks import LeftOut, Measured, benchmark

CHAPTERS = ("政务环境", "市场环境", "要素保障", "公平监管", "法治环境", "政策兑现")
PASSWORD = "a-benchmark-password"
ORGANS = 30
SAMPLE = 100
LIMIT = 0.5
"""Seconds that a page may take on whatever machine; the aim is a fifth of it."""
EXPORT_LIMIT = 3.0
EASY_ROUNDS = 3
EASY = "the easy version (benchmarks/_easy.py)"
FLOOR = 8.0
"""How many times as fast as the easy version a page must be."""


def main() -> None:
    """Set up, load, check, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=30)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--json", action="store_true", help="print the medians alone, in seconds")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql)
        office = load(asked.tasks)
        found = measure(office, asked.requests)
        if asked.json:
            print(json.dumps(found))


@benchmark("plans.pages")
def pages() -> list[Measured]:
    """Measure the pages with 5,000 tasks in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.plans_pages", "--requests", "15", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise LeftOut(ran.stderr.strip().splitlines()[-1] if ran.stderr else "no answer")
    return [_figure(*one) for one in json.loads(ran.stdout.splitlines()[-1])]


def _figure(name: str, seconds: float, easy: float | None) -> Measured:
    what = f"{name}, 5,000 tasks of 167 measures and 30 organs, SQLite"
    limit = EXPORT_LIMIT if name == "export" else LIMIT
    if easy is None:
        return Measured(what, seconds, limit=limit)
    return Measured(what, seconds, EASY, easy, FLOOR, limit)


def prepare(folder: str, *, postgresql: bool) -> None:
    """Make an empty database in a folder of its own."""
    os.environ.update(
        YINGSHANG_TESTING="1",
        YINGSHANG_DATA_DIR=folder,
        DJANGO_SETTINGS_MODULE="yingshang.settings",
    )
    for name in ("YINGSHANG_DATABASE_URL", "YINGSHANG_DEMO", "YINGSHANG_DEBUG"):
        os.environ.pop(name, None)
    if postgresql:
        from tests.postgres import start_cluster

        os.environ["YINGSHANG_DATABASE_URL"] = start_cluster()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    print(f"database: {connection.vendor} {'.'.join(map(str, connection.get_database_version()))}")


def load(count: int) -> str:
    """Load a plan and its tasks; return the user name of an official of the plan office."""
    from django.db import connection, transaction

    from yingshang.content.actions import load_packs
    from yingshang.content.permissions import LOAD
    from yingshang.parties.actors import system_actor

    load_packs(system_actor("benchmark", LOAD), names=("plan-governance",))
    organs, office = make_people()
    plan = make_plan(-(-count // ORGANS))
    start = time.perf_counter()
    with transaction.atomic():
        load_tasks(plan, organs, count)
    print(f"loaded {count} tasks in {time.perf_counter() - start:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does after a load
    check_sample()
    return office


def make_people() -> tuple[list, str]:
    """Make the organs, and one official of the plan office."""
    from yingshang.parties.models import Account, Mandate, Organ, Person, Role

    Organ.objects.create(key="district", name="某区", type="district", division="990101", order=1)
    organs = [
        Organ.objects.create(
            key=f"organ-{n}", name=f"第{n}局", type="department", division="990101", order=n + 1
        )
        for n in range(1, ORGANS + 1)
    ]
    person = Person.objects.create(name="何静")
    mandate = Mandate.objects.create(person=person, organ=Organ.objects.get(key="district"))
    mandate.roles.set(Role.objects.filter(key="plan_officer"))
    Account.objects.create_user("office", PASSWORD, person)
    return organs, "office"


def make_plan(measures: int):
    """Import a made-up plan of so many measures through the real actions."""
    from yingshang.domains.plans import permissions as p
    from yingshang.domains.plans.actions.imports import confirm_import, start_import
    from yingshang.domains.plans.models import PlanDocument
    from yingshang.parties.actors import system_actor

    lines, number = ["某区2026年优化营商环境行动方案"], 0
    share = -(-measures // len(CHAPTERS))
    for place, chapter in enumerate(CHAPTERS):
        lines.append(f"{'一二三四五六'[place]}、{chapter}")
        for _ in range(share):
            number += 1
            lines.append(
                f"{number}.推进第{number}项便利举措，办理时限压缩至{number % 9 + 1}个工作日。"
                f"公布第{number}份办事清单。(责任单位:第{number % ORGANS + 1}局)"
            )
    actor = system_actor("benchmark", p.READ, p.IMPORT, p.CONFIRM)
    draft = start_import(actor, filename="plan.txt", content="\n".join(lines))
    return PlanDocument.objects.get(ref=confirm_import(actor, draft=draft).document)


def load_tasks(plan, organs: list, count: int) -> None:
    """Store tasks whose events fold to what is stored, one ledger record for the load."""
    from yingshang.cases.models import Case, CaseEvent, CaseParticipant
    from yingshang.content.selectors import get_current
    from yingshang.domains.plans.models.work import SubAction, Task
    from yingshang.ledger.recording import record
    from yingshang.parties.models import Organ

    district = Organ.objects.get(key="district")
    version = get_current("procedure", "plan-task")
    payload = {"tasks": count, "procedure": version.digest}
    entry = record(
        "plans.tasks_loaded", actor="system:benchmark", subject="load:1", payload=payload
    )
    wordings = list(plan.current.measures.select_related("measure").order_by("order"))
    pairs = [(wording, organ) for wording in wordings for organ in organs][:count]
    made = [story(wording, organ, district, version) for wording, organ in pairs]
    Case.objects.bulk_create([one["case"] for one in made], batch_size=500)
    for one in made:
        for event in one["events"]:
            event.case, event.entry = one["case"], entry.ref
    CaseEvent.objects.bulk_create([e for one in made for e in one["events"]], batch_size=500)
    CaseParticipant.objects.bulk_create(
        [
            CaseParticipant(case=m["case"], organ_id=o, sort_on=m["case"].sort_on)
            for m in made
            for o in m["organs"]
        ],
        batch_size=1000,
    )
    tasks = Task.objects.bulk_create(
        [Task(case=one["case"], **one["task"]) for one in made], batch_size=500
    )
    SubAction.objects.bulk_create(
        [
            SubAction(task=task, order=place, text=text)
            for task in tasks
            for place, text in enumerate(task.wording.sub_actions(), start=1)
        ],
        batch_size=1000,
    )


def story(wording, organ, district, version) -> dict:
    """Return one case with its events, folded: accepted, perhaps reported, perhaps completed."""
    from yingshang.cases.log import History, project
    from yingshang.cases.models import Case, CaseEvent
    from yingshang.kernel.times import now

    rng = random.Random(f"{wording.pk}/{organ.pk}")
    opened = now() - timedelta(days=120 + rng.randint(0, 5))
    due = (now() + timedelta(days=rng.randint(-30, 150))).date()
    case = Case(procedure="plan-task", version=version, title=wording.text[:60], state="", seq=0)
    case.origin = f"plans.measure:{wording.measure.ref}"
    data = {"kind": "dated", "due": due.isoformat(), "requirement": wording.text, "role": "lead"}
    events = [
        CaseEvent(
            case=case,
            seq=seq,
            action=action,
            from_state=before,
            to_state=after,
            fields=fields,
            holder=organ if seq == 1 else None,
            actor="system:benchmark",
            actor_organ=district if action in ("open", "confirm") else organ,
            occurred_at=opened + timedelta(days=days),
            recorded_at=opened + timedelta(days=days),
        )
        for seq, (action, before, after, days, fields) in enumerate(deeds(rng, data), start=1)
    ]
    history = History()
    for event in events:
        history = history.then(event)
    projection = project(case, history)
    task = {
        "measure": wording.measure,
        "wording": wording,
        "organ": organ,
        "role": "lead",
        "sort": "dated",
        "due_on": due,
        "due_basis": "document",
    }
    return {"case": case, "events": events, "organs": projection.organs, "task": task}


def deeds(rng: random.Random, data: dict) -> Iterator[tuple[str, str, str, int, dict]]:
    """Yield action, state before and after, days since the beginning, and fields."""
    evidence = {"files": [], "links": ["https://example.org/e"]}
    yield "open", "", "assigned", 0, data
    if rng.random() < 0.05:
        return
    yield "accept", "assigned", "in_progress", 2, {"responsible": "何静"}
    if rng.random() < 0.6:
        fields = {"progress": "已推进。", "evidence": evidence}
        yield "report_progress", "in_progress", "in_progress", 30, fields
    if rng.random() < 0.4:
        fields = {"result": "已完成。", "evidence": evidence}
        yield "report_done", "in_progress", "done_reported", 80, fields
        yield "confirm", "done_reported", "confirmed", 82, {}


def check_sample() -> None:
    """Replay some cases and demand that what is stored agrees."""
    from yingshang.cases.log import projection_of, state_of
    from yingshang.cases.models import Case

    cases = list(Case.objects.select_related("version").order_by("?")[:SAMPLE])
    for case in cases:
        for name, value in projection_of(state_of(case)).values.items():
            if getattr(case, name) != value:
                raise SystemExit(f"replay of {case.ref} gives another {name}")
    print(f"replayed {len(cases)} of them: stored and replayed agree")


def measure(username: str, requests: int) -> list[tuple[str, float, float | None]]:
    """Ask for every page so many times, print the percentiles; return medians of it and of the easy one."""
    from django.db import connection
    from django.test import Client

    from benchmarks._easy import easy_pages
    from yingshang.parties.models import Organ

    client = Client(SERVER_NAME="localhost", headers={"user-agent": "Mozilla (X11) Chrome/120"})
    client.post("/login/", {"username": username, "password": PASSWORD})
    easy = easy_pages(_reader(Organ.objects.get(key="district")))
    print(f"{'page':<20}{'p50 ms':>8}{'p95 ms':>8}{'cpu p50':>9}{'queries':>9}{'easy ms':>9}")
    found = []
    for name, address in _addresses().items():
        asked = Counting()
        with connection.execute_wrapper(asked):
            assert client.get(address).status_code == 200, address
        spent, others = [], []
        for turn in range(3 if name == "export" else requests):
            spent.append(timed(lambda address=address: client.get(address)))
            if name in easy and turn < EASY_ROUNDS:
                others.append(timed(easy[name])[0])
        wall, cpu = (sorted(column) for column in zip(*spent, strict=True))
        other = statistics.median(others) if others else None
        p95 = wall[min(len(wall) - 1, int(0.95 * len(wall)))]
        figures = f"{statistics.median(wall):>8.0f}{p95:>8.0f}{statistics.median(cpu):>9.0f}"
        print(f"{name:<20}{figures}{asked.count:>9}{other or 0:>9.0f}")
        found.append((name, statistics.median(wall) / 1000, other / 1000 if other else None))
    return found


def _addresses() -> dict[str, str]:
    from yingshang.domains.plans.models import PlanDocument

    return {
        "overview": "/desk/work/",
        "board by organ": "/desk/work/board/?by=organ",
        "board by chapter": "/desk/work/board/?by=chapter",
        "board by month": "/desk/work/board/?by=month",
        "list": "/desk/work/tasks/",
        "list, overdue": "/desk/work/tasks/?light=overdue",
        "list, one organ": "/desk/work/tasks/?organ=organ-7",
        "list, words": "/desk/work/tasks/?words=清单",
        "timeline": f"/desk/work/timeline/?plan={PlanDocument.objects.get().ref}",
        "export": "/desk/work/export/",
        "the frame alone": "/account/",
    }


def _reader(organ):
    """Return somebody of an organ who may see what the official of the bench sees."""
    from yingshang.cases.permissions import READ as READ_CASES
    from yingshang.domains.plans.permissions import READ
    from yingshang.parties.actors import Actor

    return Actor("account:bench", 1, organ_id=organ.pk, permissions=frozenset({READ, READ_CASES}))


class Counting:
    """Counts the queries that pass."""

    count = 0

    def __call__(self, run, *given):
        """Count one and let it pass."""
        self.count += 1
        return run(*given)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds that some work takes, and those that this process computed."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - used)


if __name__ == "__main__":
    print(f"{os.cpu_count()} processors")
    main()
