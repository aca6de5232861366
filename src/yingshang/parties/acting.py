"""Named actions: the only way in which anything is written.

An action authorises, runs in one transaction, and leaves at least one event in the ledger; the
faces, the rehearsals and the command line all call the same function. Parameters are plain values
(text, numbers, dates, references), validated by their annotations, so that a pack's rehearsal or a
program can call an action by name.
"""

import inspect
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import transaction
from pydantic import ConfigDict, ValidationError, validate_call

from yingshang.kernel.errors import Invalid
from yingshang.kernel.registry import Registry
from yingshang.ledger.recording import watch
from yingshang.parties.actors import Actor

P = ParamSpec("P")
R = TypeVar("R")

ANYONE_SIGNED_IN = "*signed-in*"
"""For the few actions that every account may do, such as changing its own password."""

ANYBODY = "*anybody*"
"""For the very few that need no account either, such as objecting to what is publicly announced."""


class NothingRecorded(AssertionError):
    """An action finished without leaving an event in the ledger: a fault of the program."""


class AlreadyDone(Exception):
    """Raised inside an action that finds its work done: nothing is written, ``result`` is returned."""

    def __init__(self, result: Any) -> None:
        self.result = result
        super().__init__("already done")


class WrongParameters(Invalid):
    """A caller by name gave parameters that the action does not take."""

    code = "wrong_parameters"
    message = "%(action)s: %(problems)s"


@dataclass(frozen=True)
class ActionSpec:
    """A named action: the permission that it needs and the function that does it."""

    name: str
    permission: str
    run: Callable[..., Any]
    doc: str


ACTIONS: Registry[ActionSpec] = Registry("action")


def action(
    name: str, *, permission: str, in_parts: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function ``(actor, *, ...)`` a named action.

    The wrapper raises :class:`~yingshang.parties.actors.NotPermitted` without ``permission``, opens
    one transaction, and raises :class:`NothingRecorded` if nothing was recorded in it. The function
    itself must still check what the permission does not say: whose thing it is. One that works
    ``in_parts`` opens its own transactions, so that others who write need not wait for all of it; what
    it wrote before it fails is for it to take back.
    """

    def decorate(
        function: Callable[Concatenate[Actor, P], R],
    ) -> Callable[Concatenate[Actor, P], R]:
        @wraps(function)
        def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            _authorise(actor, permission)
            try:
                with nullcontext() if in_parts else transaction.atomic(), watch() as recorded:
                    result = function(actor, *args, **kwargs)
                    if not recorded:
                        raise NothingRecorded(name)
            except AlreadyDone as done:
                return cast("R", done.result)
            return result

        ACTIONS.add(name, ActionSpec(name, permission, run, inspect.getdoc(function) or ""))
        return run

    return decorate


def _authorise(actor: Actor, permission: str) -> None:
    if permission == ANYBODY or (permission == ANYONE_SIGNED_IN and not actor.is_anonymous):
        return
    actor.require(permission)


def call_by_name(name: str, actor: Actor, parameters: dict[str, Any]) -> Any:
    """Run an action with plain parameters as they come from YAML or JSON.

    Raises :class:`WrongParameters` when they do not fit the action's annotations, and whatever the
    action itself raises.
    """
    spec = ACTIONS.get(name)
    checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(spec.run)
    try:
        return checked(actor, **parameters)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()
        )
        raise WrongParameters(params={"action": name, "problems": problems}) from error
