"""Background work on content."""

from yingshang.content.actions import put_in_force
from yingshang.content.permissions import PUBLISH
from yingshang.parties.actors import system_actor


def put_due_in_force() -> None:
    """Make current what was published for a day that has come; safe to run twice."""
    put_in_force(system_actor("content-due", PUBLISH))
