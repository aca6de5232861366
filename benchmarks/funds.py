"""``python -m benchmarks.funds``: very many approvals at once against one nearly empty fund.

``[--approvals 200] [--postgresql]`` makes a database of its own. Every approval has a connection of its
own, in one of four processes, and all begin at one moment; each reserves 1,000 yuan and orders its
payment in one transaction. Afterwards the treasury pays, and the books are proved.
"""

import argparse
import multiprocessing
import tempfile
import threading
import time
from collections import Counter
from typing import Any

from benchmarks._case_pages import prepare

PROCESSES = 4
EACH_FEN = 100_000
FUND, LINE, YEAR = "innovation", "rd", 2026


def main() -> None:
    """Set up, approve, pay, prove, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approvals", type=int, default=200)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yingshang-bench-") as folder:
        prepare(folder, postgresql=asked.postgresql, connections=asked.approvals + 20)
        run(asked.approvals)


def run(count: int) -> None:
    """Give the fund 0.6875 of what is asked for; let all ask at once; say what came of it."""
    from django.db import connection

    budget = count * EACH_FEN * 11 // 16
    _give(budget)
    connection.close()
    results = _at_once(count)
    outcomes = Counter(code for code, _seconds in results)
    times = sorted(seconds for _code, seconds in results)
    print(f"{count} approvals at once: {dict(outcomes)}")
    for name, share in (("p50", 0.5), ("p95", 0.95), ("slowest", 1.0)):
        print(f"  {name} {times[min(len(times) - 1, int(share * len(times)))] * 1000:,.0f} ms")
    _prove(budget, outcomes)


def _give(budget: int) -> None:
    """Load the district and give one line its budget."""
    from django.db import transaction

    from yingshang.content.actions import load_packs
    from yingshang.content.permissions import LOAD
    from yingshang.domains.funds.booking import Move, Why, account_of, book
    from yingshang.domains.funds.models import EntryKind, Holding
    from yingshang.parties.actors import system_actor

    load_packs(system_actor("bench", LOAD), names=("demo-district",))
    with transaction.atomic():
        account = account_of(FUND, LINE, YEAR)
        move = Move(account, Holding.BUDGET, Holding.AVAILABLE, budget)
        book(system_actor("bench"), EntryKind.APPROPRIATED, [move], Why("bench"))


def _at_once(count: int) -> list[tuple[str, float]]:
    """Let all approvals begin at one moment; return what became of each and how long it took."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(count), context.Queue()
    shares = [range(start, count, PROCESSES) for start in range(PROCESSES)]
    workers = [context.Process(target=_work, args=(one, barrier, results)) for one in shares]
    for one in workers:
        one.start()
    found = [results.get(timeout=300) for _ in range(count)]
    for one in workers:
        one.join(60)
    return found


def _work(numbers: range, barrier: Any, results: Any) -> None:
    """Run one process's share, a thread and a connection for each approval."""
    import django

    django.setup()
    threads = [threading.Thread(target=_approve, args=(n, barrier, results)) for n in numbers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _approve(number: int, barrier: Any, results: Any) -> None:
    from django.db import connection, transaction

    from yingshang.domains.funds.public import Payee, commit, order_payment
    from yingshang.kernel.errors import DomainError
    from yingshang.parties.actors import system_actor

    actor, origin = system_actor("bench"), f"claim:{number}"
    connection.ensure_connection()
    barrier.wait()
    began = time.perf_counter()
    try:
        with transaction.atomic():
            held = commit(
                actor,
                fund=FUND,
                line=LINE,
                year=YEAR,
                amount_fen=EACH_FEN,
                origin=origin,
                subject=None,
                key="1",
            )
            payee = Payee(name=f"第{number}号企业", account=f"6222{number:012d}")
            order_payment(actor, commitment=held.ref, payee=payee, amount_fen=EACH_FEN, key="1")
        code = "approved"
    except DomainError as error:
        code = error.code
    except Exception as error:  # noqa: BLE001 - a lost approval is a result, and is shown
        code = type(error).__name__
    finally:
        connection.close()
    results.put((code, time.perf_counter() - began))


def _prove(budget: int, outcomes: "Counter[str]") -> None:
    """Let the treasury pay what was ordered; hold the books against what the approvals were told."""
    from yingshang.domains.funds.models import BudgetAccount, Payment
    from yingshang.domains.funds.proving import faults
    from yingshang.outside.models import Request
    from yingshang.outside.receiving import receive

    began = time.perf_counter()
    done = {"status": "done", "fields": {"voucher": "PZ00000001", "paid_on": "2026-11-18"}}
    for request in Request.objects.filter(body="treasury"):
        receive("treasury", request.ref, done)
    took = time.perf_counter() - began
    account = BudgetAccount.objects.get()
    wrong = list(faults())
    print(f"paid {Payment.objects.filter(state='paid').count()} in {took:.2f} s")
    print(f"budget {budget}, paid {account.paid}, left {account.available} fen; faults: {wrong}")
    right = outcomes["approved"] * EACH_FEN == account.paid == budget - account.available
    told = outcomes["approved"] + outcomes["fund_exhausted"] == outcomes.total()
    if wrong or not (right and told):
        raise SystemExit("the books are wrong")


if __name__ == "__main__":
    main()
