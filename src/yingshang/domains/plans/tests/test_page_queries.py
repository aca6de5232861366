"""Pages of tasks ask the database as often with fifty tasks as with five."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yingshang.cases.permissions import READ as READ_CASES
from yingshang.domains.plans import permissions as p
from yingshang.domains.plans.actions.tasks import issue_tasks
from yingshang.domains.plans.models.work import Task
from yingshang.domains.plans.tests.cast import NAMES
from yingshang.domains.plans.tests.work_cast import Work, browser, set_up

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PAGES = [
    "/desk/work/",
    "/desk/work/board/?by=organ",
    "/desk/work/board/?by=chapter",
    "/desk/work/board/?by=month",
    "/desk/work/tasks/",
    "/desk/work/tasks/?light=green&words=清单",
    "/desk/work/timeline/",
    "/desk/work/export/",
]


def a_plan(measures: int) -> str:
    """Return a plan that charges bureaus by turns, in four chapters."""
    names = list(NAMES.values())[:5]
    lines = ["某区2026年优化营商环境行动方案"]
    for number in range(1, measures + 1):
        if number <= 4:
            lines.append(f"{'一二三四'[number - 1]}、第{number}章")
        unit = names[number % len(names)]
        lines.append(f"{number}.公布第{number}份清单。完成第{number}次复核。(责任单位:{unit})")
    return "\n".join(lines)


@pytest.fixture
def work() -> Work:
    return set_up(a_plan(50))


def asked(client: Client) -> dict[str, int]:
    """Return how many queries each page needs once everything is warm."""
    counts = {}
    for address in PAGES:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, address
        counts[address] = len(queries)
    return counts


def test_fifty_tasks_cost_as_many_queries_as_five(work: Work) -> None:
    refs = [m.measure.ref for m in work.plan.current.measures.select_related("measure")]
    issue_tasks(work.office, document=work.plan.ref, measures=refs[:5])
    client = browser(work.organs["district"], p.READ, READ_CASES)
    few, before = asked(client), Task.objects.count()
    issue_tasks(work.office, document=work.plan.ref)
    assert before <= 5 < 25 <= Task.objects.count()
    assert asked(client) == few
    assert max(few.values()) <= 20
