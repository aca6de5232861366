"""Opening many cases at once, against opening them one after another."""

from benchmarks import Measured, benchmark
from benchmarks._database import make_database
from benchmarks.timing import median_seconds

COUNT = 300
FLOOR = 3.0


@benchmark("cases.open")
def opening() -> list[Measured]:
    """Open 300 tasks' cases with their ledger records in a transaction that is undone."""
    make_database()
    from yingshang.content.actions import load_packs
    from yingshang.content.permissions import LOAD
    from yingshang.parties.actors import system_actor

    load_packs(system_actor("benchmark", LOAD), names=("plan-governance",))
    bulk, single = (
        median_seconds(lambda: _open(bulk=True)),
        median_seconds(lambda: _open(bulk=False)),
    )
    what = f"open {COUNT} cases with events and ledger records, one transaction, SQLite"
    return [Measured(what, bulk, "one after another in one transaction", single, FLOOR)]


def _open(*, bulk: bool) -> None:
    from django.db import transaction

    from yingshang.cases.working import Opening, open_case, open_cases
    from yingshang.parties.actors import system_actor
    from yingshang.parties.models import Organ

    with transaction.atomic():
        organ = Organ.objects.create(key="bench", name="某局", type="department", division="990101")
        data = {"kind": "dated", "due": "2099-12-31", "requirement": "公布清单。", "role": "lead"}
        openings = [Opening(f"第{n}项", data, organ) for n in range(COUNT)]
        actor = system_actor("benchmark")
        if bulk:
            open_cases(actor, procedure="plan-task", openings=openings)
        else:
            for one in openings:
                open_case(
                    actor, procedure="plan-task", title=one.title, data=one.data, holder=organ
                )
        transaction.set_rollback(True)


if __name__ == "__main__":
    from benchmarks._case_pages import main

    main()
