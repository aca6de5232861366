"""The demonstration's runs: one over the enterprises that are there at once, one over the thousands later."""

from yingshang.domains.matching.tasks import run_due, run_now
from yingshang.facts.tasks import write_daily_snapshot
from yingshang.parties.demo import demo_builder


@demo_builder("matching", order=95)
def build() -> None:
    """Match the enterprises with facts, so that each finds its message."""
    write_daily_snapshot()
    run_due()


@demo_builder("matching-made-up", order=910, later=True)
def build_later() -> None:
    """Let the worker match the made-up enterprises once they are loaded."""
    run_now.enqueue()
