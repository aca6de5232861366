"""Asking for a run at once."""

from yingshang.domains.matching.permissions import RUN
from yingshang.ledger.recording import record
from yingshang.parties.acting import action
from yingshang.parties.actors import Actor


@action("matching.request_run", permission=RUN)
def request_run(actor: Actor) -> None:
    """Let the worker match the newest snapshot with the rules as they are now.

    With the same facts and rules as the last run it changes nothing.
    """
    from yingshang.domains.matching.tasks import run_now

    record("matching.run_requested", actor=actor.ref, subject="match-runs:all", payload={})
    run_now.enqueue()
