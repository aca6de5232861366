"""The demonstration: who builds what, and the accounts that its login page shows.

A domain registers a builder in its ``demo`` module; builders run in order, each in one transaction, and
call the same actions that people use. Each runs once per data folder, but for those that run always.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings

from yingshang.kernel.registry import Registry
from yingshang.parties.actors import Actor, Assurance
from yingshang.parties.models import Account
from yingshang.parties.selectors import actor_for

DIVISION = "339705"
"""A division code that GB/T 2260 does not assign, for a district that does not exist."""


@dataclass(frozen=True)
class DemoBuilder:
    """One part of the demonstration; builders with a lower ``order`` run before.

    One for ``later`` only asks the worker for its part, which nobody need wait for. One that is ``always``
    run adds at each start what a later version brought.
    """

    name: str
    order: int
    build: Callable[[], None]
    later: bool = False
    always: bool = False


DEMO_BUILDERS: Registry[DemoBuilder] = Registry("demonstration builder")


def demo_builder(
    name: str, *, order: int, later: bool = False, always: bool = False
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function without parameters that builds one part of the demonstration."""

    def decorate(build: Callable[[], None]) -> Callable[[], None]:
        DEMO_BUILDERS.add(name, DemoBuilder(name, order, build, later, always))
        return build

    return decorate


def list_demo_builders() -> list[DemoBuilder]:
    """Return the builders in the order in which they run."""
    return sorted((builder for _, builder in DEMO_BUILDERS), key=lambda b: (b.order, b.name))


def demo_actor(username: str) -> Actor:
    """Return one of the demonstration's people as an actor, by user name (``plan``, ``leader`` …)."""
    account = Account.objects.select_related("person").get(username=username)
    return actor_for(account, None, Assurance.PASSWORD)


@dataclass(frozen=True)
class DemoAccount:
    """A line of the demonstration's login page; the password is no secret."""

    username: str
    password: str
    name: str
    party: str
    about: str
    about_en: str


def list_demo_accounts() -> list[DemoAccount]:
    """Return the demonstration's accounts; none anywhere but in a demonstration."""
    path = settings.DATA_DIR / "demo-accounts.json"
    if not settings.DEMO or not path.exists():
        return []
    return [DemoAccount(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def publish_demo_accounts(accounts: list[DemoAccount]) -> None:
    """Keep the accounts for the login page."""
    path = settings.DATA_DIR / "demo-accounts.json"
    rows = [asdict(account) for account in accounts]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
