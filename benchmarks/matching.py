"""``python -m benchmarks.matching``: every policy for every enterprise in one night, with the messages.

``[--policies 500] [--enterprises 300000] [--postgresql]``. Enterprises are made up by seed straight
into a snapshot, policies by seed as the demonstration's are, under as many seeds as it takes. The
first night everybody is told; the second, eight days later, comes after one fact in fifty of every
column went to somebody else. The alternative decides and tells one enterprise after another with the
same rules ready in memory, and inserts each message for itself; it is run on a sample and scaled.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks._case_pages import prepare

DAY = date(2026, 11, 20)
SAMPLE = 400
FLOOR = 20.0
LIMIT = 300.0
"""Seconds within which a night must be over on the machine at hand."""


def main() -> None:
    """Set up, run two nights, hold them against the alternative, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=500)
    parser.add_argument("--enterprises", type=int, default=300_000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql)
        from benchmarks.__main__ import machine

        print(machine())
        load_rules(asked.policies)
        first, second = (Path(folder) / f"enterprise-{n}.parquet" for n in (1, 2))
        _apart(make_facts, asked.enterprises, first, second)
        _apart(register, first)
        began = memory()
        night = show_night("the first night", first, DAY)
        show_night("eight days later", second, DAY + timedelta(days=8))
        print(f"memory: {began:.0f} MB before, {memory():.0f} MB at the most")
        alternative(first, night, asked.enterprises)


def memory() -> float:
    """Return the most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(function: Any, *args: Any) -> None:
    """Run in a process of its own, so that its memory is not counted with ours."""
    other = multiprocessing.get_context("spawn").Process(target=_in_django, args=(function, args))
    other.start()
    other.join()
    if other.exitcode:
        raise SystemExit(f"{function.__name__} failed")


def _in_django(function: Any, args: tuple[Any, ...]) -> None:
    import django

    django.setup()
    function(*args)


def load_rules(count: int) -> None:
    """Load the demonstration's packs, and policies under further seeds until there are enough."""
    from tools.policies.__main__ import SEED, documents
    from yingshang.content.actions import canonical_body, digest_of, load_packs
    from yingshang.content.models import ContentVersion
    from yingshang.content.permissions import LOAD
    from yingshang.kernel.times import now
    from yingshang.parties.actors import system_actor
    from yingshang.rulebook.declaring import PolicyDeclaration

    load_packs(system_actor("benchmark", LOAD), names=("demo-policies",))
    present = ContentVersion.objects.filter(kind="policy", is_current=True).count()
    made: list[ContentVersion] = []
    seed = SEED
    while present + len(made) < count:
        seed += 1
        for _support, document in documents(seed):
            for body in document.policies:
                plain = {k: v for k, v in body.items() if k != "text"} | {
                    "key": f"{body['key']}-{seed}"
                }
                one = PolicyDeclaration.model_validate(plain)
                stored = canonical_body(one)
                made.append(
                    ContentVersion(
                        kind="policy", key=one.key, number=1, pack="bench", body=stored,
                        digest=digest_of(stored), valid_from=DAY, loaded_at=now(),
                    )
                )  # fmt: skip
    ContentVersion.objects.bulk_create(made[: count - present])
    print(f"{count} policies, {present} of them the demonstration's own")


def make_facts(size: int, first: Path, second: Path) -> None:
    """Write two snapshots of the same enterprises; in the second one value in fifty is another's."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from yingshang.facts.catalogue import current_catalogue
    from yingshang.facts.generating import generate
    from yingshang.facts.generating.writing import write_facts
    from yingshang.facts.snapshots import BATCH

    grid = generate(size, seed=1, as_of=DAY, division="339705")
    write_facts(grid, current_catalogue(), first)
    table = pq.read_table(first)
    plain = [
        field.with_type(field.type.value_type)
        if pa.types.is_dictionary(field.type) and not field.name.endswith("#grade")
        else field
        for field in table.schema
    ]
    table = table.cast(pa.schema(plain))
    pq.write_table(table, first, row_group_size=BATCH, compression="zstd")
    rng = np.random.default_rng(2)
    columns = [table.column("subject")]
    for name in table.column_names[1:]:
        rows = np.arange(size)
        moved = rng.random(size) < 0.02
        rows[moved] = rng.permutation(rows[moved])
        columns.append(table.column(name).take(pa.array(rows)))
    again = pa.table(columns, names=table.column_names)
    pq.write_table(again, second, row_group_size=BATCH, compression="zstd")


def register(snapshot: Path) -> None:
    """Enter the enterprises of a snapshot."""
    import pyarrow.parquet as pq

    from yingshang.parties.models import Subject

    table = pq.read_table(snapshot, columns=["subject", "enterprise.name"])
    rows = zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True)
    subjects = (
        Subject(type="enterprise", code=code, name=name, division="339705") for code, name in rows
    )
    Subject.objects.bulk_create(subjects, batch_size=2_000)
    print(f"{len(table):,} enterprises, snapshot of {snapshot.stat().st_size / 2**20:.0f} MB")


def show_night(label: str, snapshot: Path, as_of: date) -> float:
    """Run one night and print what it came to; return its seconds."""
    from yingshang.domains.matching.files import folder_of
    from yingshang.domains.matching.permissions import RUN
    from yingshang.domains.matching.running import run_matching
    from yingshang.facts.permissions import READ, READ_SENSITIVE
    from yingshang.parties.actors import system_actor

    actor = system_actor("benchmark", RUN, READ, READ_SENSITIVE)
    began = time.perf_counter()
    run = run_matching(actor, snapshot=snapshot, as_of=as_of)
    seconds = time.perf_counter() - began
    kept = sum(one.stat().st_size for one in folder_of(run.ref).iterdir()) / 2**20
    phases = ", ".join(f"{name} {spent:.1f}" for name, spent in run.phases.items())
    verdict = "ok  " if seconds <= LIMIT else "MISS"
    print(
        f"{verdict} {label}: {seconds:.1f} s ({phases}); {run.policies} policies, {len(run.unfit)} not "
        f"decidable, {run.subjects:,} enterprises, {run.entitled:,} entitlements, {run.unknown:,} undecided, "
        f"+{run.gained:,} −{run.lost:,}, {run.told:,} messages, {kept:.0f} MB kept; memory so far {memory():.0f} MB"
    )
    return seconds


def alternative(snapshot: Path, night: float, enterprises: int) -> None:
    """Decide and tell a sample one after another, and print how much longer everybody would take."""
    from django.db import transaction

    from yingshang.domains.matching.books import book_of
    from yingshang.domains.matching.deciding import keys_of_all
    from yingshang.kernel.times import now, today
    from yingshang.messages.models import Message
    from yingshang.parties.models import Subject
    from yingshang.rules.columns import read_table
    from yingshang.rules.subjects import Checkup

    book = book_of(DAY, snapshot)
    checkup = Checkup(book.rules)
    table = read_table(
        snapshot, keys_of_all(book.rules), book.catalogue.declared, rows=range(SAMPLE)
    )
    found = []
    began = time.perf_counter()
    for row in range(SAMPLE):
        facts = {name: column.value(row) for name, column in table.columns.items()}
        verdicts = [one for one in checkup.verdicts(facts) if one.result == "yes"]
        subject = Subject.objects.get(code=table.subjects[row].as_py())
        with transaction.atomic():
            found.append(
                Message.objects.create(
                    subject=subject, key="alternative", sort="policy-match", title=f"{len(verdicts)}",
                    text="、".join(one.rule.policy.title for one in verdicts), sent_at=now(), sent_on=today(),
                )
            )  # fmt: skip
    spent = (time.perf_counter() - began) / SAMPLE * enterprises
    ratio = spent / night
    print(
        f"{'ok  ' if ratio >= FLOOR else 'MISS'} one enterprise after another ({SAMPLE} of them, scaled, "
        f"without keeping since when): {spent:,.0f} s, {ratio:.0f} x as long, floor {FLOOR:g}"
    )
    print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
