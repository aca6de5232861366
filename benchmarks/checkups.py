"""``python -m benchmarks.checkups``: the enterprise's own page and its check-up over many policies.

``[--requests 60] [--postgresql]`` makes a database of its own with the demonstration and the made-up
policies, then adds copies of them up to 500, each with a threshold of its own. p50 and p95 of whole
requests in milliseconds, their processor time in this process (p50), and its ratio to that of an empty
page in the same frame, which the same browser asks in between.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks._applications import build_demonstration
from benchmarks._case_pages import prepare

SIZES = (60, 500)


def main() -> None:
    """Set up, measure with the made-up policies and with many more, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql)
        build_demonstration()
        client = _client()
        for size in SIZES:
            count = _policies(size)
            measure(client, count, asked.requests)
        print(f"load at the end {os.getloadavg()[0]:.1f}")


def _client() -> Any:
    from tests.demonstration import client_of

    return client_of("handler")


def _policies(size: int) -> int:
    """Add copies of the policies in force until there are so many; return how many there are."""
    from yingshang.content.actions import canonical_body, digest_of
    from yingshang.content.models import ContentVersion
    from yingshang.kernel.kinds import KINDS
    from yingshang.kernel.times import now, today
    from yingshang.rulebook.kinds import POLICY

    held = list(ContentVersion.objects.filter(kind=POLICY, is_current=True).order_by("key"))
    made = []
    for number in range(size - len(held)):
        source = held[number % len(held)]
        staff = {"text": f"enterprise.insured_staff >= {number * 7 % 2000}", "clause": "第三条"}
        body = {**source.body, "key": f"{source.key[:60]}-{number}"}
        body["condition"] = {"all": [staff, source.body["condition"]]}
        plain = canonical_body(KINDS.get(POLICY).model.model_validate(body))
        made.append(
            ContentVersion(
                kind=POLICY, key=body["key"], number=1, pack="benchmark", body=plain,
                digest=digest_of(plain), valid_from=today(), loaded_at=now(),
            )
        )  # fmt: skip
    ContentVersion.objects.bulk_create(made, batch_size=200)
    return len(held) + len(made)


def measure(client: Any, policies: int, requests: int) -> None:
    """Ask for each page in turn with an empty one, and print."""
    from django.urls import reverse

    check = _check()
    began = time.perf_counter()
    check()
    first = time.perf_counter() - began
    print(f"{policies} policies; the first check-up, which compiles them, {first * 1000:.0f} ms")
    works = {
        "frame (accessibility statement)": lambda: client.get(reverse("accessibility")),
        "check-up alone, every part told": check,
        "check-up page": lambda: client.get(reverse("portal:check-up")),
        "check-up page, all that is not met": lambda: client.get(
            reverse("portal:check-up"), {"part": "no"}
        ),
        "own page": lambda: client.get(reverse("portal:mine")),
    }
    taken = _in_turn(works, requests)
    frame = statistics.median(used for _waited, used in taken["frame (accessibility statement)"])
    print(f"  {'milliseconds':<36}{'p50':>7}{'p95':>8}{'cpu':>8}")
    for name, times in taken.items():
        waited, used = zip(*times, strict=True)
        p50, p95 = statistics.median(waited), statistics.quantiles(waited, n=20)[18]
        cpu = statistics.median(used)
        figures = f"{p50 * 1000:7.1f}{p95 * 1000:8.1f}{cpu * 1000:8.1f}"
        print(f"  {name:<36}{figures}{cpu / frame:7.1f} x the frame")


def _check() -> Callable[[], Any]:
    from tests.demonstration import actor_of
    from yingshang.domains.checkups.checking import check_up
    from yingshang.parties.models import Subject

    actor = actor_of("handler")
    subject = Subject.objects.get(pk=actor.subject_id or 0)
    return lambda: check_up(actor, subject).total_fen


def _in_turn(
    works: dict[str, Callable[[], Any]], requests: int
) -> dict[str, list[tuple[float, float]]]:
    """Return waiting time and processor time of each request, in seconds."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(requests):
        for name, work in works.items():
            began, used = time.perf_counter(), time.process_time()
            work()
            taken[name].append((time.perf_counter() - began, time.process_time() - used))
    return taken


if __name__ == "__main__":
    main()
