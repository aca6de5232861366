"""``python -m benchmarks.messages``: one message to each of very many enterprises, and the funnel over them.

``[--messages 300000] [--postgresql]`` makes a database of its own. Figures are times and ratios to
putting the same rows in by the framework's own bulk insert in the same run (a tenth of them).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks._case_pages import prepare


def main() -> None:
    """Set up, send, send again, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300_000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql)
        run(asked.messages)


def run(count: int) -> None:
    """Measure sending, sending again what was sent, the unread count and the funnel."""
    from yingshang.kernel.times import today
    from yingshang.messages.permissions import READ_FUNNEL, RECEIVE
    from yingshang.messages.selectors import count_unread_for, funnels_by_about_for
    from yingshang.messages.sending import send_many
    from yingshang.messages.sorts import sort
    from yingshang.parties.actors import Actor

    sort("bench", "测速", gathered=True)
    subjects = _make_subjects(count)
    sample = subjects[: count // 10]
    plain = _timed("bulk insert of the framework, a tenth", lambda: _plainly(sample)) * 10
    rows = list(_rows(subjects, "policy"))
    sent = _timed(f"send {count:,} messages", lambda: send_many(rows))
    print(f"  {count / sent:,.0f} a second, {plain / sent:.1f} x as fast as the framework's own")
    _timed("send the same again", lambda: send_many(rows))
    runner = Actor(ref="bench", subject_id=subjects[0], permissions=frozenset({RECEIVE}))
    _timed("count one subject's unread", lambda: count_unread_for(runner))
    official = Actor(ref="bench", organ_id=1, permissions=frozenset({READ_FUNNEL}))
    day = today()
    _timed("the funnel by policy", lambda: funnels_by_about_for(official, "bench", day, day))


def _make_subjects(count: int) -> list[int]:
    from yingshang.parties.models import Subject

    made = (
        Subject(type="enterprise", name=f"第{n}号企业", code=f"9199010100{n:08d}")
        for n in range(count)
    )
    Subject.objects.bulk_create(made, batch_size=2000)
    found = Subject.objects.filter(code__startswith="91990101").order_by("pk")
    return list(found.values_list("pk", flat=True))


def _rows(subjects: list[int], prefix: str) -> Any:
    from yingshang.messages.sending import Outgoing

    for number, subject in enumerate(subjects):
        policy = f"{prefix}:p{number % 500}"
        yield Outgoing(
            subject,
            "bench",
            "您符合一项政策的条件",
            "根据现有数据，贵单位符合研发投入补助的条件，预计可得 12.50 万元。请查看依据并确认领取。",
            f"{prefix}/{number % 500}/2026",
            f"/mine/check-up/{number % 500}/",
            policy,
        )


def _plainly(subjects: list[int]) -> None:
    from yingshang.kernel.times import now, today
    from yingshang.messages.models import Message

    moment, day = now(), today()
    Message.objects.bulk_create(
        (
            Message(
                subject_id=one.subject, sort=one.sort, title=one.title, text=one.text,
                key=f"plain/{one.key}", href=one.href, about=one.about, sent_at=moment, sent_on=day,
            )
            for one in _rows(subjects, "plain")
        ),
        batch_size=2000,
    )  # fmt: skip


def _timed(what: str, work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    print(f"{what}: {seconds:.3f} s", flush=True)
    return seconds


if __name__ == "__main__":
    main()
