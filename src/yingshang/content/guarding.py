"""What does not come in force by being published on its own: its domain has a procedure for it.

A domain registers a guard; publishing one declaration here and taking what a pack offers ask them all. The
procedure itself publishes with :func:`~yingshang.content.actions.publish_together`, which no page, operation
or command offers.
"""

from collections.abc import Callable

from yingshang.kernel.kinds import Declaration
from yingshang.kernel.registry import Registry

Guard = Callable[[str, Declaration], None]

GUARDS: Registry[Guard] = Registry("guard of what is published on its own")
"""Each takes kind and declaration, and raises a domain error that says which way there is instead."""


def demand_unguarded(kind: str, declared: Declaration) -> None:
    """Raise what a guard raises, where one holds that this comes in force by its procedure only."""
    for _name, guard in GUARDS:
        guard(kind, declared)
