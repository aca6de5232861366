"""Background and periodic work: one task per body, so that a body that fails stops no other."""

from typing import TYPE_CHECKING

from django_tasks import task

if TYPE_CHECKING:
    from yingshang.outside.models import Request


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
    """Look after one body's requests."""
    from yingshang.outside.sweeping import sweep

    sweep(body)


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
