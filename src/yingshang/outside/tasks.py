"""Background and periodic work: one task per body, so that a body that fails stops no other."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django_tasks import task

from yingshang.kernel.times import today

if TYPE_CHECKING:
    from yingshang.outside.models import Request


DAYS_TRIED_AGAIN = timedelta(days=7)
"""A day whose comparison failed is tried again for this long."""


def send_soon(request: "Request") -> None:
    """Wake a worker for a request once the transaction commits; if that is lost, the next round sends it."""
    send_body.enqueue(request.body)


@task()
def send_body(body: str) -> None:
    """Send what is due to one body."""
    from yingshang.outside.sending import MOST_AT_ONCE, send_due

    if send_due(body) == MOST_AT_ONCE:
        send_body.enqueue(body)


@task()
def sweep_body(body: str) -> None:
    """Look after one body's requests, then settle deliveries of which nobody is sure."""
    from yingshang.outside.reconciling import settle_unknown
    from yingshang.outside.sweeping import sweep

    sweep(body)
    settle_unknown(body)


def send_round() -> None:
    """Have everything sent that is due, a task per body."""
    from yingshang.outside.sending import bodies_with_due

    for body in bodies_with_due():
        send_body.enqueue(body)


def sweep_round() -> None:
    """Have every body's requests looked after, a task per body."""
    from yingshang.outside.selectors import bodies_in_use

    for body in bodies_in_use():
        sweep_body.enqueue(body)


@task()
def call_back_for(body: str) -> None:
    """Let one simulated body make its due callbacks."""
    from yingshang.outside.simulators.calling import call_back

    call_back(body)


def simulators_round() -> None:
    """Let simulated bodies make their due callbacks, a task per body."""
    from yingshang.outside.simulators.calling import bodies_with_callbacks

    for body in bodies_with_callbacks():
        call_back_for.enqueue(body)


@task()
def reconcile_body(body: str, day: str) -> None:
    """Compare one body's day (``YYYY-MM-DD``) with what it holds."""
    from yingshang.outside.reconciling import reconcile

    reconcile(body, date.fromisoformat(day))


def reconcile_round() -> None:
    """Have yesterday compared with every body, and each of the last days whose comparison failed.

    Days on which something was done that may still come back are compared again until it cannot.
    """
    from yingshang.outside.bodies import list_bodies
    from yingshang.outside.models import Reconciliation
    from yingshang.outside.reconciling import days_that_may_return

    yesterday = today() - timedelta(days=1)
    since = yesterday - DAYS_TRIED_AGAIN
    for body in list_bodies():
        failed = Reconciliation.objects.filter(body=body.key, day__gte=since, day__lt=yesterday)
        days = {yesterday, *failed.exclude(failed="").values_list("day", flat=True)}
        for day in sorted(days | days_that_may_return(body), reverse=True):
            reconcile_body.enqueue(body.key, day.isoformat())
